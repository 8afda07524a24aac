"""A disk with little room: no raw bytes are kept, then nobody is asked; and it goes on when there is room."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from aggregator.cli import app
from aggregator.config import Config, load_config
from aggregator.model import StatementId
from aggregator.pipeline.sandbox import Sandbox
from aggregator.running.health import health
from aggregator.running.machine import Health, look
from aggregator.service import open_for, utc_now
from aggregator.store.reading import statement_detail
from aggregator.store.room import Guard, Room, free_at, guard_of, judge_room
from aggregator.store.schema import snapshots
from aggregator.store.verifying.whole import verify
from aggregator.web.serving import Serving
from tests.conftest import NOON, STORY, Answer, Clock, Desk, Web, item, rss, source_block, write_feeds
from tests.serving import at_a_free_port
from tests.test_trouble import PLAIN, Watched, said, small_disk, watch

__all__ = ["small_disk"]
OpenDesk = Callable[[str], Desk]
MARKS = {"low": 1000, "full": 200}


@pytest.mark.parametrize(
    ("before", "free", "after"),
    [
        (Room.AMPLE, 1000, Room.AMPLE),
        (Room.AMPLE, 999, Room.LOW),
        (Room.AMPLE, 199, Room.FULL),
        (Room.LOW, 1099, Room.LOW),  # a tenth more, or it would go to and fro
        (Room.LOW, 1100, Room.AMPLE),
        (Room.LOW, 200, Room.LOW),
        (Room.FULL, 219, Room.FULL),
        (Room.FULL, 220, Room.LOW),
        (Room.FULL, 5000, Room.AMPLE),
    ],
)
def test_what_was_below_a_mark_stays_so_until_there_is_a_tenth_more(before: Room, free: int, after: Room) -> None:
    assert judge_room(free, before, **MARKS) is after


def test_no_mark_is_no_guard() -> None:
    assert judge_room(0, Room.AMPLE, low=0, full=0) is Room.AMPLE


def test_the_fullest_disk_counts_and_only_that_of_the_database_ends_the_asking(tmp_path: Path) -> None:
    free = {tmp_path / "a": 100, tmp_path / "b": 5000}
    guard = Guard(free, database=tmp_path / "b", free=lambda place: free[place])
    assert guard.look(**MARKS) is Room.LOW  # the snapshots' own disk has none left, and the database has
    assert guard.disk.free == 100
    free[tmp_path / "b"] = 10
    assert guard.look(**MARKS) is Room.FULL


def test_a_disk_that_cannot_be_asked_counts_as_it_was(tmp_path: Path) -> None:
    answers: Iterator[int | OSError] = iter([100, OSError("gone"), 5000])

    def free(_place: Path) -> int:
        answer = next(answers)
        if isinstance(answer, OSError):
            raise answer
        return answer

    guard = Guard([tmp_path], free=free)
    assert [guard.look(**MARKS) for _ in range(3)] == [Room.LOW, Room.LOW, Room.AMPLE]


def low(config: Config, room: str = "low") -> Config:
    """A configuration whose marks make the disk, as it is, one with little room."""
    free = free_at(config.service.storage)
    marks = {"low_disk": 10 * free, "full_disk": 10 * free if room == "full" else 0}
    return config.model_copy(update={"service": config.service.model_copy(update=marks)})


def test_texts_are_stored_without_their_bytes_and_say_so_and_the_bytes_are_kept_when_they_come_again(
    web: Web, desk: OpenDesk, database_url: str
) -> None:
    listing = rss(item("one", "Talks on grain", "The talks on grain go on in Geneva for another week."))
    web.serve(listing)
    at_work = desk(f'[service]\ndatabase = "{database_url}"\n{STORY}{source_block("a", web.url())}')
    ample, at_work.config = at_work.config, low(at_work.config)
    (report,) = at_work.poll()
    assert report.balance.new == 1
    assert len(at_work.settle()) == 1  # it is told all the same
    sha256 = hashlib.sha256(listing.encode()).hexdigest()
    path = at_work.store.snapshots.path(sha256)
    assert not path.exists()
    with at_work.store.read() as tx:
        found = statement_detail(tx, StatementId(1), folder=at_work.store.snapshots)
        assert found is not None
        answer = found.versions[0].read_from
        assert answer is not None
        assert (answer.sha256, answer.kept, answer.had_no_room) == (sha256, False, True)
    assert [one.line for one in verify(at_work.store).findings] == []
    at_work.clock.forward(minutes=10)
    at_work.poll()  # the same bytes, and still no room
    assert not path.exists()
    at_work.config = ample
    at_work.clock.forward(minutes=10)
    at_work.poll()
    assert path.exists()
    with at_work.store.read() as tx:
        assert tx.execute(select(snapshots.c.removed_at).where(snapshots.c.sha256 == sha256)).scalar_one() is None
    assert [one.line for one in verify(at_work.store).findings] == []


def test_the_commands_say_that_bytes_had_no_room(web: Web, tmp_path: Path) -> None:
    web.serve(rss(item("one", "Talks on grain", "The talks on grain go on in Geneva for another week.")))
    free = free_at(tmp_path)
    marks = f"[service]\nlow_disk = {min(10 * free, 10**14)}\nfull_disk = 0\n"
    feeds = write_feeds(tmp_path, marks + STORY + source_block("a", web.url()))
    assert CliRunner().invoke(app, ["poll", "--config", str(feeds)]).exit_code == 0
    shown = CliRunner().invoke(app, ["statement", "1", "--config", str(feeds)]).stdout
    assert "kept     no: the disk had no room for them when they came" in shown
    raw = CliRunner().invoke(app, ["statement", "1", "--raw", "--config", str(feeds)])
    assert (raw.exit_code, raw.stderr) == (1, "The bytes were not kept: the disk had no room for them when they came.\n")
    listed = CliRunner().invoke(app, ["sources", "--config", str(feeds)])
    assert "less than low_disk: texts are stored, and no raw bytes are kept" in " ".join(listed.stderr.split())
    write_feeds(
        tmp_path, marks.replace("full_disk = 0", f"full_disk = {min(10 * free, 10**14)}") + source_block("a", web.url())
    )
    asked = len(web.asked)
    refused = CliRunner().invoke(app, ["poll", "--config", str(feeds)])
    assert (refused.exit_code, len(web.asked)) == (1, asked)
    assert "no source is asked, so that the store stays whole" in refused.stderr


def test_health_doctor_and_probes_tell_it(tmp_path: Path) -> None:
    config = at_a_free_port(load_config(write_feeds(tmp_path, source_block("a", "http://127.0.0.1:9/a"))))
    open_for(config).close()
    for changed, how, status, word in (
        (config, Health.GOOD, 200, "ok\n"),
        (low(config), Health.DOUBTFUL, 200, "ok: low on disk\n"),
        (low(config, "full"), Health.BAD, 503, "disk full\n"),
    ):
        assert {one.what: one for one in health(changed, now=NOON)}["disk"].health is how
        assert {one.what: one for one in look(changed, now=NOON, ask=False)}["disk"].health is how
        serving = Serving(open_for(changed, create=False), changed, clock=utc_now)
        serving.start()
        try:
            found = httpx.get(f"{serving.address}readyz", trust_env=False)
            assert (found.status_code, found.text) == (status, word)
        finally:
            serving.stop()


def test_a_server_elsewhere_is_not_spared_by_our_disk(postgresql_url: str, tmp_path: Path) -> None:
    feeds = write_feeds(tmp_path, f'[service]\ndatabase = "{postgresql_url}"\n{source_block("a", "http://127.0.0.1:9/a")}')
    config = load_config(feeds)
    store = open_for(config)
    try:
        assert guard_of(store, config.service.storage).look(low=10**15, full=10**15) is Room.LOW
    finally:
        store.close()


def test_on_a_real_disk_the_service_goes_from_all_to_texts_to_nothing_and_back(
    small_disk: Path, web: Web, clock: Clock, sandbox: Sandbox
) -> None:
    def fill(left: int) -> None:
        ballast = small_disk / "ballast"
        ballast.write_bytes(b"")
        ballast.write_bytes(b"x" * max(0, free_at(small_disk) - left))

    async def play(at: Watched) -> None:
        web.serve(rss(said(1)))
        await at.tick()
        files = len(list(at.store.snapshots.folder.glob("??/*")))
        assert files == 2  # with robots.txt
        fill(2_500_000)
        web.serve(rss(said(1), said(2)))
        await at.tick(minutes=11)
        assert at.count("v1_statements") == 2
        assert len(list(at.store.snapshots.folder.glob("??/*"))) == files
        fill(700_000)
        web.serve(rss(said(1), said(2), said(3)))
        asked = len(web.asked)
        await at.tick(times=3, minutes=11)
        assert (len(web.asked), at.count("v1_statements")) == (asked, 2)
        assert at.events("store_unusable") == []  # it never came to that
        (small_disk / "ballast").unlink()
        await at.tick(minutes=11)
        assert at.count("v1_statements") == 3
        assert len(list(at.store.snapshots.folder.glob("??/*"))) == files + 1
        assert [len(at.events(f"disk_{name}")) for name in ("low", "full", "has_room_again")] == [1, 1, 1]

    marks = 'low_disk = "3MB"\nfull_disk = "1MB"\n'
    watch(small_disk / "storage", web, clock, sandbox, play, feeds=PLAIN + marks)


def test_a_wall_that_came_without_room_is_noted_too(web: Web, desk: OpenDesk) -> None:
    web.answers["/feed"] = Answer(b"<title>Access denied</title>", 403, {"content-type": "text/html"})
    at_work = desk(STORY + source_block("a", web.url()))
    at_work.config = low(at_work.config)
    at_work.poll()
    with at_work.store.read() as tx:
        rows = tx.execute(select(snapshots.c.removed_at == snapshots.c.first_at)).scalars().all()
    assert rows == [True, True]  # and robots.txt
    assert not list(at_work.store.snapshots.folder.glob("??/*"))

"""Raw bytes go when their time is up: not those that are needed, and never under the feet of a poll."""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, func, select
from typer.testing import CliRunner

from aggregator.cli import app
from aggregator.config import ConfigError, load_config
from aggregator.config.values import FOREVER
from aggregator.fetch import Exchange
from aggregator.model import SourceKey
from aggregator.pipeline import prune
from aggregator.service import Service, open_for
from aggregator.service import road as service_road
from aggregator.store import Store, open_store
from aggregator.store.exchanges import add_exchanges
from aggregator.store.polls import add_snapshot
from aggregator.store.retention import LOOK_AGAIN, Keeps, Step, mark_expired, remove_marked, sources_to_look_at
from aggregator.store.schema import candidates, captures, exchanges, retention_queue, revisions, snapshots, sources
from aggregator.store.snapshots import Snapshots
from tests.conftest import NOON, STORY, Answer, Desk, Web, item, rss, source_block, write_feeds
from tests.patience import WAIT

OpenDesk = Callable[[str], Desk]
MONTH = Keeps(usual=timedelta(days=30))
BODY = b"a body that comes again"
HASH = hashlib.sha256(BODY).hexdigest()


# --- on the road


def service(database_url: str, keep: str = "30d") -> str:
    return f'[service]\ndatabase = "{database_url}"\nkeep_snapshots = "{keep}"\n'


def wall(text: str) -> Answer:
    return Answer(f"<title>Access denied</title>{text}".encode(), 403, {"content-type": "text/html"})


def pruned(desk: Desk) -> Step:
    return prune(desk.store, desk.config, now=desk.clock())


def kept(desk: Desk, body: bytes) -> bool:
    """Whether some bytes lie in the folder; row and file must say the same."""
    sha256 = hashlib.sha256(body).hexdigest()
    with desk.store.read() as tx:
        removed_at = tx.execute(select(snapshots.c.removed_at).where(snapshots.c.sha256 == sha256)).scalar_one()
    assert desk.store.snapshots.path(sha256).exists() == (removed_at is None)
    return removed_at is None


def rows(desk: Desk) -> dict[str, int]:
    with desk.store.read() as tx:
        tables = (snapshots, captures, exchanges, revisions)
        return {one.name: tx.execute(select(func.count()).select_from(one)).scalar_one() for one in tables}


def test_what_nobody_needs_goes_when_its_time_is_up_and_every_row_stays(web: Web, desk: OpenDesk, database_url: str) -> None:
    web.answers["/feed"] = wall("one")
    at_work = desk(service(database_url) + STORY + source_block("a", web.url()))
    at_work.poll()
    body, before = web.answers["/feed"].body, rows(at_work)
    at_work.clock.forward(days=29, hours=23)
    assert pruned(at_work).removed == 0
    assert kept(at_work, body)
    at_work.clock.forward(hours=2)
    size = at_work.store.snapshots.path(hashlib.sha256(body).hexdigest()).stat().st_size
    done = pruned(at_work)
    assert (done.removed, done.marked, done.failed) == (2, 2, ())  # and robots.txt
    assert done.freed > size
    assert not kept(at_work, body)
    assert rows(at_work) == before
    with at_work.store.read() as tx:
        assert tx.execute(select(snapshots.c.removed_at).distinct()).scalars().all() == [at_work.clock.now]
    assert pruned(at_work) == Step()


def test_its_time_counts_from_when_it_came_last(web: Web, desk: OpenDesk, database_url: str) -> None:
    web.answers["/feed"] = wall("one")
    at_work = desk(service(database_url) + STORY + source_block("a", web.url()))
    for _ in range(3):
        at_work.poll()
        at_work.clock.forward(days=20)
        pruned(at_work)
        assert kept(at_work, web.answers["/feed"].body)
    at_work.clock.forward(days=11)
    pruned(at_work)
    assert not kept(at_work, web.answers["/feed"].body)


def test_bytes_that_come_again_are_kept_again(web: Web, desk: OpenDesk, database_url: str) -> None:
    web.answers["/feed"] = wall("one")
    at_work = desk(service(database_url) + STORY + source_block("a", web.url()))
    at_work.poll()
    at_work.clock.forward(days=31)
    assert pruned(at_work).removed
    at_work.poll()
    assert kept(at_work, web.answers["/feed"].body)
    assert pruned(at_work).removed == 0
    at_work.clock.forward(days=31)
    assert pruned(at_work).removed
    assert not kept(at_work, web.answers["/feed"].body)


def test_bytes_of_several_sources_live_as_long_as_the_longest_says(web: Web, desk: OpenDesk, database_url: str) -> None:
    for path in ("/a", "/b"):
        web.answers[path] = wall("the same")
    at_work = desk(
        service(database_url) + STORY + source_block("a", web.url("/a"))
        + source_block("b", web.url("/b"), more='keep_snapshots = "90d"')
    )  # fmt: skip
    at_work.poll()
    at_work.clock.forward(days=31)
    pruned(at_work)
    assert kept(at_work, wall("the same").body)
    at_work.clock.forward(days=60)
    pruned(at_work)
    assert not kept(at_work, wall("the same").body)


def test_one_source_may_keep_everything_and_others_not(web: Web, desk: OpenDesk, database_url: str) -> None:
    for path in ("/a", "/b"):
        web.answers[path] = wall(path)
    forever = source_block("b", web.url("/b"), more='keep_snapshots = "forever"')
    at_work = desk(service(database_url) + STORY + source_block("a", web.url("/a")) + forever)
    at_work.poll()
    at_work.clock.forward(days=3_000)
    pruned(at_work)
    assert not kept(at_work, wall("/a").body)
    assert kept(at_work, wall("/b").body)
    # What is written later holds for what came before, too.
    changed = desk(service(database_url) + STORY + source_block("a", web.url("/a")) + source_block("b", web.url("/b")))
    pruned(changed)
    assert not kept(at_work, wall("/b").body)


def test_nothing_goes_unless_it_is_asked_for(web: Web, desk: OpenDesk, database_url: str) -> None:
    web.answers["/feed"] = wall("one")
    at_work = desk(f'[service]\ndatabase = "{database_url}"\n' + STORY + source_block("a", web.url()))
    at_work.poll()
    at_work.clock.forward(days=100_000)
    assert pruned(at_work) == Step()
    assert kept(at_work, web.answers["/feed"].body)


def listing(number: int, text: str = "They go on.") -> str:
    return rss(item(f"n{number}", f"Talks of day {number}", f"<p>{text} This is day {number}.</p>"))


def test_what_an_update_cites_is_kept_for_ever_and_other_revisions_lose_their_bytes(
    web: Web, desk: OpenDesk, database_url: str
) -> None:
    other = STORY.replace('terms = ["talks"]', 'terms = ["day 2"]')
    at_work = desk(service(database_url) + other + source_block("a", web.url()))
    for number in range(1, 15):  # so many that the first ones are no longer what the listing is recognised by
        web.serve(listing(number))
        assert at_work.poll()[0].balance.new == 1
        at_work.clock.forward(minutes=20)
    assert [update.title for update in at_work.settle()] == ["Talks of day 2"]
    at_work.clock.forward(days=31)
    pruned(at_work)
    assert [number for number in range(1, 15) if kept(at_work, listing(number).encode())] == [2, *range(7, 15)]
    at_work.clock.forward(days=3_000)
    for number in range(15, 25):
        web.serve(listing(number))
        at_work.poll()
    pruned(at_work)
    assert [number for number in range(1, 25) if kept(at_work, listing(number).encode())] == [2, *range(15, 25)]
    with at_work.store.read() as tx:
        texts = tx.execute(select(revisions.c.text)).scalars().all()
    assert len(texts) == 24  # every text is still there


def test_the_bytes_by_which_a_listing_is_recognised_stay_until_newer_ones_took_their_place(
    web: Web, desk: OpenDesk, database_url: str
) -> None:
    at_work = desk(service(database_url) + STORY.replace("talks", "nothing") + source_block("a", web.url()))
    web.serve(listing(1))
    at_work.poll()
    at_work.clock.forward(days=400)
    pruned(at_work)
    assert at_work.poll()[0].outcome.reason == "the same bytes as at the last poll"
    assert kept(at_work, listing(1).encode())
    for number in range(2, 12):
        web.serve(listing(number))
        at_work.poll()
    at_work.clock.forward(days=31)
    pruned(at_work)
    assert not kept(at_work, listing(1).encode())


def test_what_waits_to_be_told_is_kept_until_it_is_told_or_set_aside(web: Web, desk: OpenDesk, database_url: str) -> None:
    patient = STORY.replace('settle = "10m"', 'settle = "90d"')
    at_work = desk(service(database_url) + patient + source_block("a", web.url()))
    for number in range(1, 12):
        web.serve(listing(number))
        at_work.poll()
    at_work.clock.forward(days=31)
    pruned(at_work)
    assert kept(at_work, listing(1).encode())
    with at_work.store.write() as tx:
        tx.execute(candidates.update().values(state="set_aside"))
    pruned(at_work)
    assert kept(at_work, listing(1).encode())  # it is looked at again tomorrow
    at_work.clock.now += LOOK_AGAIN
    pruned(at_work)
    assert not kept(at_work, listing(1).encode())


# --- a crash at each step


class Crash(Exception):  # noqa: N818 - stands for the end of the process
    """The process ends here."""


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    """A store with two sources, and a body that came to the first one 40 days ago."""
    with closing(open_store(database_url, snapshots=tmp_path / "snapshots")) as opened:
        values: dict[str, Any] = {
            "kind": "feed",
            "url": "",
            "lane": "primary",
            "language": "en",
            "homepage": "",
            "active": True,
        }
        with opened.write() as tx:
            for key in ("a", "b"):
                row = sources.insert().values(key=key, name=key, family=key, first_seen_at=NOON, next_poll_at=NOON, **values)
                tx.execute(row)
        receive(opened, at=NOON - timedelta(days=40))
        yield opened


def receive(
    store: Store, *, at: datetime = NOON, body: bytes = BODY, source: str = "a", then: Callable[[], object] = bool
) -> None:
    """What a poll does with a body: put it, then note it in a transaction; `then` is called before that commits."""
    sha256, stored, *_ = store.snapshots.put(body)
    with store.write() as tx:
        note(tx, store.snapshots, body, sha256, stored, at=at, source=source)
        then()


def note(tx: Connection, folder: Snapshots, body: bytes, sha256: str, stored: int, *, at: datetime, source: str) -> None:
    if add_snapshot(tx, sha256, size=len(body), stored_size=stored, at=at):
        folder.put(body, sha256=sha256)
    add_exchanges(tx, [(SourceKey(source), Exchange(at=at, url="https://example.org/", status=200, body=body), sha256, 1)])


def mark(store: Store, then: Callable[[], object] = bool) -> Step:
    with store.read() as tx:
        wanted = sources_to_look_at(tx, MONTH, now=NOON)
    with store.write() as tx:
        step = mark_expired(tx, wanted, MONTH, now=NOON)
        then()
    return step


def remove(store: Store, then: Callable[[], object] = bool) -> Step:
    with store.write() as tx:
        step = remove_marked(tx, store.snapshots, MONTH, now=NOON)
        then()
    return step


def crash() -> None:
    raise Crash


def is_there(store: Store) -> tuple[bool, bool]:
    """Whether the body counts as kept, and whether its file is there."""
    with store.read() as tx:
        removed_at = tx.execute(select(snapshots.c.removed_at).where(snapshots.c.sha256 == HASH)).scalar_one()
    return removed_at is None, store.snapshots.path(HASH).exists()


def after_marking_before_commit(store: Store) -> None:
    with pytest.raises(Crash):
        mark(store, crash)
    assert is_there(store) == (True, True)


def after_marking(store: Store) -> None:
    assert mark(store).marked == 1
    assert is_there(store) == (False, True)


def after_removing_before_commit(store: Store) -> None:
    after_marking(store)
    with pytest.raises(Crash):
        remove(store, crash)
    assert is_there(store) == (False, False)


def after_removing(store: Store) -> None:
    after_marking(store)
    assert remove(store).removed == 1
    assert is_there(store) == (False, False)


def after_a_poll_put_it_back_before_commit(store: Store) -> None:
    after_removing(store)
    with pytest.raises(Crash):
        receive(store, then=crash)
    assert is_there(store) == (False, True)  # a file that no row speaks of: no harm


CRASHES = [
    after_marking_before_commit,
    after_marking,
    after_removing_before_commit,
    after_removing,
    after_a_poll_put_it_back_before_commit,
]


@pytest.mark.parametrize("crashed", CRASHES, ids=lambda one: one.__name__)
def test_after_a_crash_at_any_step_a_poll_that_brings_the_bytes_keeps_them(
    crashed: Callable[[Store], None], store: Store
) -> None:
    crashed(store)
    receive(store)
    assert is_there(store) == (True, True)
    assert store.snapshots.get(HASH) == BODY
    mark(store)
    remove(store)
    assert is_there(store) == (True, True)
    with store.read() as tx:
        assert tx.execute(select(retention_queue)).all() == []


@pytest.mark.parametrize("crashed", CRASHES[:-1], ids=lambda one: one.__name__)
def test_after_a_crash_at_any_step_the_next_run_finishes_it(crashed: Callable[[Store], None], store: Store) -> None:
    crashed(store)
    mark(store)
    remove(store)
    assert is_there(store) == (False, False)
    with store.read() as tx:
        assert tx.execute(select(retention_queue)).all() == []


def test_a_file_that_cannot_be_removed_is_named_and_tried_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(self: Path) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    mark(store)
    monkeypatch.setattr(Path, "unlink", refused)
    step = remove(store)
    assert (step.removed, step.freed) == (0, 0)
    assert step.failed == (f"{store.snapshots.path(HASH)}: Permission denied",)
    monkeypatch.undo()
    assert remove(store) == Step()
    with store.write() as tx:
        assert remove_marked(tx, store.snapshots, MONTH, now=NOON + LOOK_AGAIN).removed == 1
    assert is_there(store) == (False, False)


# --- races


def test_a_poll_between_marking_and_removing_takes_the_mark_away(store: Store) -> None:
    mark(store)
    receive(store)
    assert remove(store).removed == 0
    assert is_there(store) == (True, True)


def test_a_poll_that_found_the_file_before_it_was_removed_puts_it_back(store: Store) -> None:
    sha256, stored, *_ = store.snapshots.put(BODY)  # it is there: nothing is written
    mark(store)
    remove(store)
    assert is_there(store) == (False, False)
    with store.write() as tx:
        note(tx, store.snapshots, BODY, sha256, stored, at=NOON, source="a")
    assert is_there(store) == (True, True)


def test_what_a_poll_under_way_has_noted_is_not_marked_on_postgresql(postgresql_url: str, tmp_path: Path) -> None:
    with closing(open_store(postgresql_url, snapshots=tmp_path)) as store:
        values: dict[str, Any] = {
            "kind": "feed",
            "url": "",
            "lane": "primary",
            "language": "en",
            "homepage": "",
            "active": True,
        }
        with store.write() as tx:
            tx.execute(sources.insert().values(key="a", name="a", family="a", first_seen_at=NOON, next_poll_at=NOON, **values))
        receive(store, at=NOON - timedelta(days=40))
        marked: list[int] = []
        receive(store, then=lambda: marked.append(mark(store).marked))  # another connection, before the poll commits
        assert marked == [0]
        assert is_there(store) == (True, True)
        with store.read() as tx:
            assert tx.execute(select(retention_queue.c.look_at)).scalars().all() == [NOON + LOOK_AGAIN]
        with store.write() as tx:
            assert remove_marked(tx, store.snapshots, MONTH, now=NOON + LOOK_AGAIN).marked == 0
        assert is_there(store) == (True, True)


def test_a_poll_waits_for_marking_and_removing_that_are_under_way(store: Store) -> None:
    """Whichever of the two begins, the other sees what it did."""
    for step in (mark, remove):
        polling = threading.Thread(target=receive, args=[store], daemon=True)
        step(store, then=polling.start)  # it cannot end before this transaction does
        polling.join(WAIT)
        assert not polling.is_alive()
        assert is_there(store) == (True, True)
        assert store.snapshots.get(HASH) == BODY
        with store.write() as tx:  # and grows old again
            tx.execute(exchanges.update().values(at=NOON - timedelta(days=40)))
        mark(store)


ROUNDS = 60


def test_polls_and_removal_at_once_never_lose_what_was_stored_last(store: Store) -> None:
    bodies = [b"body %d" % number for number in range(5)]
    trouble: list[BaseException] = []

    def poll() -> None:
        for round_ in range(ROUNDS):
            for body in bodies:
                receive(store, body=body, source="b", at=NOON + timedelta(days=round_))

    def give_up() -> None:
        for round_ in range(ROUNDS * 2):
            now = NOON + timedelta(days=round_ + 10)  # ahead of the polls: what they bring has grown old at once
            keeps = Keeps(usual=timedelta(hours=1))
            with store.write() as tx:
                mark_expired(tx, ["a", "b"], keeps, now=now)
            with store.write() as tx:
                remove_marked(tx, store.snapshots, keeps, now=now)

    def guarded(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - a thread's failure is the test's
            trouble.append(error)

    threads = [threading.Thread(target=guarded, args=[work]) for work in (poll, give_up)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(WAIT)
    assert trouble == []
    with store.read() as tx:
        for row in tx.execute(select(snapshots)).all():
            assert store.snapshots.path(row.sha256).exists() or row.removed_at is not None
        queued = set(tx.execute(select(retention_queue.c.sha256)).scalars())
        for row in tx.execute(select(snapshots).where(snapshots.c.removed_at.is_not(None))).all():
            assert row.sha256 in queued or not store.snapshots.path(row.sha256).exists()


# --- what it costs


def test_it_looks_at_each_request_once_and_in_bounded_steps(store: Store) -> None:
    with store.write() as tx:
        for number in range(25):
            body = b"%d" % number
            sha256, stored, *_ = store.snapshots.put(body)
            at = NOON - timedelta(days=35) + timedelta(minutes=number // 10)  # ten at one moment
            note(tx, store.snapshots, body, sha256, stored, at=at, source="a" if number < 20 else "b")
    left: tuple[str, ...] = ("a", "b")
    looked = []
    while left:
        with store.write() as tx:
            step = mark_expired(tx, left, MONTH, now=NOON, most=7)
        looked.append(step.looked)
        left = step.left
    assert looked == [7, 7, 7, 5]  # with the body that is there from the start
    with store.read() as tx:
        assert sources_to_look_at(tx, MONTH, now=NOON) == []
    removed = []
    while True:
        with store.write() as tx:
            step = remove_marked(tx, store.snapshots, MONTH, now=NOON, most=10)
        removed.append(step.removed)
        if not step.more:
            break
    assert removed == [10, 10, 6]


def test_no_step_reads_a_whole_table(tmp_path: Path) -> None:
    plans: list[str] = []

    def explain(conn: Connection, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if statement.startswith("SELECT") and not plans_off:
            plans_off.append(True)
            plans.extend(f"{row[3]}" for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters))
            plans_off.clear()

    plans_off: list[bool] = []
    with closing(open_store(f"sqlite:///{tmp_path}/a.sqlite", snapshots=tmp_path)) as store:
        values: dict[str, Any] = {
            "kind": "feed",
            "url": "",
            "lane": "primary",
            "language": "en",
            "homepage": "",
            "active": True,
        }
        with store.write() as tx:
            tx.execute(sources.insert().values(key="a", name="a", family="a", first_seen_at=NOON, next_poll_at=NOON, **values))
        for days in (50, 40):
            receive(store, at=NOON - timedelta(days=days))
            with store.write() as tx:
                mark_expired(tx, ["a"], MONTH, now=NOON - timedelta(days=days - 29))
        event.listen(store.engine, "before_cursor_execute", explain)
        assert mark(store).marked == 1
        remove(store)
        remove(store)
    scans = [plan for plan in plans if plan.startswith("SCAN")]
    assert len(plans) > 10
    assert [plan for plan in scans if not plan.startswith(("SCAN sources", "SCAN CONSTANT ROW"))] == []
    # From the last one that was looked at, not from the first one ever; by the statement, not through all that wait.
    assert any("exchanges USING INDEX ix_exchanges_source_at (source=? AND at>? AND at<?)" in plan for plan in plans)
    assert any("candidates USING INDEX ix_candidates_statement_id" in plan for plan in plans)


# --- who runs it


def test_the_service_runs_it_about_once_an_hour(web: Web, desk: OpenDesk) -> None:
    web.answers["/feed"] = wall("one")
    feeds = '[service]\nkeep_snapshots = "30d"\n' + STORY + source_block("a", web.url(), more="enabled = false")
    at_work = desk(feeds)
    at_work.poll("a")
    at_work.clock.forward(days=30)

    async def run() -> list[bool]:
        found = []
        async with service_road(at_work.config, at_work.store, clock=at_work.clock, sandbox=at_work.sandbox) as the_road:
            one = Service(the_road)
            for wait in (timedelta(), timedelta(minutes=30), timedelta(hours=1)):
                at_work.clock.now += wait
                await one.tick()
                await at_rest(one)
                found.append(kept(at_work, web.answers["/feed"].body))
        return found

    assert asyncio.run(run()) == [True, True, False]


def test_aggregator_poll_gives_up_old_bytes_at_its_end_and_says_so(web: Web, tmp_path: Path) -> None:
    web.answers["/feed"] = wall("one")
    text = '[service]\nkeep_snapshots = "30d"\n' + STORY + source_block("a", web.url())
    feeds = write_feeds(tmp_path, text)
    words = ["poll", "--config", str(feeds)]
    assert "removed, as keep_snapshots says" not in CliRunner().invoke(app, words).stderr
    with closing(open_for(load_config(feeds))) as store, store.write() as tx:  # some time passes
        tx.execute(exchanges.update().values(at=NOON))
    web.answers["/feed"] = wall("two")
    done = CliRunner().invoke(app, words)
    assert "1 snapshot removed, as keep_snapshots says: " in done.stderr  # robots.txt came again
    assert json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)["removed"] == {"snapshots": 0, "bytes": 0}


async def at_rest(service: Service) -> None:
    """Wait until nothing that the service started is under way."""
    mine = asyncio.current_task()
    await asyncio.gather(*(task for task in asyncio.all_tasks() if task is not mine))
    assert service is not None


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('"10m"', "too short: at least 1h"),
        ('"0s"', "too short"),
        ("365", 'write a duration such as "90d" or "365d", or "forever"'),
        ('"never"', "write a duration"),
        ('"40000d"', "too long: at most 36500d"),
    ],
)
@pytest.mark.parametrize("table", ["service", "sources.a"])
def test_a_wrong_keep_snapshots_is_told_with_its_place(written: str, said: str, table: str, tmp_path: Path) -> None:
    own = f"keep_snapshots = {written}"
    service_table = f"[service]\n{own}\n" if table == "service" else ""
    text = service_table + STORY + source_block("a", "https://example.org/feed", more="" if table == "service" else own)
    with pytest.raises(ConfigError, match=rf"feeds\.toml:\d+: {table}\.keep_snapshots: is .*; {said}"):
        load_config(write_feeds(tmp_path, text))


def test_further_listings_keep_as_their_source_does_unless_they_say_otherwise(tmp_path: Path) -> None:
    more = """keep_snapshots = "90d"
listings = { ru = "https://example.org/ru" }
fallback = [{ url = "https://example.org/old", keep_snapshots = "forever" }]"""
    config = load_config(write_feeds(tmp_path, STORY + source_block("a", "https://example.org/feed", more=more)))
    assert {key: one.keep_snapshots for key, one in config.sources.items()} == {
        "a": timedelta(days=90),
        "a-ru": timedelta(days=90),
        "a-fallback-1": FOREVER,
    }
    assert config.service.keep_snapshots == FOREVER

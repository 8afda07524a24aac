"""What a source's memory does to the next question: copies old and new, moves, walls, trouble of the network."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from aggregator.config import load_config
from aggregator.fetch import Ask, Fetcher, Reply
from aggregator.fetch.replay import Recording, ReplayTransport
from aggregator.model import Outcome, OutcomeKind, SourceKey
from aggregator.pipeline import PollReport, poll_source
from aggregator.pipeline.completing import judge_plain
from aggregator.pipeline.remembering import remember
from aggregator.pipeline.sandbox import Sandbox, TooMuch
from aggregator.service import Service, open_for, poll_all, road
from aggregator.store.exchanges import recorded
from aggregator.store.schema import changes, exchanges, polls, sources
from aggregator.store.sources import SourceState, due_sources, leave_answers, source_state
from aggregator.store.statements import settle_listing
from aggregator.store.writer import Writer
from tests.conftest import NOON, STORY, Answer, Clock, Desk, Web, item, rss, source_block, write_feeds

OpenDesk = Callable[[str], Desk]
OLD = rss(item("1", "Talks", "The talks begin."), built=NOON)
NEW = rss(item("2", "More talks", "They go on."), item("1", "Talks", "The talks begin."), built=NOON + timedelta(hours=1))
pytestmark = pytest.mark.both_databases

OLD_TIME, NEW_TIME = "Thu, 14 Aug 2025 10:00:00 GMT", "Thu, 14 Aug 2025 11:00:00 GMT"


@pytest.fixture
def one(web: Web, desk: OpenDesk) -> Desk:
    return desk(STORY + source_block("a", web.url()))


def state_of(desk: Desk, key: str = "a") -> SourceState:
    with desk.store.read() as tx:
        return source_state(tx, SourceKey(key))


def refuse_to_parse(monkeypatch: pytest.MonkeyPatch, desk: Desk) -> None:
    async def run(*_: object, **__: object) -> None:
        raise AssertionError("these bytes need no parsing")

    monkeypatch.setattr(desk.sandbox, "run", run)


def test_a_304_and_known_bytes_cost_no_parsing(web: Web, one: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    web.serve(OLD, etag='"1"')
    one.poll()
    refuse_to_parse(monkeypatch, one)
    assert one.poll()[0].outcome.reason == "unchanged since the last poll"
    web.serve(OLD, etag='"2"')  # an ETag that changes for the whole site says nothing
    assert one.poll()[0].outcome.reason == "the same bytes as at the last poll"
    assert state_of(one).etag == '"2"'


def test_an_answer_leaves_the_lists_that_its_poll_handed_on_and_writes_all_others(web: Web, one: Desk) -> None:
    web.serve(OLD, etag='"1"')
    one.poll()
    state = state_of(one)
    assert state.bodies
    assert state.marks
    judged = judge_plain(one.config.sources[SourceKey("a")], state, reply_of(OutcomeKind.UNCHANGED), blame_network=False)
    answer = remember(one.config, one.config.sources[SourceKey("a")], state, reply_of(OutcomeKind.UNCHANGED), judged)
    with one.store.write() as tx:  # as if another hand had written meanwhile
        tx.execute(sources.update().values(marks=["other"], etag='"other"'))
        leave_answers(tx, [answer], before=[state])
    assert (state_of(one).marks, state_of(one).etag) == (["other"], '"other"')
    assert state_of(one).last_reason == "so"
    with one.store.write() as tx:
        leave_answers(tx, [replace(answer, moved_to="http://example.org/new")], before=[state])
    assert (state_of(one).etag, state_of(one).moved_to) == ('"1"', "http://example.org/new")
    with one.store.write() as tx:
        leave_answers(tx, [replace(answer, arrivals=[7])], before=[state])
    assert (state_of(one).marks, state_of(one).arrivals) == (state.marks, [7])
    with one.store.write() as tx:
        tx.execute(sources.update().values(marks=None))
        leave_answers(tx, [answer])
    assert state_of(one).marks == state.marks


def reply_of(kind: OutcomeKind) -> Reply:
    return Reply(url="http://example.org/feed", outcome=Outcome(kind=kind, reason="so", status=304), at=NOON, ms=1)


def test_an_older_copy_takes_the_place_of_nothing(web: Web, one: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    web.serve(OLD, etag='"old"', last_modified=OLD_TIME)
    one.poll()
    web.serve(NEW, etag='"new"', last_modified=NEW_TIME)
    one.poll()
    web.serve(OLD, etag='"old"', last_modified=OLD_TIME)
    refuse_to_parse(monkeypatch, one)
    report = one.poll()[0]
    assert (report.outcome.kind, report.outcome.reason) == (OutcomeKind.UNCHANGED, "an older copy that was read before")
    state = state_of(one)
    assert (state.etag, state.last_modified) == ('"new"', NEW_TIME)


def test_a_last_modified_that_went_back_hides_nothing(web: Web, one: Desk) -> None:
    web.serve(OLD, last_modified=NEW_TIME)
    one.poll()
    web.serve(NEW, last_modified=OLD_TIME)
    assert one.poll()[0].balance.new == 1
    assert state_of(one).last_modified == OLD_TIME  # so that the server is asked by what it says now


def test_what_is_gone_is_shown_slowed_down_and_asked_again(web: Web, one: Desk) -> None:
    web.answers["/feed"] = Answer(b"", 410)
    waits = []
    for _ in range(12):
        report = one.poll()[0]
        assert "gone" in report.outcome.reason
        waits.append(report.next_at - one.clock())
        one.clock.forward(days=1)
    assert waits[0] < waits[3] < waits[-1] <= timedelta(days=1.1)
    web.serve(OLD)
    assert one.poll()[0].balance.new == 1
    assert state_of(one).failures == 0


def test_a_permanent_move_is_asked_at_once_and_forgotten_when_it_fails(web: Web, one: Desk) -> None:
    web.serve(OLD, "/new")
    web.answers["/feed"] = Answer(b"", 301, {"location": "/new"})
    one.poll()
    assert state_of(one).moved_to == web.url("/new")
    web.asked.clear()
    one.poll()
    assert [path for path, _ in web.asked] == ["/new"]
    del web.answers["/new"]
    one.poll()
    assert state_of(one).moved_to is None
    web.serve(NEW)
    assert one.poll()[0].balance.new == 1


def test_a_failure_that_the_server_expected_slows_nothing_down(web: Web, one: Desk) -> None:
    web.serve(OLD, cache_control="max-age=60, stale-if-error=3600")
    one.poll()
    web.answers["/feed"] = Answer(b"", 500)
    one.clock.forward(minutes=30)
    one.poll()
    assert state_of(one).failures == 0
    one.clock.forward(minutes=60)
    one.poll()
    assert state_of(one).failures == 1


def test_a_wall_is_kept_as_evidence_and_never_as_the_last_good_copy(web: Web, one: Desk) -> None:
    web.serve(OLD, etag='"good"')
    one.poll()
    wall = b"<html><head><title>Just a moment...</title></head><body></body></html>"
    web.answers["/feed"] = Answer(wall, 200, {"content-type": "text/html", "etag": '"wall"'})
    assert one.poll()[0].outcome.kind is OutcomeKind.NOT_THE_PAGE
    assert state_of(one).etag == '"good"'
    with one.store.read() as tx:
        kept = [exchange.body for exchange in recorded(tx, one.store.snapshots)]
        assert wall in kept
        assert tx.execute(select(polls.c.capture_id)).scalars().all()[-1] is not None


def test_what_robots_txt_refuses_is_a_failed_poll_with_its_reason(web: Web, one: Desk) -> None:
    web.serve(OLD)
    web.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /", headers={"content-type": "text/plain"})
    assert "robots.txt does not allow" in one.poll()[0].outcome.reason
    assert web.asked == []
    assert "robots.txt" in (state_of(one).last_reason or "")


# -- the network


def dead_sources(count: int) -> str:
    """Sources on ports of this machine where nobody listens."""
    return "".join(source_block(f"d{n}", f"http://127.0.0.1:{n + 2}/feed") for n in range(count))


def test_when_most_hosts_fail_the_network_is_blamed_and_all_are_forgiven(desk: OpenDesk, sandbox: Sandbox) -> None:
    at_work = desk(dead_sources(6))

    async def ask() -> list[PollReport]:
        async with road(at_work.config, at_work.store, clock=at_work.clock, sandbox=sandbox) as the_road:
            reports = [await poll_source(the_road, SourceKey(f"d{n}")) for n in range(6)]
            assert the_road.network.is_down
            at_work.clock.forward(minutes=1)
            with at_work.store.read() as tx:
                assert len(due_sources(tx, now=at_work.clock())) == 6
            service = Service(the_road)
            await service.tick()
            assert len(service._polls) == 1  # noqa: SLF001 - one probe, however many are due
            await asyncio.gather(*service._polls.values())  # noqa: SLF001 - the same
            await asyncio.sleep(0)
            assert not service._polls  # noqa: SLF001 - and no further one before the next tick
            at_work.clock.forward(minutes=-1)
            return reports

    last = asyncio.run(ask())[-1]
    assert "the network here seems to be down since 12:00 UTC" in last.outcome.reason
    assert last.next_at - at_work.clock() <= timedelta(minutes=1)
    assert [state_of(at_work, f"d{n}").failures for n in range(6)] == [0] * 6


def test_those_that_are_asked_at_the_same_time_are_forgiven_as_well(desk: OpenDesk, sandbox: Sandbox) -> None:
    """The first failures are not stored yet when the last one shows that it was the network."""
    at_work = desk(dead_sources(8))

    async def ask() -> list[PollReport]:
        async with road(at_work.config, at_work.store, clock=at_work.clock, sandbox=sandbox) as the_road:
            return [report async for report in poll_all(the_road, list(at_work.config.sources))]

    assert len(asyncio.run(ask())) == 8
    states = [state_of(at_work, f"d{n}") for n in range(8)]
    assert [(state.failures, state.plan) for state in states] == [(0, "the network seems to be down")] * 8


def test_polls_are_spread_out_when_the_network_is_back(desk: OpenDesk, sandbox: Sandbox, clock: Clock) -> None:
    at_work = desk(dead_sources(30))

    async def come_back() -> None:
        async with road(at_work.config, at_work.store, clock=clock, sandbox=sandbox) as the_road:
            service = Service(the_road)
            for n in range(5):
                the_road.network.note(f"d{n}", f"h{n}", reached=False, at=clock())
            service._was_down = the_road.network.is_down  # noqa: SLF001 - as a tick leaves it
            the_road.network.note("d0", "h0", reached=True, at=clock())
            await service.tick()
            assert len(service._polls) == 1  # noqa: SLF001 - the one that was started
            await asyncio.gather(*service._polls.values())  # noqa: SLF001 - the same

    asyncio.run(come_back())
    with at_work.store.read() as tx:
        later = [at - clock() for at in tx.execute(select(sources.c.next_poll_at)).scalars() if at > clock()]
    assert len(later) == 30
    assert len(set(later)) > 20
    assert max(sorted(later)[:-1]) <= timedelta(minutes=2)


# -- the record


def test_a_day_can_be_asked_again_from_the_store(web: Web, desk: OpenDesk, tmp_path: Path) -> None:
    """The record of one store, replayed, makes the same statements and the same balances in another."""
    web.serve(OLD, etag='"1"', last_modified=OLD_TIME)
    feeds = STORY + source_block("a", web.url())
    first = desk(feeds)
    first.poll()
    first.clock.forward(minutes=10)
    first.poll()  # 304
    first.clock.forward(minutes=10)
    web.serve(NEW, etag='"2"')
    first.poll()
    web.answers["/feed"] = Answer(b"", 500)
    first.clock.forward(minutes=10)
    first.poll()
    with first.store.read() as tx:
        recording = Recording(recorded(tx, first.store.snapshots))
        times = tx.execute(select(polls.c.at).order_by(polls.c.at)).scalars().all()
        wanted = tx.exec_driver_sql("SELECT at, outcome, listed, new, revised, unchanged FROM polls ORDER BY id").all()
    (tmp_path / "again").mkdir()
    config = load_config(write_feeds(tmp_path / "again", feeds))
    store, clock = open_for(config), Clock()
    transport = ReplayTransport(recording, clock, lead=timedelta(minutes=1))

    async def again() -> None:
        async with road(config, store, clock=clock, transport=transport, sandbox=first.sandbox) as the_road:
            for moment in times:
                clock.now = moment
                await poll_source(the_road, SourceKey("a"))

    asyncio.run(again())
    with store.read() as tx:
        assert tx.exec_driver_sql("SELECT at, outcome, listed, new, revised, unchanged FROM polls ORDER BY id").all() == wanted
        titles = tx.exec_driver_sql("SELECT title FROM revisions ORDER BY id").scalars().all()
    assert titles == ["Talks", "More talks"]
    assert [status for _, url, status in transport.asked if url.endswith("/feed")] == [200, 304, 200, 500]
    store.close()


def test_a_recorded_failure_is_a_failure_again() -> None:
    clock = Clock()

    async def ask() -> tuple[str, str]:
        transport = ReplayTransport(Recording([]), clock)
        async with Fetcher(user_agent="t/1", gap=timedelta(), transport=transport) as fetcher:
            nothing = await fetcher.ask(Ask(url="https://example.org/f"), now=clock())
        broken = Recording([nothing.exchanges[-1].__class__(at=NOON, url="https://example.org/f", error="reset")])
        async with Fetcher(user_agent="t/1", gap=timedelta(), transport=ReplayTransport(broken, clock)) as fetcher:
            return nothing.outcome.reason, (await fetcher.ask(Ask(url="https://example.org/f"), now=clock())).outcome.reason

    nothing, failed = asyncio.run(ask())
    assert "404" in nothing
    assert "reset" in failed


def test_every_request_of_a_poll_is_on_record(web: Web, one: Desk) -> None:
    web.serve(OLD, "/new")
    web.answers["/feed"] = Answer(b"", 302, {"location": "/new"})
    one.poll()
    with one.store.read() as tx:
        rows = tx.execute(select(exchanges.c.url, exchanges.c.status, exchanges.c.sha256).order_by(exchanges.c.id)).all()
    assert [(url.rpartition("/")[2], status) for url, status, _ in rows] == [("robots.txt", 404), ("feed", 302), ("new", 200)]
    assert rows[-1].sha256 is not None


def test_many_polls_are_stored_together_and_one_that_breaks_breaks_no_other(
    web: Web, desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(tx: object, lines: object, origin: object) -> object:
        if origin.source == "s3":  # type: ignore[attr-defined]  # an Origin
            raise ZeroDivisionError("a bug")
        return settle_listing(tx, lines, origin)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr("aggregator.pipeline.storing.settle_listing", broken)
    for n in range(8):
        web.serve(rss(item(f"i{n}", f"Talks {n}", f"Talks of day {n}.")), f"/{n}")
    at_work = desk(STORY + "".join(source_block(f"s{n}", web.url(f"/{n}")) for n in range(8)))

    async def ask() -> list[PollReport]:
        async with road(at_work.config, at_work.store, clock=at_work.clock, sandbox=at_work.sandbox) as the_road:
            return [report async for report in poll_all(the_road, list(at_work.config.sources))]

    reports = {report.source: report for report in asyncio.run(ask())}
    assert "ZeroDivisionError" in reports[SourceKey("s3")].outcome.reason
    assert sum(report.balance.new for report in reports.values()) == 7


# -- the sandbox


def test_reading_that_takes_too_long_is_given_up() -> None:
    async def run() -> None:
        with Sandbox(processes=1, seconds=0.2) as sandbox:
            with pytest.raises(TooMuch, match=r"more than 0\.2 s"):
                await sandbox.run(time.sleep, 30)
            assert await sandbox.run(len, "abc") == 3  # and the next one is read

    asyncio.run(run())


def test_reading_that_takes_too_much_memory_is_given_up() -> None:
    async def run() -> None:
        with Sandbox(processes=1, memory=1_000_000_000) as sandbox:
            with pytest.raises(TooMuch, match="memory"):
                await sandbox.run(bytes, 2_000_000_000)
            assert await sandbox.run(len, "abc") == 3

    asyncio.run(run())


# -- what is written


def test_one_piece_of_work_that_fails_leaves_nothing_of_itself_behind(one: Desk) -> None:
    def work(key: str, *, fails: bool) -> Callable[[Connection], str]:
        def write(tx: Connection) -> str:
            tx.execute(changes.insert().values(kind="statement", key=key, at=NOON))
            if fails:
                raise ZeroDivisionError(key)
            return key

        return write

    async def run() -> list[str | BaseException]:
        writer = Writer(one.store)
        jobs = [writer.run(work(f"k{n}", fails=n == 1)) for n in range(3)]
        return await asyncio.gather(*jobs, return_exceptions=True)

    done = asyncio.run(run())
    assert [done[0], done[2]] == ["k0", "k2"]
    assert isinstance(done[1], ZeroDivisionError)
    with one.store.read() as tx:
        assert tx.execute(select(changes.c.key).where(changes.c.kind == "statement")).scalars().all() == ["k0", "k2"]


def test_a_body_that_was_read_before_is_on_record_by_its_hash(web: Web, one: Desk) -> None:
    web.serve(OLD)
    one.poll()
    one.poll()
    with one.store.read() as tx:
        rows = tx.execute(select(exchanges.c.sha256).where(exchanges.c.url == web.url())).scalars().all()
    assert len(rows) == 2
    assert rows[0] == rows[1] is not None


def test_what_the_first_poll_brings_is_no_arrival(web: Web, one: Desk) -> None:
    """It says nothing of the source's rhythm: all of it may be months old."""
    web.serve(OLD)
    one.poll()
    assert state_of(one).arrivals == []
    one.clock.forward(minutes=30)
    web.serve(NEW)
    one.poll()
    assert state_of(one).arrivals == [int(one.clock().timestamp())]


def test_a_304_says_nothing_new_of_the_variant(web: Web, one: Desk) -> None:
    web.serve(OLD, etag='"1"', vary="user-agent")
    one.poll()
    state, source = state_of(one), one.config.sources[SourceKey("a")]
    assert state.variant.startswith("user-agent ")
    unchanged = Outcome(kind=OutcomeKind.UNCHANGED, reason="unchanged", status=304)
    reply = Reply(url=source.url, outcome=unchanged, at=NOON, ms=1, variant="")
    after = remember(one.config, source, state, reply, judge_plain(source, state, reply, blame_network=False))
    assert (after.variant, after.etag) == (state.variant, '"1"')

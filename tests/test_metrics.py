"""Metrics: what a running service says at /metrics, to whom, and how."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
import structlog
from sqlalchemy import Connection
from structlog.testing import capture_logs

from aggregator.cli.output import set_up_logs
from aggregator.config import Config, load_config
from aggregator.fetch.alarms import Alarm, AlarmKind
from aggregator.model import Balance, SourceKey
from aggregator.pipeline import sync
from aggregator.running.alarming import MOST_TOLD, by_kind, tell, watch_alarms
from aggregator.service import Service, open_for
from aggregator.store import Store, StoreError
from aggregator.store.conditions import watched_sources
from aggregator.store.lookout import REVIEW, Conditions, Lookout, first_certificate
from aggregator.store.schema import sources
from aggregator.web.catalogue import CATALOGUE, Origin
from aggregator.web.measures import COUNTING, Measures
from tests.conftest import NOON, STORY, Desk, Web, item, rss, source_block, write_feeds
from tests.events import table
from tests.scraping import Scrape
from tests.serving import Reader, served

TOKEN = "-".join(["no", "secret"])


@dataclass
class Three:
    """A store with three sources, of which nobody has asked one yet."""

    config: Config
    store: Store

    def note(self, key: str = "%", **values: object) -> None:
        """Let the store know something of some sources."""
        with self.store.write() as tx:
            tx.execute(sources.update().where(sources.c.key.like(key)).values(**values))

    def look(self, lookout: Lookout, now: datetime) -> Conditions:
        """What a lookout says of them."""
        with self.store.read() as tx:
            return lookout.look(tx, now=now)


@pytest.fixture
def three(tmp_path: Path) -> Iterator[Three]:
    blocks = "".join(source_block(key, f"http://127.0.0.1:9/{key}") for key in ("a", "b", "c"))
    config = load_config(write_feeds(tmp_path, blocks))
    with closing(open_for(config)) as store:
        sync(store, config, now=NOON)
        yield Three(config, store)


def ask(reader: Reader) -> Scrape:
    return Scrape(reader.get("/metrics").text)


def test_a_site_with_a_token_tells_only_who_has_it(three: Three) -> None:
    with served(three.config, token=TOKEN) as reader:
        assert reader.get("/metrics").status_code == 401
        told = reader.get("/metrics", authorization=f"Bearer {TOKEN}")
        assert (told.status_code, told.headers["cache-control"]) == (200, "no-store")
        assert told.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert Scrape(told.text).value("http_requests_total", route="none", status="401") == 1
        assert TOKEN not in told.text


def test_sources_that_are_too_many_have_no_series_but_for_their_alarms(three: Three) -> None:
    three.note(failures=5, answered_at=NOON)
    with served(three.config, metrics_each=3) as reader:
        every = ask(reader)
    with served(three.config, metrics_each=2) as reader:
        some = ask(reader)
    assert (every.value("each_source"), some.value("each_source")) == (1, 0)
    assert len(every.families["aggregator_source_answered_timestamp_seconds"].samples) == 3
    assert "aggregator_source_answered_timestamp_seconds" not in some.families
    assert len(some.families["aggregator_source_alarm"].samples) == 2  # never more than the operator wants
    assert some.value("alarms_open", kind="failing") == some.value("sources", state="failing") == 3


def test_alarms_are_looked_for_by_the_clock_that_the_store_was_written_by(three: Three) -> None:
    """Where workers poll, that is the database's."""
    seen: list[datetime] = []
    begun: list[asyncio.Task[None]] = []

    @dataclass
    class Serving:
        store: Store

        def clock(self) -> datetime:
            return NOON

    class Watching(Lookout):
        def look(self, tx: Connection, *, now: datetime) -> Conditions:
            seen.append(now)
            begun[0].cancel()
            return super().look(tx, now=now)

    async def watch() -> None:
        service = cast("Service", Serving(three.store))
        begun.append(asyncio.get_running_loop().create_task(watch_alarms(service, Watching())))
        with suppress(asyncio.CancelledError):
            await begun[0]

    asyncio.run(watch())
    assert seen == [NOON]


def test_where_the_site_is_served_alone_nothing_is_said_of_a_service(three: Three) -> None:
    with served(three.config) as reader:
        found = ask(reader)
    of_the_service = {one.name for one in CATALOGUE if one.origin is Origin.SERVICE}
    assert found.families.keys() & of_the_service == set()
    assert found.value("store_up") == 1


def test_a_store_that_cannot_be_read_is_told_and_no_error(three: Three, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Store) -> None:
        raise StoreError("the disk is gone")

    with served(three.config) as reader:
        monkeypatch.setattr(Store, "read", broken)
        found = ask(reader)
        assert found.value("store_up") == 0
        assert "aggregator_sources" not in found.families
        monkeypatch.undo()
        assert ask(reader).value("store_up") == 1


def test_who_listens_for_updates_is_counted_while_he_does(three: Three) -> None:
    with served(three.config) as reader:
        with reader.client.stream("GET", "/events") as listening:
            pieces = listening.iter_bytes()  # it hangs up when nobody holds this
            assert next(pieces)
            assert ask(reader).value("event_listeners") == 1
        for _ in range(200):
            if ask(reader).value("event_listeners") == 0:
                break
        found = ask(reader)
        assert found.value("event_listeners") == 0
        assert found.value("http_requests_total", route="/events", status="200") == 1
        assert "/events" not in str(found.families["aggregator_http_request_duration_seconds"].samples)


def test_a_candidate_that_has_settled_and_is_not_told_shows(web: Web, desk: Callable[[str], Desk]) -> None:
    web.serve(rss(item("one", "Talks on grain", "The talks on grain go on.")))
    at_work = desk(STORY + source_block("a", web.url()))
    at_work.poll()
    at_work.clock.forward(minutes=17)  # it settles for ten
    with served(at_work.config, clock=at_work.clock) as reader:
        found = ask(reader)
    assert found.value("publishing_behind_seconds") == 420
    assert found.value("candidates", state="waiting") == 1


def test_every_event_that_is_counted_further_is_logged_with_what_is_counted() -> None:
    events = table()
    assert COUNTING.keys() <= events.keys()
    measures = Measures()
    for name in COUNTING:
        fields = dict.fromkeys(re.findall(r"`(\w+)`", events[name][1]), 1)
        balance = Balance().counts if "…" in events[name][1] else {}
        measures.count("info", {"event": name, **fields, **balance})
    assert measures.value("aggregator_log_events_total", event="not_counted", level="error") is None


def test_a_line_without_what_is_counted_of_it_makes_no_trouble() -> None:
    measures = Measures()
    measures.count("info", {"event": "polled", "outcome": "changed"})
    measures.count("info", {"event": "snapshots_removed", "removed": "many", "freed": None})
    assert measures.value("aggregator_log_events_total", event="not_counted", level="error") == 2


def test_a_line_that_is_not_written_is_not_counted(capfd: pytest.CaptureFixture[str]) -> None:
    measures = Measures()
    set_up_logs(everything=True, heard=measures.count)
    log = structlog.get_logger()
    log.debug("web_ended")
    log.info("notified", recipient="notify:desk", stories=["talks"], messages=2, tries=1)
    assert [json.loads(line)["event"] for line in capfd.readouterr().err.splitlines()] == ["notified"]
    assert measures.value("aggregator_notifications_total", recipient="notify:desk", result="arrived") == 1
    assert measures.value("aggregator_log_events_total", event="web_ended", level="debug") is None


def test_only_sources_of_which_something_changed_are_judged_again(three: Three) -> None:
    lookout, now = Lookout(), NOON
    assert three.look(lookout, now).by_condition == {"new": 3}
    assert lookout.judged == 3
    now += timedelta(seconds=15)
    three.look(lookout, now)
    assert lookout.judged == 3
    three.note("b", failures=5)
    found = three.look(lookout, now)
    assert [alarm.kind for alarm in found.sources[SourceKey("b")].alarms] == [AlarmKind.FAILING]
    assert (lookout.judged, found.by_condition, found.by_alarm) == (4, {"new": 2, "failing": 1}, {"failing": 1})
    three.look(lookout, now + REVIEW)
    assert lookout.judged == 7


def test_when_our_own_clock_is_wrong_no_source_is_blamed_for_it(three: Three) -> None:
    lookout = Lookout()
    for key in ("a", "b"):
        three.note(key, clock_s=7200, last_poll_at=NOON)
    alone = three.look(lookout, NOON)
    assert (alone.by_alarm, alone.clock_behind_s) == ({"clock": 2}, 0)
    three.note("c", clock_s=7300, last_poll_at=NOON)
    ours = three.look(lookout, NOON)
    assert (ours.by_alarm, ours.clock_behind_s) == ({}, 7200)
    three.note("c", clock_s=0, last_poll_at=NOON + timedelta(minutes=1))
    three.note("b", clock_s=0, last_poll_at=NOON + timedelta(minutes=1))
    assert three.look(lookout, NOON).by_alarm == {"clock": 1}


def test_a_lookout_says_what_one_says_who_looks_at_everything_anew(three: Three) -> None:
    lookout = Lookout()
    three.note("a", certificate_until=NOON + timedelta(days=3), answered_at=NOON, newest_at=NOON - timedelta(hours=1))
    three.look(lookout, NOON)
    three.note("b", moved_to="https://www.example.org/new", failures=3)
    three.note("c", active=False)
    found = three.look(lookout, NOON)
    with three.store.read() as tx:
        anew = watched_sources(tx, now=NOON)
    assert [(one.state.key, one.condition, tuple(one.alarms)) for one in anew] == [
        (key, seen.condition, seen.alarms) for key, seen in sorted(found.sources.items())
    ]
    assert first_certificate(found.sources.values()) == (NOON + timedelta(days=3)).timestamp()
    assert [key for key, seen in found.sources.items() if not seen.asked] == ["c"]


def test_each_alarm_is_told_once_when_it_is_opened_and_once_when_it_is_closed(three: Three) -> None:
    lookout = Lookout()
    three.note("b", failures=5, last_reason="HTTP 500")
    opened = by_kind(three.look(lookout, NOON))
    three.note("b", failures=0, last_poll_at=NOON)
    closed = by_kind(three.look(lookout, NOON))
    set_up_logs(everything=True)
    with capture_logs() as log:
        for before, after in (({}, opened), (opened, opened), (opened, closed)):
            tell(before, after)
    assert [(line["event"], line["source"], line["kind"]) for line in log] == [
        ("alarm_opened", "b", "failing"),
        ("alarm_closed", "b", "failing"),
    ]


def test_alarms_of_all_sources_at_once_do_not_flood_the_log() -> None:
    alarm = Alarm(kind=AlarmKind.FAILING, says="It fails.", do="Look.")
    set_up_logs(everything=True)
    with capture_logs() as log:
        tell({}, {(f"s{n}", "failing"): alarm for n in range(1_000)})
    assert len(log) == MOST_TOLD + 1
    assert (log[-1]["event"], log[-1]["opened"], log[-1]["closed"]) == ("alarms_untold", 1_000 - MOST_TOLD, 0)

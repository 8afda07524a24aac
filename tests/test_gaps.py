"""The service knows what it may have missed: gaps on the real road, what opens and what closes them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, select
from typer.testing import CliRunner, Result

from aggregator.cli import app
from aggregator.fetch.alarms import AlarmKind
from aggregator.model import GapKind, SourceKey, StoryKey
from aggregator.pipeline import polling
from aggregator.store.conditions import Watched, watched_sources
from aggregator.store.gaps import Gap, gaps_of_story, missed
from aggregator.store.polls import BalanceError
from aggregator.store.schema import gaps as gap_rows
from aggregator.store.sources import source_state
from aggregator.store.verifying.whole import verify
from tests.conftest import NOON, STORY, Answer, Desk, Web, item, rss, source_block, write_feeds

BOTH = pytest.mark.both_databases  # where the store is asked for something
OpenDesk = Callable[[str], Desk]
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def entry(number: int, **how: str) -> str:
    """The n-th statement, said n minutes after noon."""
    text = (
        f"On day {number} the talks on {hashlib.sha256(str(number).encode()).hexdigest()[:12]} went on for {number + 2} hours."
    )
    return item(f"n{number}", f"Talks, part {number}", text, at=NOON + number * MINUTE, **how)


def feed(*numbers: int) -> str:
    """A listing, newest first."""
    return rss(*(entry(number) for number in sorted(numbers, reverse=True)))


def all_gaps(desk: Desk) -> list[Gap]:
    with desk.store.read() as tx:
        return list(missed(tx, now=desk.clock.now))


def only(desk: Desk) -> Gap:
    (gap,) = all_gaps(desk)
    return gap


def watched(desk: Desk, key: str = "a") -> Watched:
    with desk.store.read() as tx:
        return next(one for one in watched_sources(tx, now=desk.clock.now) if one.state.key == key)


def alarmed(desk: Desk, key: str = "a") -> list[AlarmKind]:
    return [one.kind for one in watched(desk, key).alarms]


def later(desk: Desk, web: Web, body: str | None, *, after: timedelta = HOUR, path: str = "/feed") -> None:
    """The next poll finds this."""
    desk.clock.now += after
    if body is not None:
        web.serve(body, path)
    desk.poll()


@pytest.fixture
def one(web: Web, desk: OpenDesk) -> Desk:
    """A source that has listed five statements."""
    web.serve(feed(1, 2, 3, 4, 5))
    at_work = desk(STORY + source_block("a", web.url()))
    at_work.poll()
    return at_work


def test_what_rolls_on_leaves_no_gap(one: Desk, web: Web) -> None:
    for start in (2, 3, 6, 6, 10):
        later(one, web, feed(*range(start, start + 5)))
    assert all_gaps(one) == []
    assert alarmed(one) == []
    assert watched(one).condition == "well"
    with one.store.read() as tx:
        state = source_state(tx, SourceKey("a"))
    assert (state.answered_at, state.newest_at, state.reached) == (one.clock.now, NOON + 14 * MINUTE, True)


@BOTH
def test_a_listing_in_which_everything_is_new_is_a_gap_and_is_asked_again_at_once(one: Desk, web: Web) -> None:
    later(one, web, feed(*range(60, 65)), after=2 * HOUR)
    gap = only(one)
    assert (gap.kind, gap.is_open, gap.source, gap.name) == (GapKind.OVERFLOW, True, "a", "a")
    assert (gap.from_at, gap.to_at) == (NOON, NOON + 60 * MINUTE)  # the last answer; its newest entry lies after that
    assert gap.stories == ("talks",)
    assert alarmed(one) == [AlarmKind.OVERFLOW]
    assert "`pages`" in watched(one).to_do
    with one.store.read() as tx:
        state = source_state(tx, SourceKey("a"))
        assert gaps_of_story(tx, StoryKey("talks")) == [replace(gap, stories=())]
    assert not state.reached
    assert state.next_poll_at <= one.clock.now + timedelta(minutes=3)
    assert state.plan == "the last listing did not reach back to what was known"
    later(one, web, feed(*range(61, 66)))
    later(one, web, feed(*range(61, 66)))
    assert only(one) == gap  # nothing closes it, so it stays shown
    one.clock.now += timedelta(days=30)
    assert alarmed(one) == []
    assert only(one).id == gap.id
    assert [finding.line for finding in verify(one.store).findings] == []


@BOTH
def test_a_gap_is_closed_when_the_last_known_entry_is_back(one: Desk, web: Web) -> None:
    later(one, web, feed(*range(20, 25)))
    later(one, web, feed(*range(20, 25), 5, 4))
    gap = only(one)
    assert not gap.is_open
    assert gap.closed_by == "the last entry that was known is listed again"
    assert alarmed(one) == []
    one.clock.now += timedelta(days=8)
    assert all_gaps(one) == []  # of what was closed, only the last days are shown
    with one.store.read() as tx:
        assert [found.id for found in gaps_of_story(tx, StoryKey("talks"))] == [gap.id]


@pytest.mark.parametrize(
    ("listed", "is_gap"),
    [
        (rss(entry(1), *(entry(n) for n in (14, 13, 12, 11))), True),  # pinned on top
        (rss(*(entry(n) for n in (14, 13, 12, 11, 4))), False),  # the newest one was taken away
        (rss(*(entry(n) for n in (3, 11, 12, 13, 14))), False),  # oldest first
        (rss(*(entry(n) for n in (11, 12, 13, 14, 15))), True),  # the same, and all are new
        (rss(*(entry(n) for n in (5, 4, 3, 2, 14))), False),  # in no order
        (rss(*(entry(n) for n in (5, 4, 3, 0, -1))), False),  # two are gone, and older ones come into sight
    ],
)
def test_what_stays_on_top_or_is_taken_away_is_told_from_what_ran_through(
    one: Desk, web: Web, listed: str, is_gap: bool
) -> None:
    later(one, web, listed)
    assert bool(all_gaps(one)) == is_gap


@BOTH
def test_new_ids_of_known_statements_are_no_gap(one: Desk, web: Web) -> None:
    later(one, web, feed(1, 2, 3, 4, 5).replace("urn:n", "urn:renamed-"))
    assert all_gaps(one) == []


def test_another_address_begins_anew(web: Web, desk: OpenDesk) -> None:
    web.serve(feed(1, 2, 3))
    web.serve(feed(21, 22, 23), "/other")
    desk(source_block("a", web.url())).poll()
    moved = desk(source_block("a", web.url("/other")))
    moved.poll()
    assert all_gaps(moved) == []


def page(*numbers: int, following: str = "") -> str:
    lines = "".join(
        f"<li id='n{n}'><h3><a href='/news/{n}'>Talks, day {n}</a></h3><time datetime='2025-08-14T12:{n:02}:00Z'>then</time>"
        f"<p>On day {n} the talks went on.</p></li>"
        for n in sorted(numbers, reverse=True)
    )
    return f"<html><body><ul>{lines}</ul><a class='next' href='{following}'>older</a></body></html>"


def serve_page(web: Web, path: str, text: str) -> None:
    web.serve(text, path, content_type="text/html; charset=utf-8")


RULES = (
    'kind = "page"\npages = 2\nselectors = { entry = "li", title = "h3", time = "time", text = "p", next = "a.next @href" }\n'
)


@BOTH
def test_what_is_found_on_the_second_page_is_a_gap_that_the_same_poll_closes(web: Web, desk: OpenDesk) -> None:
    serve_page(web, "/feed", page(1, 2, 3))
    at_work = desk(source_block("a", web.url(), more=RULES))
    at_work.poll()
    serve_page(web, "/feed", page(14, 15, 16, following="/2"))
    serve_page(web, "/2", page(2, 3, 12, 13))
    later(at_work, web, None)
    gap = only(at_work)
    assert (gap.is_open, gap.closed_by) == (False, "found on page 2 of its listing")
    assert alarmed(at_work) == []
    serve_page(web, "/feed", page(34, 35, 36, following="/2"))
    serve_page(web, "/2", page(31, 32, 33))
    later(at_work, web, None)
    assert [found.is_open for found in all_gaps(at_work)] == [True, False]


@BOTH
def test_a_gap_is_closed_by_another_listing_of_the_family_that_has_all_of_it(web: Web, desk: OpenDesk) -> None:
    few, all_of_them = range(1, 9), range(1, 40)
    web.serve(feed(*few), "/a")
    web.serve(feed(*few), "/b")
    web.serve(feed(*few), "/c")
    families = {"a": "kremlin", "b": "kremlin", "c": "another"}
    at_work = desk("".join(source_block(key, web.url(f"/{key}"), family=family) for key, family in families.items()))
    at_work.poll()
    later(at_work, web, feed(*range(32, 40)), path="/a")
    assert only(at_work).is_open
    web.serve(feed(*all_of_them), "/c")  # another family knows nothing of what this one says
    later(at_work, web, feed(*range(33, 41)), path="/a")
    assert only(at_work).is_open
    web.serve(feed(*all_of_them), "/b")
    later(at_work, web, None)
    later(at_work, web, feed(*range(34, 42)), path="/a")
    gap = only(at_work)
    assert not gap.is_open
    assert gap.closed_by == "found in another listing of the family: b, which lists all that this one does"


def test_a_listing_that_leaves_out_some_of_it_closes_nothing(web: Web, desk: OpenDesk) -> None:
    web.serve(feed(*range(1, 9)), "/a")
    web.serve(feed(*range(2, 9)), "/b")  # not the first one
    at_work = desk("".join(source_block(key, web.url(f"/{key}"), family="kremlin") for key in "ab"))
    at_work.poll()
    web.serve(feed(*range(2, 40)), "/b")
    later(at_work, web, feed(*range(32, 40)), path="/a")
    later(at_work, web, feed(*range(33, 41)), path="/a")
    assert only(at_work).is_open


@BOTH
def test_an_outage_is_a_gap_once_the_window_has_passed_and_its_end_is_noted(one: Desk, web: Web) -> None:
    good = web.answers["/feed"]
    web.answers["/feed"] = Answer(b"", 503)
    later(one, web, None, after=30 * MINUTE)
    assert all_gaps(one) == []  # what was listed half an hour ago may be there still
    later(one, web, None, after=HOUR)
    later(one, web, None, after=HOUR)
    gap = only(one)
    assert (gap.kind, gap.from_at, gap.to_at) == (GapKind.OUTAGE, NOON, None)
    assert alarmed(one) == [AlarmKind.FAILING]
    assert "2025-08-14 12:00 UTC" in watched(one).alarms[0].says
    web.answers["/feed"] = good
    later(one, web, None)
    gap = only(one)
    assert (gap.closed_at, gap.closed_by) == (one.clock.now, "it answers again, and its listing has not changed since")
    assert alarmed(one) == []


def test_what_ran_through_while_it_was_away_is_a_gap_of_its_own(one: Desk, web: Web) -> None:
    web.answers["/feed"] = Answer(b"", 503)
    later(one, web, None, after=5 * HOUR)
    later(one, web, feed(*range(300, 305)), after=4 * HOUR)
    overflow, outage = all_gaps(one)
    assert (overflow.kind, overflow.is_open, outage.kind, outage.is_open) == (GapKind.OVERFLOW, True, GapKind.OUTAGE, False)
    assert "a gap by itself" in outage.closed_by
    assert overflow.from_at == NOON


def test_a_source_that_lists_nothing_is_found_at_once(one: Desk, web: Web) -> None:
    later(one, web, rss())
    assert (only(one).kind, alarmed(one)) == (GapKind.EMPTY, [AlarmKind.EMPTY])
    later(one, web, rss(built=NOON))
    later(one, web, feed(2, 3, 4, 5, 6))
    assert only(one).closed_by == "its listing reaches back to what was known"
    assert alarmed(one) == []


def test_fields_that_are_suddenly_empty_are_found_and_so_is_their_return(one: Desk, web: Web) -> None:
    bare = feed(2, 3, 4, 5, 6)
    for text in bare.split("<title>")[2:]:
        bare = bare.replace(f"<title>{text.partition('<')[0]}</title>", "")
    later(one, web, bare)
    later(one, web, bare + "<!-- again -->")
    gap = only(one)
    assert (gap.kind, alarmed(one)) == (GapKind.DRIFT, [AlarmKind.DRIFT])
    assert "(title)" in gap.says
    later(one, web, feed(2, 3, 4, 5, 6, 7))
    assert only(one).closed_by == "its fields are filled again"


def test_a_balance_that_does_not_add_up_is_an_alarm_until_the_lines_are_stored(
    one: Desk, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise BalanceError("a: 5 lines were listed, but the balance is of 4")

    with monkeypatch.context() as patched:
        patched.setattr(polling, "settle_done", broken)
        later(one, web, feed(2, 3, 4, 5, 6))
    assert (only(one).kind, alarmed(one)) == (GapKind.ERROR, [AlarmKind.ERROR])
    assert "5 lines were listed" in watched(one).alarms[0].says
    later(one, web, None)
    assert only(one).closed_by == "its listing reaches back to what was known"


def test_a_broken_poll_leaves_no_gap_behind(one: Desk, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a poll finds out and its lines are stored together, or neither."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no room left")

    monkeypatch.setattr("aggregator.pipeline.storing.add_exchanges", broken)
    with pytest.raises(RuntimeError):
        later(one, web, feed(*range(20, 25)))
    with one.store.read() as tx:
        assert tx.execute(select(gap_rows)).all() == []


def test_a_poll_of_a_known_listing_asks_the_store_nothing_more(one: Desk, web: Web) -> None:
    """Neither the table of gaps, nor anything that grows with the store."""
    asked: list[str] = []
    event.listen(one.store.engine, "before_cursor_execute", lambda _c, _u, statement, *_: asked.append(statement))
    later(one, web, None)
    later(one, web, feed(1, 2, 3, 4, 5) + "<!-- other bytes -->")
    later(one, web, feed(2, 3, 4, 5, 6))
    assert len(asked) > 10
    assert not [statement for statement in asked if re.search(r"(FROM|INTO|UPDATE) gaps", statement)]


def test_clocks_and_certificates_are_remembered(one: Desk, web: Web) -> None:
    web.serve(feed(2, 3, 4, 5, 6), date="Thu, 14 Aug 2025 14:30:00 GMT")
    later(one, web, None)
    assert "90 min ahead of ours" in json.dumps([alarm.says for alarm in watched(one).alarms])


# What the commands show


DOCUMENT = Path(__file__).parents[1] / "docs" / "completeness.md"
COMMAND = re.compile(r"aggregator (?:sources|missed|preview)(?: (?:--?[a-z]+|KEY))*")
SHOWN = sorted(set(COMMAND.findall(DOCUMENT.read_text(encoding="utf-8"))))


def run(*words: str, config: Path) -> Result:
    return CliRunner().invoke(app, [*words, "--config", str(config)])


@pytest.fixture
def feeds(web: Web, tmp_path: Path) -> Path:
    """A store of the ordinary commands, with a gap."""
    path = write_feeds(tmp_path, STORY + source_block("talks", web.url(), name="Geneva"))
    for first in (1, 20):
        web.serve(feed(*range(first, first + 5)))
        assert run("poll", config=path).exit_code == 0
    return path


def test_every_command_of_the_document_does_what_it_says(feeds: Path) -> None:
    assert len(SHOWN) == 6
    for line in SHOWN:
        words = ["talks" if word == "KEY" else word for word in line.split()[1:]]
        done = run(*words, config=feeds)
        assert done.exit_code == 0, (line, done.output)
        if "--json" in words:
            assert json.loads(done.stdout)


def test_what_is_missed_is_shown_with_its_story_and_what_to_do(feeds: Path) -> None:
    shown = run("missed", config=feeds).stdout
    assert shown.startswith("source\tkind\tfrom (UTC)\tto (UTC)\twhat may be missing\tstories\tclosed by\ntalks\toverflow\t")
    assert (
        "\tIts listing of 5 did not reach back to what was known: what came and went before these is not here.\ttalks\t\n"
        in shown
    )
    (told,) = json.loads(run("missed", "--json", config=feeds).stdout)
    assert (told["source"], told["name"], told["kind"], told["closed_at"]) == ("talks", "Geneva", "overflow", None)
    assert (told["stories"], told["to_at"]) == (["talks"], "2025-08-14T12:20:00Z")
    (source,) = json.loads(run("sources", "--json", config=feeds).stdout)
    assert (source["condition"], source["alarms"][0]["kind"]) == ("alarm", "overflow")
    assert source["to_do"] == source["alarms"][0]["do"]
    assert source["gaps"][0]["id"] == told["id"]
    assert source["to_do"] in run("sources", config=feeds).stdout


def test_a_story_that_is_none_is_named(feeds: Path) -> None:
    done = run("missed", "--story", "nothing", config=feeds)
    assert done.exit_code == 2
    assert "There is no story 'nothing'. Stories: talks" in done.output


# Addresses that take turns, and listings of several pages


def test_what_stands_in_for_another_has_no_gap_from_its_rest(web: Web, desk: OpenDesk) -> None:
    web.serve(feed(1, 2, 3))
    web.serve(feed(1, 2, 3), "/other")
    fallback = f'[[sources.a.fallback]]\nurl = "{web.url("/other")}"\n'
    at_work = desk(source_block("a", web.url(), more=fallback))
    stand_in = next(key for key in at_work.config.sources if key != "a")
    at_work.poll(stand_in)
    at_work.clock.forward(days=3)
    web.serve(feed(30, 31, 32), "/other")
    at_work.poll(stand_in)
    assert all_gaps(at_work) == []
    at_work.clock.forward(minutes=30)
    web.serve(feed(50, 51, 52), "/other")
    at_work.poll(stand_in)
    assert only(at_work).kind is GapKind.OVERFLOW  # while it is asked at its times, it is one like all others


def test_an_outage_that_ends_at_another_address_says_so(web: Web, desk: OpenDesk) -> None:
    web.serve(feed(1, 2, 3))
    at_work = desk(source_block("a", web.url()))
    at_work.poll()
    web.answers["/feed"] = Answer(b"", 410)
    later(at_work, web, None, after=2 * HOUR)
    assert only(at_work).is_open
    web.serve(feed(21, 22, 23), "/other")
    moved = desk(source_block("a", web.url("/other")))
    moved.poll()
    assert only(moved).closed_by.endswith("cannot be told at another address")


def test_fields_are_counted_over_all_pages(web: Web, desk: OpenDesk) -> None:
    serve_page(web, "/feed", page(3, 4, 5, following="/2"))
    serve_page(web, "/2", page(0, 1, 2))
    at_work = desk(source_block("a", web.url(), more=RULES))
    at_work.poll()
    serve_page(web, "/feed", page(4, 5, 6, following="/2").replace("<p>", "<div>"))
    serve_page(web, "/2", page(1, 2, 3).replace("<p>", "<div>"))
    later(at_work, web, None)
    assert "(text)" in only(at_work).says
    changed = desk(source_block("a", web.url(), more=RULES.replace('text = "p"', 'text = "div"')))
    changed.clock.now += HOUR
    serve_page(web, "/feed", page(5, 6, 7, following="/2").replace("<p>", "<div>"))
    changed.poll()
    assert only(changed).closed_by == "its rules were changed"

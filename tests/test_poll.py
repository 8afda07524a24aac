"""One poll of one source, over a real connection into a real SQLite file."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from aggregator.model import Balance, BrokenEntry, Outcome, OutcomeKind, SourceKey, StoryKey
from aggregator.pipeline import poll_source
from aggregator.service import poll_all, road
from aggregator.store.pages import story_page
from aggregator.store.polls import BalanceError, Poll, add_polls
from aggregator.store.schema import captures, drops, polls, revisions, sources, statements
from aggregator.store.sources import due_sources, source_state
from tests.conftest import NOON, STORY, Answer, Desk, Web, item, rss, source_block

GOOD = item("good", "Talks on grain", "<p>The talks on grain will go on in Geneva next week, the minister said.</p>")
OpenDesk = Callable[[str], Desk]

pytestmark = pytest.mark.both_databases


def row_counts(desk: Desk) -> dict[str, int]:
    names = ["statements", "revisions", "listings", "captures", "snapshots", "candidates", "updates", "changes", "outbox"]
    with desk.store.read() as tx:
        return {name: tx.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one() for name in names}  # noqa: S608 - fixed names


def test_polling_twice_changes_nothing(web: Web, desk: OpenDesk) -> None:
    web.serve(rss(GOOD))
    at_work = desk(STORY + source_block("a", web.url()))
    first = at_work.poll()[0]
    before = row_counts(at_work)
    second = at_work.poll()[0]
    assert (first.balance.new, second.outcome.kind, second.balance) == (1, OutcomeKind.UNCHANGED, Balance())
    assert {**row_counts(at_work), "captures": 0} == {**before, "captures": 0}  # that bytes came again is noted


def test_the_second_question_is_conditional_and_costs_no_parsing(web: Web, desk: OpenDesk) -> None:
    web.serve(rss(GOOD), etag='W/"one"', last_modified="Thu, 14 Aug 2025 11:00:00 GMT")
    at_work = desk(STORY + source_block("a", web.url()))
    at_work.poll()
    report = at_work.poll()[0]
    asked = web.asked[-1][1]
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('W/"one"', "Thu, 14 Aug 2025 11:00:00 GMT")
    assert (report.outcome.status, report.outcome.kind) == (304, OutcomeKind.UNCHANGED)


def test_a_tag_that_moves_while_the_bytes_do_not_is_remembered(web: Web, desk: OpenDesk) -> None:
    at_work = desk(STORY + source_block("a", web.url()))
    for tag in ('"one"', '"two"'):
        web.serve(rss(GOOD), etag=tag)
        at_work.poll()
    assert at_work.poll()[0].outcome.status == 304


def test_a_304_that_nothing_was_asked_for_is_no_answer(web: Web, desk: OpenDesk) -> None:
    """A source that was never read would be shown as well, for ever."""
    web.answers["/feed"] = Answer(b"", 304)
    at_work = desk(STORY + source_block("a", web.url()))
    report = at_work.poll()[0]
    assert (report.outcome.status, report.outcome.kind) == (304, OutcomeKind.FAILED)
    assert "was not asked" in report.outcome.reason
    with at_work.store.read() as tx:
        assert source_state(tx, SourceKey("a")).failures == 1


@pytest.mark.parametrize("leads", ["/feed?key=s3cret", "http://10.0.0.1/?key=s3cret"])
def test_why_a_source_fails_shows_no_query(leads: str, web: Web, desk: OpenDesk) -> None:
    web.answers["/feed"] = web.answers["/feed?key=s3cret"] = Answer(b"", 302, headers={"location": leads})
    reason = desk(STORY + source_block("a", web.url())).poll()[0].outcome.reason
    assert "http" in reason or "10.0.0.1" in reason
    assert "s3cret" not in reason


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(rss(GOOD).encode(), headers={f"x-{number}": "x" for number in range(2_000)}), "Too many headers"),
        (Answer(b"<note>no feed at all</note>", headers={"content-type": "text/xml"}), "not a feed"),
    ],
)
def test_what_is_wrong_with_an_answer_is_told_without_the_query(answer: Answer, said: str, web: Web, desk: OpenDesk) -> None:
    path = "/feed?key=s3cret"
    web.answers[path] = answer
    reason = desk(STORY + source_block("a", web.url(path))).poll()[0].outcome.reason
    assert said in reason
    assert "s3cret" not in reason


def test_a_new_address_is_not_asked_with_the_old_ones_validators(web: Web, desk: OpenDesk) -> None:
    web.serve(rss(GOOD), etag='"one"')
    web.serve(rss(GOOD), "/moved", etag='"one"')
    desk(STORY + source_block("a", web.url())).poll()
    assert desk(STORY + source_block("a", web.url("/moved"))).poll()[0].outcome.status == 200


def test_raw_bytes_headers_and_transport_are_kept(web: Web, desk: OpenDesk) -> None:
    web.serve(rss(GOOD), etag='"one"')
    at_work = desk(STORY + source_block("a", web.url()))
    at_work.poll()
    with at_work.store.read() as tx:
        capture = tx.execute(select(captures)).one()
    assert at_work.store.snapshots.get(capture.sha256) == rss(GOOD).encode()
    assert (capture.url, capture.transport, capture.headers["etag"]) == (web.url(), "none", '"one"')


def test_a_broken_entry_is_counted_and_the_good_ones_are_kept(web: Web, desk: OpenDesk) -> None:
    other = item("other", "More talks", "<p>The talks on energy were put off to the autumn.</p>")
    undated = GOOD.replace("urn:good", "urn:undated").replace("<pubDate>Thu, 14 Aug 2025 12:00:00 +0000</pubDate>", "")
    web.serve(rss(GOOD, "<item></item>", undated, other))
    at_work = desk(STORY + source_block("a", web.url()))
    balance = at_work.poll()[0].balance
    assert (balance.listed, balance.new, balance.dropped) == (4, 2, 2)
    with at_work.store.read() as tx:
        kept = {row.ref: row.reason for row in tx.execute(select(drops))}
    assert kept == {"entry 2": "neither an id nor a link nor a title", "urn:undated": "no date"}


UNREADABLE = "no answer that can be read"
BAD = {
    "404": (Answer(b"gone", 404), OutcomeKind.FAILED, "404"),
    "a page": (Answer(b"<!DOCTYPE html><html><title>We moved</title></html>"), OutcomeKind.NOT_THE_PAGE, "We moved"),
    "nothing": (Answer(b""), OutcomeKind.NOT_THE_PAGE, "empty"),
    "50 MB": (Answer(b"x" * 50_000_000), OutcomeKind.FAILED, "max_body"),
    "no end": (Answer(b"x" * 65_536, endless=True), OutcomeKind.FAILED, "max_body"),
    "a bomb": (Answer(gzip.compress(b"x" * 50_000_000), headers={"content-encoding": "gzip"}), OutcomeKind.FAILED, "max_body"),
    "never": (Answer(never=True), OutcomeKind.FAILED, "within"),
    "rubbish": (Answer(b"\x00\x01\x02 no feed at all"), OutcomeKind.NOT_THE_PAGE, "where a feed was asked"),
    "a wall": (Answer(b"<title>Access Denied</title>", 403), OutcomeKind.NOT_THE_PAGE, "Access Denied"),
    "busy": (Answer(b"", 503, {"retry-after": "7200"}), OutcomeKind.NOT_THE_PAGE, "503"),
    "a loop": (Answer(b"", 302, {"location": "/feed"}), OutcomeKind.FAILED, "redirects"),
    "not HTTP": (Answer(b"SSH-2.0-OpenSSH_9.2\r\n\r\n", raw=True), OutcomeKind.FAILED, UNREADABLE),
    "cut off": (
        Answer(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n<rss", raw=True),
        OutcomeKind.FAILED,
        "no answer that can be read",
    ),
    "huge header": (Answer(b"", headers={"x-big": "x" * 100_000}), OutcomeKind.FAILED, UNREADABLE),
    "bad coding": (Answer(b"no gzip", headers={"content-encoding": "gzip"}), OutcomeKind.FAILED, "cannot be unpacked"),
    "a bad redirect": (Answer(b"", 302, {"location": "http://[::1"}), OutcomeKind.FAILED, UNREADABLE),
    "to the inside": (Answer(b"", 302, {"location": "http://169.254.169.254/"}), OutcomeKind.FAILED, "address refused"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_answer_is_a_counted_outcome_and_loses_nothing(name: str, web: Web, desk: OpenDesk) -> None:
    answer, kind, said = BAD[name]
    web.serve(rss(GOOD), etag='"one"')
    at_work = desk("[service]\nmax_body = '1 MB'\ntimeout = '1s'\n" + STORY + source_block("a", web.url()))
    at_work.poll()
    before = row_counts(at_work)["statements"]
    web.answers["/feed"] = answer
    report = at_work.poll()[0]
    assert report.outcome.kind is kind
    assert said in report.outcome.reason
    assert report.next_at > at_work.clock() + timedelta(minutes=10)  # slowed down, not switched off
    with at_work.store.read() as tx:
        state = source_state(tx, SourceKey("a"))
    assert (state.failures, state.etag, row_counts(at_work)["statements"]) == (1, '"one"', before)
    web.serve(rss(GOOD, item("next", "More talks", "The talks go on in the autumn of this year.")))
    assert at_work.poll()[0].balance.new == 1  # and it comes back


def test_retry_after_is_respected(web: Web, desk: OpenDesk) -> None:
    web.answers["/feed"] = Answer(b"", 429, {"retry-after": "7200"})
    at_work = desk(STORY + source_block("a", web.url()))
    assert at_work.poll()[0].next_at >= NOON + timedelta(hours=2)


def test_two_feeds_of_a_family_are_one_statement(web: Web, desk: OpenDesk) -> None:
    web.serve(rss(GOOD), "/a")
    web.serve(rss(GOOD, item("second", "Talks again", "Talks on energy are held in Geneva again.")), "/b")
    feeds = source_block("a", web.url("/a"), family="one") + source_block("b", web.url("/b"), family="one")
    first, second = desk(STORY + feeds).poll("a", "b")
    assert (first.balance.new, second.balance.new, second.balance.duplicate) == (1, 1, 1)


@pytest.mark.parametrize("link", ["https://e.org/a/1;jsessionid={}?x=1", "https://e.org/a?x=1&amp;PHPSESSID={}"])
def test_a_link_that_holds_the_id_of_a_session_leads_to_one_statement(web: Web, desk: OpenDesk, link: str) -> None:
    at_work = desk(STORY + source_block("a", web.url()))
    balances = []
    for visit in ("0F3A", "77B1"):
        listed = item("one", "Talks go on", "", link=link.format(visit))
        web.serve(rss(listed.replace("<guid isPermaLink='false'>urn:one</guid>", "")))
        balances.append(at_work.poll()[0].balance)
    assert (balances[0].new, balances[1].new, balances[1].listed) == (1, 0, 1)


def test_entries_that_share_link_and_title_are_kept_apart_where_they_stand_side_by_side(web: Web, desk: OpenDesk) -> None:
    items = [item(f"n{n}", "Weather", f"Rain on day {n} of the talks.", link="https://example.org/weather") for n in range(3)]
    web.serve(rss(*items))
    at_work = desk(STORY + source_block("a", web.url()))
    assert at_work.poll()[0].balance.new == 3
    web.serve(rss(items[0].replace("urn:n0", "urn:n0b"), *items[1:]))  # one whose id was made anew is the same
    assert at_work.poll()[0].balance.counts == {
        "listed": 3, "new": 0, "revised": 0, "duplicate": 1, "unchanged": 2, "dropped": 0,
    }  # fmt: skip


def test_one_text_posted_twice_in_a_feed_is_one_statement(web: Web, desk: OpenDesk) -> None:
    web.serve(rss(item("one", "Talks on grain", LONG), item("two", "Talks on grain", LONG)))
    balance = desk(STORY + source_block("a", web.url())).poll()[0].balance
    assert (balance.new, balance.duplicate) == (1, 1)


LONG = "The talks on grain will go on in Geneva next week, the minister said. " * 4


@pytest.mark.parametrize(
    ("text", "family", "hours", "duplicates"),
    [
        (LONG, "one", 5, 1),  # another section, another address and title: the same statement
        (LONG, "two", 5, 0),  # another government in the same words is a statement of its own
        (LONG, "one", 50, 0),  # the same words on another day, too
        (LONG.replace("week", "month"), "one", 5, 0),
        ("Both sides will stay in contact.", "one", 5, 0),  # too short to tell
    ],
)
def test_the_same_text_at_another_address(
    text: str, family: str, hours: int, duplicates: int, web: Web, desk: OpenDesk
) -> None:
    first = LONG if text != "Both sides will stay in contact." else text
    web.serve(rss(item("x", "Talks on grain", first)), "/a")
    web.serve(rss(item("y", "Minister on grain", text, at=NOON - timedelta(hours=hours))), "/b")
    feeds = source_block("a", web.url("/a"), family="one") + source_block("b", web.url("/b"), family=family)
    balance = desk(STORY + feeds).poll("a", "b")[1].balance
    assert (balance.duplicate, balance.new) == (duplicates, 1 - duplicates)


def test_a_feed_whose_entries_share_one_link_loses_none(web: Web, desk: OpenDesk) -> None:
    items = [item(f"n{n}", f"Notice {n}", f"Notice number {n} of the talks.", link="https://example.org/all") for n in range(3)]
    web.serve(rss(*items))
    assert desk(STORY + source_block("a", web.url())).poll()[0].balance.new == 3


def test_a_poll_that_does_not_balance_is_an_error_and_stores_nothing(web: Web, desk: OpenDesk) -> None:
    at_work = desk(STORY + source_block("a", web.url()))
    web.serve(rss(GOOD))
    report = at_work.poll()[0]
    wrong = Balance(listed=2, new=1)
    with pytest.raises(BalanceError, match="2 lines were listed"):
        store_wrong(at_work, report.outcome, wrong)
    with at_work.store.read() as tx:
        assert tx.execute(select(statements.c.url)).scalar_one() != "changed"
        assert len(tx.execute(select(polls)).all()) == 1


def store_wrong(desk: Desk, outcome: Outcome, wrong: Balance) -> None:
    with desk.store.write() as tx:
        tx.execute(statements.update().values(url="changed"))
        add_polls(tx, [Poll(source=SourceKey("a"), outcome=outcome, balance=wrong, at=NOON, ms=1)])


@pytest.mark.parametrize(
    "balance",
    [
        Balance(listed=1),
        Balance(new=1),
        Balance(listed=1, dropped=1),  # no reason
        Balance(listed=1, new=1, drops=(BrokenEntry(ref="x", reason="y"),)),
    ],
)
def test_a_balance_that_does_not_add_up_is_seen(balance: Balance) -> None:
    assert not balance.adds_up


def test_our_own_error_is_stored_as_the_polls_outcome(web: Web, desk: OpenDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> None:
        raise ZeroDivisionError("a bug")

    web.serve(rss(GOOD))
    at_work = desk(STORY + source_block("a", web.url()))
    monkeypatch.setattr("aggregator.pipeline.storing.settle_listing", broken)
    report = at_work.poll()[0]
    assert (report.outcome.kind, report.balance) == (OutcomeKind.FAILED, Balance())
    assert "ZeroDivisionError: a bug" in report.outcome.reason
    monkeypatch.undo()
    assert at_work.poll()[0].balance.new == 1  # nothing was marked as read


def test_the_text_comes_from_the_items_page_where_the_feed_has_none(web: Web, desk: OpenDesk) -> None:
    page = "<html><head><title>x</title></head><body><nav>Menu</nav><article><h1>Talks on grain</h1>" + "".join(
        f"<p>Paragraph {n} of the statement on the talks about grain is long enough to be an article of its own.</p>"
        for n in range(5)
    )
    web.serve(rss(item("one", "Talks on grain", "A summary.", link=web.url("/page"))))
    web.serve(page + "</article></body></html>", "/page", content_type="text/html")
    at_work = desk(STORY + source_block("a", web.url(), more="fetch_pages = true"))
    assert at_work.poll()[0].balance.new == 1
    with at_work.store.read() as tx:
        text = tx.execute(select(revisions.c.text)).scalar_one()
    assert "Paragraph 0" in text
    assert "Menu" not in text
    assert [path for path, _ in web.asked] == ["/feed", "/page"]
    at_work.poll()
    assert [path for path, _ in web.asked].count("/page") == 1  # a known entry's page is not asked again


def test_times_are_kept_as_written_with_how_the_zone_was_known(web: Web, desk: OpenDesk) -> None:
    atom = """<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><id>x</id><entry><id>tag:x,2025:1</id><title>Talks</title>
      <published>2025-08-14T15:00:00+04:00</published><content type="html">The talks begin.</content></entry></feed>"""
    web.serve(atom)
    at_work = desk(STORY + source_block("a", web.url(), more='zone = "Europe/Moscow"'))
    at_work.poll()
    with at_work.store.read() as tx:
        said = tx.execute(select(statements.c.said_at, statements.c.said_written, statements.c.zone_known)).one()
    assert said == (NOON, "2025-08-14T15:00:00+04:00", "source")


def test_one_request_at_a_time_per_host(web: Web, desk: OpenDesk) -> None:
    keys = [f"s{n}" for n in range(6)]
    for key in keys:
        web.serve(rss(GOOD), f"/{key}")
    at_work = desk(STORY + "".join(source_block(key, web.url(f"/{key}")) for key in keys))

    async def ask() -> int:
        async with road(at_work.config, at_work.store, clock=at_work.clock) as the_road:
            return len([report async for report in poll_all(the_road, [SourceKey(key) for key in keys])])

    assert asyncio.run(ask()) == 6
    assert web.most_at_once == 1


def test_a_source_that_left_the_file_is_not_asked_and_keeps_its_history(web: Web, desk: OpenDesk) -> None:
    web.serve(rss(GOOD), "/a")
    web.serve(rss(GOOD), "/b")
    desk(STORY + source_block("a", web.url("/a")) + source_block("b", web.url("/b"))).poll()
    later = desk(STORY + source_block("b", web.url("/b")))
    later.clock.forward(days=2)
    later.settle()
    with later.store.read() as tx:
        assert due_sources(tx, now=later.clock()) == ["b"]
        assert sorted(tx.execute(select(sources.c.key)).scalars()) == ["a", "b"]
        assert len(tx.execute(select(statements)).all()) == 2


def test_a_new_story_takes_up_what_is_stored(web: Web, desk: OpenDesk) -> None:
    web.serve(rss(GOOD))
    desk(source_block("a", web.url())).poll()
    assert len(desk(STORY + source_block("a", web.url())).settle()) == 0  # it settles first
    assert len(desk(STORY + source_block("a", web.url())).settle()) == 1


@pytest.mark.parametrize(
    ("hours", "title", "taken"),
    [(0, "Talks", True), (24 * 18, "Talks", False), (-24 * 14, "Talks", False), (0, "Stalks", False)],
)
def test_a_story_takes_what_holds_its_terms_within_its_window(
    hours: int, title: str, taken: bool, web: Web, desk: OpenDesk
) -> None:
    web.serve(rss(item("one", title, f"{title}.", at=NOON + timedelta(hours=hours))))
    at_work = desk(STORY + source_block("a", web.url()))
    assert at_work.poll()[0].candidates == int(taken)


def test_cancelling_a_poll_leaves_it_due(web: Web, desk: OpenDesk) -> None:
    web.answers["/feed"] = Answer(never=True)
    at_work = desk(STORY + source_block("a", web.url()))

    async def ask() -> None:
        async with road(at_work.config, at_work.store, clock=at_work.clock) as the_road:
            task = asyncio.create_task(poll_source(the_road, SourceKey("a")))
            await asyncio.to_thread(web.was_asked.wait, 10)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(ask())
    with at_work.store.read() as tx:
        assert due_sources(tx, now=at_work.clock()) == ["a"]
        assert tx.execute(select(polls)).all() == []


def test_a_day_stays_a_day_from_the_feed_to_the_page(web: Web, desk: OpenDesk) -> None:
    dated = item("one", "Talks on grain", "The talks on grain will last 12 days.").replace(
        "<pubDate>Thu, 14 Aug 2025 12:00:00 +0000</pubDate>", "<pubDate>14 août 2025</pubDate>"
    )
    web.serve(rss(dated))
    one = desk(STORY + source_block("a", web.url(), more='zone = "Europe/Paris"'))
    one.poll()
    one.settle()
    with one.store.read() as tx:
        shown = tx.exec_driver_sql("SELECT said_at, said_day_only, said_day, said_written, zone_known FROM v2_statements").one()
        page = story_page(tx, StoryKey("talks"))
    assert tuple(shown) == ("2025-08-13T22:00:00.000Z", 1, "2025-08-14", "14 août 2025", "source")
    assert page is not None
    assert (page.date, page.updates[0].said_day) == (NOON.replace(hour=0), "2025-08-14")


def test_what_is_dated_far_ahead_is_dropped_with_that_reason(web: Web, desk: OpenDesk) -> None:
    web.serve(rss(item("one", "Talks", "The talks.", at=NOON + timedelta(days=3)), item("two", "Talks on", "They go on.")))
    one = desk(STORY + source_block("a", web.url()))
    balance = one.poll()[0].balance
    assert (balance.listed, balance.new, balance.dropped) == (2, 1, 1)
    assert balance.drops[0].reason.startswith("dated 3 days ahead of when it was fetched ('Sun, 17 Aug 2025")

"""Pages of what is told are looked at again: silent edits are found, and what its source took back is withdrawn."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from aggregator.cli.statement_shown import as_text
from aggregator.model import DeskKind, SourceKey, StatementId, StoryKey, Update, UpdateKind
from aggregator.pipeline import poll_source
from aggregator.pipeline.acts import Given
from aggregator.pipeline.desk import act
from aggregator.pipeline.rebuilding import Asked, rebuild
from aggregator.pipeline.watching import MOST_LOOKS
from aggregator.service import publish_ready, road
from aggregator.store.pages import story_page, updates_of
from aggregator.store.reading import statement_detail
from aggregator.store.schema import candidates, exchanges, polls, watches
from aggregator.store.sources import source_state
from aggregator.store.takebacks import NoteKind, change_note, is_taken_back, notes_of, takebacks_of
from aggregator.store.verifying.whole import verify
from aggregator.store.watching import Seen, watches_of
from tests.conftest import NOON, STORY, Answer, Desk, Web, item, rss, source_block

OpenDesk = Callable[[str], Desk]

SERVICE = '[service]\ngap = "0s"\nwatch_for = "60d"\n'
LONG = STORY.replace("until = 2025-08-31", "until = 2025-12-31")
PAGES = 'fetch_pages = true\nhomepage = "https://example.org/"'
TEXT = (
    "The delegations met for the talks in Geneva on Thursday and spoke for four hours about the harbour.",
    "They agreed on twelve measures, and on a commission of five members that meets every month.",
    "A further round of the talks follows in the autumn in another city of the region.",
)


def page(*paragraphs: str, title: str = "Talks on the harbour") -> Answer:
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    text = f"<html lang='en'><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body></html>"
    return Answer(text.encode(), headers={"content-type": "text/html; charset=utf-8"})


def text_of(n: int) -> tuple[str, ...]:
    return (
        f"Delegation {n} spoke at the talks in Geneva for {n + 2} hours about the quay of number {n}.",
        f"Its head {n} named {n + 20} measures, and a commission of {n + 3} members for the quay of number {n}.",
    )


def open_watching(web: Web, desk: OpenDesk, *, service: str = "", more: str = PAGES, count: int = 1) -> Desk:
    """A desk that has told `count` statements of a source, each read from its own page; then the listing holds another one."""
    links = [web.url(f"/news/{n}") for n in range(count)]
    for n in range(count):
        web.answers[f"/news/{n}"] = page(*(TEXT if n == 0 else text_of(n)), title=f"Talks on the harbour {n}")
    web.serve(rss(*(item(f"n{n}", f"Talks on the harbour {n}", "", link=link) for n, link in enumerate(links))))
    web.answers["/other"] = page("Nothing of this belongs here, be it as long as it may.", title="A walk in the park")
    at_work = desk(SERVICE + service + LONG + source_block("a", web.url(), more=more))
    at_work.poll()
    assert len(at_work.settle()) == count
    web.serve(rss(item("other", "A walk in the park", "", link=web.url("/other"))), etag='"now"')
    at_work.poll()
    return at_work


@pytest.fixture
def watching(web: Web, desk: OpenDesk) -> Desk:
    return open_watching(web, desk)


def told(desk: Desk) -> list[Update]:
    with desk.store.read() as tx:
        return updates_of(tx, StoryKey("talks"))


def kinds(desk: Desk) -> list[UpdateKind]:
    return [update.kind for update in told(desk)]


def seen(desk: Desk, statement: int = 1) -> Seen:
    with desk.store.read() as tx:
        ((watch, _),) = watches_of(tx, StatementId(statement))
    return watch.seen


def pass_time(desk: Desk, **span: float) -> None:
    """Let time go by, with polls in between and what has settled published: hour by hour, or a quarter of a day at a time."""
    end = desk.clock.now + timedelta(**span)
    step = timedelta(hours=1 if timedelta(**span) <= timedelta(days=2) else 6)

    async def live() -> None:
        async with road(desk.config, desk.store, clock=desk.clock, sandbox=desk.sandbox) as the_road:
            while desk.clock.now < end:
                desk.clock.now += step
                for key in desk.config.sources:
                    await poll_source(the_road, key)
                publish_ready(the_road)

    asyncio.run(live())


def asked(web: Web, path: str = "/news/0") -> int:
    return [one for one, _ in web.asked].count(path)


def holds(desk: Desk) -> None:
    """The store is whole, and its record, done again, gives the same."""
    assert [one.line for one in verify(desk.store).findings] == []
    question = Asked(config=None)
    file = desk.config.service.storage.parent / f"rebuilt-{desk.clock.now:%d%H%M%S}.sqlite"
    found = asyncio.run(rebuild(desk.store, question, file=file, sandbox=desk.sandbox))
    assert [f"{row.table} {row.number}: {row.what}" for table in found.tables for row in table.shown] == []
    assert found.same
    assert found.equal


# --- The rhythm.


def test_a_page_is_looked_at_again_ever_more_rarely_and_conditionally(web: Web, watching: Desk) -> None:
    web.answers["/news/0"].headers["etag"] = '"one"'
    for hours in (1, 3, 9, 24, 72, 168, 168, 168):
        count = asked(web)
        watching.clock.forward(hours=hours, seconds=-2)  # what a poll takes counts from its beginning
        watching.poll()
        assert asked(web) == count
        watching.clock.forward(seconds=2)
        watching.poll()
        assert asked(web) == count + 1
    conditional = [headers.get("if-none-match") for path, headers in web.asked if path == "/news/0"][2:]
    assert set(conditional) == {'"one"'}
    assert kinds(watching) == [UpdateKind.NEW]
    holds(watching)


def test_nothing_is_looked_at_once_the_time_is_over(web: Web, desk: OpenDesk) -> None:
    at_work = open_watching(web, lambda feeds: desk(feeds.replace('"60d"', '"3d"').replace("2025-12-31", "2025-08-20")))
    pass_time(at_work, days=12)
    count = asked(web)
    assert seen(at_work).next_at is None
    with at_work.store.read() as tx:
        assert source_state(tx, SourceKey("a")).watch_at is None
    pass_time(at_work, days=2)
    assert asked(web) == count


def test_nothing_is_looked_at_where_that_is_off(web: Web, desk: OpenDesk) -> None:
    at_work = open_watching(web, lambda feeds: desk(feeds.replace('"60d"', '"0s"')))
    pass_time(at_work, days=2)
    assert asked(web) == 1


def test_a_poll_without_due_pages_asks_the_store_nothing_more(watching: Desk) -> None:
    """Also not where pages are watched: when the first is due is known with the source."""
    statements: list[str] = []

    def note(_c: object, _u: object, sql: str, *_: object) -> None:
        statements.append(sql)

    event.listen(watching.store.engine, "before_cursor_execute", note)
    watching.poll()
    event.remove(watching.store.engine, "before_cursor_execute", note)
    assert [sql for sql in statements if "watches" in sql] == []


def test_five_hundred_pages_of_one_host_are_asked_a_few_at_each_poll(web: Web, desk: OpenDesk) -> None:
    at_work = open_watching(web, desk, count=1)
    pages = [f"/news/{n}" for n in range(1, 501)]
    for n, path in enumerate(pages, 1):
        web.answers[path] = page(*text_of(n), title=f"Talks on the harbour {n}")
    with at_work.store.write() as tx:  # as if they had been told: they are looked at, and nothing else
        ((first, _),) = watches_of(tx, StatementId(1))
        rows = [
            {"source": "a", "entry_id": f"p{n}", "statement_id": 1, "url": web.url(path), "from_at": NOON, "next_at": NOON}
            for n, path in enumerate(pages)
        ]
        tx.execute(watches.insert(), rows)
        listed = "INSERT INTO listings (source, entry_id, statement_id, url, raw, mirrors, first_seen_at) "
        select_ = "SELECT source, entry_id, statement_id, url, '', true, from_at FROM watches WHERE entry_id LIKE 'p%'"
        tx.exec_driver_sql(listed + select_.replace("%", "%%" if tx.dialect.name == "postgresql" else "%"))
    assert first.seen.next_at is not None
    at_work.clock.forward(hours=2)
    for _ in range(3):
        count = len(web.asked)
        at_work.poll()
        assert len(web.asked) - count == 1 + MOST_LOOKS


# --- Silent edits.


@pytest.mark.both_databases
def test_a_silent_edit_of_a_page_that_is_no_longer_listed_is_a_correction(web: Web, watching: Desk) -> None:
    web.answers["/news/0"] = page(TEXT[0], TEXT[1].replace("twelve", "eleven"), TEXT[2], title="Talks on the harbour 0")
    watching.clock.forward(hours=1)
    (report,) = watching.poll()
    assert (report.balance.revised, report.candidates) == (1, 1)
    watching.settle()
    assert kinds(watching) == [UpdateKind.NEW, UpdateKind.CORRECTED]
    assert "eleven measures" in told(watching)[1].paragraphs[0].text
    assert seen(watching).looks == 0  # the rhythm begins anew
    count = asked(web, "/news/0")
    watching.poll()
    assert asked(web, "/news/0") == count
    holds(watching)


def test_an_edit_is_found_though_the_listing_did_not_change(web: Web, watching: Desk) -> None:
    web.answers["/news/0"] = page(TEXT[0], TEXT[1].replace("five", "six"), TEXT[2], title="Talks on the harbour 0")
    watching.clock.forward(hours=1)
    (report,) = watching.poll()
    assert report.outcome.reason == "unchanged since the last poll"
    assert report.balance.revised == 1
    watching.settle()
    assert kinds(watching)[-1] is UpdateKind.CORRECTED
    holds(watching)


def test_a_listing_that_is_gone_keeps_no_page_from_being_looked_at(web: Web, watching: Desk) -> None:
    web.answers["/feed"] = Answer(b"gone", 410)
    web.answers["/news/0"] = page(TEXT[0], TEXT[1].replace("five", "six"), TEXT[2], title="Talks on the harbour 0")
    watching.clock.forward(hours=1)
    watching.poll()
    watching.settle()
    assert kinds(watching)[-1] is UpdateKind.CORRECTED
    holds(watching)


def test_a_page_that_is_listed_again_and_read_is_not_asked_twice(web: Web, watching: Desk) -> None:
    web.serve(rss(item("n0", "Talks on the harbour anew", "", link=web.url("/news/0"))))
    watching.clock.forward(hours=1)
    count = asked(web)
    watching.poll()
    assert asked(web) == count + 1


# --- Gone.


GONE = {
    "404": Answer(b"not here", 404),
    "410": Answer(b"gone", 410),
    "a soft 404": page("Sorry.", title="Page not found"),
    "sent on to an error page": Answer(b"", 302, {"location": "/errors/404.html"}),
    "sent on to the listing": Answer(b"", 302, {"location": "/feed"}),
    "sent on to another page": Answer(b"", 302, {"location": "/other"}),
}


@pytest.mark.both_databases
@pytest.mark.parametrize("how", GONE)
def test_a_page_that_stays_gone_is_withdrawn(how: str, web: Web, watching: Desk) -> None:
    web.answers["/errors/404.html"] = page("There is nothing to be had at this address of ours.", title="Oh dear")
    web.answers["/news/0"] = GONE[how]
    pass_time(watching, hours=20)
    assert kinds(watching) == [UpdateKind.NEW]
    assert seen(watching).gone_times == 2
    pass_time(watching, hours=8)
    new, withdrawn = told(watching)
    assert (withdrawn.kind, withdrawn.paragraphs, withdrawn.corrects) == (UpdateKind.WITHDRAWN, (), (1,))
    assert (withdrawn.revision, withdrawn.title) == (new.revision, new.title)
    assert withdrawn.reason.startswith("a no longer has what Update.1 tells: its page was seen gone 3 times between 2025-08-14")
    with watching.store.read() as tx:
        shown = story_page(tx, StoryKey("talks"))
        assert shown is not None
        assert [(mark.number, mark.by_number, mark.kind) for mark in shown.marks] == [(1, 2, UpdateKind.WITHDRAWN)]
    pass_time(watching, days=3)
    assert len(told(watching)) == 2
    holds(watching)


@pytest.mark.both_databases
def test_a_shut_story_takes_nothing_back_until_it_is_open(web: Web, watching: Desk) -> None:
    story = StoryKey("talks")
    act(watching.store, Given(kind=DeskKind.CLOSE, story=story, by="Ada", why="It is over."), now=watching.clock())
    web.answers["/news/0"] = GONE["404"]
    pass_time(watching, days=3)
    assert kinds(watching) == [UpdateKind.NEW]
    act(watching.store, Given(kind=DeskKind.REOPEN, story=story, by="Ada", why="It is not."), now=watching.clock())
    pass_time(watching, hours=1)
    assert kinds(watching) == [UpdateKind.NEW, UpdateKind.WITHDRAWN]
    holds(watching)


def test_a_page_that_sends_on_to_the_home_page_is_gone(web: Web, desk: OpenDesk) -> None:
    def deep(feeds: str) -> Desk:
        web.answers["/2025/08/14/talks-on-the-harbour"] = web.answers["/news/0"]
        web.answers["/feed"].body = web.answers["/feed"].body.replace(b"/news/0", b"/2025/08/14/talks-on-the-harbour")
        return desk(feeds)

    at_work = open_watching(web, deep)
    web.answers["/"] = page("The home page of us all, with this and that.", title="Home")
    web.answers["/2025/08/14/talks-on-the-harbour"] = Answer(b"", 302, {"location": "/"})
    pass_time(at_work, hours=30)
    assert kinds(at_work)[-1] is UpdateKind.WITHDRAWN


WALLS = {
    "403": Answer(b"no", 403),
    "a challenge": Answer(b"<html><title>Just a moment...</title></html>", 403, {"cf-mitigated": "challenge"}),
    "a challenge that answers 404": Answer(b"<html>checking</html>", 404, {"cf-mitigated": "challenge"}),
    "a challenge that answers 200": page("Checking your browser.", title="Just a moment..."),
    "maintenance": Answer(b"back soon", 503),
    "trouble": Answer(b"oops", 500),
    "a login": Answer(b"", 302, {"location": "/login"}),
    "silence": Answer(b"", raw=True),
}


def test_a_notice_in_place_of_the_text_is_no_edit(web: Web, watching: Desk) -> None:
    web.answers["/news/0"] = page("Subscribe to continue reading.", "Already a subscriber? Log in to your account.")
    pass_time(watching, days=4)
    assert kinds(watching) == [UpdateKind.NEW]
    web.answers["/news/0"] = page(*TEXT[:2], TEXT[2].replace("autumn", "winter"))
    pass_time(watching, days=8)
    assert kinds(watching) == [UpdateKind.NEW, UpdateKind.CORRECTED]
    holds(watching)


@pytest.mark.parametrize("wall", WALLS)
def test_a_wall_never_counts(wall: str, web: Web, watching: Desk) -> None:
    web.answers["/login"] = page("Sign in to go on.", title="Log in")
    web.answers["/news/0"] = WALLS[wall]
    pass_time(watching, days=4)
    assert kinds(watching) == [UpdateKind.NEW]
    assert seen(watching).gone_times == 0
    assert seen(watching).failures > 2


def test_a_wall_in_between_does_not_reset_what_was_seen(web: Web, watching: Desk) -> None:
    web.answers["/news/0"] = Answer(b"gone", 410)
    pass_time(watching, hours=3)
    assert seen(watching).gone_times == 1
    web.answers["/news/0"] = Answer(b"no", 403)
    pass_time(watching, hours=16)
    assert seen(watching).gone_times == 1
    assert seen(watching).failures > 1
    web.answers["/news/0"] = Answer(b"gone", 410)
    pass_time(watching, hours=48)
    assert kinds(watching)[-1] is UpdateKind.WITHDRAWN
    holds(watching)


def test_a_site_that_is_down_withdraws_nothing(web: Web, watching: Desk) -> None:
    web.answers = {}  # each page says 404, the listing and the home page too
    pass_time(watching, days=4)
    assert kinds(watching) == [UpdateKind.NEW]
    assert "nothing else of its site answers well" in seen(watching).said


def test_a_page_is_gone_where_the_listing_is_gone_and_the_home_page_lives(web: Web, watching: Desk) -> None:
    web.answers = {"/": page("The home page of us all.", title="Home")}
    pass_time(watching, hours=30)
    assert kinds(watching)[-1] is UpdateKind.WITHDRAWN
    holds(watching)


def test_absence_from_the_listing_is_no_withdrawal(web: Web, watching: Desk) -> None:
    web.serve(rss())
    pass_time(watching, days=5)
    assert kinds(watching) == [UpdateKind.NEW]


def test_what_appears_again_in_between_begins_anew(web: Web, watching: Desk) -> None:
    good = web.answers["/news/0"]
    for _ in range(3):
        web.answers["/news/0"] = Answer(b"gone", 410)
        pass_time(watching, hours=20)
        assert seen(watching).gone_times in (1, 2)
        web.answers["/news/0"] = good
        pass_time(watching, hours=13)
        assert seen(watching).gone_times == 0
    assert kinds(watching) == [UpdateKind.NEW]
    holds(watching)


def test_how_long_a_page_must_be_gone_is_a_setting(web: Web, desk: OpenDesk) -> None:
    at_work = open_watching(web, desk, service='gone_after = "4h"\n')
    web.answers["/news/0"] = Answer(b"gone", 410)
    pass_time(at_work, hours=4)
    assert kinds(at_work) == [UpdateKind.NEW]
    pass_time(at_work, hours=2)
    assert kinds(at_work)[-1] is UpdateKind.WITHDRAWN


@pytest.mark.both_databases
def test_a_restart_in_between_forgets_nothing(web: Web, watching: Desk) -> None:
    web.answers["/news/0"] = Answer(b"gone", 410)
    pass_time(watching, hours=14)
    watching.store.close()  # connections are made anew; every `poll` builds the road anew anyway
    pass_time(watching, hours=14)
    assert kinds(watching)[-1] is UpdateKind.WITHDRAWN


@pytest.mark.both_databases
def test_a_page_that_moved_is_no_withdrawal(web: Web, watching: Desk) -> None:
    web.answers["/archive/0"] = web.answers["/news/0"]
    web.answers["/news/0"] = Answer(b"", 301, {"location": "/archive/0"})
    watching.clock.forward(hours=1)
    watching.poll()
    assert seen(watching).said == f"moved to {web.url('/archive/0')}"
    assert seen(watching).good_url == web.url("/archive/0")
    pass_time(watching, days=4)
    assert kinds(watching) == [UpdateKind.NEW]
    assert seen(watching).gone_times == 0
    holds(watching)


def test_a_page_that_moved_and_was_edited_is_corrected(web: Web, watching: Desk) -> None:
    web.answers["/archive/0"] = page(TEXT[0], TEXT[1].replace("twelve", "ten"), TEXT[2], title="Talks on the harbour 0")
    web.answers["/news/0"] = Answer(b"", 301, {"location": "/archive/0"})
    pass_time(watching, hours=3)
    assert kinds(watching) == [UpdateKind.NEW, UpdateKind.CORRECTED]
    holds(watching)


def test_nothing_is_withdrawn_while_another_address_has_it(web: Web, desk: OpenDesk) -> None:
    one = f"<p>{'</p><p>'.join(TEXT)}</p>"
    web.answers["/en/0"] = web.answers["/mirror/0"] = page(*TEXT, title="Talks on the harbour")
    web.serve(rss(item("n0", "Talks on the harbour", one, link=web.url("/en/0"))), "/a")
    web.serve(rss(item("m0", "Talks on the harbour", one, link=web.url("/mirror/0"))), "/b")
    blocks = [source_block(key, web.url(f"/{key}"), family="same") for key in "ab"]
    at_work = desk(SERVICE + LONG + "".join(blocks))
    at_work.poll()
    assert len(at_work.settle()) == 1
    web.answers["/en/0"] = Answer(b"gone", 410)
    pass_time(at_work, days=3)
    assert kinds(at_work) == [UpdateKind.NEW]
    web.answers["/mirror/0"] = Answer(b"gone", 404)
    pass_time(at_work, days=10)
    assert kinds(at_work) == [UpdateKind.NEW, UpdateKind.WITHDRAWN]
    holds(at_work)


def test_an_address_that_was_listed_later_counts_too(web: Web, desk: OpenDesk) -> None:
    one = f"<p>{'</p><p>'.join(TEXT)}</p>"
    web.answers["/en/0"] = web.answers["/mirror/0"] = page(*TEXT, title="Talks on the harbour")
    web.serve(rss(item("n0", "Talks on the harbour", one, link=web.url("/en/0"))), "/a")
    web.serve(rss(), "/b")
    at_work = desk(SERVICE + LONG + "".join(source_block(key, web.url(f"/{key}"), family="same") for key in "ab"))
    at_work.poll()
    at_work.settle()
    web.serve(rss(item("m0", "Talks on the harbour", one, link=web.url("/mirror/0"))), "/b")
    at_work.poll()
    web.answers["/en/0"] = Answer(b"gone", 410)
    pass_time(at_work, days=4)
    assert kinds(at_work) == [UpdateKind.NEW]
    with at_work.store.read() as tx:
        assert [(watch.entry_id, watch.seen.gone_times > 0) for watch, _ in watches_of(tx, StatementId(1))] == [
            ("urn:n0", True),
            ("urn:m0", False),
        ]
    holds(at_work)


def test_a_site_that_was_made_anew_withdraws_nothing(web: Web, desk: OpenDesk) -> None:
    at_work = open_watching(web, desk, count=7)
    for n in range(7):
        web.answers[f"/news/{n}"] = Answer(b"not here", 404)
    pass_time(at_work, days=4)
    assert set(kinds(at_work)) == {UpdateKind.NEW, UpdateKind.ADDS}


@pytest.mark.both_databases
def test_one_page_of_many_is_withdrawn(web: Web, desk: OpenDesk) -> None:
    at_work = open_watching(web, desk, count=7)
    web.answers["/news/3"] = Answer(b"not here", 404)
    pass_time(at_work, hours=36)
    gone = next(update.number for update in told(at_work) if "Delegation 3" in " ".join(p.text for p in update.paragraphs))
    assert [update.corrects for update in told(at_work) if update.kind is UpdateKind.WITHDRAWN] == [(gone,)]
    holds(at_work)


def test_a_withdrawal_takes_back_every_update_of_the_statement(web: Web, watching: Desk) -> None:
    web.answers["/news/0"] = page(TEXT[0], TEXT[1].replace("twelve", "eleven"), TEXT[2], title="Talks on the harbour 0")
    pass_time(watching, hours=3)
    web.answers["/news/0"] = Answer(b"gone", 410)
    pass_time(watching, hours=36)
    assert kinds(watching) == [UpdateKind.NEW, UpdateKind.CORRECTED, UpdateKind.WITHDRAWN]
    assert told(watching)[-1].corrects == (1, 2)
    assert "Update.1 and Update.2 tell" in told(watching)[-1].reason
    holds(watching)


def test_a_page_that_is_back_with_the_same_text_is_noted_and_not_told(web: Web, watching: Desk) -> None:
    good = web.answers["/news/0"]
    web.answers["/news/0"] = Answer(b"gone", 410)
    pass_time(watching, hours=30)
    web.answers["/news/0"] = good
    pass_time(watching, days=9)
    assert kinds(watching) == [UpdateKind.NEW, UpdateKind.WITHDRAWN]
    with watching.store.read() as tx:
        (one,) = takebacks_of(tx, StatementId(1))
        assert one.ended_at is not None
        assert not is_taken_back(tx, StatementId(1))
    web.answers["/news/0"] = Answer(b"gone", 410)  # and gone once more: it is withdrawn already
    pass_time(watching, days=12)
    assert kinds(watching) == [UpdateKind.NEW, UpdateKind.WITHDRAWN]
    holds(watching)


def test_a_page_that_is_back_with_another_text_is_told(web: Web, watching: Desk) -> None:
    web.answers["/news/0"] = Answer(b"gone", 410)
    pass_time(watching, hours=30)
    web.answers["/news/0"] = page(TEXT[0], TEXT[1].replace("twelve", "eleven"), TEXT[2], title="Talks on the harbour 0")
    pass_time(watching, days=9)
    assert kinds(watching) == [UpdateKind.NEW, UpdateKind.WITHDRAWN, UpdateKind.CORRECTED]
    holds(watching)


def test_pages_behind_a_feed_with_its_own_text_are_watched_without_being_read(web: Web, desk: OpenDesk) -> None:
    web.answers["/en/0"] = page("A page that says it in its own words, with menus.", title="Talks")
    web.serve(rss(item("n0", "Talks on the harbour", f"<p>{TEXT[0]}</p>", link=web.url("/en/0"))))
    at_work = desk(SERVICE + LONG + source_block("a", web.url()))
    at_work.poll()
    at_work.settle()
    pass_time(at_work, hours=2)
    web.answers["/en/0"] = page("And now in others.", title="Talks")
    pass_time(at_work, hours=20)
    assert kinds(at_work) == [UpdateKind.NEW]
    web.answers["/en/0"] = Answer(b"gone", 410)
    pass_time(at_work, days=3)
    assert kinds(at_work)[-1] is UpdateKind.WITHDRAWN
    holds(at_work)


def test_a_server_that_asks_for_patience_is_left_alone(web: Web, desk: OpenDesk) -> None:
    at_work = open_watching(web, desk, count=7)
    for n in range(7):
        web.answers[f"/news/{n}"] = Answer(b"slow down", 429, {"retry-after": "7200"})
    at_work.clock.forward(hours=1)
    count = len(web.asked)
    for _ in range(10):
        at_work.poll()
        at_work.clock.forward(minutes=10)
    assert len(web.asked) - count == 10 + 1  # its listing each time, and one page once


# --- What the source says itself.


def api_source(web: Web) -> str:
    return f"""
[sources.a]
name = "UK"
kind = "json_api"
url = "{web.url("/list")}"
family = "uk"
language = "en"
allow = ["127.0.0.1"]
fetch_pages = true
[sources.a.mapping]
entries = "items"
id = "id"
url = "url"
title = "title"
published = "published"
[sources.a.item]
kind = "json_api"
[sources.a.item.mapping]
html = "body"
published = "published"
note = "change"
withdrawn = "notice"
"""


def say(web: Web, *, body: str = " ".join(TEXT), listed: bool = True, **said: str) -> None:
    one = {"id": "x", "url": web.url("/doc"), "title": "Talks on the harbour", "published": "2025-08-14T12:00:00Z"}
    listing = {"version": 1, "items": [one] if listed else []}
    web.serve(json.dumps(listing), "/list", content_type="application/json")
    document = {"version": 1, "title": "Talks on the harbour", "body": f"<p>{body}</p>", "published": one["published"], **said}
    web.serve(json.dumps(document), "/doc", content_type="application/json")
    for path in ("/list", "/doc"):
        web.answers[path].headers = {"content-type": "application/json"}


@pytest.fixture
def government(web: Web, desk: OpenDesk) -> Desk:
    say(web)
    at_work = desk(SERVICE + LONG + api_source(web))
    at_work.poll()
    assert len(at_work.settle()) == 1
    return at_work


@pytest.mark.both_databases
def test_what_the_source_says_of_taking_back_is_told_once_it_has_settled(web: Web, government: Desk) -> None:
    say(web, listed=False, notice="<p>This was “published in\u202e error”.</p>")
    government.clock.forward(hours=1)
    government.poll()
    assert government.settle(minutes=9) == []
    government.settle(minutes=2)
    assert told(government)[-1].reason == "UK took back what Update.1 tells: “This was 'published in error'.”"
    assert told(government)[-1].corrects == (1,)
    with government.store.read() as tx:
        assert [note.kind for note in notes_of(tx, StatementId(1))] == [NoteKind.WITHDRAWN]
    holds(government)


def test_a_notice_that_is_lifted_before_it_settled_is_not_told(web: Web, government: Desk) -> None:
    say(web, listed=False, notice="Withdrawn in error.")
    government.clock.forward(hours=1)
    government.poll()
    with government.store.write() as tx:
        tx.execute(watches.update().values(next_at=government.clock.now))
        tx.exec_driver_sql("UPDATE sources SET watch_at = next_poll_at")
        tx.exec_driver_sql("UPDATE sources SET watch_at = first_seen_at")
    say(web, listed=False)
    government.clock.forward(minutes=5)
    government.poll()
    government.settle(hours=1)
    assert kinds(government) == [UpdateKind.NEW]
    with government.store.read() as tx:
        assert [note.kind for note in notes_of(tx, StatementId(1))] == [NoteKind.WITHDRAWN, NoteKind.RESTORED]
        assert not is_taken_back(tx, StatementId(1))


def test_what_was_taken_back_before_it_settled_is_not_published(web: Web, desk: OpenDesk) -> None:
    say(web, notice="Published too early.")
    at_work = desk(SERVICE + LONG + api_source(web))
    at_work.poll()
    assert at_work.settle() == []
    with at_work.store.read() as tx:
        assert list(tx.execute(select(candidates.c.note)).scalars()) == ["its source has taken it back"]
    holds(at_work)


def test_a_change_note_is_kept_with_the_version_that_it_speaks_of(web: Web, government: Desk) -> None:
    say(web, listed=False, body=" ".join(TEXT).replace("twelve", "eleven"), change="Corrected the number of measures.")
    government.clock.forward(hours=1)
    government.poll()
    government.settle()
    assert kinds(government) == [UpdateKind.NEW, UpdateKind.CORRECTED]
    with government.store.read() as tx:
        assert change_note(tx, told(government)[-1].revision) == "Corrected the number of measures."
        assert change_note(tx, told(government)[0].revision) == ""
    pass_time(government, days=2)
    with government.store.read() as tx:
        assert len(notes_of(tx, StatementId(1))) == 1  # said again and again, and kept once
    holds(government)


def test_the_record_of_a_look_is_that_of_its_poll(web: Web, watching: Desk) -> None:
    watching.clock.forward(hours=1)
    watching.poll()
    with watching.store.read() as tx:
        newest = tx.execute(select(polls.c.id).order_by(polls.c.id.desc()).limit(1)).scalar_one()
        urls = list(tx.execute(select(exchanges.c.url).where(exchanges.c.poll_id == newest)).scalars())
    assert web.url("/news/0") in urls
    assert web.url() in urls


def test_the_command_statement_shows_what_was_seen(web: Web, watching: Desk) -> None:
    web.answers["/news/0"] = Answer(b"gone", 410)
    pass_time(watching, hours=3)
    with watching.store.read() as tx:
        found = statement_detail(tx, StatementId(1))
    assert found is not None
    shown = as_text(found)
    assert f"watched  {web.url('/news/0')}, by a: not looked at yet, next 2025-08-15" in shown
    assert "gone     seen gone once, 2025-08-14" in shown
    pass_time(watching, hours=30)
    with watching.store.read() as tx:
        found = statement_detail(tx, StatementId(1))
    assert found is not None
    assert "taken    back by a, 2025-08-15" in as_text(found)
    assert "talks, published" in as_text(found)


# --- What a listing says of a change.


def sitemap(web: Web, *lines: tuple[str, str]) -> None:
    """Serve a news sitemap: paths, each with its `lastmod`."""
    urls = "".join(
        f"<url><loc>{web.url(path)}</loc><lastmod>{changed}</lastmod><news:news><news:title>Talks on the harbour</news:title>"
        f"<news:publication_date>2025-08-14T10:00:00Z</news:publication_date></news:news></url>"
        for path, changed in lines
    )
    names = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    web.answers["/map.xml"] = Answer(f"<urlset {names}>{urls}</urlset>".encode(), headers={"content-type": "application/xml"})


def of_a_sitemap(web: Web, desk: OpenDesk) -> Desk:
    """A desk that has told a statement of a news sitemap, and has looked twice at its page since: next in nine hours."""
    web.answers["/news/0"] = page(*TEXT)
    sitemap(web, ("/news/0", "2025-08-14T10:00:00Z"))
    at_work = desk(SERVICE + LONG + source_block("a", web.url("/map.xml"), more=f'kind = "sitemap"\n{PAGES}'))
    at_work.poll()
    assert len(at_work.settle()) == 1
    for hours in (1, 3):
        at_work.clock.forward(hours=hours)
        at_work.poll()
    assert seen(at_work).looks == 2
    return at_work


def test_a_page_is_looked_at_sooner_where_its_listing_says_that_it_was_changed(web: Web, desk: OpenDesk) -> None:
    at_work = of_a_sitemap(web, desk)
    at_work.clock.forward(hours=1)
    web.answers["/news/0"] = page(TEXT[0].replace("four hours", "six hours"), *TEXT[1:])
    sitemap(web, ("/news/0", f"{at_work.clock.now - timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}"), ("/old", "2025-08-01"))
    at_work.poll()  # says so,
    at_work.clock.forward(minutes=1)
    at_work.poll()  # and it is looked at
    assert len(at_work.settle(minutes=40)) == 1
    assert [update.reason for update in told(at_work)][1:] == ["Corrects the number in Update.1, paragraph 1: six, not four."]
    holds(at_work)


def test_a_listing_that_always_says_so_is_believed_ever_less(web: Web, desk: OpenDesk) -> None:
    at_work = of_a_sitemap(web, desk)
    before = asked(web)
    for _ in range(8 * 12):
        at_work.clock.forward(minutes=5)
        sitemap(web, ("/news/0", f"{at_work.clock.now - timedelta(seconds=30):%Y-%m-%dT%H:%M:%SZ}"), ("/old", "2025-08-01"))
        at_work.poll()
    assert 3 <= asked(web) - before <= 5  # after 40 minutes, then 80, 160, 320, where the rhythm alone would have none
    assert seen(at_work).looks == 2 + asked(web) - before


def test_a_change_that_was_seen_already_wakes_nothing(web: Web, desk: OpenDesk) -> None:
    at_work = of_a_sitemap(web, desk)
    before = seen(at_work).next_at
    sitemap(web, ("/news/0", f"{at_work.clock.now - timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}"), ("/old", "2025-08-01"))
    at_work.clock.forward(minutes=5)
    at_work.poll()
    assert seen(at_work).next_at == before

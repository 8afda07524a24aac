"""A feed that says less than before, by a fault of its own: nobody has taken anything out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from aggregator.store.lesser import BARE, CUT
from aggregator.store.schema import revisions
from tests.conftest import STORY, Desk, Web, item, rss, source_block

OpenDesk = Callable[[str], Desk]
pytestmark = pytest.mark.both_databases

TEXT = (
    "The talks on grain will go on in Geneva next week, the minister said. Forty observers of nine states are there."
    " A paper of twelve pages is to be signed by all of them before the end of the month."
)
HALF = "The talks on grain will go on in Geneva next week, the minister said. Forty obs"


def feed(text: str, title: str = "Talks on grain") -> str:
    return rss(item("one", title, text), item("two", "Talks on energy", "The talks on energy begin on Monday, it is said."))


def texts(desk: Desk) -> list[str]:
    with desk.store.read() as tx:
        return list(tx.execute(select(revisions.c.text).where(revisions.c.number > 1)).scalars())


@pytest.mark.parametrize(
    ("text", "title", "reason"),
    [
        ("", "Talks on grain", BARE),
        ("", "Talks on grain go on", BARE),
        ("<p>Subscribe to continue reading.</p><p>Already a subscriber? Log in to your account.</p>", "Talks on grain", BARE),
        (HALF, "Talks on grain", CUT),  # broken off on its way
        (f"{HALF}…", "Talks on grain", CUT),
        (f"{HALF} [...]", "Talks on grain", CUT),
        (f"{HALF}... <a href='/x'>Continue reading</a>", "Talks on grain", CUT),
    ],
)
def test_what_comes_without_its_text_or_cut_short_is_no_edit(
    text: str, title: str, reason: str, web: Web, desk: OpenDesk
) -> None:
    at_work = desk(STORY + source_block("a", web.url()))
    web.serve(feed(TEXT))
    at_work.poll()
    web.serve(feed(text, title))
    report = at_work.poll()[0]
    assert report.balance.counts == {"listed": 2, "new": 0, "revised": 0, "duplicate": 0, "unchanged": 1, "dropped": 1}
    assert [(one.ref, one.reason) for one in report.balance.drops] == [("urn:one", reason)]
    assert not report.opened  # it is listed still
    web.serve(feed(TEXT.replace("Forty", "Fifty")))
    assert at_work.poll()[0].balance.revised == 1  # what the source really changes is an edit as ever
    assert texts(at_work) == [TEXT.replace("Forty", "Fifty")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (TEXT, TEXT[: TEXT.index(" Forty")]),  # sentences taken out: no mark says that more is to come
        (TEXT, f"{HALF.replace('next week', 'next year')}…"),
        (TEXT, f"{TEXT} And so on…"),
        (f"<p>{HALF}</p><p>Annex one</p>", HALF),  # a paragraph was taken out
        (f"{HALF}…", f"{HALF.replace('Geneva', 'Vienna')}…"),
        ("", "A text at last."),
    ],
)
def test_what_says_something_else_is_an_edit(before: str, after: str, web: Web, desk: OpenDesk) -> None:
    at_work = desk(STORY + source_block("a", web.url()))
    for text in (before, after):
        web.serve(feed(text))
        at_work.poll()
    assert texts(at_work) == [after]


def test_a_page_that_breaks_off_is_no_edit(web: Web, desk: OpenDesk) -> None:
    """An answer without a length that ends early looks whole."""
    page = "".join(
        f"<p>{one}</p>" for one in (TEXT, TEXT.replace("grain", "energy"), "The next round follows in spring in Vienna.")
    )
    whole = f"<html><head><title>Talks on grain</title></head><body><article><h1>Talks on grain</h1>{page}"
    at_work = desk(STORY + source_block("a", web.url(), more="fetch_pages = true"))
    for summary, length in (("A summary.", len(whole)), ("Another summary.", whole.rindex("twelve") + 3)):
        web.serve(rss(item("one", "Talks on grain", summary, link=web.url("/news"))))
        web.serve(whole[:length], "/news", content_type="text/html; charset=utf-8")
        report = at_work.poll()[0]
    assert [one.reason for one in report.balance.drops] == [CUT]
    assert texts(at_work) == []


def test_a_title_that_was_all_there_was_may_change(web: Web, desk: OpenDesk) -> None:
    at_work = desk(STORY + source_block("a", web.url()))
    for title in ("Talks on grain", "Talks on wheat"):
        web.serve(feed("", title))
        at_work.poll()
    assert texts(at_work) == ["Talks on wheat"]

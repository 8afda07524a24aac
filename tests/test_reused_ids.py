"""A source that gives the id of one item to another one: no edit is told that nobody made, and nothing new is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from aggregator.store.schema import listings, revisions, statements, updates
from tests.conftest import NOON, STORY, Desk, Web, item, rss, source_block

OpenDesk = Callable[[str], Desk]
pytestmark = pytest.mark.both_databases

NOW_STORY = STORY.replace('settle = "10m"', 'settle = "0s"')
SUBJECTS = ["harbours", "forests", "railways", "schools", "fisheries", "taxes", "museums", "bridges"]


def said(number: int, ident: str, *, words: str = "") -> str:
    subject = SUBJECTS[number]
    text = f"The talks on grain turned to {subject} on day {number}, and {number + 11} delegates spoke of {subject}. {words}"
    return item(ident, f"Talks on {subject}", text, at=NOON + timedelta(minutes=number), link=f"https://example.org/{subject}")


def day(number: int) -> str:
    text = f"On day {number} the talks on grain went on for {number + 2} hours."
    at, link = NOON + timedelta(minutes=number), f"https://example.org/day/{number}"
    return item("all", f"Talks, day {number}", text, at=at, link=link)


def kinds(desk: Desk) -> list[str]:
    desk.settle()
    with desk.store.read() as tx:
        return list(tx.execute(select(updates.c.kind).order_by(updates.c.id)).scalars())


def counts(desk: Desk) -> tuple[int, int]:
    """Statements, and versions of them."""
    with desk.store.read() as tx:
        return tuple(len(tx.execute(select(table.c.id)).all()) for table in (statements, revisions))  # type: ignore[return-value]  # two


def placed(numbers: Sequence[int]) -> str:
    """A feed whose ids are places in it."""
    return rss(*(said(number, f"place-{place}") for place, number in enumerate(numbers)))


def test_ids_that_are_places_make_no_corrections_and_lose_nothing(web: Web, desk: OpenDesk) -> None:
    at_work = desk(NOW_STORY + source_block("a", web.url()))
    for numbers in ([2, 1, 0], [3, 2, 1], [5, 4, 3], [6, 5, 4]):
        web.serve(placed(numbers))
        at_work.poll()
    assert counts(at_work) == (7, 7)
    assert kinds(at_work) == ["new", *["adds"] * 6]


def test_a_place_that_jumps_beyond_all_that_was_listed_makes_no_correction(web: Web, desk: OpenDesk) -> None:
    at_work = desk(NOW_STORY + source_block("a", web.url()))
    web.serve(placed([0]))
    at_work.poll()
    notice = item(
        "place-0", "Minister leaves", "A new minister was sworn in at the palace.", at=NOON + timedelta(hours=1)
    )  # fmt: skip
    web.serve(rss(notice))
    assert at_work.poll()[0].balance.new == 1
    assert counts(at_work) == (2, 2)


def test_two_ids_that_were_mixed_up_say_nothing_new(web: Web, desk: OpenDesk) -> None:
    at_work = desk(NOW_STORY + source_block("a", web.url()))
    for one, other in (("x", "y"), ("y", "x"), ("x", "y")):
        web.serve(rss(said(0, one), said(1, other)))
        at_work.poll()
    assert counts(at_work) == (2, 2)
    assert kinds(at_work) == ["new", "adds"]


def test_one_id_for_all_entries_is_no_edit_of_the_first(web: Web, desk: OpenDesk) -> None:
    at_work = desk(NOW_STORY + source_block("a", web.url()))
    for newest in (3, 4, 7):
        web.serve(rss(*(said(number, "all") for number in range(newest, newest - 3, -1))))
        at_work.poll()
    assert counts(at_work) == (7, 7)
    assert "corrected" not in kinds(at_work)


def test_one_id_for_all_entries_that_differ_by_a_number_alone_makes_no_correction(web: Web, desk: OpenDesk) -> None:
    at_work = desk(NOW_STORY + source_block("a", web.url()))
    for newest in (3, 9):
        web.serve(rss(*(day(number) for number in range(newest, newest - 3, -1))))
        at_work.poll()
    assert counts(at_work) == (6, 6)


def test_what_was_given_an_id_of_its_own_is_known_at_the_next_poll_and_its_edits_are_told(web: Web, desk: OpenDesk) -> None:
    at_work = desk(NOW_STORY + source_block("a", web.url()))
    for feed in (placed([1, 0]), placed([2, 1]), placed([2, 1]).replace("<title>Feed", "<title>The feed")):
        web.serve(feed)
        report = at_work.poll()[0]
    assert (report.balance.unchanged, report.balance.listed) == (2, 2)
    web.serve(placed([2, 1]).replace("13 delegates", "31 delegates"))
    assert at_work.poll()[0].balance.revised == 1
    with at_work.store.read() as tx:
        query = select(listings.c.url).join(revisions, revisions.c.statement_id == listings.c.statement_id)
        assert {*tx.execute(query.where(revisions.c.number == 2)).scalars()} == {"https://example.org/railways"}


@pytest.mark.parametrize(
    "edited",
    [
        said(0, "x").replace("/harbours", "/docks"),  # it moved
        said(0, "x", words="They ended at noon.").replace("/harbours", "/docks").replace("Talks on harbours", "Talks on docks"),
        said(0, "x").replace("on day 0, and 11 delegates spoke of harbours", "late"),  # at its own address
        item("x", "Quite another title", "Quite another text stands there.", at=NOON, link="https://example.org/harbours"),
        item("x", "Quite another title", "Quite another text stands there.", at=NOON, link="https://example.org/docks"),
    ],
)
def test_an_edit_under_its_own_id_stays_one(edited: str, web: Web, desk: OpenDesk) -> None:
    at_work = desk(NOW_STORY + source_block("a", web.url()))
    web.serve(rss(said(0, "x"), said(1, "y")))
    at_work.poll()
    web.serve(rss(edited, said(1, "y")))
    assert at_work.poll()[0].balance.new == 0
    assert counts(at_work)[0] == 2

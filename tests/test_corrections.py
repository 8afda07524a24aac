"""Edits of what a story tells: one correction of each, with before and after, once the page is quiet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from aggregator.model import StoryKey, Update, UpdateKind
from aggregator.store.pages import story_page
from aggregator.store.schema import candidates
from aggregator.store.stories import waiting
from tests.conftest import NOON, STORY, Desk, Web, item, rss, source_block

CORRECTED, ADDS = UpdateKind.CORRECTED, UpdateKind.ADDS
EDITS = STORY.replace('settle_edits = "10m"', 'settle_edits = "1h"')
START = "The talks start at 11:00 in the long hall of the palace."
GRAIN = "The delegations agreed on 12 measures about grain."
PRESS = "The hall is closed to the press on that day."
MORE = "A ship with 40 tons of wheat leaves the port on Friday."
FIRST = (START, GRAIN, PRESS)


class Page:
    """A statement whose source edits it, and a story that tells it."""

    def __init__(self, web: Web, desk: Desk) -> None:
        self.web, self.desk, self.copies = web, desk, 0
        self.says(*FIRST)
        assert len(desk.settle(minutes=10)) == 1

    def says(self, *lines: str, minutes: float = 0) -> None:
        """The page as it is now, read at once; then time passes."""
        self.copies += 1
        text = "".join(f"<p>{line}</p>" for line in lines)
        self.web.serve(rss(item("one", "On grain", text), built=NOON + timedelta(seconds=self.copies)))
        self.desk.poll("a")
        self.desk.settle(minutes=minutes)

    def updates(self) -> list[Update]:
        with self.desk.store.read() as tx:
            page = story_page(tx, StoryKey("talks"))
        assert page is not None
        assert [update.number for update in page.updates] == list(range(1, len(page.updates) + 1))
        return list(page.updates)

    def changes(self) -> list[tuple[int, int, str, str]]:
        return [(one.number, old.number, old.before, old.after) for one in self.updates() for old in one.replaces]

    def notes(self) -> list[str]:
        with self.desk.store.read() as tx:
            query = select(candidates.c.note).where(candidates.c.state == "set_aside").order_by(candidates.c.id)
            return list(tx.execute(query).scalars())


@pytest.fixture
def page(web: Web, desk: Callable[[str], Desk]) -> Page:
    web.serve(rss())
    return Page(web, desk(EDITS + source_block("a", web.url(), name="Alpha")))


def said(update: Update) -> list[str]:
    return [sentence.text for paragraph in update.paragraphs for sentence in paragraph.sentences]


AT = {time: START.replace("11:00", time) for time in ("11:00", "11:30", "12:00", "13:00")}


@pytest.mark.both_databases
def test_a_correction_shows_before_and_after_once_the_page_is_quiet(page: Page) -> None:
    page.says(AT["11:30"], GRAIN, PRESS, minutes=59)
    assert len(page.updates()) == 1
    page.desk.settle(minutes=1)
    old, new = page.updates()
    assert (new.kind, new.corrects, said(new)) == (CORRECTED, (1,), [AT["11:30"]])
    assert new.reason == "Corrects the time in Update.1, paragraph 1: 11:30, not 11:00."
    assert page.changes() == [(2, 1, START, AT["11:30"])]
    assert said(old) == list(FIRST)
    with page.desk.store.read() as tx:
        rows = [tuple(row) for row in tx.exec_driver_sql("SELECT * FROM v1_corrections")]
    assert rows == [("talks", 2, 1, 1, 1, START, AT["11:30"])]


def test_a_sentence_that_is_taken_out_has_nothing_in_its_place_though_a_like_one_stands(page: Page) -> None:
    like = GRAIN.replace("12", "14").replace("grain", "gas")
    page.says(*FIRST, like, minutes=60)
    page.says(START, PRESS, like, minutes=60)
    assert [(update.kind, said(update)) for update in page.updates()[1:]] == [(ADDS, [like]), (CORRECTED, [])]
    assert page.changes() == [(3, 1, GRAIN, "")]
    assert (
        page.updates()[2].reason
        == "Corrects Update.1, paragraph 2: Alpha took out “The delegations agreed on 12 measures about grain”."
    )


@pytest.mark.both_databases
def test_a_correction_of_a_correction_names_the_correction(page: Page) -> None:
    page.says(AT["11:30"], GRAIN, PRESS, minutes=60)
    page.says(AT["12:00"], GRAIN, PRESS, minutes=60)
    assert page.changes() == [(2, 1, START, AT["11:30"]), (3, 2, AT["11:30"], AT["12:00"])]
    assert [update.corrects for update in page.updates()] == [(), (1,), (2,)]


def test_an_edit_back_is_told_once_and_not_at_all_where_nothing_was_told_of_it(page: Page) -> None:
    page.says(AT["11:30"], GRAIN, PRESS, minutes=30)
    page.says(*FIRST, minutes=24 * 60)
    assert len(page.updates()) == 1
    assert page.notes() == [
        "edited before it was told",
        "is what was told last: what was changed meanwhile was taken back",
    ]
    page.says(AT["12:00"], GRAIN, PRESS, minutes=60)
    page.says(*FIRST, minutes=24 * 60)
    assert page.changes() == [(2, 1, START, AT["12:00"]), (3, 2, AT["12:00"], START)]
    page.desk.settle(days=3)
    assert len(page.updates()) == 3


def test_a_war_of_fifty_versions_in_a_day_is_one_correction(page: Page) -> None:
    for n in range(50):
        page.says(START.replace("11:00", f"{8 + n % 12}:{10 + n}"), GRAIN, PRESS, minutes=25)
    assert len(page.updates()) == 1
    page.desk.settle(hours=4)
    assert page.changes() == [(2, 1, START, START.replace("11:00", "9:59"))]


def test_a_war_without_end_is_told_once_a_day(page: Page) -> None:
    for n in range(3 * 30):
        page.says(START.replace("11:00", f"{8 + n % 12}:{10 + n % 48}"), GRAIN, PRESS, minutes=48)
    assert [update.kind for update in page.updates()[1:]] in ([CORRECTED] * 2, [CORRECTED] * 3)


@pytest.mark.both_databases
def test_a_page_that_flips_between_two_versions_is_told_of_once_a_day_at_most(page: Page) -> None:
    for n in range(24):
        page.says(AT["11:30"] if n % 2 else START, GRAIN, PRESS, minutes=119)
    assert len(page.updates()) <= 3
    assert page.updates()[1].reason == "Corrects the time in Update.1, paragraph 1: 11:30, not 11:00."


def test_a_growing_transcript_makes_one_addition_when_it_has_settled(page: Page) -> None:
    lines = [f"Minister number {n} spoke about {n + 40} ships and port {n * 7}." for n in range(1, 6)]
    for n in range(1, 6):
        page.says(*FIRST, *lines[:n], minutes=30)
    page.desk.settle(minutes=30)
    _, added = page.updates()
    assert (added.kind, added.reason) == (
        ADDS,
        "Adds to Update.1 what Alpha has put into its statement since: “On grain”.",
    )
    assert said(added) == lines


@pytest.mark.both_databases
def test_a_correction_and_an_addition_in_one_edit_are_two_updates_the_correction_first(page: Page) -> None:
    page.says(AT["11:30"], GRAIN, PRESS, MORE, minutes=60)
    _, correction, addition = page.updates()
    assert (correction.kind, said(correction)) == (CORRECTED, [AT["11:30"]])
    assert (addition.kind, said(addition), addition.corrects) == (ADDS, [MORE], ())
    assert correction.published_at == addition.published_at
    assert correction.revision == addition.revision
    assert page.notes() == []


def test_what_was_taken_out_and_is_back_is_said_of_the_update_that_took_it_out(page: Page) -> None:
    page.says(START, PRESS, minutes=60)
    page.says(*FIRST, minutes=24 * 60)
    _, out, back = page.updates()
    assert (out.kind, said(out)) == (CORRECTED, [])
    assert (back.kind, back.corrects, said(back)) == (CORRECTED, (2,), [GRAIN])
    assert back.reason == "Corrects Update.2: Alpha put back “The delegations agreed on 12 measures about grain”."
    page.says(START, PRESS, minutes=24 * 60)
    assert page.changes()[-1] == (4, 3, GRAIN, "")


def test_a_statement_that_contradicts_itself_is_told_with_both(page: Page) -> None:
    page.says(*FIRST, "The talks start at 11:30 in the long hall of the palace.", minutes=60)
    _, added = page.updates()
    assert (added.kind, said(added)) == (ADDS, [AT["11:30"]])
    page.says(AT["11:30"], GRAIN, PRESS, minutes=60)  # now it says one thing
    assert page.changes() == [(3, 1, START, "")]


def test_two_sentences_that_were_joined_are_not_taken_out(page: Page) -> None:
    joined = f"{START[:-1]}, and the delegations agreed on 13 measures about grain."
    page.says(joined, PRESS, minutes=60)
    assert page.changes() == [(2, 1, GRAIN, joined)]  # the first stands in it as it was


def test_with_settle_edits_of_nothing_each_edit_is_told_at_once(web: Web, desk: Callable[[str], Desk]) -> None:
    web.serve(rss())
    page = Page(web, desk(EDITS.replace('"1h"', '"0s"') + source_block("a", web.url())))
    for time in ("11:30", "11:00", "11:30"):
        page.says(AT[time], GRAIN, PRESS)
    assert [update.kind for update in page.updates()[1:]] == [CORRECTED] * 3


@pytest.mark.parametrize(("settings", "minutes"), [('settle = "10m"', 60), ('settle = "0s"', 0), ('settle = "8h"', 24 * 60)])
def test_an_edit_waits_six_times_as_long_as_a_statement_if_nothing_else_is_set(
    settings: str, minutes: int, web: Web, desk: Callable[[str], Desk]
) -> None:
    story = STORY.replace('settle_edits = "10m"\n', "").replace('settle = "10m"', settings)
    web.serve(rss(item("one", "Talks on grain", START)))
    at_work = desk(story + source_block("a", web.url()))
    at_work.poll()
    assert len(at_work.settle(hours=8)) == 1
    web.serve(rss(item("one", "Talks on grain", AT["11:30"])))
    at_work.poll()
    with at_work.store.read() as tx:
        (edit,) = waiting(tx)
    assert (edit.edits, edit.settles_at - edit.seen_at) == (True, timedelta(minutes=minutes))


def test_nobody_waits_for_an_edit(web: Web, page: Page) -> None:
    page.says(AT["11:30"], GRAIN, PRESS, minutes=1)
    two = item("two", "Talks on gas", "A pipe of 300 km was opened in the south.", at=NOON + timedelta(minutes=5))
    web.serve(rss(two, built=NOON + timedelta(hours=1)))
    page.desk.poll("a")
    assert [update.title for update in page.desk.settle(minutes=10)] == ["Talks on gas"]


def test_an_edit_to_the_words_of_another_family_is_still_a_correction(web: Web, desk: Callable[[str], Desk]) -> None:
    """It puts right what was told of this statement, whoever else says so by now."""
    web.serve(rss())
    long = " ".join([AT["11:30"], GRAIN, PRESS, MORE])
    web.serve(rss(item("two", "On the talks", long)), "/b")
    page = Page(web, desk(EDITS + source_block("a", web.url()) + source_block("b", web.url("/b"))))
    page.desk.poll("b")
    page.desk.settle(minutes=10)
    page.says(long, minutes=60)
    assert CORRECTED in {update.kind for update in page.updates()}


def test_what_comes_late_says_when_it_was_said(web: Web, page: Page) -> None:
    late = item("two", "Talks on gas", "A pipe of 300 km was opened in the south.", at=NOON - timedelta(hours=3))
    web.serve(rss(late, built=NOON + timedelta(hours=1)))
    page.desk.poll("a")
    page.desk.settle(minutes=10)
    assert page.updates()[1].reason == (
        "Adds a statement by Alpha: “Talks on gas”, said on 14 August at 09:00 UTC, before Update.1."
    )


def corroborated(desk: Desk) -> list[tuple[int, str]]:
    with desk.store.read() as tx:
        rows = tx.exec_driver_sql("SELECT number, source FROM v1_corroborations ORDER BY number, source")
        return [(row.number, row.source) for row in rows]


@pytest.mark.both_databases
@pytest.mark.parametrize(("family", "beside"), [("b", [(1, "b")]), ("a", [])])
def test_who_says_in_other_words_what_was_told_stands_beside_it_if_of_another_family(
    family: str, beside: list[tuple[int, str]], web: Web, desk: Callable[[str], Desk]
) -> None:
    web.serve(rss())
    web.serve(rss(), "/b")
    page = Page(web, desk(EDITS + source_block("a", web.url()) + source_block("b", web.url("/b"), family=family)))
    words = "In the long hall of the palace, the talks start at 11:00. About grain the delegations agreed on 12 measures."
    web.serve(rss(item("two", "Grain talks: what is known", words, at=NOON + timedelta(minutes=1))), "/b")
    page.desk.poll("b")
    page.desk.settle(minutes=10)
    assert len(page.updates()) == 1
    assert corroborated(page.desk) == beside
    whose = "in another family's words" if beside else "once more"
    assert page.notes() == [f"says {whose} what Update.1 tells"]

"""An edit back where no copy says how old it is: what stays is one, what flips is a stale copy."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from aggregator.model import StoryKey, Update, UpdateKind
from aggregator.pipeline import PollReport
from aggregator.pipeline.rebuilding import Asked, rebuild
from aggregator.store.pages import updates_of
from aggregator.store.schema import drops, revisions
from aggregator.store.verifying.whole import verify
from tests.conftest import NOON, STORY, Desk, Web, item, rss, source_block
from tests.test_watching import page

OpenDesk = Callable[[str], Desk]
SERVICE = '[service]\ngap = "0s"\nwatch_for = "60d"\n'
LIST = """
kind = "page"
selectors = { entry = "li", title = "h3", time = "time", id = "@data-id", text = "p" }
"""
FIRST = "The delegations agreed on 12 measures about grain at the talks in Geneva."
EDITED = FIRST.replace("12", "14")
OTHER = "A further round of the talks follows in the autumn in another city of the region."
KINDS = [UpdateKind.NEW, UpdateKind.CORRECTED, UpdateKind.CORRECTED]


def listing(text: str, *, more: int = 0, hour: int = 10) -> str:
    """A list of two things, said in some hour, and of `more` that belong to no story."""
    walks = (f"Walk {n}|In the park it rained {n} times on that day." for n in range(more))
    lines = [f"On grain|{text}", f"On the talks|{OTHER}", *walks]
    shown = "".join(
        f"<li data-id='urn:n{n}'><h3>{title}</h3><time datetime='2025-08-14T{hour:02}:{n:02}Z'>today</time><p>{said}</p></li>"
        for n, (title, _, said) in enumerate(line.partition("|") for line in lines)
    )
    return f"<!DOCTYPE html><html lang='en'><head><title>News</title></head><body><ul>{shown}</ul></body></html>"


class Site:
    """A source without an age of its copies, and a story that has told what it said and that it was edited."""

    def __init__(self, web: Web, desk: Desk) -> None:
        self.web, self.desk, self.answers = web, desk, 0
        self.says(FIRST)
        desk.settle()
        self.says(EDITED, minutes=20)
        desk.settle(minutes=90)
        assert self.kinds() == [UpdateKind.NEW, UpdateKind.ADDS, UpdateKind.CORRECTED]

    def serve(self, text: str, **more: int) -> None:
        self.web.serve(listing(text, **more), content_type="text/html; charset=utf-8")

    def says(self, text: str, *, minutes: float = 0, **more: int) -> PollReport:
        """Some time later, the source says a text, and is asked."""
        self.desk.clock.forward(minutes=minutes)
        self.serve(text, **more)
        (report,) = self.desk.poll()
        return report

    def told(self) -> list[Update]:
        with self.desk.store.read() as tx:
            return updates_of(tx, StoryKey("talks"))

    def kinds(self) -> list[UpdateKind]:
        return [one.kind for one in self.told()]

    def versions(self) -> list[str]:
        return versions(self.desk)


def versions(desk: Desk) -> list[str]:
    """The texts of the first statement that was edited, in their order."""
    with desk.store.read() as tx:
        found = list(tx.execute(select(revisions.c.text).order_by(revisions.c.id)).scalars())
    return [text for text in found if "measures" in text]


def dropped(desk: Desk) -> list[str]:
    with desk.store.read() as tx:
        return list(tx.execute(select(drops.c.reason).order_by(drops.c.id)).scalars())


def holds(desk: Desk) -> None:
    """The store is whole, and its record, done again, gives the same."""
    assert [one.line for one in verify(desk.store).findings] == []
    file = desk.config.service.storage.parent / "rebuilt.sqlite"
    found = asyncio.run(rebuild(desk.store, Asked(config=None), file=file, sandbox=desk.sandbox))
    assert [f"{row.table} {row.number}: {row.what}" for table in found.tables for row in table.shown] == []
    assert found.same
    assert found.equal


@pytest.fixture
def site(web: Web, desk: OpenDesk) -> Site:
    web.serve("")
    return Site(web, desk(SERVICE + STORY + source_block("a", web.url(), more=LIST)))


@pytest.mark.both_databases
def test_a_copy_that_stays_is_an_edit_back_and_told_once(site: Site) -> None:
    first = site.says(FIRST, minutes=60)
    assert first.outcome.reason == "an older copy that was read before"
    assert site.says(FIRST, minutes=3 * 60).balance.revised == 0
    assert site.versions() == [FIRST, EDITED]
    back = site.says(FIRST, minutes=3 * 60)
    assert (back.balance.revised, back.balance.unchanged, back.candidates) == (1, 1, 1)
    assert site.versions() == [FIRST, EDITED, FIRST]
    again = site.says(FIRST, minutes=60)
    assert (again.outcome.reason, again.balance.listed) == ("the same bytes as at the last poll", 0)
    site.desk.settle(days=1)
    *_, correction = site.told()
    assert (correction.kind, [(old.before, old.after) for old in correction.replaces]) == (
        UpdateKind.CORRECTED,
        [(EDITED, FIRST)],
    )
    site.says(FIRST, minutes=60)
    site.desk.settle(days=3)
    assert len(site.told()) == 4
    holds(site.desk)


@pytest.mark.both_databases
def test_what_stays_among_lines_that_change_is_an_edit_back_too(site: Site) -> None:
    """No two copies are of the same bytes, so each line is looked at by itself."""
    for n in range(1, 4):
        report = site.says(FIRST, minutes=0 if n == 1 else 2 * 60, more=n)
        assert (report.balance.new, report.balance.dropped, report.balance.revised) == (1, 1, 0)
    assert set(dropped(site.desk)) == {"says again what was edited since: version 1, perhaps of a stale copy"}
    assert site.says(FIRST, minutes=2 * 60, more=4).balance.revised == 1
    assert site.versions() == [FIRST, EDITED, FIRST]
    site.desk.settle(days=1)
    assert site.kinds()[-1] is UpdateKind.CORRECTED
    holds(site.desk)


def test_a_new_copy_that_then_stays_unchanged_is_an_edit_back(site: Site) -> None:
    """It came with something new: a server that would then answer "unchanged" must not hide that it stays."""
    site.web.answers["/feed"].headers["etag"] = '"edited"'
    site.desk.poll()
    reports = []
    for minutes in (10, 3 * 60, 3 * 60, 30):
        site.desk.clock.forward(minutes=minutes)
        site.web.serve(listing(FIRST, more=1), content_type="text/html; charset=utf-8", etag='"new"')
        reports += site.desk.poll()
    assert [report.balance.revised for report in reports] == [0, 0, 1, 0]
    assert reports[-1].outcome.reason == "unchanged since the last poll"
    assert [headers.get("if-none-match") for _, headers in site.web.asked[-4:]] == ['"edited"', None, None, '"new"']


@pytest.mark.parametrize("minutes", [20, 90, 170, 700])
def test_a_page_that_flips_is_of_one_pair_of_versions(site: Site, minutes: int) -> None:
    for n in range(6):
        site.says(EDITED if n % 2 else FIRST, minutes=minutes)
    assert site.versions() == [FIRST, EDITED]
    assert not dropped(site.desk)
    for n in range(6):
        site.says(EDITED if n % 2 else FIRST, minutes=minutes, more=n + 1)
    assert site.versions() == [FIRST, EDITED]
    assert len(dropped(site.desk)) == 3
    site.desk.settle(days=2)
    assert len(site.told()) == 3
    holds(site.desk)


@pytest.mark.parametrize(("first", "second"), [(5 * 60, 59), (59, 5 * 60), (8 * 60, None)])
def test_fewer_than_three_polls_and_less_than_six_hours_are_not_enough(site: Site, first: int, second: int | None) -> None:
    site.says(FIRST, minutes=10)
    for minutes in (first, second):
        if minutes is not None:
            site.says(FIRST, minutes=minutes)
    assert site.versions() == [FIRST, EDITED]
    site.says(FIRST, minutes=1)
    assert site.versions() == [FIRST, EDITED, FIRST]


def test_a_failure_in_between_says_nothing(site: Site) -> None:
    site.says(FIRST, minutes=10)
    site.desk.clock.forward(hours=3)
    site.web.answers["/feed"].status = 503
    site.desk.poll()
    site.says(FIRST, minutes=60)
    site.says(FIRST, minutes=2 * 60)
    assert site.versions() == [FIRST, EDITED, FIRST]


def test_a_copy_that_says_that_it_is_older_than_the_edit_never_counts(site: Site) -> None:
    for hours in range(12):
        site.desk.clock.forward(hours=1)
        site.serve(FIRST, more=hours + 1)
        site.web.answers["/feed"].headers["age"] = str((hours + 9) * 3600)
        site.desk.poll()
    assert site.versions() == [FIRST, EDITED]


def test_a_copy_that_says_so_neither_counts_nor_stands_against_others(site: Site) -> None:
    for minutes, age in ((10, 0), (3 * 60, 0), (3 * 60, 9), (1, 0)):
        assert site.versions() == [FIRST, EDITED]
        site.desk.clock.forward(minutes=minutes)
        site.serve(FIRST, more=minutes % 7)
        site.web.answers["/feed"].headers["age"] = str(age * 3600)
        site.desk.poll()
    assert site.versions() == [FIRST, EDITED, FIRST]


def test_what_is_no_longer_listed_is_no_edit(site: Site) -> None:
    """A whole copy that comes back to stay, and of which no line was edited, is the newest one again."""
    site.says(EDITED, minutes=10, more=1)
    for minutes in (10, 3 * 60, 3 * 60):
        report = site.says(EDITED, minutes=minutes)
    assert (report.balance.listed, report.balance.unchanged) == (2, 2)
    assert site.says(EDITED, minutes=30).outcome.reason == "the same bytes as at the last poll"


def test_an_edit_back_by_another_source_of_the_family_is_none(web: Web, desk: OpenDesk) -> None:
    """Its line may say all the time what was said first; only who said the newer text can take it back."""
    web.serve("")
    web.serve(listing(FIRST), "/b", content_type="text/html; charset=utf-8")
    blocks = (source_block(key, web.url(path), more=LIST, family="one") for key, path in (("a", "/feed"), ("b", "/b")))
    at_work = desk(SERVICE + STORY + "".join(blocks))
    web.serve(listing(FIRST), content_type="text/html; charset=utf-8")
    at_work.poll()
    web.serve(listing(EDITED), content_type="text/html; charset=utf-8")
    at_work.poll("a")
    for n in range(6):
        at_work.clock.forward(hours=2)
        web.serve(listing(FIRST, hour=n), "/b", content_type="text/html; charset=utf-8")
        at_work.poll("b")
    assert versions(at_work) == [FIRST, EDITED]


def test_where_copies_have_an_age_it_alone_decides(web: Web, desk: OpenDesk) -> None:
    """Also after an older copy, of other bytes, has said again what the newest one says later."""
    web.serve("")
    at_work = desk(SERVICE + STORY + source_block("a", web.url()))
    copies = ((FIRST, 0, 0), (EDITED, 2, 0), (FIRST, 1, 1), (FIRST, 1, 1), (FIRST, 1, 1), (FIRST, 3, 1))
    found = []
    for text, built, more in copies:
        at_work.clock.forward(hours=4)
        lines = [item("one", "On grain", text), *(item(f"w{n}", "A walk", "It rained.") for n in range(more))]
        web.serve(rss(*lines, built=NOON + timedelta(hours=built)))
        (report,) = at_work.poll()
        found.append((report.balance.revised, report.balance.dropped))
    assert found == [(0, 0), (1, 0), (0, 0), (0, 0), (0, 0), (1, 0)]
    assert versions(at_work) == [FIRST, EDITED, FIRST]


# --- Pages that are looked at again.

PAGES = "fetch_pages = true"


@pytest.fixture
def watched(web: Web, desk: OpenDesk) -> Desk:
    web.serve(rss(item("n0", "On grain", "", link=web.url("/news/0"))))
    web.answers["/news/0"] = page(OTHER, FIRST, title="On grain")
    at_work = desk(SERVICE + STORY + source_block("a", web.url(), more=PAGES))
    at_work.poll()
    at_work.settle()
    return at_work


def look(desk: Desk, **later: float) -> None:
    desk.clock.forward(**later)
    desk.poll()


@pytest.mark.both_databases
@pytest.mark.parametrize("relisted", [False, True], ids=["found by a look", "found by the listing"])
def test_a_page_that_is_back_at_an_earlier_text_for_long_was_edited_back(web: Web, watched: Desk, relisted: bool) -> None:
    etags = {FIRST: '"one"', EDITED: '"two"'}

    def serve(text: str) -> None:
        web.answers["/news/0"] = page(OTHER, text, title="On grain")
        web.answers["/news/0"].headers["etag"] = etags[text]

    serve(FIRST)
    look(watched, hours=1)
    serve(EDITED)
    if relisted:
        web.serve(rss(item("n0", "On grain", "", at=NOON + timedelta(minutes=1), link=web.url("/news/0"))))
    look(watched, hours=3)
    watched.settle(hours=1)
    assert len(versions(watched)) == 2
    serve(FIRST)
    for _ in range(6):
        look(watched, hours=1)
    assert len(versions(watched)) == 2
    for _ in range(10):
        look(watched, hours=1)
    assert len(versions(watched)) == 3
    watched.settle(days=1)
    with watched.store.read() as tx:
        assert [one.kind for one in updates_of(tx, StoryKey("talks"))] == KINDS
    holds(watched)


def test_a_page_that_flips_between_looks_is_of_one_pair_of_versions(web: Web, watched: Desk) -> None:
    for n in range(14):
        web.answers["/news/0"] = page(OTHER, EDITED if n % 2 == 0 else FIRST, title="On grain")
        look(watched, hours=3)
    assert len(versions(watched)) == 2
    holds(watched)

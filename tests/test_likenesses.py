"""Near-copies on the whole road: linked with their reasons, told once, and never lost; what only looks alike is told apart."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from aggregator.cli import statement_shown
from aggregator.model import StatementId, StoryKey, StoryPage, UpdateKind
from aggregator.pipeline.likening import catch_up
from aggregator.pipeline.rebuilding import Asked, rebuild
from aggregator.pipeline.sandbox import Sandbox
from aggregator.service import open_for
from aggregator.store.near import COPIES
from aggregator.store.pages import story_page
from aggregator.store.reading import statement_detail
from aggregator.store.schema import candidates, likenesses, near_bands, near_index, near_sketches, revisions
from aggregator.store.verifying.whole import verify
from tests.conftest import NOON, STORY, Desk, Web, item, rss, source_block

pytestmark = pytest.mark.both_databases

PLAIN = (
    "The delegations met in Geneva for the talks on the harbour of the island. They agreed that the lighthouse is kept by both"
    " sides in turn. The keepers' association welcomed the agreement, and said that its members would begin in the spring. The"
    " ministers thanked the hosts for their patience. A further meeting on the ferries is to follow in the autumn. "
)
PACKAGE = (
    "The Council adopted the {} package of measures on the harbour after the talks. It lists ships that carry timber without"
    " papers, and forbids their insurers to do business in the union. The high representative said that the measures would be"
    " felt. Member states have a month to report how they carry them out. "
)
TYPOGRAPHIC = PLAIN.replace("'", "’").replace("Geneva for", "Geneva\u00a0for").replace(" -", " –")


def feeds(web: Web, *, families: tuple[str, ...] = ("one", "two", "three"), lanes: tuple[str, ...] = ("primary",) * 3) -> str:
    return STORY + "".join(
        source_block(key, web.url(f"/{key}"), name=key.upper(), family=family, more=f'lane = "{lane}"')
        for key, family, lane in zip("abc", families, lanes, strict=True)
    )


ENGLISH = (
    "President Zelenskyy spoke with Emmanuel Macron on 14 August about the talks in Geneva. The two agreed that 27 ships with"
    " 1.2 million tonnes of grain leave Odesa by 22 August. Ukraine receives 350 million euros for its harbours, 12.5 % more"
    " than in 2024. The next call with Olaf Scholz is planned for 19 August at 11:30."
)
GERMAN = (
    "Präsident Selenskyj sprach am 14. August mit Emmanuel Macron über die Gespräche in Genf (talks). Beide vereinbarten, dass"
    " bis zum 22. August 27 Schiffe mit 1,2 Millionen Tonnen Getreide Odessa verlassen. Die Ukraine erhält 350 Millionen Euro"
    " für ihre Häfen, 12,5 % mehr als 2024. Das nächste Gespräch mit Olaf Scholz ist für den 19. August um 11.30 Uhr geplant."
)


def say(web: Web, key: str, text: str, *, ident: str = "", title: str = "Talks on the harbour", minutes: int = 0) -> None:
    at = NOON - timedelta(hours=1) + timedelta(minutes=minutes)
    web.serve(rss(item(ident or f"{key}-1", title, text, at=at)), f"/{key}")


@pytest.fixture
def quiet(web: Web) -> Web:
    for key in "abc":
        web.serve(rss(), f"/{key}")
    return web


def page(desk: Desk) -> StoryPage:
    with desk.store.read() as tx:
        found = story_page(tx, StoryKey("talks"))
    assert found is not None
    return found


def rows(desk: Desk) -> list[tuple[int, int, str]]:
    query = select(likenesses.c.statement_id, likenesses.c.other_id, likenesses.c.kind)
    with desk.store.read() as tx:
        return sorted((row.statement_id, row.other_id, row.kind) for row in tx.execute(query))


def notes(desk: Desk) -> list[str]:
    with desk.store.read() as tx:
        return list(tx.execute(select(candidates.c.note).where(candidates.c.note != "").order_by(candidates.c.id)).scalars())


def corroborated(desk: Desk, statement: int) -> list[int]:
    with desk.store.read() as tx:
        found = statement_detail(tx, StatementId(statement))
    assert found is not None
    return [one.statement for one in found.corroborated_by]


def test_a_near_copy_of_another_family_is_no_update_and_stands_beside_it(quiet: Web, desk: Callable[[str], Desk]) -> None:
    at_work = desk(feeds(quiet))
    say(quiet, "a", PLAIN)
    at_work.poll("a")
    at_work.store.close()
    at_work.store = open_for(at_work.config)  # what is near is found after a restart, too
    say(quiet, "b", f"GENEVA – {TYPOGRAPHIC}", title="Harbour talks end", minutes=5)
    at_work.poll("b")
    assert rows(at_work) == [(2, 1, "copy")]
    told = at_work.settle(minutes=20)
    assert [one.number for one in told] == [1]
    assert [update.statement for update in page(at_work).updates] == [1]
    assert corroborated(at_work, 1) == [2]
    assert notes(at_work) == ["another family's copy of statement 1, which Update.1 tells"]
    assert verify(at_work.store).good
    at_work.store.close()


def test_of_a_copy_with_a_paragraph_of_its_own_that_paragraph_is_told(quiet: Web, desk: Callable[[str], Desk]) -> None:
    own = (
        "Fishermen in Marsaxlokk told our reporter that nobody had asked them about any of this. Three trawlers were impounded"
        " last winter, insurance premiums doubled, younger crews emigrated towards Sicily, and refrigerators, engines and"
        " licences remain unsold. Their cooperative plans a protest outside parliament tomorrow morning. "
    )
    before, after = (f"<p>{PLAIN}</p><p>{PACKAGE.format('12th')}</p>", f"<p>{ENGLISH}</p>")
    at_work = desk(feeds(quiet))
    say(quiet, "a", before + after)
    at_work.poll("a")
    at_work.settle(minutes=20)
    say(quiet, "b", f"{before}<p>{own}</p>{after}", title="Harbour talks end", minutes=5)
    at_work.poll("b")
    assert rows(at_work) == [(2, 1, "copy")]
    at_work.settle(minutes=20)
    first, added = page(at_work).updates
    assert (added.kind, added.statement) == (UpdateKind.ADDS, 2)
    said = " ".join(each.text for paragraph in added.paragraphs for each in paragraph.sentences)
    assert said.startswith("Fishermen in Marsaxlokk")
    assert said in own
    assert first.statement == 1


@pytest.mark.parametrize(("days", "found"), [(63, [(2, 1, "copy")]), (65, [])])
def test_what_comes_from_an_archive_is_held_against_nothing(
    quiet: Web, desk: Callable[[str], Desk], days: int, found: list[tuple[int, int, str]]
) -> None:
    at_work = desk(feeds(quiet))
    said = -days * 24 * 60
    say(quiet, "a", PLAIN, minutes=said)
    say(quiet, "b", TYPOGRAPHIC, title="Harbour talks end", minutes=said + 5)
    assert [report.balance.new for report in at_work.poll("a", "b")] == [1, 1]
    assert rows(at_work) == found
    assert verify(at_work.store).good


def test_within_a_family_a_near_copy_elsewhere_is_a_statement_and_no_update(quiet: Web, desk: Callable[[str], Desk]) -> None:
    at_work = desk(feeds(quiet, families=("one", "one", "three")))
    say(quiet, "a", PLAIN)
    say(quiet, "b", TYPOGRAPHIC + "The text of the agreement is published on the website.", title="Harbour talks end")
    assert [report.balance.new for report in at_work.poll("a", "b")] == [1, 1]
    assert rows(at_work) == [(2, 1, "copy")]
    assert len(at_work.settle(minutes=20)) == 1
    assert corroborated(at_work, 1) == []
    assert notes(at_work) == ["a copy of statement 1, which Update.1 tells"]


@pytest.mark.parametrize("families", [("one", "two", "three"), ("one", "one", "one")])
def test_the_twelfth_and_the_thirteenth_package_are_two_updates(
    families: tuple[str, ...], quiet: Web, desk: Callable[[str], Desk]
) -> None:
    at_work = desk(feeds(quiet, families=families))
    say(quiet, "a", PACKAGE.format("12th"), title="The 12th package after the talks")
    say(quiet, "b", PACKAGE.format("13th"), title="The 13th package after the talks")
    at_work.poll("a", "b")
    assert rows(at_work) == [(2, 1, "vetoed")]
    assert len(at_work.settle(minutes=20)) == 2
    assert notes(at_work) == []
    with at_work.store.read() as tx:
        (kept,) = tx.execute(select(likenesses)).all()
    assert "13" in kept.veto
    assert "12" in kept.veto
    assert kept.evidence


def test_a_figure_that_changes_at_its_address_is_a_revision_and_a_correction(quiet: Web, desk: Callable[[str], Desk]) -> None:
    at_work = desk(feeds(quiet))
    say(quiet, "a", PACKAGE.format("12th"))
    at_work.poll("a")
    at_work.settle(minutes=20)
    say(quiet, "a", PACKAGE.format("13th"))
    (report,) = at_work.poll("a")
    assert (report.balance.new, report.balance.revised, report.balance.duplicate) == (0, 1, 0)
    assert rows(at_work) == []
    at_work.settle(minutes=20)
    assert [update.kind for update in page(at_work).updates] == ["new", "corrected"]


def test_the_copy_of_a_copy_finds_the_one_that_is_told(quiet: Web, desk: Callable[[str], Desk]) -> None:
    at_work = desk(feeds(quiet))
    say(quiet, "a", PLAIN)
    at_work.poll("a")
    at_work.settle(minutes=20)
    say(quiet, "b", TYPOGRAPHIC, minutes=25)
    at_work.poll("b")
    say(quiet, "c", f"By our correspondent. {TYPOGRAPHIC}", minutes=40)
    at_work.poll("c")
    at_work.settle(minutes=20)
    assert [update.statement for update in page(at_work).updates] == [1]
    assert corroborated(at_work, 1) == [2, 3]


def test_of_two_that_wait_the_one_that_speaks_for_itself_is_told(quiet: Web, desk: Callable[[str], Desk]) -> None:
    at_work = desk(feeds(quiet, lanes=("reporting", "primary", "reporting")))
    say(quiet, "a", PLAIN)
    at_work.poll("a")
    at_work.clock.forward(minutes=6)
    say(quiet, "b", TYPOGRAPHIC, minutes=5)  # said later, seen while the first still waits
    at_work.poll("b")
    assert at_work.settle(minutes=5) == []  # the first is ready, and the better one is not yet
    assert len(at_work.settle(minutes=10)) == 1
    assert [update.statement for update in page(at_work).updates] == [2]
    assert corroborated(at_work, 2) == [1]


def test_an_edit_that_makes_a_copy_another_text_is_told(quiet: Web, desk: Callable[[str], Desk]) -> None:
    at_work = desk(feeds(quiet))
    say(quiet, "a", PACKAGE.format("12th"))
    say(quiet, "b", PACKAGE.format("12th"), title="Package after the talks")
    at_work.poll("a", "b")
    at_work.settle(minutes=20)
    say(quiet, "b", PACKAGE.format("13th"), title="Package after the talks")
    at_work.poll("b")
    at_work.settle(minutes=20)
    assert [update.statement for update in page(at_work).updates] == [1, 2]
    assert rows(at_work) == [(2, 1, "copy"), (2, 1, "vetoed")]


def test_the_same_text_a_thousand_times_keeps_the_index_small(quiet: Web, desk: Callable[[str], Desk]) -> None:
    at_work = desk(feeds(quiet))
    for start in range(0, 1000, 250):
        listed = [item(f"n{start + n}", f"Notice {start + n} on the harbour", PLAIN, link="") for n in range(250)]
        quiet.serve(rss(*(one.replace("12:00:00", f"{n // 60:02}:{n % 60:02}:00") for n, one in enumerate(listed))), "/a")
        at_work.poll("a")
    with at_work.store.read() as tx:
        made = tx.execute(select(revisions.c.id)).all()
        kept = tx.execute(select(near_sketches.c.bands).where(near_sketches.c.kind == "copies")).scalars().all()
    assert len(made) > 500
    assert len(kept) <= COPIES.first + COPIES.last
    assert sum(kept) <= 16 * (COPIES.first + COPIES.last)
    assert verify(at_work.store).good


def test_an_index_of_an_older_version_is_made_anew(quiet: Web, desk: Callable[[str], Desk]) -> None:
    at_work = desk(feeds(quiet))
    say(quiet, "a", PLAIN)
    at_work.poll("a")

    def contents() -> list[list[tuple[object, ...]]]:
        with at_work.store.read() as tx:
            tables = (near_bands, near_sketches)
            return [sorted(map(tuple, tx.execute(select(table)).all())) for table in tables]

    before = contents()
    with at_work.store.write() as tx:
        tx.execute(near_index.update().values(version="of old"))
        tx.execute(near_sketches.update().values(sketch=b"\x00of old"))
    say(quiet, "b", TYPOGRAPHIC, minutes=5)
    catch_up(at_work.store)
    assert contents() == before
    at_work.poll("b")
    assert rows(at_work) == [(2, 1, "copy")]


def bilingual(web: Web, *, families: tuple[str, ...]) -> str:
    """Sources of which the second speaks German."""
    return (
        feeds(web, families=families)
        .replace('language = "en"', 'language = "de"', 2)
        .replace('language = "de"', 'language = "en"', 1)
    )


@pytest.mark.parametrize("families", [("one", "one", "three"), ("one", "two", "three")])
@pytest.mark.parametrize("order", ["ab", "ba"])
def test_two_languages_without_an_id_are_one_update_in_the_language_of_the_story(
    order: str, families: tuple[str, ...], quiet: Web, desk: Callable[[str], Desk]
) -> None:
    at_work = desk(bilingual(quiet, families=families))
    say(quiet, "a", ENGLISH, title="Call with Emmanuel Macron on the talks")
    say(quiet, "b", GERMAN, title="Telefonat mit Emmanuel Macron")
    at_work.poll(*order)
    assert rows(at_work) == [(2, 1, "translation")]
    assert len(at_work.settle(minutes=20)) == 1
    (update,) = page(at_work).updates
    assert "agreed" in update.paragraphs[0].text
    echoes = [] if families[0] == families[1] else [3 - update.statement]
    assert corroborated(at_work, update.statement) == echoes
    assert verify(at_work.store).good


def test_a_replay_finds_the_same_likenesses_and_tells_the_same(
    quiet: Web, desk: Callable[[str], Desk], tmp_path: Path, sandbox: Sandbox
) -> None:
    at_work = desk(bilingual(quiet, families=("one", "one", "three")))
    say(quiet, "a", ENGLISH, title="Call with Emmanuel Macron on the talks")
    say(quiet, "b", GERMAN, title="Telefonat mit Emmanuel Macron")
    say(quiet, "c", PACKAGE.format("12th"), title="The 12th package after the talks")
    at_work.poll()
    at_work.settle(minutes=20)
    say(quiet, "c", PACKAGE.format("13th"), title="The 13th package after the talks", ident="c-2", minutes=25)
    say(quiet, "a", PACKAGE.format("12th").replace("'", "’"), title="Package after the talks", ident="a-2", minutes=26)
    at_work.poll()
    at_work.settle(minutes=20)
    assert {kind for _, _, kind in rows(at_work)} == {"copy", "translation", "vetoed"}
    question = Asked(config=None)
    found = asyncio.run(rebuild(at_work.store, question, file=tmp_path / "again.sqlite", sandbox=sandbox))
    assert found.same
    assert [f"{one.table} {row.number}: {row.what}" for one in found.tables for row in one.shown] == []
    assert {one.table: one.rows for one in found.tables}["likenesses"] == len(rows(at_work))


def test_a_statement_shows_what_it_is_like_and_why(quiet: Web, desk: Callable[[str], Desk]) -> None:
    at_work = desk(feeds(quiet))
    say(quiet, "a", PACKAGE.format("12th"), title="The 12th package after the talks")
    say(quiet, "b", f"BRUSSELS – {PACKAGE.format('12th')}", title="Package after the talks")
    say(quiet, "c", PACKAGE.format("13th"), title="The 13th package after the talks")
    at_work.poll("a", "b", "c")
    with at_work.store.read() as tx:
        shown = [
            statement_shown.as_text(found) for n in (1, 2, 3) if (found := statement_detail(tx, StatementId(n))) is not None
        ]
        values = statement_detail(tx, StatementId(2))
    assert "like     statement 2 (B) is a copy of it: " in shown[0]
    assert "like     copy of statement 1 (A): " in shown[1]
    assert "like     not joined with statement 1 (A): " in shown[2]
    assert "12" in shown[2].partition("not joined")[2]
    assert values is not None
    assert [(one.statement, one.kind, one.earlier) for one in values.likenesses] == [(1, "copy", True), (3, "vetoed", False)]
    assert all(one.evidence for one in values.likenesses)


HOSTILE = {
    "one word": "talks",
    "unknown script": "ᜀᜊᜃᜇ talks " * 40,
    "mixed languages": f"{PLAIN} Die Gespräche über den Hafen gehen weiter. Переговоры о гавани продолжаются. talks",
    "confusables": PLAIN.replace("a", "а").replace("o", "о") + "talks",
    "zero width": "\u200b".join(PLAIN) + " talks",
    "right to left": f"\u202e{PLAIN}\u202c talks",
    "figures alone": "talks 1 2 3 4 5 6 7 8 9 10 " * 200,
    "long": "talks " + " ".join(f"word{n % 5000}" for n in range(120_000)),
}


def test_whatever_a_text_is_it_is_told_and_balanced(quiet: Web, desk: Callable[[str], Desk]) -> None:
    at_work = desk(feeds(quiet))
    for key in "ab":  # each twice, times out of order
        listed = [
            item(f"{key}{n}", f"Talks {name}", text, at=NOON - timedelta(hours=1 + (7 * n) % 5))
            for n, (name, text) in enumerate(HOSTILE.items())
        ]
        quiet.serve(rss(*listed), f"/{key}")
    reports = at_work.poll("a", "b")
    assert all(report.balance.adds_up for report in reports)
    assert [report.balance.new for report in reports] == [len(HOSTILE)] * 2
    at_work.settle(minutes=30)
    assert verify(at_work.store).good
    assert len(page(at_work).updates) <= len(HOSTILE)


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("DELETE FROM near_fresh WHERE revision_id = 1", "near_sketches 1: it says that"),
        ("UPDATE near_fresh SET revision_id = 99 WHERE revision_id = 1", "near_bands 99: "),
        ("UPDATE near_sketches SET kind = 'other' WHERE kind = 'copies'", "its kind is 'other', which is none"),
        ("UPDATE near_sketches SET sketch = 'none'", "its sketch"),
    ],
)
def test_verify_finds_an_index_that_does_not_hold_what_belongs_there(
    damage: str, found: str, quiet: Web, desk: Callable[[str], Desk]
) -> None:
    at_work = desk(feeds(quiet))
    say(quiet, "a", PLAIN)
    at_work.poll("a")
    assert verify(at_work.store).good
    with at_work.store.write() as tx:
        tx.exec_driver_sql(damage)
    lines = [one.line for one in verify(at_work.store).findings]
    assert any(found in line for line in lines), lines

"""One statement in several languages and listings, whichever comes first; and what a story makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from aggregator.config import Story
from aggregator.pipeline.matching import consider, consider_stored
from aggregator.store import Store
from aggregator.store.deciding import Line, Verdict
from aggregator.store.pairing import MOST_OF_ONE_SIGN
from aggregator.store.reading import statement_detail
from aggregator.store.schema import addresses, candidates, listings, revisions, statements
from aggregator.store.statements import Settled, settle_listing
from aggregator.store.stories import IN_ANOTHER_LANGUAGE
from tests.conftest import most, restart_ids
from tests.test_batch import NOON, add_sources, line_of, origin_of

pytestmark = pytest.mark.both_databases

EN, RU, FR = "https://x.example/en/1", "https://x.example/ru/1", "https://x.example/fr/1"
TALKS = Story.model_validate({"key": "talks", "title": "Talks", "from": NOON.date(), "terms": ["grain", "зерно"]})


@pytest.fixture
def tx(shared_store: Store) -> Iterator[Connection]:
    """A store with two sources of one family and one of another, all of which is taken back."""
    with shared_store.write() as connection:
        attempt = connection.begin_nested()
        add_sources(connection)
        yield connection
        attempt.rollback()
        restart_ids(connection)


def settle(tx: Connection, lines: Sequence[Line], source: str = "a", **origin: object) -> list[Settled]:
    return settle_listing(tx, lines, origin_of(lines, source, **origin))


def verdicts(settled: Sequence[Settled]) -> list[Verdict]:
    return [one.decision.verdict for one in settled]


def count(tx: Connection) -> int:
    return len(tx.execute(select(statements.c.id)).all())


def english(**more: object) -> Line:
    return line_of("en-1", **({"url": EN, "text": "On grain.", "reference": "63945"} | more))  # type: ignore[arg-type]  # any field


def russian(**more: object) -> Line:
    said = {"url": RU, "title": "Переговоры", "text": "О зерно.", "language": "ru", "reference": "63945"}
    return line_of("ru-1", **(said | more))  # type: ignore[arg-type]  # any field


@pytest.mark.parametrize("first_is_english", [True, False])
def test_one_number_in_two_languages_is_one_statement(tx: Connection, first_is_english: bool) -> None:
    lines = [(english(), "a"), (russian(), "b")]
    first, second = lines if first_is_english else reversed(lines)
    made = settle(tx, [first[0]], first[1]) + settle(tx, [second[0]], second[1])
    assert verdicts(made) == [Verdict.NEW, Verdict.REVISED]
    assert made[0].statement == made[1].statement
    rows = tx.execute(select(revisions.c.language, revisions.c.number).order_by(revisions.c.id)).all()
    assert [tuple(row) for row in rows] == [(first[0].language, 1), (second[0].language, 1)]


@pytest.mark.parametrize(
    ("english_names", "russian_names"),
    [((RU,), ()), ((), (EN,)), ((RU, FR), (EN, FR))],
)
@pytest.mark.parametrize("first_is_english", [True, False])
def test_addresses_pair_in_either_direction(
    tx: Connection, english_names: tuple[str, ...], russian_names: tuple[str, ...], first_is_english: bool
) -> None:
    lines = [english(reference="", alternates=english_names), russian(reference="", alternates=russian_names)]
    for line in lines if first_is_english else reversed(lines):
        settle(tx, [line], {"en": "a", "ru": "b"}[line.language])
    assert count(tx) == 1
    again = settle(tx, [line_of("other-id", url=RU, title="Переговоры", text="О зерно.", language="ru", alternates=(EN,))], "b")
    assert verdicts(again) == [Verdict.DUPLICATE]


def test_the_same_number_in_another_listing_is_a_duplicate_and_in_another_family_a_statement(tx: Connection) -> None:
    settle(tx, [english()])
    elsewhere = line_of("t-1", url="https://x.example/transcripts/1", title="Opening remarks", text="More.", reference="63945")
    assert verdicts(settle(tx, [elsewhere], "b")) == [Verdict.DUPLICATE]
    assert verdicts(settle(tx, [elsewhere], "c")) == [Verdict.NEW]


def test_a_transcript_that_grows_is_one_statement_with_versions(tx: Connection) -> None:
    grown = [english(), english(text="On grain. To be continued."), english(text="On grain. And on steel.")]
    made = [settle(tx, [line])[0] for line in grown]
    assert verdicts(made) == [Verdict.NEW, Verdict.REVISED, Verdict.REVISED]
    assert len({one.statement for one in made}) == 1
    settle(tx, [russian()], "b")
    assert verdicts(settle(tx, [russian(text="О зерно и стали.")], "b")) == [Verdict.REVISED]


def test_two_texts_of_one_number_side_by_side_are_two_statements(tx: Connection) -> None:
    beside = line_of("en-2", url="https://x.example/en/2", title="Another", text="On steel.", reference="63945")
    assert verdicts(settle(tx, [english(), beside])) == [Verdict.NEW, Verdict.NEW]
    alike = line_of("en-3", url="https://x.example/en/3", text="On grain.", reference="63945")
    assert verdicts(settle(tx, [english(), alike])) == [Verdict.UNCHANGED, Verdict.DUPLICATE]


def test_another_number_is_another_statement_though_all_else_is_the_same(tx: Connection) -> None:
    text = "The parties agreed to stay in contact and to speak again. " * 5
    one, two = english(text=text), line_of("en-2", url=EN, text=text, reference="63946")
    settle(tx, [one])
    assert verdicts(settle(tx, [two])) == [Verdict.NEW]
    assert verdicts(settle(tx, [two], "b")) == [Verdict.DUPLICATE]


def test_a_start_page_that_all_name_as_their_other_language_joins_nothing(tx: Connection) -> None:
    home = "https://x.example/ru/"
    items = [
        line_of(f"en-{n}", url=f"https://x.example/en/{n}", title=f"On {n}", text=f"{n}.", alternates=(home,)) for n in range(3)
    ]
    assert verdicts(settle(tx, items)) == [Verdict.NEW] * 3
    assert verdicts(settle(tx, [russian(url=home, reference="")], "b")) == [Verdict.NEW]


def test_a_language_that_a_statement_has_stands_at_its_own_address(tx: Connection) -> None:
    settle(tx, [english(reference="", alternates=(RU,))])
    settle(tx, [russian(reference="")], "b")
    other = line_of("ru-2", url="https://x.example/ru/2", title="Иное", text="Иное.", language="ru", alternates=(EN,))
    assert verdicts(settle(tx, [other], "b")) == [Verdict.NEW]


def test_an_older_copy_may_bring_the_first_text_in_a_language(tx: Connection) -> None:
    settle(tx, [english()])
    old = {"built": NOON, "newest_built": NOON + timedelta(hours=1)}
    assert verdicts(settle(tx, [russian()], "b", **old)) == [Verdict.REVISED]
    assert verdicts(settle(tx, [russian(text="Иначе.")], "b", **old)) == [Verdict.DROPPED]


def test_a_text_of_unknown_language_is_a_version_of_the_first(tx: Connection) -> None:
    settle(tx, [english()])
    assert verdicts(settle(tx, [english(text="On rice.", language="")])) == [Verdict.REVISED]
    assert [*tx.execute(select(revisions.c.language)).scalars()] == ["en", "en"]


def test_what_was_stored_without_a_language_goes_on_without_one(tx: Connection) -> None:
    settle(tx, [english(language="")])
    assert verdicts(settle(tx, [english(text="On rice.")])) == [Verdict.REVISED]
    assert [*tx.execute(select(revisions.c.language, revisions.c.number)).all()] == [("", 1), ("", 2)]


def test_a_number_that_comes_to_be_known_pairs_from_then_on(tx: Connection) -> None:
    settle(tx, [english(reference="")])
    assert verdicts(settle(tx, [english()])) == [Verdict.UNCHANGED]
    assert verdicts(settle(tx, [russian()], "b")) == [Verdict.REVISED]


def test_a_change_of_the_source_s_own_is_noted_with_the_version_that_says_so(tx: Connection) -> None:
    settle(tx, [english(updated=NOON)])
    settle(tx, [english(text="On rice.", updated=NOON - timedelta(hours=2))])
    row = tx.execute(select(statements.c.said_at, statements.c.updated_at, statements.c.updated_written)).one()
    assert tuple(row) == (NOON, NOON - timedelta(hours=2), str(NOON - timedelta(hours=2)))


def test_only_the_oldest_of_one_number_are_looked_at(tx: Connection) -> None:
    many = [
        line_of(f"m-{n}", url=f"https://x.example/m/{n}", title=f"Item {n}", text=f"{n}.", reference="MEX/1")
        for n in range(MOST_OF_ONE_SIGN + 5)
    ]
    assert verdicts(settle(tx, many)) == [Verdict.NEW] * len(many)
    assert verdicts(settle(tx, many)) == [Verdict.UNCHANGED] * len(many)


def test_a_statement_is_shown_by_its_languages(tx: Connection) -> None:
    made = settle(tx, [russian()], "b")[0]
    settle(tx, [english()])
    settle(tx, [english(text="On rice.")])
    assert made.statement is not None
    found = statement_detail(tx, made.statement)
    assert found is not None
    assert [(one.language, one.number) for one in found.versions] == [("ru", 1), ("en", 1), ("en", 2)]
    assert found.reference == "63945"


LANGUAGES = ("en", "fr", "ru")
ITEMS = [(source, language, n) for source in ("a", "b") for language in LANGUAGES for n in (1, 2)]


def url_of(source: str, language: str, n: int) -> str:
    return f"https://x.example/{source}/{language}/{n}"


def said(source: str, language: str, n: int, *, by_number: bool) -> Line:
    others = tuple(url_of(source, other, n) for other in LANGUAGES if other != language)
    return line_of(
        f"{source}-{language}-{n}",
        url=url_of(source, language, n),
        title=f"{language} {n}",
        text=f"{language} {n}.",
        language=language,
        reference=str(n) if by_number else "",
        alternates=() if by_number else others,
    )


def test_which_statements_exist_does_not_depend_on_what_comes_first(shared_store: Store) -> None:
    @most(shared_store, 40)
    @given(order=st.permutations(ITEMS), by_number=st.booleans(), at_once=st.integers(1, 4))
    def holds(order: list[tuple[str, str, int]], by_number: bool, at_once: int) -> None:
        check_order(shared_store, order, by_number=by_number, at_once=at_once)

    holds()


def check_order(store: Store, order: list[tuple[str, str, int]], *, by_number: bool, at_once: int) -> None:
    with store.write() as tx:
        attempt = tx.begin_nested()
        add_sources(tx)
        for source in ("a", "b", "a"):  # the second time all is known
            mine = [item for item in order if item[0] == source]
            for start in range(0, len(mine), at_once):
                settle(tx, [said(*item, by_number=by_number) for item in mine[start : start + at_once]], source)
        rows = tx.execute(select(listings.c.entry_id, listings.c.statement_id)).all()
        groups: dict[int, set[str]] = {}
        for entry_id, statement in rows:
            groups.setdefault(statement, set()).add(entry_id)
        # Addresses are those of one site: by them alone, the two listings tell nothing of each other.
        expected = [
            {f"{s}-{language}-{n}" for s, language, m in ITEMS if m == n and (by_number or s == source)}
            for n in (1, 2)
            for source in (("a",) if by_number else ("a", "b"))
        ]
        assert sorted(map(sorted, groups.values())) == sorted(map(sorted, expected))
        attempt.rollback()


# --- What a story makes of them. ---


def candidate_states(tx: Connection) -> list[tuple[str, str, str]]:
    query = select(revisions.c.language, candidates.c.state, candidates.c.note)
    rows = tx.execute(query.join(revisions, revisions.c.id == candidates.c.revision_id).order_by(candidates.c.id))
    return [tuple(row) for row in rows]


def take_up(tx: Connection, line: Line, source: str, *, story: Story = TALKS) -> int:
    return consider(tx, [story], settle(tx, [line], source), now=NOON)


@pytest.mark.parametrize("state", ["waiting", "published"])
def test_a_translation_of_what_is_told_gets_no_number_of_its_own(tx: Connection, state: str) -> None:
    assert take_up(tx, english(), "a") == 1
    tx.execute(candidates.update().values(state=state))
    assert take_up(tx, russian(), "b") == 0
    assert take_up(tx, russian(text="О зерно и рис."), "b") == 0
    aside = ("ru", "set_aside", IN_ANOTHER_LANGUAGE)
    assert candidate_states(tx) == [("en", state, ""), aside, aside]
    assert take_up(tx, english(text="On rice."), "a") == 1
    assert candidate_states(tx)[-1] == ("en", "waiting", "")


def test_the_story_s_language_goes_first_while_another_waits(tx: Connection) -> None:
    take_up(tx, russian(), "b")
    late = NOON + timedelta(minutes=5)
    assert consider(tx, [TALKS], settle(tx, [english()]), now=late) == 1
    assert candidate_states(tx) == [("ru", "set_aside", IN_ANOTHER_LANGUAGE), ("en", "waiting", "")]
    assert {row.settles_at for row in tx.execute(select(candidates.c.settles_at))} == {NOON + TALKS.settle.primary}


def test_what_is_told_in_another_language_stays_told_in_it(tx: Connection) -> None:
    take_up(tx, russian(), "b")
    tx.execute(candidates.update().values(state="published"))
    take_up(tx, russian(text="О зерно и рис."), "b")
    assert take_up(tx, english(), "a") == 0
    assert candidate_states(tx) == [("ru", "published", ""), ("ru", "waiting", ""), ("en", "set_aside", IN_ANOTHER_LANGUAGE)]


def test_a_new_story_takes_up_its_own_language(tx: Connection) -> None:
    settle(tx, [english()])
    settle(tx, [russian()], "b")
    consider_stored(tx, TALKS, now=NOON)
    assert candidate_states(tx) == [("en", "waiting", "")]


def test_addresses_are_kept_once(tx: Connection) -> None:
    for _ in range(2):
        settle(tx, [english(alternates=(RU,))])
        settle(tx, [russian(alternates=(EN,))], "b")
    rows = tx.execute(select(addresses.c.url, addresses.c.claimed).order_by(addresses.c.claimed)).all()
    assert [tuple(row) for row in rows] == [(RU, False), (RU, True)]

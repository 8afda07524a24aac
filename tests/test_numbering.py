"""Numbers of updates and of rows, one after the other: what is written with each, and in which order candidates get theirs."""

from __future__ import annotations

import atexit
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import mkdtemp

import pytest
from sqlalchemy import Table, select, text

from aggregator.model import (
    Attribution,
    Citation,
    Paragraph,
    Replaced,
    RevisionId,
    Sentence,
    SourceKey,
    StatementId,
    StoryKey,
    UpdateKind,
)
from aggregator.store import Store, StoreError, open_store
from aggregator.store.ledger import Draft, append, chain_hash, corroborate, hold_stories
from aggregator.store.numbering import reserve
from aggregator.store.schema import (
    attributions,
    changes,
    citations,
    corroborations,
    marks,
    outbox,
    replacements,
    sentences,
    steps,
    stories,
    updates,
)
from aggregator.stories.settling import Candidate, Hold, Prospect, Rules, fits, hold_of, settled, time_to_settle
from tests.conftest import NOON, ON_POSTGRESQL, Desk
from tests.made_once import FOLDERS

LATER = NOON + timedelta(hours=1)
TOLD = Sentence(text="They spoke.", citations=(Citation(revision=RevisionId(1), start=0, end=5),))
OUT = Replaced(number=1, paragraph=1, position=1, before="They spoke.")
DRAFT = Draft(
    story=StoryKey("talks"),
    kind=UpdateKind.ADDS,
    reason="Adds a statement.",
    title="Talks",
    statement=StatementId(1),
    revision=RevisionId(1),
    said_at=NOON,
    paragraphs=(Paragraph(sentences=(TOLD, TOLD)), Paragraph(sentences=(TOLD,))),
    attributions=(Attribution(name="A", url="https://a.example/1", source=SourceKey("a")),),
)


@pytest.fixture
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store of its own with six statements that wait to be told, in two stories."""
    made = FOLDERS.get("two stories")
    if made is None:  # it takes longer than all of these tests
        desk: Desk = request.getfixturevalue("two_stories")
        desk.store.close()
        made = FOLDERS["two stories"] = Path(mkdtemp()) / "storage"
        atexit.register(rmtree, made.parent, ignore_errors=True)
        copytree(desk.config.service.storage, made)
    folder = tmp_path / "copy"
    copytree(made, folder)
    with closing(open_store(f"sqlite:///{folder}/aggregator.sqlite", snapshots=folder / "snapshots")) as copied:
        yield copied


def rows(store: Store, table: Table) -> list[dict[str, object]]:
    with store.read() as tx:
        return [dict(row._mapping) for row in tx.execute(select(table).order_by(*table.primary_key.columns))]


def draft(number: int, **other: object) -> Draft:
    return replace(DRAFT, statement=StatementId(number), revision=RevisionId(number), **other)  # type: ignore[arg-type]  # as they are named


def test_updates_get_numbers_without_a_gap_and_are_written_whole(store: Store) -> None:
    told = [draft(1, kind=UpdateKind.NEW), draft(2), draft(3, kind=UpdateKind.CORRECTED, corrects=(1, 2), replaces=(OUT,))]
    with store.write() as tx:
        first = [append(tx, told[0], at=NOON), append(tx, told[1], at=NOON)]
    with store.write() as tx:
        other = append(tx, replace(told[0], story=StoryKey("more")), at=NOON)
        third = append(tx, told[2], at=LATER)
    assert (first, other, third) == ([1, 2], 1, 3)
    written = [row for row in rows(store, updates) if row["story"] == "talks"]
    previous = ""
    for number, (one, row, at) in enumerate(zip(told, written, (NOON, NOON, LATER), strict=True), 1):
        digest = chain_hash(one, number=number, at=at, previous=previous)
        assert row == {
            "id": row["id"], "story": "talks", "number": number, "kind": one.kind, "reason": one.reason, "title": one.title,
            "statement_id": one.statement, "revision_id": one.revision, "said_at": NOON, "published_at": at,
            "previous_hash": previous, "hash": digest, "desk_id": None,
        }  # fmt: skip
        previous = digest
    assert [(row["last_number"], row["head"]) for row in rows(store, stories) if row["key"] == "talks"] == [(3, previous)]
    ids = {row["id"] for row in written}
    of = {row["update_id"] for row in rows(store, sentences)}
    assert ids < of
    places = [(row["paragraph"], row["position"]) for row in rows(store, sentences) if row["update_id"] == written[0]["id"]]
    assert places == [(1, 1), (1, 2), (2, 1)]
    assert len(rows(store, citations)) == len(rows(store, sentences)) == 12
    assert {(row["n"], row["revision_id"], row["start"], row["end"]) for row in rows(store, citations)} == {(1, 1, 0, 5)}
    assert [(row["name"], row["position"]) for row in rows(store, attributions)] == [("A", 1)] * 4
    (replaced,) = rows(store, replacements)
    assert (replaced["update_id"], replaced["old_update_id"], replaced["position"]) == (
        written[2]["id"],
        written[0]["id"],
        None,
    )
    marked = [(row["update_id"], row["by_update_id"], row["kind"], row["at"]) for row in rows(store, marks)]
    assert marked == [(written[n]["id"], written[2]["id"], "corrected", LATER) for n in (0, 1)]
    noted = [(row["kind"], row["key"], row["at"]) for row in rows(store, changes) if row["kind"] in ("update", "mark")]
    assert noted == [
        ("update", "talks/1", NOON), ("update", "talks/2", NOON), ("update", "more/1", NOON),
        ("mark", "talks/1", LATER), ("mark", "talks/2", LATER), ("update", "talks/3", LATER),
    ]  # fmt: skip
    sent = [(row["target"], row["key"], row["payload"], row["created_at"]) for row in rows(store, outbox)]
    assert sent[-1] == ("site", "site:talks:3", {"story": "talks"}, LATER)
    assert [one[1] for one in sent] == ["site:talks:1", "site:talks:2", "site:more:1", "site:talks:3"]


def test_the_hash_of_an_update_never_takes_another_form() -> None:
    """Digests that were computed once: what was published with them must be found true for ever."""
    plain = "aed87cf2920e1c0df81829424d04f308c38a53ada1a2298d46c46b7f7d7a753b"
    assert chain_hash(DRAFT, number=1, at=LATER, previous="") == plain
    assert chain_hash(replace(DRAFT, replaces=(), desk=None), number=1, at=LATER, previous="") == plain
    spoke, met = Sentence(text="They spoke.", citations=()), Sentence(text="They met.", citations=())
    swapped = replace(OUT, position=2, after="They met.")
    corrected = replace(
        DRAFT,
        paragraphs=(Paragraph(sentences=(spoke,)), Paragraph(sentences=(spoke, met))),
        corrects=(1,),
        replaces=(OUT, swapped, replace(OUT, after="They spoke.")),
        desk=0,
    )
    assert (
        chain_hash(corrected, number=2, at=LATER, previous=plain)
        == "2d690dbc88c955af313c3317cb8e2ee22f94899388beca9a55677b0bbf9c9929"
    )


def test_what_is_replaced_is_written_with_the_place_of_what_replaces_it(store: Store) -> None:
    met = Sentence(text="They met.", citations=TOLD.citations)
    placed = replace(OUT, paragraph=2, after="They met.")
    with store.write() as tx:
        append(tx, replace(DRAFT, story=StoryKey("more")), at=NOON)
        append(tx, draft(1), at=NOON)
        corrected = draft(2, paragraphs=(Paragraph(sentences=(TOLD, met)),), replaces=(OUT, placed))
        append(tx, corrected, at=LATER)
    ids = [row["id"] for row in rows(store, updates)]
    assert [tuple(row.values()) for row in rows(store, replacements)] == [
        (ids[2], 1, ids[1], 1, 1, None, None),
        (ids[2], 2, ids[1], 2, 1, 1, 2),
    ]


def test_an_update_may_tell_nothing_and_name_nobody(store: Store) -> None:
    with store.write() as tx:
        append(tx, draft(1, paragraphs=(), attributions=()), at=NOON)
    assert not rows(store, sentences)
    assert not rows(store, attributions)


def test_what_is_said_of_an_update_again_is_noted_once(store: Store) -> None:
    with store.write() as tx:
        for number in (1, 2):
            append(tx, draft(number), at=NOON)
    ids = [int(str(row["id"])) for row in rows(store, updates)]
    with store.write() as tx:
        corroborate(tx, ids[1], StatementId(3), at=LATER)
        corroborate(tx, ids[1], StatementId(3), at=LATER)
        corroborate(tx, ids[0], StatementId(3), at=LATER)
        corroborate(tx, ids[1], StatementId(4), at=LATER)
    found = [(row["update_id"], row["statement_id"], row["at"]) for row in rows(store, corroborations)]
    assert sorted(found) == [(ids[0], 3, LATER), (ids[1], 3, LATER), (ids[1], 4, LATER)]
    noted = [(row["key"], row["at"]) for row in rows(store, changes) if row["kind"] == "corroboration"]
    assert noted == [("3", LATER), ("3", LATER), ("4", LATER)]
    sent = [(row["target"], row["key"], row["payload"], row["created_at"]) for row in rows(store, outbox)][2:]
    assert sent == [
        ("site", f"site:talks:{number}:also:{statement}", {"story": "talks"}, LATER)
        for number, statement in ((2, 3), (1, 3), (2, 4))
    ]


def test_a_number_of_an_update_that_came_to_nothing_is_given_again(store: Store) -> None:
    with suppress(ZeroDivisionError), store.write() as tx:
        append(tx, draft(1), at=NOON)
        raise ZeroDivisionError
    with store.write() as tx:
        assert append(tx, draft(1), at=NOON) == 1


def test_rows_get_the_next_numbers(store: Store) -> None:
    with store.write() as tx:
        assert list(reserve(tx, marks, 0)) == []
        assert list(reserve(tx, marks, 1)) == [1]
        assert list(reserve(tx, marks, 3)) == [1, 2, 3]
        newest = tx.execute(text("SELECT max(id) FROM steps")).scalar_one()
        assert list(reserve(tx, steps, 2)) == [newest + 1, newest + 2]
        last = tx.execute(text("SELECT max(seq) FROM changes")).scalar_one()
        assert list(reserve(tx, changes, 2)) == [last + 1, last + 2]
        tx.execute(text("DELETE FROM changes WHERE seq = :seq"), {"seq": last})
        assert list(reserve(tx, changes, 1)) == [last + 1]  # a number is never given twice
        tx.execute(text("DELETE FROM sqlite_sequence WHERE name = 'changes'"))
        assert list(reserve(tx, changes, 1)) == [last]


def test_the_first_row_of_a_store_is_1(new_store: Callable[[], Store]) -> None:
    with new_store().write() as tx:
        assert list(reserve(tx, changes, 1)) == [1]
        assert list(reserve(tx, marks, 1)) == [1]


@ON_POSTGRESQL
def test_rows_get_the_next_numbers_of_postgresql(new_store: Callable[[], Store]) -> None:
    with new_store().write() as tx:
        assert list(reserve(tx, marks, 0)) == []
        assert list(reserve(tx, marks, 2)) == [1, 2]
        assert list(reserve(tx, marks, 1)) == [3]
        assert list(reserve(tx, changes, 1)) == [1]


@ON_POSTGRESQL
def test_who_holds_a_story_keeps_others_from_telling_it_and_from_nothing_else(new_store: Callable[[], Store]) -> None:
    store = new_store()
    with store.write() as tx:
        told = dict.fromkeys(("title", "lead", "language", "image", "image_alt", "seal"), "")
        story = told | {"terms": [], "from_at": NOON, "active": True, "opened_at": NOON}
        tx.execute(stories.insert(), [story | {"key": key} for key in ("talks", "more")])
    with store.write() as tx:
        hold_stories(tx, [StoryKey("talks")])
        with store.write() as other:
            other.execute(text("SELECT 1 FROM stories WHERE key = 'more' FOR NO KEY UPDATE NOWAIT"))
            other.execute(text("SELECT 1 FROM stories WHERE key = 'talks' FOR KEY SHARE NOWAIT"))  # as what refers to it does
        with pytest.raises(StoreError), store.write() as other:
            other.execute(text("SELECT 1 FROM stories WHERE key = 'talks' FOR NO KEY UPDATE NOWAIT"))


def candidate(
    ident: int, said: int, seen: int, settle: int = 10, *, edits: bool = False, held: bool = False, source: str | None = None
) -> Candidate:
    at = NOON + timedelta(minutes=seen)
    made = Candidate(
        id=ident,
        story=StoryKey("s"),
        statement=StatementId(ident),
        revision=RevisionId(ident),
        said_at=NOON + timedelta(minutes=said),
        seen_at=at,
        settles_at=at + timedelta(minutes=settle),
    )
    if edits or held:  # else what they are where nobody says so
        made = replace(made, edits=edits, held=held)
    return made if source is None else replace(made, source=source)


def test_a_source_has_its_own_time_to_settle_or_the_usual_one() -> None:
    hour, minute = timedelta(hours=1), timedelta(minutes=1)
    own = {SourceKey("a"): timedelta(), SourceKey("b"): hour}
    times = [time_to_settle(SourceKey(one), usual=minute, settle_of=own) for one in "abc"]
    assert times == [timedelta(), hour, minute]


def test_a_language_is_asked_for_in_small_letters_or_capitals() -> None:
    assert fits("en", "EN-gb")
    assert not fits("ru", "EN")


def test_what_is_held_for_a_second_family_says_so() -> None:
    alone = Prospect(primary=False, told=False, language="en", second_voice=False, fitting_version=True)
    rules = Rules(language="en", hold_reporting=timedelta(hours=1), wait_language=timedelta())
    held = hold_of(alone, rules, seen_at=NOON, settles_at=NOON)
    assert held == Hold(until=LATER, why="reported by a single family so far")


@pytest.mark.parametrize(
    ("waiting", "minutes", "told"),
    [
        ([candidate(1, 0, 0)], 9, []),
        ([candidate(1, 0, 0)], 10, [1]),
        ([candidate(2, 0, 0), candidate(1, 0, 0)], 10, [1, 2]),  # said at once: as they were taken up
        ([candidate(1, 1, 0), candidate(2, 0, 0)], 10, [2, 1]),
        ([candidate(1, 1, 0), candidate(2, 0, 10)], 10, []),  # it waits for what was said before
        ([candidate(1, 1, 0), candidate(2, 0, 11)], 11, [1]),  # but for nothing that is seen after it was ready
        ([candidate(1, 0, 0), candidate(2, 1, 5)], 10, [1]),  # nor for what was said after
        ([candidate(2, 1, 0), candidate(1, 1, 5)], 10, [2]),  # of what was said at once, what was seen first
        ([candidate(1, 1, 0), candidate(2, 1, 5)], 10, [1]),
        ([candidate(1, 1, 0), candidate(2, 0, 5), candidate(3, 2, 5)], 15, [2, 1, 3]),
        ([candidate(1, 1, 0), candidate(2, 0, 5, edits=True)], 10, [1]),  # nor for an edit of what is told
        ([candidate(1, 1, 0), candidate(2, 0, 5, held=True)], 10, [1]),  # nor for what a rule holds,
        ([candidate(1, 1, 0), candidate(2, 0, 5, held=True)], 15, [2, 1]),  # until its time has come
        ([candidate(2, 0, 0, source="a"), candidate(1, 0, 0, source="b")], 10, [2, 1]),  # at once: by source,
        ([candidate(2, 0, 0, source="a"), candidate(1, 0, 0, source="a")], 10, [1, 2]),  # and of one as it was stored
        ([candidate(2, 0, 0), candidate(1, 0, 0, source="a")], 10, [2, 1]),
        ([], 10, []),
    ],
)
def test_numbers_follow_the_order_in_which_things_were_said(waiting: list[Candidate], minutes: int, told: list[int]) -> None:
    assert [one.id for one in settled(waiting, now=NOON + timedelta(minutes=minutes))] == told

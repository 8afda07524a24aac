"""The API, version 1: the views of the store, by HTTP. Read only.

Each question is a path, what may be asked, and a function of the open transaction that gives plain values. `openapi.json` is
made from this table and from storage/README.md (`make openapi`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection

from aggregator.store import browsing, following, search
from aggregator.store.browsing import Row, parts_of, row_of, rows_at, rows_of
from aggregator.text.query import Query, QueryError, parse_query

if TYPE_CHECKING:
    from aggregator.web import asked
    from aggregator.web.asked import Asked

BASE = "/api/v1"
MOST_VERSIONS = 100  # of one statement, the newest


@dataclass(frozen=True, slots=True)
class Part:
    """What an update is given with: rows of a view."""

    view: str
    by: tuple[str, ...]  # their order
    number: str = "number"  # the column that says to which update a row belongs


PARTS: Mapping[str, Part] = {
    "sentences": Part("v1_update_sentences", ("paragraph", "position", "start")),
    "attributions": Part("v1_attributions", ("position",)),
    "corrections": Part("v1_corrections", ("old_number", "old_paragraph", "old_position")),
    "corroborations": Part("v1_corroborations", ("at", "statement_id")),
    "marked_by": Part("v1_marks", ("by_number", "kind")),
    "marks": Part("v1_marks", ("number", "kind"), number="by_number"),
}

A = TypeVar("A", bound="Asked")


class WrongQuestionError(ValueError):
    """What was asked cannot be answered; the text says why, and what to do."""


class NothingThereError(LookupError):
    """There is nothing of that name; the text says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something that the API answers."""

    path: str  # below BASE
    says: str  # in a sentence
    asked: str  # its parameters: a model of `asked`
    answer: Callable[[Connection, Any], Any]
    gives: str  # the view of which the answer has rows, or a row
    paged: bool = True
    parts: Mapping[str, str] = field(default_factory=dict)  # what stands in each row besides, and the view of that
    not_found: bool = False  # whether there may be nothing of that name
    searches: bool = False  # it may take a while

    @property
    def model(self) -> type[Asked]:
        """Its parameters. What checks them is as large as the rest of the API, and there only when something was asked."""
        found: type[Asked] = getattr(import_module("aggregator.web.asked"), self.asked)
        return found


def read_question(model: type[A], given: Sequence[tuple[str, str]]) -> A:
    """The parameters of a request, checked. Raises `WrongQuestionError`."""
    from pydantic import ValidationError  # noqa: PLC0415 - see `Question.model`

    names = [name for name, _ in given]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise WrongQuestionError(f"`{twice[:40]}` is given twice. Give it once.")
    try:
        return model.model_validate(dict(given))
    except ValidationError as error:
        raise WrongQuestionError(" ".join(_told(model, one) for one in error.errors()[:5])) from None


def _told(model: type[Asked], error: Any) -> str:
    name = str(error["loc"][0] if error["loc"] else "")[:40]
    if error["type"] == "extra_forbidden":
        return f"There is no parameter `{name}`. Known: {', '.join(model.model_fields) or 'none'}."
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"`{name}`: {message[:1].lower()}{message[1:]}."


def stories(tx: Connection, question: asked.Paged) -> object:
    """The stories, by key."""
    return _page(rows_of(tx, "v2_stories", by=("key",), limit=question.limit, after=question.cursor))


def story(tx: Connection, question: asked.OfStory) -> object:
    """A story."""
    return _story(tx, question.key)


def updates_of_story(tx: Connection, question: asked.UpdatesOfStory) -> object:
    """The updates of a story, with their sentences."""
    _story(tx, question.key)
    page = rows_of(
        tx, "v2_updates", by=("number",), where={"story": question.key}, newest_first=question.order == "newest",
        limit=question.limit, after=question.cursor,
    )  # fmt: skip
    return _page(page, _whole(tx, page.rows))


def updates(tx: Connection, question: asked.Updates) -> object:
    """The updates of all stories, newest first, with their sentences."""
    page = rows_of(
        tx, "v2_updates", by=("published_at", "story", "number"), newest_first=True,
        where={"story": question.story, "kind": question.kind and question.kind.value},
        limit=question.limit, after=question.cursor,
    )  # fmt: skip
    return _page(page, _whole(tx, page.rows))


def statements(tx: Connection, question: asked.Statements) -> object:
    """Statements, newest said first."""
    found, rows = _found(tx, question, Query())
    return {"items": rows, "next": found.next, "searched_back_to": found.back_to}


def search_statements(tx: Connection, question: asked.Search) -> object:
    """Statements by their words, with what was found."""
    try:
        query = parse_query(question.q)
    except QueryError as error:
        raise WrongQuestionError(f"`q`: {error}") from None
    found, rows = _found(tx, question, query)
    by_id = {row["id"]: row for row in rows}
    hits = [{**by_id[hit.statement], "found": _hit(hit)} for hit in found.hits if hit.statement in by_id]
    return {"items": hits, "next": found.next, "searched_back_to": found.back_to}


def statement(tx: Connection, question: asked.OfStatement) -> object:
    """A statement, with its versions, what each edit was, where it is listed, and which updates tell it."""
    nothing = f"There is no statement {question.id}. See {BASE}/statements."
    row = _there(row_of(tx, "v2_statements", id=question.id), nothing)
    which = {"statement_id": question.id}
    versions = rows_of(tx, "v2_revisions", by=("id",), where=which, newest_first=True, limit=MOST_VERSIONS)
    edits = rows_of(tx, "v1_edits", by=("revision_id",), where=which, newest_first=True, limit=MOST_VERSIONS)
    listings = rows_of(tx, "v1_listings", by=("source", "entry_id"), where=which, limit=MOST_VERSIONS)
    told = rows_of(tx, "v2_updates", by=("story", "number"), where=which, limit=MOST_VERSIONS)
    return row | {"versions": versions.rows, "edits": edits.rows, "listings": listings.rows, "updates": told.rows}


def sources(tx: Connection, question: asked.Paged) -> object:
    """The sources, with how their last polls went, by key."""
    return _page(rows_of(tx, "v2_sources", by=("key",), limit=question.limit, after=question.cursor))


def changes(tx: Connection, question: asked.Since) -> object:
    """What has changed since a cursor, oldest first, with the cursor to go on from."""
    return asdict(following.changes_since(tx, question.since, limit=question.limit))


QUESTIONS = (
    Question(path="/stories", says="The stories, by key.", asked="Paged", answer=stories, gives="v2_stories"),
    Question(
        path="/stories/{key}", says="A story.", asked="OfStory", answer=story, gives="v2_stories", paged=False,
        not_found=True,
    ),
    Question(
        path="/stories/{key}/updates", says="The updates of a story, with their sentences, sources and corrections.",
        asked="UpdatesOfStory", answer=updates_of_story, gives="v2_updates", not_found=True,
        parts={name: one.view for name, one in PARTS.items()},
    ),
    Question(
        path="/updates", says="The updates of all stories, newest first, with their sentences, sources and corrections.",
        asked="Updates", answer=updates, gives="v2_updates", parts={name: one.view for name, one in PARTS.items()},
    ),
    Question(
        path="/statements", says="Statements, newest said first.", asked="Statements", answer=statements,
        gives="v2_statements", searches=True,
    ),
    Question(
        path="/statements/{id}", asked="OfStatement", answer=statement, gives="v2_statements", paged=False, not_found=True,
        says="A statement, with its versions, edits, listings and updates (of each the newest 100).",
        parts={"versions": "v2_revisions", "edits": "v1_edits", "listings": "v1_listings", "updates": "v2_updates"},
    ),
    Question(
        path="/search", says="Statements by their words, newest said first, with what was found.", asked="Search",
        answer=search_statements, gives="v2_statements", searches=True,
    ),
    Question(
        path="/sources", says="The sources, by key, with how they are.", asked="Paged", answer=sources, gives="v2_sources"
    ),
    Question(
        path="/changes", says="What has changed since a cursor, oldest first.", asked="Since", answer=changes,
        gives="v1_changes",
    ),
)  # fmt: skip

# What may be wrong with a question, and which parameter that is of.
WRONG: Mapping[type[ValueError], str] = {
    WrongQuestionError: "",
    browsing.CursorError: "`cursor`: ",
    search.CursorError: "`cursor`: ",
    following.CursorError: "`since`: ",
}


def _page(page: browsing.Rows, rows: Sequence[Row] | None = None) -> dict[str, Any]:
    return {"items": page.rows if rows is None else rows, "next": page.next}


def _story(tx: Connection, key: str) -> Row:
    return _there(row_of(tx, "v2_stories", key=key), f"There is no story {key[:80]!r}. See {BASE}/stories.")


def _there(row: Row | None, nothing: str) -> Row:
    if row is None:
        raise NothingThereError(nothing)
    return row


def _whole(tx: Connection, rows: Sequence[Row]) -> list[Row]:
    """Updates with all that is published of them."""
    found = {name: parts_of(tx, one.view, rows, by=one.by, number=one.number) for name, one in PARTS.items()}
    return [row | {name: parts.get((row["story"], row["number"]), []) for name, parts in found.items()} for row in rows]


def _found(tx: Connection, question: asked.Statements, query: Query) -> tuple[search.Page[search.Hit], list[Row]]:
    wanted = search.Search(
        query=query,
        source=question.source,
        family=question.family,
        lane=question.lane and question.lane.value,
        language=question.language,
        story=question.story,
        since=question.since,
        until=question.until,
    )
    found = search.search(tx, wanted, limit=question.limit, after=question.cursor)
    return found, rows_at(tx, "v2_statements", "id", [hit.statement for hit in found.hits])


def _hit(hit: search.Hit) -> dict[str, object]:
    """The version that was found: plain texts, with spans beside them."""
    texts: dict[str, object] = {}
    for name, one in (("title", hit.title), ("snippet", hit.snippet)):
        texts |= {name: one.text, f"{name}_spans": [list(span) for span in one.spans]}
    return {"revision_id": hit.revision, "number": hit.version, "language": hit.language, "source": hit.source, **texts}

"""A store to search in, filled by the function that stores every poll's listing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from aggregator.model import Entry, SourceKey, StatementId
from aggregator.store import Store
from aggregator.store.deciding import Line, Origin
from aggregator.store.schema import candidates, revisions, sources, stories
from aggregator.store.search import Hit, Page, Search, search
from aggregator.store.statements import Settled, settle_listing
from aggregator.text.fingerprint import fingerprints
from aggregator.text.query import parse_query
from tests.conftest import NOON


@dataclass
class Archive:
    """A store, with words for what the tests do with it."""

    store: Store
    lines: list[Line] = field(default_factory=list)

    def source(self, key: str, *, family: str = "", lane: str = "primary") -> None:
        empty = {"name": key, "kind": "feed", "url": f"https://{key}.example/", "language": "", "homepage": "", "active": True}
        with self.store.write() as tx:
            row = {"key": key, "family": family or key, "lane": lane, "first_seen_at": NOON, "next_poll_at": NOON, **empty}
            tx.execute(sources.insert().values(row))

    def say(
        self,
        title: str,
        text: str = "",
        *,
        source: str = "kremlin",
        at: datetime = NOON,
        language: str = "en",
        ident: str = "",
        day: str = "",
        reference: str = "",
    ) -> StatementId:
        """Store a statement, or a next version of the one with this id."""
        line = a_line(title, text, at=at, language=language, ident=ident, day=day, reference=reference)
        with self.store.write() as tx:
            (settled,) = settle(tx, [line], source)
        assert settled.statement is not None
        return settled.statement

    def find(self, query: str = "", *, limit: int = 20, after: str | None = None, **filters: Any) -> Page[Hit]:
        """One page."""
        wanted = Search(query=parse_query(query), **filters)
        with self.store.read() as tx:
            return search(tx, wanted, limit=limit, after=after)

    def pages(self, query: str = "", *, limit: int, **filters: Any) -> Iterator[Page[Hit]]:
        """Page after page."""
        page = self.find(query, limit=limit, **filters)
        yield page
        while page.next is not None:
            page = self.find(query, limit=limit, after=page.next, **filters)
            yield page

    def titles(self, query: str = "", **filters: Any) -> list[str]:
        """The titles of all hits, with the highlights in brackets."""
        return [bracketed(hit) for page in self.pages(query, limit=20, **filters) for hit in page.hits]

    def take_up(self, story: str, statement: StatementId) -> None:
        """Let a story have a candidate."""
        empty = {"lead": "", "language": "en", "image": "", "image_alt": "", "terms": [], "from_at": NOON, "active": True}
        with self.store.write() as tx:
            if tx.execute(select(stories.c.key).where(stories.c.key == story)).first() is None:
                tx.execute(stories.insert().values(key=story, title=story, opened_at=NOON, **empty))
            revision = tx.execute(select(revisions.c.id).where(revisions.c.statement_id == statement)).scalars().first()
            row = {"story": story, "statement_id": statement, "revision_id": revision, "why": "", "note": ""}
            tx.execute(candidates.insert().values(**row, state="waiting", said_at=NOON, seen_at=NOON, settles_at=NOON))


def a_line(
    title: str, text: str, *, at: datetime, language: str = "en", ident: str = "", day: str = "", reference: str = ""
) -> Line:
    both, body = fingerprints(title, text)
    ident = ident or f"{title} {at}"
    return Line(
        entry=Entry(id=ident, url="", title=title, published=at, updated=None),
        said_at=at,
        said_day=day,
        raw=both,
        title=title,
        text=text,
        html="",
        language=language,
        url="",
        fingerprint=both,
        body_fingerprint=body,
        reference=reference,
    )


def settle(tx: Connection, lines: list[Line], source: str) -> list[Settled]:
    family = tx.execute(select(sources.c.family).where(sources.c.key == source)).scalar_one()
    origin = Origin(
        source=SourceKey(source), family=family, at=NOON, capture=None, built=None, newest_built=None, present=frozenset()
    )
    return settle_listing(tx, lines, origin)


def bracketed(hit: Hit) -> str:
    """A title with its highlights in brackets: only right where the spans are."""
    text, at = "", 0
    for start, end in hit.title.spans:
        text += f"{hit.title.text[at:start]}[{hit.title.text[start:end]}]"
        at = end
    return text + hit.title.text[at:]


def day(text: str) -> date:
    return date.fromisoformat(text)

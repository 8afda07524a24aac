"""What a story page says of the story as a whole, read from the store; which stories have fallen quiet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, String, cast, exists, or_, select

from aggregator.config import Story
from aggregator.model import Lane, Picture, StatementId, StoryKey, StoryPage
from aggregator.store.bulk import Row, chunks
from aggregator.store.schema import followed, outbox, pictures, sources, statements, stories, updates
from aggregator.stories.disagreeing import disagreements
from aggregator.stories.overview import QUIET_AFTER, key_points, quiet_since, standing, voices


def with_overview(tx: Connection, page: StoryPage, story: Row, *, now: datetime | None) -> StoryPage:
    """The page with what it says of the whole story. `story`: its row. Without a clock nothing is said of quiet."""
    families = _families(tx, {*(one.statement for one in page.updates), *(one.statement for one in page.also_reported)})
    tellings = standing(page.updates, page.marks, families)
    official = _families_in(tx, Lane.PRIMARY)
    heard, not_heard = voices(page.updates, page.also_reported, families, _followed(tx, page.key, story.language))
    until = story.until_at
    quiet = None if now is None else quiet_since(page.updates, page.acts, active=story.active, until=until, now=now)
    return replace(
        page,
        language=story.language,
        image_credit=story.image_credit,
        picture=picture_of(tx, page.key, page.image),
        key_points=key_points(tellings, theme=(page.title, page.lead, *story.terms)),
        heard=heard,
        not_heard=not_heard,
        disagreements=disagreements([one for one in tellings if one.family in official]),
        quiet_since=quiet,
    )


def _families(tx: Connection, asked: set[StatementId]) -> dict[StatementId, str]:
    query = select(statements.c.id, statements.c.family)
    return {
        StatementId(row.id): row.family for some in chunks(asked) for row in tx.execute(query.where(statements.c.id.in_(some)))
    }


def _families_in(tx: Connection, lane: Lane) -> frozenset[str]:
    """The families of which some source speaks for itself."""
    return frozenset(tx.execute(select(sources.c.family).where(sources.c.lane == lane.value).distinct()).scalars())


def _followed(tx: Connection, story: StoryKey, language: str) -> dict[str, str]:
    """The families that a story follows, each with its name for readers: of a source in the page's language, if there is one.

    Where feeds.toml names neither sources nor lanes for it, these are all that speak for themselves.
    """
    query = select(sources.c.key, sources.c.family, sources.c.name, sources.c.language).where(sources.c.active)
    own = select(followed.c.source).where(followed.c.story == story)
    if tx.execute(own.limit(1)).first() is None:
        query = query.where(sources.c.lane == Lane.PRIMARY.value)
    else:
        query = query.where(sources.c.key.in_(own))
    rows = tx.execute(query.where(sources.c.instead_of.is_(None))).all()
    found: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: (not _is_in(row.language, language), row.key)):
        found.setdefault(row.family, row.name)
    return found


def _is_in(language: str, wanted: str) -> bool:
    return language.partition("-")[0] == wanted.partition("-")[0]


def follow(tx: Connection, configured: Iterable[Story]) -> None:
    """Note which sources a story follows, of those that it limits itself to; a story without limits has no row."""
    lanes: dict[str, str] = {row.key: row.lane for row in tx.execute(select(sources.c.key, sources.c.lane))}
    before: dict[str, set[str]] = {}
    for row in tx.execute(select(followed)):
        before.setdefault(row.story, set()).add(row.source)
    for story in configured:
        named = set(story.sources) & lanes.keys() if story.sources else lanes.keys()
        wanted = (
            {key for key in named if not story.lanes or lanes[key] in story.lanes} if story.sources or story.lanes else set()
        )
        known = before.get(story.key, set())
        if known - wanted:
            tx.execute(followed.delete().where(followed.c.story == story.key, followed.c.source.in_(known - wanted)))
        if wanted - known:
            tx.execute(followed.insert(), [{"story": story.key, "source": key} for key in sorted(wanted - known)])


def picture_of(tx: Connection, story: StoryKey, url: str) -> Picture | None:
    """What became of a story's picture of this address; None where nobody has asked for it yet."""
    row = tx.execute(select(pictures).where(pictures.c.story == story, pictures.c.url == url)).one_or_none() if url else None
    return None if row is None else Picture(sha256=row.sha256, width=row.width, height=row.height, why=row.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """An open story of which nothing was published for some time."""

    story: StoryKey
    number: int  # of its newest update
    key: str  # of the message that tells it


def fallen_quiet(tx: Connection, *, now: datetime) -> Sequence[Quiet]:
    """The stories that have fallen quiet after their newest update, and whose readers were not told so."""
    key = "site:" + stories.c.key + ":" + cast(stories.c.last_number, String) + ":quiet"
    query = (
        select(stories.c.key.label("story"), stories.c.last_number.label("number"), key.label("key"))
        .join(updates, (updates.c.story == stories.c.key) & (updates.c.number == stories.c.last_number))
        .where(stories.c.active, or_(stories.c.until_at.is_(None), stories.c.until_at > now))
        .where(updates.c.published_at <= now - QUIET_AFTER, ~exists().where(outbox.c.key == key))
    )
    return sorted((Quiet(**row._mapping) for row in tx.execute(query)), key=lambda one: one.story)

"""What became of each story's picture. State: it follows from no record, and no ledger needs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from aggregator.model import StoryKey
from aggregator.store.outbox import queue
from aggregator.store.schema import outbox, pictures, stories


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """The last try to fetch a story's picture."""

    story: StoryKey
    url: str
    at: datetime
    failures: int = 0  # in a row
    next_at: datetime | None = None  # None: never
    sha256: str = ""  # of the copy; "" for none
    width: int = 0
    height: int = 0
    why: str = ""  # there is no copy


def tried_pictures(tx: Connection) -> dict[StoryKey, Tried]:
    """The last try of each story that had one."""
    return {StoryKey(row.story): Tried(**row._mapping) for row in tx.execute(select(pictures))}


def keep_picture(tx: Connection, tried: Tried) -> None:
    """Note what a try came to, and have the story's page written anew where readers see something else by it."""
    values = {name: getattr(tried, name) for name in Tried.__dataclass_fields__}
    before = tx.execute(select(pictures).where(pictures.c.story == tried.story)).one_or_none()
    if before is None:
        if tx.execute(select(stories.c.key).where(stories.c.key == tried.story)).first() is None:
            return  # it left feeds.toml before it was ever there
        tx.execute(pictures.insert().values(**values))
    else:
        tx.execute(pictures.update().where(pictures.c.story == tried.story).values(**values))
    if before is None or (before.sha256, before.why, before.url) != (tried.sha256, tried.why, tried.url):
        key = f"site:{tried.story}:picture:{tried.at:%Y%m%dT%H%M%S.%f}"
        if tx.execute(select(outbox.c.id).where(outbox.c.key == key)).first() is None:
            queue(tx, target="site", key=key, payload={"story": tried.story}, at=tried.at)

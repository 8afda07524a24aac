"""Who is told of updates beside the site, and how far messages for each were made.

A cursor into the sequence of changes moves in the transaction that makes the messages, so that no crash loses or doubles one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from aggregator.config import Config
from aggregator.model import STORY_ACTS, StoryKey, UpdateKind
from aggregator.store.bulk import Row, chunks
from aggregator.store.outbox import queue_for
from aggregator.store.schema import changes, desk_acts, recipients, updates

WEBSUB = "websub"
NOTIFY = "notify:"
MOST_CHANGES = 1000  # that one transaction reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One who is told, and of what."""

    key: str  # notify:KEY or websub
    stories: Collection[StoryKey] = ()  # of these only; of all if none is named
    kinds: Collection[UpdateKind] = ()  # as `stories`; of what the desk does with a story, who names any is not told
    newest_only: bool = False  # of what came of a story together, its newest update stands for all


def recipients_of(config: Config) -> list[Recipient]:
    """Everybody whom a configuration wants told; a hub where the site's address is known, as its feeds have none else."""
    found = [
        Recipient(key=f"{NOTIFY}{one.key}", stories=one.stories, kinds=one.kinds)
        for one in config.notify.values()
        if one.enabled
    ]
    if config.web.hub and config.web.url:
        found.append(Recipient(key=WEBSUB, newest_only=True))
    return found


def begin(tx: Connection, wanted: Iterable[Recipient]) -> None:
    """Let each who is new be told of what comes from now on; who is no longer wanted and comes back begins anew, too."""
    keys, known = {one.key for one in wanted}, begun(tx)
    if known - keys:
        tx.execute(recipients.delete().where(recipients.c.key.in_(known - keys)))
    if keys - known:
        here = newest_change(tx)
        tx.execute(recipients.insert(), [{"key": key, "since": here} for key in sorted(keys - known)])


def begun(tx: Connection) -> set[str]:
    """The keys of those for whom messages are made."""
    return set(tx.execute(select(recipients.c.key)).scalars())


def newest_change(tx: Connection) -> int:
    """The number of the newest change; 0 before the first."""
    return int(tx.execute(select(func.coalesce(func.max(changes.c.seq), 0))).scalar_one())


def are_behind(tx: Connection, wanted: Iterable[Recipient]) -> bool:
    """Whether changes came of which some recipient has no messages yet."""
    keys = [one.key for one in wanted]
    least = tx.execute(select(func.min(recipients.c.since)).where(recipients.c.key.in_(keys))).scalar()
    return least is not None and least < newest_change(tx)


def make_messages(tx: Connection, recipient: Recipient, *, at: datetime) -> bool:
    """Make the messages of what came since the recipient's cursor, and move it; returns whether there is more to read.

    Told are updates, corrections and what is taken back among them, and what the desk did with a story as a whole: closed it,
    opened it again, went on with it in another, noted something. Call it again until it returns False.
    """
    since = tx.execute(select(recipients.c.since).where(recipients.c.key == recipient.key).with_for_update()).scalar()
    if since is None:
        return False
    newest = newest_change(tx)  # asked first: whoever sees a number can see every smaller one
    which = (changes.c.seq > since) & (changes.c.seq <= newest) & changes.c.kind.in_(("update", "desk"))
    query = select(changes.c.seq, changes.c.kind, changes.c.key).where(which)
    rows = tx.execute(query.order_by(changes.c.seq).limit(MOST_CHANGES)).all()
    queue_for(tx, recipient.key, _wanted(tx, recipient, rows), at=at)
    more = len(rows) == MOST_CHANGES
    reached = rows[-1].seq if more else newest
    tx.execute(recipients.update().where(recipients.c.key == recipient.key).values(since=reached))
    return more


def _wanted(tx: Connection, recipient: Recipient, rows: Sequence[Row]) -> list[dict[str, str]]:
    """Of some changes, in their order, the messages that a recipient wants."""
    found = _updates(tx, recipient, [row.key for row in rows if row.kind == "update"])
    found |= _acts(tx, recipient, [row.key for row in rows if row.kind == "desk"])  # numbers alone, and no `story/number`
    return [one for row in rows for one in found.get(row.key, ())]


def _updates(tx: Connection, recipient: Recipient, keys: Sequence[str]) -> dict[str, list[dict[str, str]]]:
    """The messages of some updates, by their keys."""
    numbers: dict[StoryKey, list[int]] = {}
    for story, number in ((StoryKey(story), int(number)) for story, _, number in (key.rpartition("/") for key in keys)):
        if _follows(recipient, story):
            numbers.setdefault(story, []).append(number)
    found: dict[str, list[dict[str, str]]] = {}
    for story, wanted in numbers.items():
        for some in chunks([wanted[-1]] if recipient.newest_only else wanted):
            query = select(updates.c.number, updates.c.kind, updates.c.hash)
            for row in tx.execute(query.where(updates.c.story == story, updates.c.number.in_(some))):
                if not recipient.kinds or UpdateKind(row.kind) in recipient.kinds:
                    found[f"{story}/{row.number}"] = [{"story": story, "number": str(row.number), "hash": row.hash}]
    return found


def _acts(tx: Connection, recipient: Recipient, keys: Sequence[str]) -> dict[str, list[dict[str, str]]]:
    """The messages of what the desk did with stories, by its keys: of a merge, one of the story that ends, for who follows it.

    The feeds of both stories change: a hub is told of both.
    """
    found: dict[str, list[dict[str, str]]] = {}
    for some in chunks([] if recipient.kinds else [*map(int, keys)]):
        shown = desk_acts.c.id.in_(some) & desk_acts.c.kind.in_([kind.value for kind in STORY_ACTS])
        for row in tx.execute(select(desk_acts.c.id, desk_acts.c.story, desk_acts.c.other, desk_acts.c.seal).where(shown)):
            stories = [story for story in (row.story, row.other) if story and _follows(recipient, story)]
            told = stories if recipient.newest_only else stories[:1]
            found[str(row.id)] = [{"story": story, "act": str(row.id), "hash": row.seal} for story in told]
    return found


def _follows(recipient: Recipient, story: StoryKey) -> bool:
    return not recipient.stories or story in recipient.stories


def rest(tx: Connection, recipient: str, *, until: datetime) -> None:
    """Note that a recipient asked to be left alone for some time."""
    tx.execute(recipients.update().where(recipients.c.key == recipient).values(rests_until=until))


def resting(tx: Connection) -> dict[str, datetime]:
    """Until when those rest that asked for it; some of it may be past."""
    query = select(recipients.c.key, recipients.c.rests_until).where(recipients.c.rests_until.is_not(None))
    return {row.key: row.rests_until for row in tx.execute(query)}

"""What is said to those who are told: JSON for programs, a few lines for people."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, select

from aggregator.model import DeskAct, StatementId, StoryKey, Update, UpdateKind
from aggregator.publish.entries import desk_entry_of
from aggregator.publish.links import web_address
from aggregator.publish.places import Site
from aggregator.publish.shown import left_to_tell, place_of
from aggregator.publish.wellformed import plain
from aggregator.store.desk import act_of
from aggregator.store.outbox import Unit, told_of
from aggregator.store.pages import updates_of
from aggregator.store.schema import stories, updates

UPDATES, STORIES, TEST = "updates.published", "stories.changed", "test"  # what a message is
MOST_BODY = 256_000  # bytes of JSON
MOST_WORDS = 3_000  # characters for people; chat services cut off what is longer
# What chat services take for a call to everybody, or to somebody. Sources are strangers.
CALLS = re.compile(r"@(?=everyone\b|here\b|channel\b|all\b)|<(?=[@!#&])", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An update to be told of, or what the desk did with a story as a whole."""

    story: StoryKey
    story_title: str
    what: Update | DeskAct

    @property
    def at(self) -> datetime:
        """When it was published, or done."""
        return self.what.at if isinstance(self.what, DeskAct) else self.what.published_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A message for people."""

    title: str
    body: str


def read_told(tx: Connection, unit: Unit) -> list[Told]:
    """What some messages tell of, in their order."""
    found = []
    for message in unit.messages:
        story = StoryKey(message.payload["story"])
        title = tx.execute(select(stories.c.title).where(stories.c.key == story)).scalar_one()
        act = message.payload.get("act")
        what = act_of(tx, int(act)).act if act else _update_of(tx, story, int(message.payload["number"]))
        found.append(Told(story=story, story_title=title, what=what))
    return found


def _update_of(tx: Connection, story: StoryKey, number: int) -> Update:
    of = select(updates.c.statement_id).where(updates.c.story == story, updates.c.number == number)
    statement = StatementId(tx.execute(of).scalar_one())
    (update,) = [one for one in updates_of(tx, story, statement=statement) if one.number == number]
    return update


def message_id(site: Site, recipient: str, unit: Unit) -> str:
    """The id of what is sent together: the same in every try, and another for whatever else this or another store sends.

    It holds the beginning of the update's hash: a store that was put back from a backup and went on otherwise gives the same
    number to another update.
    """
    parts = [f"{told_of(one.payload)}:{one.payload['hash'][:12]}" for one in unit.messages]
    told = parts[0] if len(parts) == 1 else f"{len(parts)}-updates:{sha256(' '.join(parts).encode()).hexdigest()[:24]}"
    return f"{site.identity[:8]}:{recipient.rpartition(':')[2]}:{told}"


def as_json(site: Site, told: Sequence[Told], *, at: datetime | None = None) -> bytes:
    """The body of a webhook, by `message.schema.json`; ids and addresses are those of the feeds, times ISO 8601 in UTC.

    A message that tells of nothing is a test, and was made `at`. A body that would be over `MOST_BODY` leaves the paragraphs
    out.
    """
    newest = max((one.at for one in told), default=at)
    said = [_update(site, one, one.what) for one in told if isinstance(one.what, Update)]
    done = [_act(site, one, one.what) for one in told if isinstance(one.what, DeskAct)]
    kind = UPDATES if said else STORIES if done else TEST
    whole = {"type": kind, "timestamp": newest, "data": {"store": site.identity, "updates": said, "acts": done}}
    body = _encoded(whole)
    if len(body) > MOST_BODY:
        for one in said:
            one |= {"paragraphs": [], "replaces": [], "cut": True}
        body = _encoded(whole)
    return body


def _encoded(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=plain).encode("utf-8", "replace")


def _act(site: Site, told: Told, act: DeskAct) -> dict[str, Any]:
    entry = desk_entry_of(told.story, act, site)
    return {
        "id": entry.id,
        "story": told.story,
        "story_title": told.story_title,
        "kind": act.kind.value,
        "says": entry.title,
        "at": act.at,
        "url": entry.url,
        "leads_to": entry.leads_to,
    }


def _update(site: Site, told: Told, update: Update) -> dict[str, Any]:
    return {
        "id": site.update_id(told.story, update.number),
        "story": told.story,
        "story_title": told.story_title,
        "number": update.number,
        "kind": update.kind.value,
        "title": update.title,
        "reason": update.reason,
        "url": site.permalink(told.story, update.number),
        "said_at": None if update.said_day else update.said_at,
        "said_day": update.said_day,
        "published_at": update.published_at,
        "language": update.language,
        "paragraphs": [one.text for one in update.paragraphs],
        "corrects": list(update.corrects),
        "replaces": [
            {"number": old.number, "paragraph": old.paragraph, "before": old.before, "after": old.after}
            for old in update.replaces
        ],
        "attributions": [{"name": one.name, "url": web_address(one.url)} for one in update.attributions],
        "hash": update.hash,
        "cut": False,
    }


def as_words(site: Site, told: Sequence[Told]) -> Words:
    """A few lines for a chat or a mail: an update in full, or several by their headings."""
    headings = [f"{one.story_title}: {_heading(one.what)}" for one in told]
    if len(told) == 1:
        return Words(title=_quiet(headings[0]), body=_quiet(_whole(site, told[0])))
    titles = [*dict.fromkeys(one.story_title for one in told)]
    lines = [f"{heading}\n{_short(site, one)}" for heading, one in zip(headings, told, strict=True)]
    kept: list[str] = []
    left = MOST_WORDS
    for line in lines:
        left -= len(line) + 2
        if left < 0:
            kept.append(f"… and {len(lines) - len(kept)} more")
            break
        kept.append(line)
    heading = f"{len(told)} updates: {', '.join(titles[:3])}{' …' if len(titles) > 3 else ''}"
    return Words(title=_quiet(heading), body=_quiet("\n\n".join(kept)))


def _heading(what: Update | DeskAct) -> str:
    if isinstance(what, DeskAct):
        return "from the desk"
    kind = what.kind
    return f"Update.{what.number}" + (f" ({kind.value})" if kind in (UpdateKind.CORRECTED, UpdateKind.WITHDRAWN) else "")


def _short(site: Site, told: Told) -> str:
    if isinstance(told.what, DeskAct):
        entry = desk_entry_of(told.story, told.what, site)
        return entry.title + _link(site, entry.url)
    return told.what.title + _link(site, site.permalink(told.story, told.what.number))


def _whole(site: Site, told: Told) -> str:
    if isinstance(told.what, DeskAct):
        return _short(site, told)
    update = told.what
    parts = [update.title, *([update.reason] if update.kind in (UpdateKind.CORRECTED, UpdateKind.WITHDRAWN) else [])]
    for old in update.replaces:
        parts += [f"{place_of(old)}, before: {old.before}", f"{place_of(old)}, after: {old.after or '(taken out)'}"]
    parts += [one.text for one in left_to_tell(update)]
    text = "\n\n".join(part for part in parts if part)
    if len(text) > MOST_WORDS:
        text = f"{text[:MOST_WORDS].rstrip()} …"
    named = [f"for more info: {one.name} {web_address(one.url)}".rstrip() for one in update.attributions]
    return "\n\n".join([text, *named]) + _link(site, site.permalink(told.story, update.number))


def _link(site: Site, address: str) -> str:
    return f"\n{address}" if site.url else ""


def _quiet(text: str) -> str:
    """Without calls to everybody: a sign that nobody sees parts the mark from what follows."""
    return CALLS.sub(lambda found: f"{found[0]}\u200b", text)

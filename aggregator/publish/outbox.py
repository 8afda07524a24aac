"""Draining the outbox: what was published is brought to its readers, at least once, and in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from aggregator.model import StoryKey
from aggregator.publish.places import Site
from aggregator.publish.static import StaticSite
from aggregator.publish.templating import NOWHERE
from aggregator.store import Store
from aggregator.store.errors import file_trouble
from aggregator.store.outbox import Message, delivered, failed, queue, undelivered
from aggregator.store.overviews import fallen_quiet

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What one pass brought out."""

    messages: int
    failures: int


def drain(store: Store, root: Path, *, now: datetime, site: Site = NOWHERE, contact: str = "") -> Delivered:
    """Deliver what waits, into the folder of the site. A story that several messages tell of is written once; what fails is
    tried at the next pass.

    A story that has fallen quiet is written once more, to say so. What is about all stories follows, as `StaticSite` does it;
    only then a message counts as delivered: what leads to an update is there when the update is.
    """
    _tell_quiet(store, now=now)
    with store.read() as tx:
        messages = undelivered(tx)
    by_story: dict[StoryKey, list[Message]] = {}
    for message in messages:
        by_story.setdefault(StoryKey(message.payload["story"]), []).append(message)
    static = StaticSite(store, root, site, now=now, contact=contact)
    arrived: list[Message] = []
    failures = 0
    for story, told in by_story.items():
        reason = _tried(lambda story=story: static.write_story(story), root, story)  # type: ignore[misc]  # bound at once
        if reason:
            failures += len(told)
            _note_failure(store, told, reason)
        else:
            arrived += told
    reason = _tried(lambda: static.refresh(published=bool(arrived)), root, None)
    if reason:
        _note_failure(store, arrived, reason)
        return Delivered(messages=0, failures=failures + max(1, len(arrived)))
    if arrived:
        with store.write() as tx:
            delivered(tx, [message.id for message in arrived], at=now)
        log.info("site_written", messages=len(arrived), stories=[*dict.fromkeys(one.payload["story"] for one in arrived)])
    return Delivered(messages=len(arrived), failures=failures)


def _tried(work: Callable[[], None], root: Path, story: StoryKey | None) -> str:
    """Why something could not be written; "" where it was."""
    try:
        work()
    except OSError as error:
        reason = file_trouble(Path(error.filename or root), error)
        log.error("site_not_written", story=story, reason=reason)
        return reason
    return ""


def _note_failure(store: Store, told: Sequence[Message], reason: str) -> None:
    if told:
        with store.write() as tx:
            failed(tx, [message.id for message in told], error=reason)


def _tell_quiet(store: Store, *, now: datetime) -> None:
    with store.read() as tx:
        quiet = fallen_quiet(tx, now=now)
    if quiet:
        with store.write() as tx:
            for one in fallen_quiet(tx, now=now):
                queue(tx, target="site", key=one.key, payload={"story": one.story}, at=now)

"""Draining the outbox: what was published is brought to its readers, at least once, and in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from aggregator.model import StoryKey
from aggregator.publish.formats import SUFFIXES, render
from aggregator.store import Store
from aggregator.store.outbox import Message, delivered, failed, undelivered
from aggregator.store.pages import story_page

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What one pass brought out."""

    messages: int
    failures: int


def drain(store: Store, site: Path, *, now: datetime) -> Delivered:
    """Deliver what waits. A story that several messages tell of is written once; what fails is tried at the next pass."""
    with store.read() as tx:
        messages = undelivered(tx)
    by_story: dict[StoryKey, list[Message]] = {}
    for message in messages:
        by_story.setdefault(StoryKey(message.payload["story"]), []).append(message)
    failures = 0
    for story, told in by_story.items():
        ids = [message.id for message in told]
        try:
            write_story(store, site, story)
        except OSError as error:
            failures += len(ids)
            log.error("site_not_written", story=story, reason=str(error))
            with store.write() as tx:
                failed(tx, ids, error=str(error))
        else:
            with store.write() as tx:
                delivered(tx, ids, at=now)
    return Delivered(messages=len(messages) - failures, failures=failures)


def write_story(store: Store, site: Path, key: StoryKey) -> None:
    """Write a story's page in every format; each file changes whole or not at all. Raises OSError."""
    with store.read() as tx:
        page = story_page(tx, key)
    if page is None:
        return
    site.mkdir(parents=True, exist_ok=True)
    for form, suffix in SUFFIXES.items():
        new = site / f".{key}.{suffix}.new"
        new.write_text(render(page, form), encoding="utf-8")
        new.replace(site / f"{key}.{suffix}")

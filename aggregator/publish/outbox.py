"""Draining the outbox: what was published is brought to its readers, at least once, and in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from aggregator.model import StoryKey
from aggregator.publish.formats import SUFFIXES, render
from aggregator.store import Store
from aggregator.store.errors import file_trouble
from aggregator.store.files import make_folder, sync_folder, take_place, write_new
from aggregator.store.outbox import Message, delivered, failed, queue, undelivered
from aggregator.store.overviews import fallen_quiet
from aggregator.store.pages import story_page

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What one pass brought out."""

    messages: int
    failures: int


def drain(store: Store, site: Path, *, now: datetime) -> Delivered:
    """Deliver what waits. A story that several messages tell of is written once; what fails is tried at the next pass.

    A story that has fallen quiet is written once more, to say so.
    """
    _tell_quiet(store, now=now)
    with store.read() as tx:
        messages = undelivered(tx)
    by_story: dict[StoryKey, list[Message]] = {}
    for message in messages:
        by_story.setdefault(StoryKey(message.payload["story"]), []).append(message)
    failures = 0
    for story, told in by_story.items():
        ids = [message.id for message in told]
        try:
            write_story(store, site, story, now=now)
        except OSError as error:
            failures += len(ids)
            reason = file_trouble(Path(error.filename or site), error)
            log.error("site_not_written", story=story, reason=reason)
            with store.write() as tx:
                failed(tx, ids, error=reason)
        else:
            with store.write() as tx:
                delivered(tx, ids, at=now)
    return Delivered(messages=len(messages) - failures, failures=failures)


def _tell_quiet(store: Store, *, now: datetime) -> None:
    with store.read() as tx:
        quiet = fallen_quiet(tx, now=now)
    if quiet:
        with store.write() as tx:
            for one in fallen_quiet(tx, now=now):
                queue(tx, target="site", key=one.key, payload={"story": one.story}, at=now)


def write_story(store: Store, site: Path, key: StoryKey, *, now: datetime) -> None:
    """Write a story's page in every format; each file changes whole or not at all, and survives a power cut. Raises OSError."""
    with store.read() as tx:
        page = story_page(tx, key, now=now)
    if page is None:
        return
    make_folder(site)
    sync_folder(site.parent)
    files = {site / f".{key}.{suffix}.new": (site / f"{key}.{suffix}", form) for form, suffix in SUFFIXES.items()}
    for new, (_, form) in files.items():
        write_new(new, render(page, form).encode())
    take_place((new, place) for new, (place, _) in files.items())

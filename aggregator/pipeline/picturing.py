"""The pictures of stories: each fetched once, like everything else through the address guard, and kept as a copy of ours.

A picture that cannot be had is shown as a link with the reason, and holds nothing up.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import structlog

from aggregator.config import Story
from aggregator.fetch import Ask, Reply
from aggregator.model import StoryKey
from aggregator.pipeline.asking import plain_question
from aggregator.pipeline.reencoding import Copy, PictureRefused, reencode
from aggregator.pipeline.road import Road
from aggregator.pipeline.sandbox import TooMuch
from aggregator.store.files import make_folder, take_place, write_new
from aggregator.store.pictures import Tried, keep_picture, tried_pictures

MOST_BYTES = 10_000_000  # of the picture as it comes
ACCEPT = "image/webp, image/jpeg, image/png, image/gif;q=0.9, image/*;q=0.1"
FIRST_REST, LONGEST_REST = timedelta(hours=1), timedelta(days=1)  # after a try that brought no answer
GOOD = (200, 203)
FOLDER = "pictures"  # of the site

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a try came to."""

    story: StoryKey
    why: str  # there is no copy; "" where there is one


async def fetch_pictures(the_road: Road) -> list[Fetched]:
    """Fetch the pictures that are wanted and were not had yet: one after the other, there are few."""
    wanted = [story for story in the_road.config.stories.values() if story.image]
    if not wanted or the_road.network.is_down:
        return []
    known = await asyncio.to_thread(_known, the_road)
    return [await _fetch(the_road, story, known.get(story.key)) for story in wanted if _is_due(the_road, story, known)]


def _known(the_road: Road) -> dict[StoryKey, Tried]:
    with the_road.store.read() as tx:
        return tried_pictures(tx)


def _is_due(the_road: Road, story: Story, known: dict[StoryKey, Tried]) -> bool:
    before = known.get(story.key)
    if before is None or before.url != story.image:
        return True
    if before.sha256:
        return not _place(the_road, before.sha256).is_file()
    return before.next_at is not None and before.next_at <= the_road.clock()


def _place(the_road: Road, sha256: str) -> Path:
    return the_road.config.service.storage / "site" / FOLDER / f"{sha256}.webp"


async def _fetch(the_road: Road, story: Story, before: Tried | None) -> Fetched:
    now = the_road.clock()
    reply = await the_road.fetcher.ask(_ask(the_road, story), now=now)
    tried = Tried(story=story.key, url=story.image, at=now)
    failures = before.failures + 1 if before is not None and before.url == story.image else 1
    why, again = "", None
    copy: Copy | None = None
    if not _has_body(reply):
        why, again = reply.outcome.reason, now + min(FIRST_REST * 2 ** min(failures - 1, 9), LONGEST_REST)
    else:
        try:
            copy = await the_road.sandbox.run(reencode, reply.body)
        except (PictureRefused, TooMuch) as error:
            why = str(error)
    if copy is not None:
        sha256 = hashlib.sha256(copy.body).hexdigest()
        try:
            await asyncio.to_thread(_keep_file, _place(the_road, sha256), copy.body)
        except OSError as error:
            why, again = f"the copy cannot be written ({error.strerror})", now + FIRST_REST
        else:
            tried = Tried(story=story.key, url=story.image, at=now, sha256=sha256, width=copy.width, height=copy.height)
    if why:
        tried = Tried(story=story.key, url=story.image, at=now, failures=failures, next_at=again, why=why)
        log.warning("picture_not_shown", story=story.key, url=story.image, reason=why)
    await asyncio.to_thread(the_road.store.perform, lambda tx: keep_picture(tx, tried))
    return Fetched(story=story.key, why=why)


def _ask(the_road: Road, story: Story) -> Ask:
    asked = plain_question(the_road.config, story.image, listing=False, allow=story.image_allow, accept=ACCEPT)
    return replace(asked, max_body=min(asked.max_body, MOST_BYTES))


def _has_body(reply: Reply) -> bool:
    """The judge knows feeds and pages; a picture is neither. What is no picture the decoder tells."""
    last = reply.exchanges[-1] if reply.exchanges else None
    return last is not None and not last.error and last.status in GOOD and bool(reply.body)


def _keep_file(place: Path, body: bytes) -> None:
    make_folder(place.parent)
    new = place.with_name(f".{place.name}.new")
    write_new(new, body)
    take_place([(new, place)])

"""The pages of the site, made from the store when somebody asks, and kept until what they show has changed."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from aggregator.publish.places import Site
from aggregator.store.live import newest_shown
from aggregator.web.answers import FOR_EVER, Content
from aggregator.web.places import PICTURE, Page, Wanted, page_at
from aggregator.web.reading import Reader

MOST_BYTES = 8 << 20  # of pages that are kept
KEPT = timedelta(minutes=1)  # what a page shows may change without a change in the store: a name in feeds.toml, the time
LOOK_EVERY = 0.25  # seconds between two looks at whether something has changed


@dataclass(slots=True)
class _Kept:
    content: Content
    at: int  # the change up to which it was made
    until: datetime


class Pages:
    """Makes pages, and keeps those that were asked for last."""

    def __init__(
        self,
        reader: Reader,
        site: Site,
        *,
        contact: str,
        pictures: Path,
        clock: Callable[[], datetime],
        open_to_all: bool = True,
    ) -> None:
        """`open_to_all`: nobody needs a token, so that what does not change may be kept for others on the way, too."""
        self._reader, self._site, self._contact = reader, site, contact
        self._pictures, self._clock = pictures, clock
        self._for_ever = f"{'public' if open_to_all else 'private'}, {FOR_EVER}"
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._bytes = 0
        self._making: dict[str, asyncio.Task[Content | None]] = {}
        self._newest = self._shown = 0  # changes: of any kind, and of those that pages of stories show
        self._looked_at = float("-inf")
        self._looking = asyncio.Lock()

    async def content(self, path: str) -> Content | None:
        """What stands at a path; None where nothing does. Raises `StoreError`, and OSError for a picture."""
        if named := PICTURE.fullmatch(path):
            return await self._reader.apart(lambda: self._picture(named[1]))
        page = page_at(path)
        if page is None:
            return None
        await self._look()
        at, now = self._shown if page.of_stories else self._newest, self._clock()
        kept = self._kept.get(path)
        if kept is not None and kept.at == at and now < kept.until:
            self._kept.move_to_end(path)
            return kept.content
        making = self._making.get(path)
        if making is None:  # many who ask at once get one that is made once
            making = self._making[path] = asyncio.create_task(self._make(path, page, at, now))
            making.add_done_callback(lambda _: self._making.pop(path, None))
        return await asyncio.shield(making)

    async def _look(self) -> None:
        """See whether something has changed, at most so often."""
        loop = asyncio.get_running_loop()
        async with self._looking:
            if loop.time() - self._looked_at < LOOK_EVERY:
                return
            after = self._newest
            self._newest, shown = await self._reader.ask(lambda tx: newest_shown(tx, after=after))
            self._shown = self._shown if shown is None else shown
            self._looked_at = loop.time()

    async def _make(self, path: str, page: Page, at: int, now: datetime) -> Content | None:
        made = await self._reader.ask(lambda tx: page.make(Wanted(tx=tx, site=self._site, now=now, contact=self._contact)))
        before = self._kept.pop(path, None)
        self._bytes -= before.content.size if before is not None else 0
        if made is None:
            return None
        content = Content(body=made.encode("utf-8", "replace"), media_type=page.media_type, changed_at=now)
        if before is not None and before.content.tag == content.tag:
            content = before.content
        self._kept[path] = _Kept(content, at, now + KEPT)
        self._bytes = sum(kept.content.size for kept in self._kept.values())
        while self._bytes > MOST_BYTES and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= oldest.content.size
        return content

    def _picture(self, digest: str) -> Content | None:
        path = self._pictures / f"{digest}.webp"
        try:
            body, changed = path.read_bytes(), path.stat().st_mtime
        except FileNotFoundError:
            return None
        return Content(
            body=body, media_type="image/webp", changed_at=datetime.fromtimestamp(changed, self._clock().tzinfo),
            cache=self._for_ever, packable=False, tag=digest,
        )  # fmt: skip

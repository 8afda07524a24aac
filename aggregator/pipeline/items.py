"""The own pages of entries that are new or changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from aggregator.config import Source
from aggregator.fetch import Exchange, Reply
from aggregator.model import BrokenEntry, Entry, OutcomeKind
from aggregator.pipeline.asking import page_question
from aggregator.pipeline.choosing import item_address
from aggregator.pipeline.parsing import UNREAD, USELESS, Body, ReadListing, has_text, read_from, read_item, read_lines
from aggregator.pipeline.road import Road
from aggregator.pipeline.sandbox import TooMuch
from aggregator.store.deciding import Line
from aggregator.store.known import last_read_at
from aggregator.store.polls import Tried, tried_in_vain

MOST_PAGES = 50  # pages that one poll asks for; the other entries wait for the next one
FEW_TRIES = 5  # at one poll after the other; then
RARELY = timedelta(days=1)
REMEMBERED = timedelta(days=7)  # for how long tries are counted

log = structlog.get_logger()


async def read_items(
    road: Road, source: Source, read: ReadListing, *, listed_at: str, now: datetime
) -> tuple[ReadListing, tuple[Exchange, ...]]:
    """The listing with the lines of its entries, each with the text of its own page; and what was exchanged for those.

    An entry whose page cannot be had keeps the text that the listing at `listed_at` has of it. Where there is none, or where a
    page was read before, it is dropped with the reason, so that it is not known, and `unfinished` says that the next poll must
    find it again: a teaser in place of a page would look as if its source had taken out the rest.
    """
    entries = read.listing.entries
    tried = _tried(road, source, now) if entries else {}
    urls = frozenset({listed_at, *(one.url for one in read.answers)})
    items = _Items(road, source, now, tried=tried, answers=list(read.answers), listed_at=urls)
    pages = read.pages or (0,) * len(entries)
    lines = [await items.line(entry, listed=page) for entry, page in zip(entries, pages, strict=True)]
    by_themselves = [entry for entry, line in zip(entries, lines, strict=True) if line is None]
    plain = iter(await road.sandbox.run(read_lines, by_themselves, source, at=now) if by_themselves else ())
    whole = (read_from(next(plain), page) if line is None else line for line, page in zip(lines, pages, strict=True))
    read = replace(read, lines=tuple(whole), answers=tuple(items.answers), unfinished=read.unfinished or items.left)
    return read, items.exchanges


@dataclass
class _Items:
    """The pages of one poll."""

    road: Road
    source: Source
    now: datetime
    tried: Mapping[str, Tried]  # by entry id
    answers: list[Reply]  # of this poll, beside the listing's own: those for its further pages are there already
    listed_at: frozenset[str]  # addresses of the listing and of its further pages
    heard: dict[str, int] = field(default_factory=dict)  # by address: which of the answers it has, from 1
    exchanges: tuple[Exchange, ...] = ()
    left: bool = False  # whether something is left for the next poll

    async def line(self, entry: Entry, *, listed: int) -> Line | BrokenEntry | None:
        """What an entry says on its own page, or why it is dropped for now; None where the listing's text must do.

        `listed` is the answer that lists it. The line says whether its text comes from there or from its own page.
        """
        address = item_address(entry, self.source)
        if not address:
            return None
        tried = self.tried.get(entry.id)
        if tried is not None and tried.times >= FEW_TRIES and self.now - tried.last < RARELY:
            return BrokenEntry(
                ref=entry.id, reason=f"its own page was asked {tried.times} times in vain, and is asked once a day"
            )
        if address not in self.heard and len(self.heard) == MOST_PAGES:
            self.left = True
            return BrokenEntry(ref=entry.id, reason=f"its own page is asked at the next poll: {MOST_PAGES} at most in one")
        number = await self._ask(address)
        line = await self._read(entry, self.answers[number - 1])
        if _is_of_listing(line) and self._was_read_on_page(entry):
            line = BrokenEntry(ref=entry.id, reason=f"{UNREAD}, and what was read there before stays")
        if isinstance(line, Line):
            return read_from(line, number if line.on_page else listed)
        if isinstance(line, BrokenEntry) and line.reason.startswith(UNREAD):
            self.left = self.left or tried is None or tried.times + 1 < FEW_TRIES
        return line

    def _was_read_on_page(self, entry: Entry) -> bool:
        with self.road.store.read() as tx:
            url = last_read_at(tx, self.source.key, entry.id)
        return url is not None and url not in self.listed_at

    async def _ask(self, address: str) -> int:
        if address not in self.heard:
            question = page_question(self.road.config, self.source, address)
            reply = await self.road.fetcher.ask(question, now=self.road.clock())
            self.answers.append(reply)
            self.heard[address] = len(self.answers)
            self.exchanges += reply.exchanges
        return self.heard[address]

    async def _read(self, entry: Entry, reply: Reply) -> Line | BrokenEntry | None:
        reason = reply.outcome.reason
        if reply.outcome.kind is OutcomeKind.CHANGED:
            try:
                return await self.road.sandbox.run(read_item, entry, self.source, Body.of(reply), at=self.now)
            except TooMuch as error:
                reason = str(error)
        log.warning("page_missing", source=self.source.key, url=reply.url, reason=reason)
        return None if has_text(entry) else BrokenEntry(ref=entry.id, reason=f"{UNREAD}: {reason}")


def _is_of_listing(line: Line | BrokenEntry | None) -> bool:
    """Whether an entry's page gave no text, so that the listing's has to do, and it does not say what became of it."""
    if isinstance(line, Line):
        return not (line.on_page or line.entry.note or line.entry.withdrawn)
    return line is None


def _tried(road: Road, source: Source, now: datetime) -> Mapping[str, Tried]:
    with road.store.read() as tx:
        return tried_in_vain(tx, source.key, reasons=(UNREAD, USELESS), since=now - REMEMBERED)

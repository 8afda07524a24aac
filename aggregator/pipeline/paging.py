"""A listing of several pages, and the files that a sitemap index names: one poll of one source reads them together."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain

import structlog

from aggregator.config import Source
from aggregator.fetch import Exchange, Reply
from aggregator.model import OutcomeKind
from aggregator.pipeline.asking import further_question
from aggregator.pipeline.parsing import Body, Known, ReadListing, joined, read_listing
from aggregator.pipeline.road import Road
from aggregator.pipeline.sandbox import Sandbox, TooMuch
from aggregator.sources import SourceFormatError
from aggregator.store.known import newest_lines
from aggregator.store.polls import polls_that_said
from aggregator.store.sources import SourceState
from aggregator.text.urls import without_queries

UNREAD = "a further page could not be read"
FEW_TRIES = 5  # at one poll after the other; then it is asked again when the first page brings something new
REMEMBERED = timedelta(days=7)  # for how long tries are counted
FEWEST_KNOWN = 200  # lines that are looked up before a listing is read, so that known ones need no reading

log = structlog.get_logger()


async def read_pages(road: Road, source: Source, state: SourceState, reply: Reply) -> tuple[ReadListing, tuple[Exchange, ...]]:
    """Read a listing in the sandbox, with as many of its further pages as the source's `pages` allows; and what was exchanged
    for those. Raises as `read_listing`, and `TooMuch`, where the first page cannot be read; a later one only ends it there.
    """
    known = _known(road, state)
    first = await road.intake.run(
        road.sandbox, road.writer, read_listing, Body.of(reply), source, known, lines=not source.fetch_pages, at=reply.at
    )
    pages: list[ReadListing] = [first]
    answers: list[Reply] = []
    # After a poll that left something behind (it then remembers no body), what is known does not end the reading.
    ways = Ways(source, first, reply, resumes=state.body_sha256 is None)
    # An index says the same while its files change; and a page that could not be read is asked for again.
    unfinished, said = ways.is_index and bool(first.listing.more), ""
    for url in ways:
        answer = await road.fetcher.ask(further_question(road.config, source, url), now=road.clock())
        answers.append(answer)
        lines = not source.fetch_pages
        page = await read_further(road.sandbox, source, known, answer, lines=lines, earlier=ways.present)
        if isinstance(page, str):
            unfinished = unfinished or _tries(road, source, now=reply.at) < FEW_TRIES
            said = f"{UNREAD} ({url}: {page})"
            log.warning("further_page_unread", source=source.key, url=url, reason=page)
            break
        pages.append(page)
        ways.add(page)
    exchanges = tuple(chain.from_iterable(answer.exchanges for answer in answers))
    if len(pages) == 1 and not unfinished and not said:
        return first, exchanges
    # Page 1 of `pages` is the first of `answers`; one that could not be read is the last, and no line names it.
    return replace(joined(pages, unfinished=unfinished, said=said), answers=tuple(answers)), exchanges


class Ways:
    """The addresses at which a listing goes on, while there is reason to go on; at most as many as the source's `pages` allows.

    `first` is the listing, `reply` what it was read from. A page that brings nothing new ends the reading; so does one that
    holds only what is known, unless the reading `resumes`.
    """

    def __init__(self, source: Source, first: ReadListing, reply: Reply, *, resumes: bool) -> None:
        self.is_index = source.kind == "sitemap" and not first.listed
        self._source = source
        self._resumes = resumes
        self._left = source.pages - (not self.is_index)  # the first page counts, an index does not
        self._asked = {source.url, reply.url}
        self._todo: deque[str] = deque()
        self._goes_on = True
        self.present: frozenset[str] = frozenset()
        self.add(first)

    def add(self, page: ReadListing) -> None:
        """Take note of a page that was read."""
        brings = not page.present <= self.present and (self._resumes or not page.all_known)
        self._goes_on = self._source.kind == "sitemap" or brings  # the files of an index do not follow one upon another
        self.present |= page.present
        self._todo.extend(page.listing.more)

    def __iter__(self) -> Iterator[str]:
        while self._goes_on and self._todo and self._left > 0:
            url = self._todo.popleft()
            if url not in self._asked:
                self._asked.add(url)
                self._left -= 1
                yield url


async def read_further(
    sandbox: Sandbox, source: Source, known: Known, answer: Reply, *, lines: bool, earlier: frozenset[str]
) -> ReadListing | str:
    """A further page, or why it is none; arguments as those of `read_listing`."""
    if answer.outcome.kind is not OutcomeKind.CHANGED:
        return answer.outcome.reason
    try:
        return await sandbox.run(read_listing, Body.of(answer), source, known, lines=lines, at=answer.at, earlier=earlier)
    except (SourceFormatError, TooMuch) as error:
        return without_queries(str(error))


def _tries(road: Road, source: Source, *, now: datetime) -> int:
    with road.store.read() as tx:
        return polls_that_said(tx, source.key, UNREAD, since=now - REMEMBERED)


def _known(road: Road, state: SourceState) -> Known:
    if state.never_read:
        return frozenset()
    with road.store.read() as tx:
        return newest_lines(tx, state.key, limit=max(FEWEST_KNOWN, 3 * state.listed))

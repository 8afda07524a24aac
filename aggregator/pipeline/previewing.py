"""Asking one source once, and reading what came as a poll reads it, without storing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import httpx

from aggregator.config import Config, Source
from aggregator.fetch import Ask, Fetcher, Reply, judge
from aggregator.model import BrokenEntry, Entry, Outcome, OutcomeKind
from aggregator.pipeline.asking import further_question, page_question, question
from aggregator.pipeline.choosing import item_address
from aggregator.pipeline.paging import Ways, read_further
from aggregator.pipeline.parsing import UNREAD, Body, ReadListing, has_text, joined, look_at_item, read_lines, read_listing
from aggregator.pipeline.preview import FurtherPage, PagePreview, Preview, page_preview, preview_line
from aggregator.pipeline.sandbox import Sandbox, TooMuch
from aggregator.sources import SourceFormatError
from aggregator.sources.unpacking import unpacked
from aggregator.store.deciding import Line

NOT_ASKED = Outcome(kind=OutcomeKind.FAILED, reason="not asked: the listing was read from a file")


class FileError(RuntimeError):
    """A file cannot stand for an answer; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """What a preview is made with."""

    config: Config
    fetcher: Fetcher
    sandbox: Sandbox
    now: datetime
    file: Path | None = None  # read instead of asking; then nothing is asked at all
    pages: int = 1  # how many items' own pages are read, where the source reads them
    tell: Callable[[str], None] = lambda _: None  # told what is being done


async def ask_for(look: Looking, ask: Ask) -> Reply:
    """The answer to a question, or what a file holds in its place. Raises `FileError`."""
    if look.file is None:
        look.tell(f"asking {ask.url}")
        return await look.fetcher.ask(ask, now=look.now)
    return _from_file(look.file, ask, look.now)


def _from_file(file: Path, ask: Ask, now: datetime) -> Reply:
    """The verdict on a file is that on an answer with its bytes: a challenge that was saved is still no page."""
    try:
        with file.open("rb") as opened:
            body = opened.read(ask.max_body + 1)
    except OSError as error:
        raise FileError(f"{file}: cannot be read ({error.strerror}).") from error
    if len(body) > ask.max_body:
        raise FileError(f"{file}: over the limit of {ask.max_body:,} bytes (`max_body`).")
    try:
        body = unpacked(body, url=str(file), most=ask.max_body)  # as the recordings are kept
    except SourceFormatError as error:
        raise FileError(str(error)) from error
    response = httpx.Response(200, content=body, request=httpx.Request("GET", ask.url))
    outcome = judge(response, listing=ask.listing)
    if outcome.kind is OutcomeKind.CHANGED:
        outcome = replace(outcome, reason=f"read from {file}", status=None)
    return Reply(url=ask.url, outcome=outcome, at=now, ms=0, body=body)


async def preview(look: Looking, source: Source) -> tuple[Preview, Reply]:
    """Ask a source once, unconditionally, and read what comes: its listing, further pages and the first items' own pages as far
    as the source reads those. Nothing is stored. Raises `FileError`."""
    reply = await ask_for(look, question(look.config, source))
    return await preview_of(look, source, reply), reply


async def preview_of(look: Looking, source: Source, reply: Reply) -> Preview:
    """What an answer of a source would bring."""
    found = Preview(url=reply.url, kind=source.kind, outcome=reply.outcome, ms=reply.ms, headers=dict(reply.headers))
    if reply.outcome.kind is not OutcomeKind.CHANGED:
        return found
    try:
        first = await look.sandbox.run(read_listing, Body.of(reply), source, frozenset(), lines=False, at=look.now)
    except (SourceFormatError, TooMuch) as error:
        return replace(found, outcome=_unread(reply.outcome, str(error)))
    read, further = await _further(look, source, reply, first)
    found = replace(
        found,
        title=read.listing.title,
        listed=read.listed,
        built=read.listing.built,
        matched=dict(read.listing.matched),
        warnings=read.listing.warnings,
        further=further,
    )
    return await _with_lines(look, source, read, found)


async def _further(
    look: Looking, source: Source, reply: Reply, first: ReadListing
) -> tuple[ReadListing, tuple[FurtherPage, ...]]:
    """The listing with the further pages that a poll would read, too."""
    pages, further = [first], []
    ways = Ways(source, first, reply, resumes=True)
    for url in ways:
        if look.file is not None:
            further.append(FurtherPage(url=url, outcome=NOT_ASKED))
            continue
        look.tell(f"asking {url}")
        answer = await look.fetcher.ask(further_question(look.config, source, url), now=look.now)
        page = await read_further(look.sandbox, source, frozenset(), answer, lines=False, earlier=ways.present)
        if isinstance(page, str):
            further.append(FurtherPage(url=url, outcome=_unread(answer.outcome, page)))
            break
        further.append(FurtherPage(url=url, outcome=answer.outcome, listed=page.listed))
        pages.append(page)
        ways.add(page)
    return (first if len(pages) == 1 else joined(pages, unfinished=False)), tuple(further)


def _unread(outcome: Outcome, reason: str) -> Outcome:
    """The outcome of an answer that cannot be used: where it came as it was asked for, what is wrong with it."""
    return outcome if outcome.kind is not OutcomeKind.CHANGED else replace(outcome, kind=OutcomeKind.FAILED, reason=reason)


async def _with_lines(look: Looking, source: Source, read: ReadListing, found: Preview) -> Preview:
    """What would become of each entry."""
    entries = read.listing.entries
    looked = await _pages(look, source, entries[: look.pages]) if source.fetch_pages and look.file is None else []
    rest = entries[len(looked) :]
    plain = await look.sandbox.run(read_lines, rest, source, at=look.now) if rest else ()
    stories = list(look.config.stories.values())
    lines = [preview_line(line, source, stories) for line in [*(one.line for one in looked), *plain] if isinstance(line, Line)]
    unread = [line for line in plain if isinstance(line, BrokenEntry)]
    drops = [*read.listing.broken, *(one.line for one in looked if isinstance(one.line, BrokenEntry))]
    return replace(
        found,
        lines=lines,
        pages=[one.preview for one in looked if one.preview is not None],
        undecided=unread if source.fetch_pages else (),
        drops=drops if source.fetch_pages else [*drops, *unread],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """An entry whose own page was asked for."""

    line: Line | BrokenEntry
    preview: PagePreview | None = None  # None: it has no page of its own


async def _pages(look: Looking, source: Source, entries: tuple[Entry, ...]) -> list[_Looked]:
    return [await _page(look, source, entry) for entry in entries]


async def _page(look: Looking, source: Source, entry: Entry) -> _Looked:
    address = item_address(entry, source)
    if not address:
        return _Looked(line=(await look.sandbox.run(read_lines, [entry], source, at=look.now))[0])
    look.tell(f"asking {address}")
    reply = await look.fetcher.ask(page_question(look.config, source, address), now=look.now)
    outcome = reply.outcome
    if outcome.kind is OutcomeKind.CHANGED:
        try:
            line, article = await look.sandbox.run(look_at_item, entry, source, Body.of(reply), at=look.now)
            return _Looked(line=line, preview=page_preview(reply.url, outcome, article))
        except TooMuch as error:
            outcome = _unread(outcome, str(error))
    line = (await look.sandbox.run(read_lines, [entry], source, at=look.now))[0]
    if isinstance(line, BrokenEntry) or not has_text(entry):
        line = BrokenEntry(ref=entry.id, reason=f"{UNREAD}: {outcome.reason}")
    return _Looked(line=line, preview=page_preview(reply.url, outcome))

"""From bytes to lines: pure work that is done in the sandbox, because the bytes are hostile."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Self

from aggregator.config import ArticleRules, Source
from aggregator.model import Article, BrokenEntry, Entry, Listing
from aggregator.pipeline.choosing import why_left_out, with_reference
from aggregator.pipeline.reading import raw_hash, read_line
from aggregator.sources import READERS, Rules, SourceFormatError
from aggregator.sources.limits import indexable, is_indexable
from aggregator.sources.order import AHEAD, OF, newest_first
from aggregator.store.deciding import Line, ToldVersion

if TYPE_CHECKING:  # whoever reads needs nothing of asking
    from aggregator.fetch import Reply

Known = frozenset[tuple[str, str]]  # (entry id, raw hash) of lines that need no reading
TOUCHED_WITHIN = timedelta(days=7)  # a change that a listing told so long ago was looked for by now
UNREAD, USELESS = "its own page could not be read", "its own page does not help"  # how reasons begin


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """An answer that is to be read."""

    body: bytes
    url: str
    content_type: str | None = None

    @classmethod
    def of(cls, reply: Reply) -> Self:
        """The body of a reply."""
        return cls(body=reply.body, url=reply.url, content_type=reply.headers.get("content-type"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadListing:
    """What a listing holds, without what is known already."""

    listing: Listing  # its entries are those that need reading, in the order of the source; those left out count as broken
    present: frozenset[str]  # the ids of all entries
    listed: int  # all lines, broken ones too
    unchanged: int  # entries that are known
    span: tuple[datetime, datetime] | None = None  # the times of the oldest and the newest entry
    all_known: bool = False  # it holds entries that we want, and each is known by its id
    unfinished: bool = False  # something of it is to be read at the next poll, though its bytes may then be the same
    lines: tuple[Line | BrokenEntry, ...] = ()  # what the entries say, once that is read
    pages: tuple[int, ...] = ()  # of a listing of several pages: on which each of `listing.entries` stands, from 0
    order: tuple[str, ...] = ()  # the ids of all entries, newest first as far as their times tell
    parts: tuple[int, ...] = ()  # how many of these stand on each page
    left_out: frozenset[str] = frozenset()  # and which of them the source's rules leave out
    newest: datetime | None = None  # the newest time of an entry that does not lie ahead of the clock
    touched: Mapping[str, datetime] = field(default_factory=dict)  # when known entries were changed last, as the listing has it
    filled: Mapping[str, int] = field(default_factory=dict)  # in how many lines each field holds something (`fetch/reach.py`)
    answers: tuple[Reply, ...] = ()  # what was read beside the listing's own answer: `Line.answer` counts them from 1

    @property
    def window(self) -> timedelta | None:
        """Between the oldest and the newest entry; None where none has a time."""
        return self.span[1] - self.span[0] if self.span is not None else None


def read_listing(
    body: Body, source: Source, known: Known, *, lines: bool, at: datetime, earlier: frozenset[str] = frozenset()
) -> ReadListing:
    """Read a listing that was fetched `at`; with `lines`, also what its entries say.

    `earlier` are ids of pages of the same listing that were read before it: what comes again on this one is unchanged.
    Raises `SourceFormatError` where the bytes are none.
    """
    listing = listing_of(body, source)
    wanted, left_out = _chosen((entry for entry in listing.entries if entry.id not in earlier), source)
    fresh = tuple(entry for entry in wanted if not known or (entry.id, raw_hash(entry)) not in known)
    known_ids = {entry_id for entry_id, _ in known}
    times = [entry.published for entry in listing.entries if entry.published is not None]
    order = newest_first([(entry.id, entry.published) for entry in listing.entries])
    return ReadListing(
        listing=replace(listing, entries=() if lines else fresh, broken=(*listing.broken, *left_out)),
        present=frozenset(entry.id for entry in listing.entries),
        listed=len(listing.entries) + len(listing.broken),
        unchanged=len(listing.entries) - len(left_out) - len(fresh),
        span=(min(times), max(times)) if times else None,
        all_known=bool(wanted) and all(entry.id in known_ids for entry in wanted),
        lines=tuple(read_line(entry, source, at=at) for entry in fresh) if lines else (),
        order=order,
        parts=(len(order),),
        left_out=frozenset(one.ref for one in left_out),
        newest=max((time for time in times if time <= at + AHEAD), default=None),
        touched=_touched(wanted, {entry.id for entry in fresh}, at=at),
        filled=_filled(listing),
    )


def _touched(wanted: Iterable[Entry], fresh: Container[str], *, at: datetime) -> dict[str, datetime]:
    """When the entries that need no reading were changed lately: their lines are the same, and their pages may not be."""
    return {
        entry.id: entry.updated
        for entry in wanted
        if entry.updated is not None and entry.id not in fresh and at - TOUCHED_WITHIN <= entry.updated <= at + AHEAD
    }


def _filled(listing: Listing) -> dict[str, int]:
    """In how many lines each field holds something: by the source's own rules, or those that every entry has."""
    counts = dict(listing.matched) or {
        "link": sum(bool(entry.url) for entry in listing.entries),
        "text": sum(has_text(entry) for entry in listing.entries),
        "time": sum(entry.published is not None for entry in listing.entries),
        "title": sum(bool(entry.title) for entry in listing.entries),
    }
    return {**counts, OF: len(listing.entries) + len(listing.broken)}


def listing_of(body: Body, source: Source) -> Listing:
    """What the bytes list by the source's kind and rules, under ids that can be looked up in every database.

    Raises `SourceFormatError` where they are none.
    """
    listing = READERS[source.kind](
        body.body,
        url=body.url,
        content_type=body.content_type,
        zone=source.zone,
        rules=rules_of(source),
        language=source.language,
    )
    if all(is_indexable(entry.id) for entry in listing.entries):  # nearly always
        return listing
    return replace(listing, entries=tuple(replace(entry, id=indexable(entry.id)) for entry in listing.entries))


def rules_of(source: Source) -> Rules:
    """What a source's listing is read by."""
    return source.selectors if source.kind == "page" else source.mapping


def _chosen(entries: Iterable[Entry], source: Source) -> tuple[list[Entry], list[BrokenEntry]]:
    """Entries that are read, with the source's own number, and those that are left out, with the reason."""
    wanted, left_out = [], []
    for entry in entries:
        why = why_left_out(entry, source)
        if why is None:
            wanted.append(with_reference(entry, source))
        else:
            left_out.append(BrokenEntry(ref=entry.id, reason=why))
    return wanted, left_out


def joined(pages: Sequence[ReadListing], *, unfinished: bool, said: str = "") -> ReadListing:
    """The pages of one listing as one: its age, its title and its wishes are those of the first. `said` is for the operator.

    Each line says on which page it stands.
    """
    spans = [page.span for page in pages if page.span is not None]
    order = dict.fromkeys(chain.from_iterable(page.order for page in pages))
    known: set[str] = set()
    parts = []
    for page in pages:
        parts.append(len({*page.order} - known))
        known |= {*page.order}
    return ReadListing(
        listing=replace(
            pages[0].listing,
            entries=tuple(chain.from_iterable(page.listing.entries for page in pages)),
            broken=tuple(chain.from_iterable(page.listing.broken for page in pages)),
            warnings=(*pages[0].listing.warnings, *filter(None, [said])),
        ),
        present=frozenset().union(*(page.present for page in pages)),
        listed=sum(page.listed for page in pages),
        unchanged=sum(page.unchanged for page in pages),
        span=(min(start for start, _ in spans), max(end for _, end in spans)) if spans else None,
        all_known=all(page.all_known for page in pages),
        unfinished=unfinished,
        lines=tuple(line for number, page in enumerate(pages) for line in _on(page.lines, number)),
        pages=tuple(number for number, page in enumerate(pages) for _ in page.listing.entries),
        order=tuple(order),
        parts=tuple(parts),
        left_out=frozenset().union(*(page.left_out for page in pages)),
        newest=max((page.newest for page in pages if page.newest is not None), default=None),
        touched={key: time for page in pages for key, time in page.touched.items()},
        filled={name: sum(page.filled.get(name, 0) for page in pages) for page in pages for name in page.filled},
    )


def _on(lines: Iterable[Line | BrokenEntry], page: int) -> Iterable[Line | BrokenEntry]:
    return (read_from(line, page) for line in lines) if page else lines


def read_from(line: Line | BrokenEntry, answer: int) -> Line | BrokenEntry:
    """The line, saying from which answer of the poll its text was read."""
    return replace(line, answer=answer) if answer and isinstance(line, Line) else line


def read_lines(entries: Sequence[Entry], source: Source, *, at: datetime) -> tuple[Line | BrokenEntry, ...]:
    """What entries say by themselves."""
    return tuple(read_line(entry, source, at=at) for entry in entries)


def read_item(entry: Entry, source: Source, page: Body, *, at: datetime) -> Line | BrokenEntry:
    """What an entry says on its own page; where nothing can be read there, what it says by itself, if it says anything."""
    try:
        article = _article(page, source)
        why = "" if article.text or article.withdrawn else "there is no text in it"
    except SourceFormatError as error:
        article, why = None, str(error)
    if why and not has_text(entry):
        return BrokenEntry(ref=entry.id, reason=f"{UNREAD}: {why}")
    line = read_line(entry, source, article, at=at)
    return line if isinstance(line, Line) else replace(line, reason=f"{USELESS}: {line.reason}")


def look_at_item(entry: Entry, source: Source, page: Body, *, at: datetime) -> tuple[Line | BrokenEntry, Article | None]:
    """`read_item`, and the article that was read for it; None where there is none."""
    try:
        article = _article(page, source)
    except SourceFormatError:
        article = None
    return read_item(entry, source, page, at=at), article


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPage:
    """What was read on the page of a statement that is told."""

    line: Line | None  # None: there is no text on it, or nothing that can be trusted
    changed: bool  # its text is another one than the newest version in its language
    alike: bool  # it holds enough of that text to be the same page


def read_watched(entry: Entry, source: Source, page: Body, versions: Sequence[ToldVersion], *, at: datetime) -> SeenPage:
    """Read the page of a statement again, as the line of its listing would be read with it.

    `entry` is the line as far as the store knows it, `versions` the newest in each language, oldest first. Raises
    `SourceFormatError` where the page cannot be read.
    """
    from aggregator.stories.withdrawing import resembles  # noqa: PLC0415 - as below
    from aggregator.text import detect_language  # noqa: PLC0415 - as below

    article = _article(page, source)
    said = source.language or article.language or detect_language(article.text)
    language = said.partition("-")[0].lower()
    told = next((one for one in versions if one.language == language), versions[-1])
    line = None
    if article.text:
        whole = replace(entry, title=told.title, html=told.html, language=told.language)
        read = read_line(whole, source, article, at=at)
        line = read if isinstance(read, Line) else None
    changed = line is not None and line.fingerprint != told.fingerprint
    return SeenPage(line=line, changed=changed, alike=resembles(told.text, article.text))


def has_text(entry: Entry) -> bool:
    """Whether the listing itself holds some text of an entry."""
    return bool(entry.html or entry.summary)


def _article(page: Body, source: Source) -> Article:
    item = source.item
    if item is not None and item.mapping is not None:
        from aggregator.sources.json_api import read_document  # noqa: PLC0415 - as below

        return read_document(
            page.body,
            url=page.url,
            mapping=item.mapping,
            zone=source.zone,
            language=source.language,
            content_type=page.content_type,
        )
    from aggregator.text import extract_article  # noqa: PLC0415 - the service knows this module, and reads nothing itself

    rules = item.article if item is not None and item.article != ArticleRules() else None
    return extract_article(page.body, url=page.url, rules=rules, zone=source.zone)

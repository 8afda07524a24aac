"""The pages of what is told, looked at again by a poll of their source: whether they stand, were edited, or are gone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import sha256
from urllib.parse import urlsplit

from aggregator.config import Source
from aggregator.fetch import Ask, Reply
from aggregator.fetch.gone import GONE_STATUSES, says_gone
from aggregator.model import Entry, OutcomeKind
from aggregator.pipeline.asking import page_question, plain_question
from aggregator.pipeline.choosing import item_address, with_reference
from aggregator.pipeline.parsing import Body, ReadListing, SeenPage, read_watched
from aggregator.pipeline.road import Road
from aggregator.pipeline.sandbox import TooMuch
from aggregator.sources import SourceFormatError
from aggregator.store.deciding import Line
from aggregator.store.sources import SourceState
from aggregator.store.watching import DueWatch, due_watches, told_versions
from aggregator.text import canonical_url

MOST_LOOKS = 5  # pages that one poll looks at again; the others wait for the next one


class Sighting(StrEnum):
    """What a look at a page came to."""

    GOOD = "good"  # it stands
    GONE = "gone"  # it does not, and the site lives
    NOTHING = "nothing"  # nobody can tell: a wall, a server in trouble, no answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at one page."""

    due: DueWatch
    sighting: Sighting
    said: str  # what it came to, in words
    reply: Reply | None = None  # None: it was not asked
    page: SeenPage | None = None  # what was read on it, where it was read
    number: int = 0  # which of the answers of `Looks` it is, from 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What one poll looked at again."""

    looks: tuple[Look, ...] = ()
    answers: tuple[Reply, ...] = ()  # to what was asked, in order


def may_look(reply: Reply) -> bool:
    """Whether a server can be asked for more: it answered well, or said that the listing itself is gone."""
    status = reply.outcome.status
    if reply.outcome.kind.good:
        return True
    return reply.outcome.kind is OutcomeKind.FAILED and status in (200, *GONE_STATUSES)


async def look_again(
    road: Road,
    source: Source,
    state: SourceState,
    reply: Reply,
    read: ReadListing | None,
    *,
    recorded: Collection[str] | None = None,
) -> Looks | None:
    """Look at the pages of a source that are due, after its listing was asked; None where none can be due.

    `reply` is the listing's answer, `read` what was read from it. With `recorded`, only those addresses are asked: those of
    which a record has the answer.
    """
    if recorded is None and (state.watch_at is None or state.watch_at > reply.at):
        return None
    if not may_look(reply) or (recorded is not None and not recorded):
        return None
    with road.store.read() as tx:
        due = due_watches(tx, source.key, now=reply.at)
        fresh = {line.entry.id for line in read.lines if isinstance(line, Line)} if read is not None else set()
        due = [one for one in due if one.watch.entry_id not in fresh]
        if recorded is not None:
            due = [one for one in due if address_of(one, source) in recorded]
        due = due[:MOST_LOOKS]
        versions = told_versions(tx, {one.watch.statement for one in due}) if due else {}
    looking = _Looking(road, source, reply)
    for one in due:
        if not await looking.at(one.with_versions(versions[one.watch.statement])):
            break
    return Looks(looks=tuple(looking.looks), answers=tuple(looking.answers))


def entry_of(due: DueWatch, source: Source) -> Entry:
    """The listed line of a watched page, as far as the store knows it."""
    entry = Entry(
        id=due.watch.entry_id,
        url=due.watch.url,
        title="",
        published=due.said_at,
        updated=None,
        published_written=due.said_written,
        zone_known=due.zone_known,
        day_only=bool(due.said_day),
        reference=due.reference,
    )
    return with_reference(entry, source)


def address_of(due: DueWatch, source: Source) -> str:
    """Where a watched page is asked for: as an item's page is."""
    return item_address(entry_of(due, source), source) or due.watch.url


@dataclass
class _Looking:
    """The looks of one poll."""

    road: Road
    source: Source
    listing: Reply
    looks: list[Look] = field(default_factory=list)
    answers: list[Reply] = field(default_factory=list)
    _alive: dict[str, bool] = field(default_factory=dict)  # by host: whether something of it answered well

    def __post_init__(self) -> None:
        if self.listing.outcome.kind.good:
            self._alive[_host(self.listing.url)] = True

    async def at(self, due: DueWatch) -> bool:
        """Look at one page; false where the others should not be asked now."""
        address = address_of(due, self.source)
        if address in (self.source.url, self.listing.url):
            self.looks.append(Look(due=due, sighting=Sighting.NOTHING, said="its address is that of the listing"))
            return True
        seen = due.watch.seen
        validators = {"etag": seen.etag, "last_modified": seen.last_modified, "variant": seen.variant}
        reply = await self._ask(page_question(self.road.config, self.source, address, **validators))
        look = await self._judged(due, address, reply)
        if look.sighting is Sighting.GOOD:
            self._alive[_host(reply.url)] = True
        self.looks.append(replace(look, number=len(self.answers) if look.sighting is Sighting.GOOD else 0))
        return look.sighting is not Sighting.NOTHING or reply.outcome.kind.good

    async def _ask(self, question: Ask) -> Reply:
        reply = await self.road.fetcher.ask(question, now=self.road.clock())
        self.answers.append(reply)
        return reply

    async def _judged(self, due: DueWatch, address: str, reply: Reply) -> Look:
        if says_gone(reply.outcome, reply.headers):
            return await self._gone(due, reply, reply.outcome.reason)
        if not reply.outcome.kind.good:
            return Look(due=due, sighting=Sighting.NOTHING, said=reply.outcome.reason, reply=reply)
        if reply.outcome.kind is OutcomeKind.UNCHANGED:
            return Look(due=due, sighting=Sighting.GOOD, said=reply.outcome.reason, reply=reply)
        there = canonical_url(reply.url)
        if there == canonical_url(address):
            return await self._read(due, reply)
        if there in {canonical_url(url) for url in (self.source.url, self.source.homepage, self.listing.url) if url}:
            return await self._gone(due, reply, f"sent on to the listing ({reply.url[:200]})")
        return await self._read(due, reply, elsewhere=reply.url != due.watch.seen.good_url)

    async def _read(self, due: DueWatch, reply: Reply, *, elsewhere: bool = False) -> Look:
        """Read a page that came, where its source is read from pages, or where it came from elsewhere than before."""
        seen = due.watch.seen
        # Where feeds link by counters, the first look alone shows where the page itself is.
        moved = elsewhere and (self.source.fetch_pages or bool(seen.good_url))
        good = Look(due=due, sighting=Sighting.GOOD, said=reply.outcome.reason, reply=reply)
        if not moved and (not self.source.fetch_pages or sha256(reply.body).hexdigest() == seen.body_sha256):
            return good
        try:
            page = await self.road.sandbox.run(
                read_watched, entry_of(due, self.source), self.source, Body.of(reply), due.versions, at=self.listing.at
            )
        except (SourceFormatError, TooMuch) as error:
            return Look(due=due, sighting=Sighting.NOTHING, said=f"it cannot be read: {error}", reply=reply)
        if not moved:
            return replace(good, page=page)
        if not page.alike:
            return await self._gone(due, reply, f"sent on to another page ({reply.url[:200]})")
        return replace(good, page=page if self.source.fetch_pages else None, said=f"moved to {reply.url[:200]}")

    async def _gone(self, due: DueWatch, reply: Reply, said: str) -> Look:
        """A page is gone only where its site lives: else nothing is known of it."""
        if reply.outcome.status in GONE_STATUSES and not await self._lives(reply):
            return Look(due=due, sighting=Sighting.NOTHING, said=f"{said}; nothing else of its site answers well", reply=reply)
        return Look(due=due, sighting=Sighting.GONE, said=said, reply=reply)

    async def _lives(self, reply: Reply) -> bool:
        """Whether something of a host answered well at this poll: the listing, another page, or else its home page."""
        host = _host(reply.url)
        if host not in self._alive:
            home = f"{urlsplit(reply.url).scheme}://{host}/"
            question = plain_question(self.road.config, home, listing=False, allow=self.source.allow, proxy=self.source.proxy)
            self._alive[host] = (await self._ask(question)).outcome.kind.good
        return self._alive[host]


def _host(url: str) -> str:
    return urlsplit(url).netloc

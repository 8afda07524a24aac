"""From a bare address to sources: what it gives, the feeds that it names, those in the usual places, else selectors for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from aggregator.config import Source
from aggregator.config.drafts import SourceDraft, is_web_url
from aggregator.config.writing import free_key, key_from_host
from aggregator.fetch import Ask, Reply
from aggregator.model import Listing, Outcome, OutcomeKind
from aggregator.pipeline.asking import plain_question
from aggregator.pipeline.parsing import Body
from aggregator.pipeline.preview import Preview
from aggregator.pipeline.previewing import NOT_ASKED, Looking, ask_for, preview_of
from aggregator.pipeline.recognising import Recognised, recognise
from aggregator.pipeline.sandbox import TooMuch
from aggregator.sources import SourceFormatError
from aggregator.sources.discovery import sitemaps_of, usual_places, usual_sitemap
from aggregator.text import canonical_url

MOST_NAMED = 6  # feeds that the page names and that are asked
MOST_FOUND = 4  # of those, how many are shown
FEW_WORDS = 60  # of an entry: what a summary has, and no statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An address that was asked."""

    url: str
    outcome: Outcome
    what: str = ""  # it turned out to be


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A source that may be put into `feeds.toml`."""

    block: str  # TOML
    preview: Preview  # what it would bring
    there: str = ""  # the key under which the file has this address already


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What a bare address came to."""

    url: str
    what: str  # in a sentence
    outcome: Outcome  # of the address itself
    asked: Sequence[Place] = ()
    found: Sequence[Found] = ()
    headers: dict[str, str] = field(default_factory=dict)


async def discover(look: Looking, url: str, *, allow: Sequence[str] = ()) -> Discovery:
    """Ask an address, and as many others of its site as are needed to find what can be watched there; each politely and once.

    `allow` opens hosts on private addresses. Stores nothing. Raises `FileError`.
    """
    return await _Search(look, tuple(allow)).search(url)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Good:
    """An answer that can be watched."""

    url: str  # that was asked
    reply: Reply
    known: Recognised

    def draft(self, *, taken: Collection[str], allow: tuple[str, ...]) -> SourceDraft:
        """A source of it, with a key that is free. An address that has moved for good is written as it is now."""
        known = self.known
        moved = self.reply.moved_to
        url = moved if moved is not None and is_web_url(moved) else self.url
        host = urlsplit(url).hostname or ""
        is_whole = known.kind in ("feed", "json_api") and _words(known.listing) >= FEW_WORDS
        return SourceDraft(
            key=free_key(key_from_host(host), taken),
            name=known.title,
            url=url,
            kind=known.kind,
            language=known.language.partition("-")[0].lower(),
            rules=known.rules,
            fetch_pages=not is_whole and (known.kind == "sitemap" or any(entry.url for entry in known.listing.entries)),
            needs_zone=known.needs_zone,
            allow=tuple(one for one in allow if one == host),
        )


@dataclass
class _Search:
    """One search, and what it has asked so far."""

    look: Looking
    allow: tuple[str, ...]
    places: list[Place] = field(default_factory=list)

    async def search(self, url: str) -> Discovery:
        reply = await ask_for(self.look, self._ask(url))
        known = await self._recognised(reply)
        self._note(url, reply, known)
        if not isinstance(known, Recognised):
            outcome = reply.outcome if reply.outcome.kind is not OutcomeKind.CHANGED else _failed(known)
            return self._done(url, reply, outcome.reason, outcome=outcome)
        first = _Good(url=url, reply=reply, known=known)
        if known.kind == "page":
            return await self._page(first)
        return self._done(url, reply, known.what, found=await self._all([first]), outcome=known.outcome(reply))

    async def _page(self, page: _Good) -> Discovery:
        """A page for people: feeds that it names, else those in the usual places, else its own list."""
        url, reply = page.url, page.reply
        named = [link.url for link in page.known.feeds[:MOST_NAMED]]
        feeds = await self._feeds(named, most=MOST_FOUND)
        what = "a page that names feeds"
        if not feeds:
            feeds = await self._feeds(usual_places(reply.url), most=1)
            what = "a page that names no feed; one is in a usual place"
        if feeds:
            return self._done(url, reply, what, found=await self._all(feeds))
        sitemaps = await self._feeds(self._sitemaps(reply), most=1)
        news = [one for one in sitemaps if one.known.titled]
        own = [page] if page.known.rules is not None else []
        chosen = [*own, *news] or sitemaps
        if own:
            what = (
                "a page without a feed that could be found; its list can be read by selectors, which were guessed: look at them"
            )
        elif chosen:
            what = "a page without a feed that could be found, and without a list; its site has a sitemap"
        else:
            what = "a page without a feed that could be found, and without a list of titled links"
        outcome = reply.outcome if chosen else _failed(f"{what}. Name the page that lists the statements.")
        return self._done(url, reply, what, found=await self._all(chosen), outcome=outcome)

    def _sitemaps(self, reply: Reply) -> Iterable[str]:
        """Those that robots.txt names: it was asked before the page was, and stands among what was exchanged."""
        robots = [one for one in reply.exchanges if urlsplit(one.url).path == "/robots.txt" and one.status == 200]
        named = [address for one in robots for address in sitemaps_of(one.body, url=one.url)]
        return dict.fromkeys([*named, usual_sitemap(reply.url)])

    async def _feeds(self, addresses: Iterable[str], *, most: int) -> list[_Good]:
        """Ask addresses one after the other until enough of them are what can be watched."""
        good: list[_Good] = []
        for address in filter(is_web_url, addresses):
            if any(address == place.url for place in self.places):
                continue
            if self.look.file is not None:
                self.places.append(Place(url=address, outcome=NOT_ASKED))
                continue
            reply = await ask_for(self.look, self._ask(address, listing=True))
            known = await self._recognised(reply)
            self._note(address, reply, known)
            if isinstance(known, Recognised) and known.kind in ("feed", "sitemap"):
                good.append(_Good(url=address, reply=reply, known=known))
            if len(good) == most:
                break
        return good

    def _ask(self, url: str, *, listing: bool = False) -> Ask:
        return plain_question(self.look.config, url, listing=listing, allow=self.allow)

    async def _recognised(self, reply: Reply) -> Recognised | str:
        """What an answer is, or why it is nothing."""
        if reply.outcome.kind is not OutcomeKind.CHANGED:
            return reply.outcome.reason
        try:
            return await self.look.sandbox.run(recognise, Body.of(reply))
        except (SourceFormatError, TooMuch) as error:
            return str(error)

    def _note(self, url: str, reply: Reply, known: Recognised | str) -> None:
        outcome = reply.outcome if isinstance(known, Recognised) or not reply.outcome.kind.good else _failed(known)
        self.places.append(Place(url=url, outcome=outcome, what=known.what if isinstance(known, Recognised) else ""))

    async def _all(self, good: Sequence[_Good]) -> list[Found]:
        taken = set(map(str, self.look.config.sources))
        found = []
        for one in good:
            if one.known.kind == "json_api" and one.known.rules is None:
                continue
            draft = one.draft(taken=taken, allow=self.allow)
            taken.add(draft.key)
            source = draft.source()
            preview = await preview_of(self.look, source, one.reply)
            found.append(Found(block=draft.block(), preview=preview, there=self._there(source)))
        return found

    def _there(self, source: Source) -> str:
        address = canonical_url(source.url)
        return next((str(one.key) for one in self.look.config.sources.values() if canonical_url(one.url) == address), "")

    def _done(
        self, url: str, reply: Reply, what: str, *, found: Sequence[Found] = (), outcome: Outcome | None = None
    ) -> Discovery:
        return Discovery(
            url=url,
            what=what,
            outcome=outcome or reply.outcome,
            asked=tuple(self.places),
            found=tuple(found),
            headers=dict(reply.headers),
        )


def _words(listing: Listing) -> int:
    """How many words an entry has in the middle: half of them have more."""
    counts = sorted(len((entry.html or entry.summary).split()) for entry in listing.entries)
    return counts[len(counts) // 2] if counts else 0


def _failed(reason: str) -> Outcome:
    return Outcome(kind=OutcomeKind.FAILED, reason=reason)

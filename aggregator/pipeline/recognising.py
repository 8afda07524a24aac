"""What the bytes of a bare address are: pure work that is done in the sandbox, because the bytes are hostile."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from aggregator.config.rules import Mapping, Selectors
from aggregator.config.types import Kind
from aggregator.fetch import Reply
from aggregator.model import Entry, Listing, Outcome, OutcomeKind, ZoneKnown
from aggregator.pipeline.parsing import Body
from aggregator.sources import SourceFormatError, read_feed, read_json, read_page, read_sitemap
from aggregator.sources.discovery import FeedLink, form_of, page_facts
from aggregator.sources.guessing import guess_selectors
from aggregator.sources.guessing_json import guess_mapping

EMPTY = Listing(entries=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """What an answer is, and how it can be read."""

    kind: Kind
    what: str  # in some words
    listing: Listing = EMPTY
    title: str = ""
    language: str = ""  # BCP 47
    rules: Selectors | Mapping | None = None  # guessed
    feeds: tuple[FeedLink, ...] = field(default=())  # that a page names

    @property
    def titled(self) -> bool:
        """Whether its entries say what they are, and when: a plain sitemap only lists addresses."""
        return any(entry.title and entry.published for entry in self.listing.entries)

    @property
    def needs_zone(self) -> bool:
        """Whether its times name no zone."""
        return any(entry.published_written and entry.zone_known is ZoneKnown.NONE for entry in self.listing.entries)

    def outcome(self, reply: Reply) -> Outcome:
        """The verdict: JSON in which no list can be found cannot be watched."""
        if self.kind == "json_api" and self.rules is None:
            return Outcome(kind=OutcomeKind.FAILED, reason=self.what, status=reply.outcome.status)
        return reply.outcome


def recognise(body: Body) -> Recognised:
    """Read bytes as what they are. Raises `SourceFormatError` where that cannot be done."""
    match form_of(body.body):
        case "feed":
            return _feed(body)
        case "sitemap":
            return _sitemap(body)
        case "json":
            return _json(body)
        case "page":
            return _page(body)
        case _:
            raise SourceFormatError(f"{body.url}: plain text, and neither a feed nor a page")


def _feed(body: Body) -> Recognised:
    listing = read_feed(body.body, url=body.url, content_type=body.content_type)
    what = f"a feed of {_entries(listing)}"
    return Recognised(kind="feed", what=what, listing=listing, title=listing.title, language=_language(listing.entries))


def _sitemap(body: Body) -> Recognised:
    listing = read_sitemap(body.body, url=body.url, content_type=body.content_type)
    if listing.more and not listing.entries:
        what = f"a sitemap index that names {len(listing.more)} files"
    else:
        is_news = any(entry.title for entry in listing.entries)
        what = f"a {'news ' if is_news else ''}sitemap of {_entries(listing)}"
    return Recognised(kind="sitemap", what=what, listing=listing, language=_language(listing.entries))


def _json(body: Body) -> Recognised:
    rules = guess_mapping(body.body, url=body.url, content_type=body.content_type)
    if rules is None:
        why = 'JSON, and no list of titled and dated things was found in it: write a mapping for kind = "json_api"'
        return Recognised(kind="json_api", what=why)
    listing = read_json(body.body, url=body.url, mapping=rules, content_type=body.content_type)
    what = f"JSON with {_entries(listing)}, read by a mapping that was guessed: look at it"
    return Recognised(kind="json_api", what=what, listing=listing, language=_language(listing.entries), rules=rules)


def _page(body: Body) -> Recognised:
    facts = page_facts(body.body, url=body.url, content_type=body.content_type)
    rules, listing = _guessed(body, facts.language)
    what = f"a page titled “{facts.title[:100]}”" if facts.title else "a page"
    return Recognised(
        kind="page", what=what, listing=listing, title=facts.title, language=facts.language, rules=rules, feeds=facts.feeds
    )


def _guessed(body: Body, language: str) -> tuple[Selectors | None, Listing]:
    """Selectors that do read a list on this page, and that list."""
    rules = guess_selectors(body.body, url=body.url, content_type=body.content_type)
    if rules is None:
        return None, EMPTY
    try:
        listing = read_page(body.body, url=body.url, selectors=rules, content_type=body.content_type, language=language)
    except SourceFormatError:
        return None, EMPTY
    return (rules, listing) if len(listing.entries) > 1 else (None, EMPTY)


def _entries(listing: Listing) -> str:
    number = len(listing.entries)
    return "1 entry" if number == 1 else f"{number} entries"


def _language(entries: tuple[Entry, ...]) -> str:
    said = Counter(entry.language for entry in entries if entry.language)
    return said.most_common(1)[0][0] if said else ""

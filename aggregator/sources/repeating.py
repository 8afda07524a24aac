"""The structure that repeats on a listing page: elements that each hold one link, and perhaps a time."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

import soupsieve
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from aggregator.sources.links import web_address
from aggregator.sources.markup import page_base, said
from aggregator.sources.moments import attribute_language
from aggregator.sources.selecting import text_of
from aggregator.text.html import fold
from aggregator.text.times import read_time

LEVELS = 10  # around a link at which its entry is sought
MOST_CLASSES = 8  # of one element
MOST_SIGNS = 2_000  # links, and texts with figures, that are looked at: a page for people has a few hundred
LONGEST_TIME = 80  # characters of an element that holds a time and nothing else
FEWEST_LETTERS = 8  # of a link that may be a title
FEWEST = 2  # entries
ELSEWHERE = frozenset({"nav", "form", "select", "script", "style", "noscript", "template", "head"})
ROLES = frozenset({"navigation", "search", "menu", "menubar", "banner"})
PASSING = re.compile(
    r"^(?:is|has|col|offset|[mp][trblxy]?|w|h)-|^(?:first|last|odd|even|active|current|selected|row|col|clearfix|hidden|small|"
    r"fade|show)$|\d{3}",
    re.IGNORECASE,
)
CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}(?:\s?[ap]\.?m\.?)?(?:\s?uhr)?", re.IGNORECASE)
NAME = re.compile(r"-?[A-Za-z_][A-Za-z0-9_-]{0,59}")  # as people choose it; programs make longer and odder ones
FIGURE = re.compile(r"\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link that may lead to an entry's own page."""

    tag: Tag
    address: str  # absolute, without fragment
    letters: int  # of its text; 0 where it shows only a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What seems to be one entry."""

    tag: Tag
    link: Link
    language: str  # of the page, as far as it says so
    times: tuple[Tag, ...]  # elements inside that hold a time, in the order of the page
    clocks: tuple[Tag, ...]  # and those that hold a time of day alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeating:
    """The entries of a page, and the selector that finds them."""

    selector: str
    records: tuple[Record, ...]
    others: int  # elements that the selector finds, too, and that are no entries


def find_repeating(page: BeautifulSoup, *, url: str) -> Repeating | None:
    """The structure that looks most like a listing, or None. Time and memory are in proportion to the page."""
    signs = _Signs(page, url)
    best: tuple[float, int, int] = (0, 0, 0)
    found: tuple[str, list[Record]] | None = None
    for selector, tags in signs.groups().items():
        records = list(signs.records(tags))
        if len({record.link.address for record in records}) < FEWEST:
            continue
        worth = round(signs.worth(records) * _sure(selector, tags[0]) - 0.5 * (len(tags) - len(records)), 6)
        rank = (worth, -len(list(tags[0].parents)), _told(selector))  # of elements around the same links the outermost
        if worth > 0 and (found is None or rank > best):
            best, found = rank, (selector, records)
    if found is None:
        return None
    selector, records = found
    others = len(soupsieve.select(selector, page)) - len(records)
    return Repeating(selector=selector, records=tuple(records), others=others)


def usable_classes(tag: Tag) -> list[str]:
    """The classes of an element that name what it is, and not how it looks or where it stands."""
    names = said(tag, "class").split()[:MOST_CLASSES]
    return [name for name in names if NAME.fullmatch(name) and not PASSING.search(name)]


def with_class(tag: Tag, name: str) -> str:
    """A selector."""
    return f"{tag.name}.{name}"


def letters_of(text: str) -> int:
    """How many letters a text has."""
    return sum(map(str.isalpha, text))


def _sure(selector: str, tag: Tag) -> float:
    """What is found by its place alone, though it has a name, may be of several kinds."""
    return 0.6 if " > " in selector and usable_classes(tag) else 1.0


def _told(selector: str) -> int:
    """How much a selector tells of what it finds: among several for the same elements, a speaking name is taken."""
    named = re.search(
        r"news|entry|event|article|teaser|post|item|result|listing|story|release|card|message", selector, re.IGNORECASE
    )
    return 1_000 * (named is not None) + 500 * (" > " not in selector) + min(len(selector), 100)


class _Signs:
    """Links and times of a page, and which elements hold them."""

    def __init__(self, page: BeautifulSoup, url: str) -> None:
        self._tags: dict[int, Tag] = {}
        self._links: dict[int, list[Link]] = defaultdict(list)
        self._times: dict[int, list[Tag]] = defaultdict(list)
        self._clocks: dict[int, list[Tag]] = defaultdict(list)
        self._language = said(page.html, "lang") if page.html is not None else ""
        times, clocks = _find_times(page, self._language)
        shown = {id(around) for tag in times for around in _around(tag)}
        for link in _find_links(page, page_base(page, url), url, with_time=shown):
            self._note(self._links, link.tag, link)
        for kept, tags in ((self._times, times), (self._clocks, clocks)):
            for tag in tags:
                self._note(kept, tag, tag)

    def _note(self, kept: dict[int, list[Link]] | dict[int, list[Tag]], tag: Tag, what: Link | Tag) -> None:
        for around in _around(tag):
            self._tags[id(around)] = around
            kept[id(around)].append(what)  # type: ignore[arg-type]  # each dict takes what it is given for

    def groups(self) -> Mapping[str, list[Tag]]:
        """Elements that hold a link, by a selector that finds them."""
        found: dict[str, list[Tag]] = defaultdict(list)
        for ident in list(self._links):
            tag = self._tags[ident]
            for selector in _selectors(tag):
                found[selector].append(tag)
        return {selector: tags for selector, tags in found.items() if len(tags) >= FEWEST}

    def records(self, tags: Sequence[Tag]) -> Iterator[Record]:
        """Those of these elements that hold one entry. A link that most of them share is no entry's own.

        Where markup is broken, one entry may stand inside another: each sign belongs to the nearest.
        """
        there = {id(tag) for tag in tags}
        links = {id(tag): [link for link in self._links[id(tag)] if _nearest(link.tag, there) is tag] for tag in tags}
        often = Counter(address for found in links.values() for address in {link.address for link in found})
        common = {address for address, number in often.items() if number > max(2, 0.3 * len(tags))}
        for tag in tags:
            own = [link for link in links[id(tag)] if link.address not in common]
            most = max((link.letters for link in own), default=0)
            main = [link for link in own if 2 * link.letters >= most]
            if len({link.address for link in main}) == 1:
                yield Record(
                    tag=tag,
                    link=max(main, key=lambda one: one.letters),
                    language=self._language,
                    times=tuple(time for time in self._times[id(tag)] if _nearest(time, there) is tag),
                    clocks=tuple(clock for clock in self._clocks[id(tag)] if _nearest(clock, there) is tag),
                )

    @staticmethod
    def worth(records: Iterable[Record]) -> float:
        """How much they look like entries: most of all those with a time, and with a title of some words."""
        best: dict[str, float] = {}
        for record in records:
            titled = min(record.link.letters, 30) / 30 or 0.2
            worth = titled * (1.0 if record.times else 0.15)
            best[record.link.address] = max(best.get(record.link.address, 0.0), worth)
        return sum(best.values())


def _around(tag: Tag) -> Iterator[Tag]:
    """An element and those around it, up to the body."""
    for around in islice(chain((tag,), tag.parents), LEVELS + 1):
        if around.name in ("body", "html", "[document]", "main"):
            return
        yield around


def _selectors(tag: Tag) -> Iterator[str]:
    for name in usable_classes(tag):
        yield with_class(tag, name)
    parent = tag.parent
    if parent is None or parent.name == "[document]":
        return
    names = [with_class(parent, name) for name in usable_classes(parent)]
    ident = said(parent, "id")
    if NAME.fullmatch(ident) and not FIGURE.search(ident):
        names.append(f"{parent.name}#{ident}")
    for name in names or [parent.name]:
        yield f"{name} > {tag.name}"


def _nearest(tag: Tag, there: set[int]) -> Tag | None:
    return next((around for around in _around(tag) if id(around) in there), None)


def _find_links(page: BeautifulSoup, base: str, url: str, *, with_time: set[int]) -> Iterator[Link]:
    """Links outside of menus and forms that show a title, or lead from a time to what was said then."""
    own = url.partition("#")[0]
    for tag in page.find_all("a", href=True, limit=MOST_SIGNS):
        address = web_address(base, said(tag, "href")).partition("#")[0]
        if not address or address == own or _is_elsewhere(tag):
            continue
        text = fold(text_of(tag)) or fold(said(tag, "title") or said(tag, "aria-label"))
        letters = letters_of(text)
        is_time = id(tag) in with_time and letters < 3 * FEWEST_LETTERS
        if letters >= FEWEST_LETTERS or is_time:
            yield Link(tag=tag, address=address, letters=0 if is_time and len(text) <= LONGEST_TIME // 2 else letters)


def _is_elsewhere(tag: Tag) -> bool:
    return any(around.name in ELSEWHERE or said(around, "role").lower() in ROLES for around in (tag, *tag.parents))


def _find_times(page: BeautifulSoup, language: str) -> tuple[list[Tag], list[Tag]]:
    """Elements that hold a time, the smallest ones, and those that hold a time of day alone."""
    times: dict[int, Tag] = {}
    clocks: dict[int, Tag] = {}
    for tag in page.find_all(True, attrs={"datetime": True}, limit=MOST_SIGNS):
        if reads_as_time(tag, language):
            times[id(tag)] = tag
    for text in page.find_all(string=FIGURE, limit=MOST_SIGNS):
        holder = _holder(text)
        if holder is None or any(id(around) in times for around in (holder, *holder.parents)):
            continue
        if CLOCK.fullmatch(_short_text(holder)):
            clocks[id(holder)] = holder
        elif (
            dated := next((one for one in (holder, holder.parent) if one is not None and reads_as_time(one, language)), None)
        ) is not None:
            times[id(dated)] = dated
    return list(times.values()), list(clocks.values())


def _holder(text: NavigableString) -> Tag | None:
    tag: Tag | None = text.parent
    if tag is None or len(text) > LONGEST_TIME + 200 or tag.name in ELSEWHERE or tag.name in ("body", "html", "title"):
        return None
    return tag


def reads_as_time(tag: Tag, language: str) -> bool:
    """Whether an element holds a time and nothing else, in its `datetime` or as its text."""
    attribute = said(tag, "datetime")
    if attribute and read_time(attribute, language=attribute_language(attribute, language)) is not None:
        return True
    text = _short_text(tag)
    return FIGURE.search(text) is not None and read_time(text, language=language) is not None


def _short_text(tag: Tag) -> str:
    """The text of an element that holds no more than a time may take; "" for a longer one, of which little is looked at."""
    parts, left = [], LONGEST_TIME
    for number, part in enumerate(tag.strings):
        folded = fold(part) if len(part) < 10 * LONGEST_TIME else part
        left -= len(folded)
        if left < 0 or number > LONGEST_TIME:
            return ""
        parts.append(folded)
    return fold(" ".join(parts))

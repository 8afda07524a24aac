"""Selectors for a listing page of which nothing is known, guessed from what repeats on it. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

import soupsieve
from bs4 import BeautifulSoup, Tag

from aggregator.config.rules import Selectors
from aggregator.sources.markup import read_html, said
from aggregator.sources.repeating import (
    NAME,
    Record,
    Repeating,
    find_repeating,
    letters_of,
    reads_as_time,
    usable_classes,
    with_class,
)
from aggregator.sources.selecting import text_of
from aggregator.text.html import fold

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
FEW = 40  # entries that are looked at for a name; selectors are then tried on them
MOST_PARTS = 200  # elements of one entry
INLINE = ("a", "b", "strong", "i", "em", "span")
MOST_TRIED = 40  # selectors for one part
ENOUGH = 0.6  # of the entries that have a part, how many its selector must find it in
PUBLISHED = re.compile(r"publi|date|datum|time", re.IGNORECASE)
CHANGED = re.compile(r"updat|modif|chang|hidden|expir", re.IGNORECASE)
NEXT = ('a[rel~="next"]', "li.next a", ".next a", "a.next", ".pager__item--next a", ".pagination-next a", "a.pagination__next")


def guess_selectors(body: bytes, *, url: str, content_type: str | None = None) -> Selectors | None:
    """Selectors that read a listing page, or None where nothing on it repeats as a listing does.

    `url` is where the bytes came from, `content_type` the header that came with them. What is guessed must be looked at: try it
    with `read_page`. Raises `SourceFormatError` where the bytes are no page, or one larger than any for people.
    """
    page = read_html(body, url=url, content_type=content_type)
    found = find_repeating(page, url=url)
    if found is None:
        return None
    records = found.records[:FEW]
    link = _link(records)
    is_titled = sum(bool(record.link.letters) for record in records) >= ENOUGH * len(records)
    title, text = (_title(records, link), "") if is_titled else ("", _text(records))
    parts = {"link": link, "title": title, "time": _time(records), "text": text, "next": _next(page)}
    said_parts = {name: selector for name, selector in parts.items() if selector}
    return Selectors(entry=_entry(found, said_parts.get("time", "")), **said_parts)


def _entry(found: Repeating, time: str) -> str:
    """The selector of the entries, narrowed where it also finds what is none: a search form in the same frame."""
    if not found.others:
        return found.selector
    if time and all(record.times for record in found.records):
        return f"{found.selector}:has({time})"
    return f"{found.selector}:has(a[href])" if found.records[0].tag.name != "a" else found.selector


# --- parts: for each, where it is in every entry, and the first selector that finds it there


def _link(records: Sequence[Record]) -> str:
    if all(record.tag is record.link.tag for record in records):
        return ""  # the entry is itself the link
    address = {id(record.tag): said(record.link.tag, "href") for record in records}

    def right(record: Record, found: Tag) -> bool:
        return said(found, "href") == address[id(record.tag)]

    tried = (one for record in records for one in (*_in_heading(record.link.tag), *_names(record.link.tag), "a"))
    chosen = _first_right(records, tried, right)
    return f"{chosen} @href" if chosen and chosen != "a" else ""


def _in_heading(tag: Tag) -> Iterator[str]:
    heading = next((around.name for around in tag.parents if around.name in HEADINGS), "")
    if heading:
        yield f"{heading} a"


def _title(records: Sequence[Record], link: str) -> str:
    """Where the title is; "" where it is the link's text."""
    targets = {id(record.tag): title_of(record) for record in records}
    texts = {ident: fold(text_of(tag)) for ident, tag in targets.items() if tag is not None}
    if not texts:
        return ""
    attribute = _whole_in_attribute(records, texts)
    if attribute:
        return f"{link.removesuffix(' @href') or 'a'} @title"

    def right(record: Record, found: Tag) -> bool:
        return fold(text_of(found)) == texts.get(id(record.tag))

    if all(fold(text_of(record.link.tag)) == texts.get(id(record.tag)) for record in records):
        return ""
    tried = (one for record in records if (tag := targets[id(record.tag)]) is not None for one in _names(tag, bare=True))
    return _first_right([record for record in records if id(record.tag) in texts], tried, right)


def title_of(record: Record) -> Tag | None:
    """The element that holds an entry's title and nothing else, or None: times and categories may stand in the same link."""
    heading = next(
        (tag for tag in record.tag.find_all(HEADINGS) if letters_of(text_of(tag)) and not reads_as_time(tag, record.language)),
        None,
    )
    if heading is None and not record.link.letters:
        return None
    tag = heading or record.link.tag
    while True:
        children = [
            child
            for child in tag.find_all(True, recursive=False)
            if letters_of(text_of(child)) and not reads_as_time(child, record.language)
        ]
        own = letters_of("".join(str(part) for part in tag.contents if not isinstance(part, Tag)))
        best = max(children, key=lambda child: (not _holds(child, record.times), letters_of(text_of(child))), default=None)
        if best is None or own >= letters_of(text_of(best)):
            return tag
        tag = best


def _holds(tag: Tag, times: Sequence[Tag]) -> bool:
    return any(around is tag for time in times for around in (time, *time.parents))


def _whole_in_attribute(records: Sequence[Record], texts: dict[int, str]) -> bool:
    """Whether the link's `title` holds whole what is cut off in the text."""
    pairs = [(fold(said(record.link.tag, "title")), texts.get(id(record.tag), "").rstrip("….")) for record in records]
    return all(whole and text and whole.startswith(text) for whole, text in pairs) and any(
        letters_of(whole) > letters_of(text) for whole, text in pairs
    )


def _time(records: Sequence[Record]) -> str:
    """Where the time is: of several, the one that is in most entries, and that does not say when something was changed."""
    names: Counter[str] = Counter()
    of: dict[str, Tag] = {}
    for record in records:
        for tag in record.times:
            for name in dict.fromkeys(_names(tag, bare=True)):
                names[name] += 1
                of.setdefault(name, tag)
    scored = []
    for place, name in enumerate(list(names)[:MOST_TRIED]):
        shown = f"{name} {said(of[name], 'itemprop')} {'hidden' if of[name].has_attr('hidden') else ''}"
        right, times = _found_times(records, name)
        hints = 2 * (CHANGED.search(shown) is None) + (of[name].name == "time") + (PUBLISHED.search(shown) is not None)
        scored.append((right, -max(0, times - right), hints, -place, name))
    right, _, _, _, chosen = max(scored, default=(0, 0, 0, 0, ""))
    if not right:
        return ""
    return _with_clock(records, chosen)


def _found_times(records: Sequence[Record], selector: str) -> tuple[int, int]:
    """In how many entries a selector finds a time, and how many elements it finds in all."""
    compiled = soupsieve.compile(selector)
    found = [_select(compiled, record.tag) for record in records]
    return sum(
        bool(tags) and reads_as_time(tags[0], record.language) for record, tags in zip(records, found, strict=True)
    ), sum(map(len, found))


def _with_clock(records: Sequence[Record], time: str) -> str:
    """The day and the time of day may stand in two elements."""
    names = [name for record in records for tag in record.clocks for name in _names(tag, bare=True)]
    for name, number in Counter(names).most_common(MOST_TRIED):
        compiled = soupsieve.compile(name)
        found = [_select(compiled, record.tag) for record in records]
        if number >= ENOUGH * len(records) and all(len(tags) <= 1 for tags in found):
            return f"{time}, {name}"
    return time


def _text(records: Sequence[Record]) -> str:
    """Where the text is, where entries have no titles: the preview of a channel. What is no link and says most."""
    letters: Counter[str] = Counter()
    for record in records:
        found: dict[str, list[Tag]] = defaultdict(list)
        for tag in record.tag.find_all(True, limit=MOST_PARTS):
            if tag.find_parent("a") is None:
                holder = tag.parent if tag.name == "p" and tag.parent is not None else tag
                for name in (with_class(holder, one) for one in usable_classes(holder)):
                    found[name].append(tag)
        for name, tags in found.items():
            if len({id(tag.parent if tag.name == "p" else tag) for tag in tags}) == 1:
                letters[name] += sum(_own_letters(tag) for tag in tags)
    clear = [name for name, _ in letters.most_common(MOST_TRIED) if letters[name] and _is_clear(records, name)]
    return clear[0] if clear else ""


def _own_letters(tag: Tag) -> int:
    own = letters_of("".join(str(part) for part in tag.contents if not isinstance(part, Tag)))
    return own + sum(letters_of(text_of(part)) for part in tag.find_all(INLINE, recursive=False))


def _is_clear(records: Sequence[Record], selector: str) -> bool:
    compiled = soupsieve.compile(selector)
    numbers = [len(compiled.select(record.tag, limit=2)) for record in records]
    return max(numbers) == 1 and sum(numbers) >= ENOUGH * len(records)


def _next(page: BeautifulSoup) -> str:
    found = (selector for selector in NEXT if any(said(tag, "href") for tag in soupsieve.select(selector, page, limit=3)))
    return next((f"{selector} @href" for selector in found), "")


# --- selectors


def _names(tag: Tag, *, bare: bool = False) -> Iterator[str]:
    """Selectors that may find an element inside its entry, the better ones first; `bare` with its name alone, too."""
    yield from (with_class(tag, name) for name in usable_classes(tag))
    if NAME.fullmatch(said(tag, "itemprop")):
        yield f'{tag.name}[itemprop="{said(tag, "itemprop")}"]'
    if bare:
        yield tag.name
        if not said(tag, "class"):
            yield f"{tag.name}:not([class])"
    parent = tag.parent
    if parent is not None:
        yield from (f"{with_class(parent, name)} > {tag.name}" for name in usable_classes(parent))
        if parent.name in HEADINGS:
            yield f"{parent.name} > {tag.name}"


def _first_right(records: Sequence[Record], tried: Iterable[str], right: Callable[[Record, Tag], bool]) -> str:
    """The first selector that finds the right element in every entry, else the one that does so most often; "" for none."""
    best, most = "", 0
    for selector in list(dict.fromkeys(tried))[:MOST_TRIED]:
        compiled = soupsieve.compile(selector)
        found = ((record, _select(compiled, record.tag, limit=1)) for record in records)
        number = sum(bool(tags) and right(record, tags[0]) for record, tags in found)
        if number == len(records):
            return selector
        if number > most:
            best, most = selector, number
    return best if most >= ENOUGH * len(records) else ""


def _select(compiled: soupsieve.SoupSieve, tag: Tag, *, limit: int = 5) -> list[Tag]:
    return compiled.select(tag, limit=limit) or ([tag] if compiled.match(tag) else [])

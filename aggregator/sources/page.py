"""Listing pages, read with CSS selectors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bs4 import BeautifulSoup, Tag

from aggregator.config.rules import Selectors
from aggregator.model import BrokenEntry, Entry, Listing
from aggregator.sources.errors import SourceFormatError
from aggregator.sources.limits import MOST_ENTRIES, MOST_WRITTEN, kept_id, plain_title, shortened
from aggregator.sources.links import web_address
from aggregator.sources.markup import language_of, page_base, read_html, said
from aggregator.sources.moments import Moment, attribute_language, first_moment
from aggregator.sources.repetitions import without_repetitions
from aggregator.sources.selecting import Selector, text_of
from aggregator.text.html import fold, html_to_text
from aggregator.text.sentences import split_sentences
from aggregator.text.storable import storable

MOST_TIMES = 5  # elements of one entry that are read together: a day and a time of day
LONGEST_SENTENCE = 300  # characters of a title that is the first sentence of a text


def parse_page(body: bytes, *, url: str, selectors: Selectors | Mapping[str, str]) -> list[Entry]:
    """The good entries of a listing page, in its order. Never raises on bad bytes other than `SourceFormatError`."""
    return list(read_page(body, url=url, selectors=selectors).entries)


def read_page(
    body: bytes,
    *,
    url: str,
    selectors: Selectors | Mapping[str, str],
    zone: ZoneInfo | None = None,
    content_type: str | None = None,
    language: str = "",
) -> Listing:
    """Everything that a listing page holds by the source's selectors.

    `url` is where the bytes came from, `content_type` the header that came with them, `zone` the source's zone for times that
    name none, `language` the source's, in which months are named. Entries stand in the order of the page; `more` holds the
    address of the next page; `matched` counts the entries in which each selector found something; `warnings` names those that
    found nothing in any, with what there is instead. Raises `SourceFormatError` where `entry` matches nothing, a selector is
    none, or the page is larger than any for people.
    """
    rules = _rules(selectors, url)
    compiled = {name: Selector.of(name, written, url=url) for name, written in rules.by_name().items() if written}
    page = read_html(body, url=url, content_type=content_type)
    found = compiled["entry"].elements(page, most=MOST_ENTRIES + 1) if "entry" in compiled else []
    if not found:
        raise SourceFormatError(_nothing(page, compiled, url))
    if len(found) > MOST_ENTRIES:
        raise SourceFormatError(f"{url}: lists more than {MOST_ENTRIES:,} entries, the most that are read from one page")
    reading = _Reading(compiled, page_base(page, url), zone, language)
    entries, broken = without_repetitions(reading.entry(tag, number) for number, tag in enumerate(found, 1))
    following = list(_next(compiled.get("next"), page, url))
    matched = {"entry": len(found), **{name: reading.counts[name] for name in compiled if name not in ("entry", "next")}}
    return Listing(
        entries=entries,
        broken=broken,
        title=plain_title(page.title.get_text()) if page.title else "",
        more=tuple(following),
        matched=tuple({**matched, **({"next": len(following)} if "next" in compiled else {})}.items()),
        warnings=tuple(reading.warnings(found)),
    )


def _rules(selectors: Selectors | Mapping[str, str], url: str) -> Selectors:
    if isinstance(selectors, Selectors):
        return selectors
    from pydantic import ValidationError  # noqa: PLC0415 - nobody whose rules were checked needs it

    try:
        return Selectors.model_validate({"entry": "", **selectors})
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        said = detail.get("ctx", {}).get("error", detail["msg"])
        where = ".".join(map(str, detail["loc"]))
        raise SourceFormatError(f'{url}: selectors.{where} "{detail["input"]}" is {said}') from error


def _nothing(page: BeautifulSoup, compiled: Mapping[str, Selector], url: str) -> str:
    if "entry" not in compiled:
        return f"{url}: a page is read by selectors. Say under `selectors` at least what `entry` is."
    title = fold(page.title.get_text())[:200] if page.title else ""
    titled = f" The page is titled “{title}”." if title else ""
    return f"{url}: {compiled['entry'].missing([page])}{titled}"


def _next(selector: Selector | None, page: BeautifulSoup, url: str) -> Iterator[str]:
    if selector is not None:
        address = web_address(page_base(page, url), selector.value(page, attribute="href"))
        if address and address != url:
            yield address


@dataclass(slots=True)
class _Reading:
    """The reading of one page."""

    selectors: Mapping[str, Selector]
    base: str
    zone: ZoneInfo | None
    language: str
    counts: Counter[str] = field(default_factory=Counter)  # in how many entries each selector found something
    unread: Counter[str] = field(default_factory=Counter)  # times that could not be read, as written
    read: int = 0  # times that could
    languages: Counter[str] = field(default_factory=Counter)

    def entry(self, tag: Tag, number: int) -> Entry | BrokenEntry:
        link = web_address(self.base, self._value("link", tag, attribute="href"))
        text, summary = self._html("text", tag), self._html("summary", tag)
        title = self._title(tag, text)
        ident = kept_id(self._value("id", tag)) or kept_id(link)
        if not ident:
            return BrokenEntry(ref=title or f"entry {number}", reason="neither a link nor an id")
        moment = self._moment(tag)
        if not (title or text or summary):
            return BrokenEntry(ref=ident, reason="neither a title nor a text")
        own = language_of(tag)
        self.languages[own.partition("-")[0].lower()] += 1
        return Entry(
            id=ident,
            url=link,
            title=title,
            published=moment.at,
            updated=None,
            published_written=moment.written,
            zone_known=moment.known,
            html=text or summary,
            summary=summary if text else "",
            language=storable(own),
            day_only=moment.day_only,
        )

    def warnings(self, entries: Sequence[Tag]) -> Iterator[str]:
        """What the operator should look at, though there are entries."""
        for name, selector in self.selectors.items():
            if name not in ("entry", "next") and not self.counts[name]:
                yield selector.missing(entries, f" in any of {len(entries)} entries")
        if self.unread and not self.read:
            written, _ = self.unread.most_common(1)[0]
            yield f'selectors.time "{self.selectors["time"].written}" finds no time that can be read, but “{written[:60]}”.'
        if self.language and self.languages and self.language.partition("-")[0].lower() not in self.languages:
            says = self.languages.most_common(1)[0][0]
            if says:
                yield f'The page says that its language is "{says}", the source that it is "{self.language}".'

    def _value(self, name: str, tag: Tag, *, attribute: str = "") -> str:
        selector = self.selectors.get(name)
        return self._counted(name, storable(selector.value(tag, attribute=attribute)) if selector is not None else "")

    def _html(self, name: str, tag: Tag) -> str:
        selector = self.selectors.get(name)
        return self._counted(name, storable(selector.html(tag)) if selector is not None else "")

    def _counted(self, name: str, value: str) -> str:
        self.counts[name] += bool(value)
        return value

    def _title(self, tag: Tag, text: str) -> str:
        if "title" in self.selectors:
            return shortened(fold(self._value("title", tag)))
        if "text" in self.selectors:
            return _first_sentence(html_to_text(text))
        link = self.selectors.get("link")
        named = (fold(text_of(one)) or fold(said(one, "title")) for one in (link.elements(tag) if link is not None else ()))
        return shortened(next(filter(None, named), ""))

    def _moment(self, tag: Tag) -> Moment:
        selector = self.selectors.get("time")
        if selector is None:
            return Moment()
        tags = selector.elements(tag, most=MOST_TIMES)
        moment = first_moment(dict.fromkeys(self._ways(selector, tags, language_of(tag) or self.language)), zone=self.zone)
        self._counted("time", moment.written)
        if moment.at is not None:
            self.read += 1
        elif moment.written:
            self.unread[moment.written] += 1
        return moment

    @staticmethod
    def _ways(selector: Selector, tags: Sequence[Tag], language: str) -> Iterator[tuple[str, str]]:
        """The ways in which one time is written, each with the language to read it in."""
        texts = []
        for tag in tags:
            attribute = storable(said(tag, selector.attribute or "datetime"))
            yield attribute, attribute_language(attribute, language)
            if not selector.attribute:
                texts.append(storable(fold(text_of(tag)))[: MOST_WRITTEN + 1])
                yield texts[-1], language
        if len(texts) > 1:
            yield " ".join(texts), language


def _first_sentence(text: str) -> str:
    """What a text without a title is called."""
    paragraph = text.partition("\n\n")[0]
    spans = split_sentences(paragraph[: 10 * LONGEST_SENTENCE])
    first = paragraph[slice(*spans[0])] if spans else ""
    return first if len(first) <= LONGEST_SENTENCE else first[:LONGEST_SENTENCE].rpartition(" ")[0].rstrip(" ,;:–—") + "…"

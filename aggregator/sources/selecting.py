"""CSS selectors of a source's rules: what they mean, what they find, and what there is where they find nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import soupsieve
from bs4 import Tag

from aggregator.config.rules import ATTRIBUTE, compiled_selector
from aggregator.sources.errors import SourceFormatError
from aggregator.sources.markup import said
from aggregator.sources.nearest import nearest

NAME = re.compile(r"[A-Za-z_][\w-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """One rule: `SELECTOR`, `SELECTOR @ATTRIBUTE`, or `@ATTRIBUTE` alone for one of the entry itself."""

    name: str  # in the source's rules
    written: str
    css: soupsieve.SoupSieve | None  # None: the entry itself
    attribute: str

    @classmethod
    def of(cls, name: str, written: str, *, url: str) -> Self:
        """Raises `SourceFormatError` for what is no selector."""
        try:
            css, attribute = compiled_selector(written)
        except ValueError as error:
            raise SourceFormatError(f'{url}: selectors.{name} "{written}" is {error}') from error
        return cls(name=name, written=written, css=css, attribute=attribute)

    def elements(self, within: Tag, *, most: int = 0) -> list[Tag]:
        """What it finds inside an element; the element itself where that is what it means, or where only that fits."""
        if self.css is None:
            return [within]
        return self.css.select(within, limit=most) or ([within] if self.css.match(within) else [])

    def value(self, within: Tag, *, attribute: str = "") -> str:
        """The first attribute that says something (`attribute` if the rule names none), or the first text; "" for none."""
        name = self.attribute or attribute
        values = (said(tag, name) if name else text_of(tag) for tag in self.elements(within))
        return next(filter(None, values), "")

    def html(self, within: Tag) -> str:
        """The HTML inside what it finds; of several elements all of it, with their own tags. Unsanitised."""
        if self.attribute:
            return self.value(within)
        outer: list[Tag] = []
        seen: set[int] = set()
        for tag in self.elements(within):
            if not any(id(around) in seen for around in tag.parents):  # else it stands in what was taken already
                seen.add(id(tag))
                outer.append(tag)
        return outer[0].decode_contents().strip() if len(outer) == 1 else "\n".join(str(tag) for tag in outer)

    def missing(self, within: Iterable[Tag], where: str = "") -> str:
        """A sentence for the operator: it matches nothing, and what there is instead."""
        wanted = NAME.findall(ATTRIBUTE.sub("", self.written)) if self.css is not None else []
        there = _attributes(within) if self.attribute and self.css is None else _classes(within)
        near = nearest(wanted or [self.attribute], there)
        return f'selectors.{self.name} "{self.written}" matches nothing{where}.{near}'


def text_of(tag: Tag) -> str:
    """The text of an element, its parts apart."""
    return tag.get_text(" ").strip()


def _classes(within: Iterable[Tag]) -> Counter[str]:
    """How often each class is there, with its element: `div.title`. An element without one counts by its name."""
    found: Counter[str] = Counter()
    for root in within:
        for tag in root.find_all(True):
            names = said(tag, "class").split()
            found.update([f"{tag.name}.{name}" for name in names[:20]] or [tag.name])
    classes = Counter({name: number for name, number in found.items() if "." in name})
    return classes or found


def _attributes(within: Iterable[Tag]) -> Counter[str]:
    return Counter(f"@{name}" for tag in within for name in list(tag.attrs)[:100])

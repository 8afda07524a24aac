"""Paths into JSON answers and templates made of them, as `mapping` in `feeds.toml` writes them.

`a.b.0.c` goes from object to object and, by a number, into a list (`-1` is its last part); `*` means every part of a list.
`a or b` is the first that says something. `https://example.org/{a.b|slug}` puts values into a text, each changed by the filters
behind it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote, urlsplit

from aggregator.sources.errors import SourceFormatError
from aggregator.sources.nearest import nearest
from aggregator.text.storable import storable

MOST_FOUND = 1_000  # values that one `*` gathers
PLACE = re.compile(r"\{([^{}]{1,300})\}")
OR = re.compile(r"\s+or\s+")
NUMBER = re.compile(r"-?\d{1,6}")
NO_WORD = re.compile(r"[^0-9a-z]+")
FILTERS: dict[str, Callable[[str], str]] = {
    "lower": str.lower,
    "upper": str.upper,
    "slug": lambda value: NO_WORD.sub("_", value.lower()).strip("_"),  # IP/26/433 is ip_26_433
    "slashes": lambda value: value.replace("_", "/"),  # and back
}
SAFE = "/:@!$&'()*+,;=-._~%?#"  # in an address: what it may hold, or what is escaped already


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where in a template a value stands."""

    paths: tuple[str, ...]  # the first that says something
    filters: tuple[str, ...] = ()

    def value(self, item: Any) -> str:
        text = next(filter(None, (_text(values_at(item, path)) for path in self.paths)), "")
        for name in self.filters:
            text = FILTERS[name](text)
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of a mapping: a path, several, or a template."""

    name: str
    written: str
    places: tuple[_Place, ...]
    is_template: bool

    @classmethod
    def of(cls, name: str, written: str, *, url: str) -> Self:
        """Raises `SourceFormatError` for a filter that there is none of."""
        places = PLACE.findall(written)
        rule = cls(name=name, written=written, places=tuple(map(_place, places or [written])), is_template=bool(places))
        unknown = [one for place in rule.places for one in place.filters if one not in FILTERS]
        if unknown:
            raise SourceFormatError(f'{url}: mapping.{name} "{written}": no filter "{unknown[0]}", but {", ".join(FILTERS)}')
        return rule

    def value(self, item: Any) -> str:
        """What it says of an item; "" for nothing. A template of an address says nothing where one of its values is missing."""
        values = [place.value(item) for place in self.places]
        if not self.is_template:
            return values[0]
        if "://" in self.written:
            return self._address(values)
        return self._filled(values).strip() if any(values) else ""

    def found(self, item: Any) -> bool:
        """Whether the item has what it names, though that may be empty (`null`)."""
        return any(next(_walk(item, path.split(".")), None) is not None for place in self.places for path in place.paths)

    def holds(self, item: Any) -> bool:
        """Whether it says something of an item, be it only `true`."""
        return any(value is True for place in self.places for path in place.paths for value in values_at(item, path)) or bool(
            self.value(item)
        )

    def missing(self, items: Sequence[Any], where: str) -> str:
        """A sentence for the operator: it finds nothing, and what there is instead."""
        paths = [path for place in self.places for path in place.paths]
        level = Counter(name for item in items for path in paths for name in _names(item, path))
        null = next((part for item in items for path in paths for part in _null(item, path)), "")
        if null:
            return f'mapping.{self.name} "{self.written}" finds nothing{where}: `{null}` is null.'
        tails = [path.rpartition(".")[2] for path in paths]
        return f'mapping.{self.name} "{self.written}" finds nothing{where}.{nearest(tails, level)}'

    def _filled(self, values: list[str]) -> str:
        following = iter(values)
        return PLACE.sub(lambda _: next(following), self.written)

    def _address(self, values: list[str]) -> str:
        """The address; "" where a value would change its host: it comes from outside."""
        if not all(values):
            return ""
        address = self._filled([quote(value, safe=SAFE) for value in values])
        try:
            is_same = urlsplit(address).netloc == urlsplit(PLACE.sub("", self.written)).netloc
        except ValueError:
            return ""
        return address if is_same else ""


def _place(written: str) -> _Place:
    paths, *filters = written.split("|")
    return _Place(paths=tuple(path.strip() for path in OR.split(paths)), filters=tuple(name.strip() for name in filters))


def values_at(item: Any, path: str) -> list[Any]:
    """The values at the end of a path, without `null`s; the item itself for an empty path."""
    values: list[Any] = []
    for place in _walk(item, path.split(".") if path else []):
        if place[0] is not None and len(values) < MOST_FOUND:
            values.append(place[0])
    return values


def _walk(item: Any, steps: list[str]) -> Iterator[tuple[Any]]:
    """Each value at the end of the steps, in a tuple, as it may be None."""
    if not steps:
        yield (item,)
        return
    step, rest = steps[0], steps[1:]
    if isinstance(item, dict):
        if step in item:
            yield from _walk(item[step], rest)
    elif isinstance(item, list):
        if step == "*":
            for part in item[:MOST_FOUND]:
                yield from _walk(part, rest)
        elif NUMBER.fullmatch(step) and -len(item) <= int(step) < len(item):
            yield from _walk(item[int(step)], rest)


def _text(values: list[Any]) -> str:
    """Texts and numbers as text, one in a paragraph; what is an object, a list or true or false is none."""
    return "\n\n".join(storable(value).strip() for value in values if isinstance(value, str))


def _null(item: Any, path: str) -> list[str]:
    """The beginning of a path that leads to nothing, as the answer says so itself."""
    steps = path.split(".")
    lengths = range(1, len(steps))
    return [".".join(steps[:length]) for length in lengths for (value,) in _walk(item, steps[:length]) if value is None]


def _names(item: Any, path: str) -> list[str]:
    """The names of the deepest object that a path reaches."""
    steps = path.split(".")
    for length in range(len(steps) - 1, -1, -1):
        for (value,) in _walk(item, steps[:length]):
            if isinstance(value, dict):
                return list(value)[:100]
            if isinstance(value, list) and value and isinstance(value[0], dict):
                return [f"0.{name}" for name in list(value[0])[:100]]
    return []

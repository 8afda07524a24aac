"""OPML 1.0 and 2.0 (opml.org): lists of feeds, as feed readers write them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from aggregator.sources.attacks import outside_cdata
from aggregator.sources.errors import SourceFormatError
from aggregator.sources.languages import language_tag
from aggregator.sources.limits import plain_title
from aggregator.sources.repairs import mend_references
from aggregator.sources.sitemap_parts import DOCTYPE, local_name
from aggregator.text.decoding import as_text
from aggregator.text.encodings import DECLARATION, declared
from aggregator.text.html import fold
from aggregator.text.storable import storable

MOST_BYTES = 5_000_000  # of one file; a thousand feeds take 300 kB
MOST_OUTLINES = 5_000
MOST_NESTED = 50  # folders inside each other


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One line of the list that names a feed."""

    url: str  # as it was written
    title: str  # one line of plain text; "" where there is none
    homepage: str = ""
    language: str = ""  # BCP 47
    folders: tuple[str, ...] = ()  # that it lies in, the outer ones first, and the categories that it names


def read_opml(body: bytes, *, name: str) -> list[Outline]:
    """The feeds that an OPML file names, in its order; folders and notes are no feeds. `name` stands in errors.

    Raises `SourceFormatError` for what is no OPML; for a document type, since with it come entities, which no reader writes;
    and for more, or more deeply nested, outlines than any reader has.
    """
    root = _root(body, name)
    heads = [child for child in root if local_name(child) == "body"]
    if local_name(root) != "opml" or not heads:
        found = fold(str(local_name(root)))[:50]
        raise SourceFormatError(f"{name}: no OPML, but XML that begins with `{found}`. Export the list of feeds as OPML.")
    outlines = list(_outlines(heads[0], (), name))
    if not outlines:
        raise SourceFormatError(f"{name}: OPML, but none of its outlines names a feed (`xmlUrl`)")
    return outlines


def _root(body: bytes, name: str) -> etree._Element:
    if len(body) > MOST_BYTES:
        raise SourceFormatError(f"{name}: larger than {MOST_BYTES:,} bytes, the most that are read; is this the right file?")
    if body.count(b"<") > 2 * MOST_OUTLINES + 100:
        raise SourceFormatError(f"{name}: more than {MOST_OUTLINES:,} outlines, the most that are read")
    data = as_text(body, declared(body)).encode("utf-8", "replace").lstrip()
    if any(DOCTYPE.search(part) for part in outside_cdata(data)):
        raise SourceFormatError(f"{name}: it declares a document type or entities, which no OPML needs, and was not read")
    declaration = DECLARATION.match(data)
    data = mend_references(data[declaration.end() :] if declaration else data)
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        why = fold(str(error)).partition(", line")[0][:200]
        line = getattr(error, "lineno", None)
        where = f", line {line}" if line else ""
        raise SourceFormatError(f"{name}{where}: no OPML ({why}). Export the list of feeds as OPML.") from error


def _outlines(root: etree._Element, folders: tuple[str, ...], name: str) -> Iterator[Outline]:
    """Each outline that names a feed; without recursion, since the file decides how deep it goes."""
    waiting = [(child, folders) for child in reversed(root)]
    while waiting:
        element, around = waiting.pop()
        if local_name(element) != "outline":
            continue
        if len(around) > MOST_NESTED:
            raise SourceFormatError(f"{name}: folders inside each other on more than {MOST_NESTED} levels")
        said = {str(key).lower(): storable(str(value)).strip() for key, value in element.items()}
        title = plain_title(said.get("title") or said.get("text") or "")
        if said.get("xmlurl"):
            yield _outline(said, title, around)
        waiting.extend((child, (*around, title)) for child in reversed(element))


def _outline(said: dict[str, str], title: str, around: tuple[str, ...]) -> Outline:
    categories = (plain_title(part.strip("/ ")) for part in re.split(",", said.get("category", "")[:2_000]))
    return Outline(
        url=said["xmlurl"],
        title=title,
        homepage=said.get("htmlurl", ""),
        language=language_tag(said.get("language", "")),
        folders=tuple(filter(None, (*around, *categories))),
    )

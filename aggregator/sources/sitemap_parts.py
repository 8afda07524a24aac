"""The parts of a sitemap's XML: each address or file that it names, also where the XML as a whole is broken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TypeAlias

from lxml import etree

from aggregator.model import BrokenEntry
from aggregator.sources.attacks import outside_cdata
from aggregator.sources.errors import SourceFormatError
from aggregator.sources.repairs import mend_references
from aggregator.text.decoding import as_text
from aggregator.text.encodings import DECLARATION, charset, declared
from aggregator.text.html import fold
from aggregator.text.storable import storable

MOST_URLS = 50_000  # of one file (sitemaps.org)
MOST_TAGS = 1_500_000  # `<` of one file: 30 for each address; a tree of them takes about 150 MB
ROOTS = ("urlset", "sitemapindex")
ROOT = re.compile(rb"<(?:[\w.-]{1,50}:)?(?:urlset|sitemapindex)\b[^<>]{0,5000}>", re.IGNORECASE)
OPENED = re.compile(rb"<(?:[\w.-]{1,50}:)?(?:url|sitemap)[\s>]", re.IGNORECASE)
CLOSED = re.compile(rb"</(?:[\w.-]{1,50}:)?(?:url|sitemap)\s{0,9}>", re.IGNORECASE)
COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
LOC = re.compile(rb"<(?:[\w.-]{1,50}:)?loc>([^<]{1,2000})", re.IGNORECASE)
TITLE = re.compile(r"<title[^<>]{0,300}>([^<]{0,300})", re.IGNORECASE)
DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
PROLOG = 2_000  # bytes in which a document type is sought in whatever stands there

Part: TypeAlias = "etree._Element | BrokenEntry"  # noqa: SLF001 - the type has no other name


def sitemap_parts(body: bytes, *, url: str, content_type: str | None) -> list[Part]:
    """The `url` and `sitemap` elements in their order; what is not well-formed as a broken entry.

    Raises `SourceFormatError` where the bytes are no sitemap, or one that no honest site has.
    """
    text = as_text(body, charset(content_type), declared(body))
    data = text.encode("utf-8", "replace").lstrip()
    _refuse_floods(data, url)
    declaration = DECLARATION.match(data)
    data = mend_references(data[declaration.end() :] if declaration else data)  # the encoding it declares is no longer true
    if DOCTYPE.search(data, 0, PROLOG) or any(DOCTYPE.search(part) for part in outside_cdata(data)):
        raise SourceFormatError(_no_sitemap(text, url, "it declares a document type, which no sitemap needs"))
    root, why = _parsed(data)
    if root is not None and local_name(root) in ROOTS:
        return [child for child in root if local_name(child) in ("url", "sitemap")]
    opening = ROOT.search(data) if root is None else None
    parts = list(_one_by_one(data, opening)) if opening is not None else []
    if not parts:
        why = why or f"its first element is `{local_name(root)[:50] if root is not None else ''}`"
        raise SourceFormatError(_no_sitemap(text, url, why))
    return parts


def local_name(element: etree._Element) -> str:
    """The name without its namespace, which some sites misspell, in small letters; "" for a comment."""
    return _local(element.tag) if isinstance(element.tag, str) else ""


@lru_cache(maxsize=256)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


def inner_text(element: etree._Element) -> str:
    """All text inside an element, without white space at its ends."""
    text = (element.text or "") if not len(element) else "".join(map(str, element.itertext(etree.Element)))
    return storable(text).strip()


def _refuse_floods(data: bytes, url: str) -> None:
    signs = data.count(b"<")
    if signs > MOST_URLS and sum(1 for _ in OPENED.finditer(data)) > MOST_URLS:
        raise SourceFormatError(f"{url}: lists more than {MOST_URLS:,} addresses, the most that one sitemap may hold")
    if signs > MOST_TAGS:
        raise SourceFormatError(f"{url}: holds more than {MOST_TAGS:,} tags, the most that are read from one sitemap")


def _parsed(data: bytes) -> tuple[etree._Element | None, str]:
    """The root, or the parser's reason why there is none."""
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser), ""
    except (etree.XMLSyntaxError, ValueError) as error:
        return None, fold(str(error)).partition(", line")[0][:200]


def _one_by_one(data: bytes, opening: re.Match[bytes]) -> Iterator[Part]:
    """Each part parsed by itself, as a parser that goes on after a fault leaves out texts unsaid."""
    data = COMMENT.sub(b"", data[opening.end() :])
    starts = [found.start() for found in OPENED.finditer(data)]
    closing = b"</" + opening.group()[1:].split(maxsplit=1)[0].rstrip(b">/") + b">"
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(data)], strict=False), 1):
        closed = CLOSED.search(data, start, end)
        if closed is None:
            why = "the sitemap ends in the middle of it" if end == len(data) else "it is not closed"
        else:
            root, why = _parsed(opening.group() + data[start : closed.end()] + closing)
            if root is not None and len(root):
                yield root[0]
                continue
        named = LOC.search(data, start, end)
        ref = fold(named.group(1).decode("utf-8", "replace")) if named else ""
        yield BrokenEntry(ref=ref or f"entry {number}", reason=f"not well-formed: {why}")


def _no_sitemap(text: str, url: str, why: str) -> str:
    titled = TITLE.search(text[:20_000]) if "<html" in text[:5_000].lower() else None
    if titled is not None:
        return f"{url}: not a sitemap but a page titled “{fold(titled.group(1))}”. Open it in a browser: has the address moved?"
    return f"{url}: not a sitemap ({why}). Open it in a browser: is it still one?"

"""How many values of the public feed suites are read right: those of feedparser (BSD) and of gofeed (MIT).

    .venv/bin/python benchmarks/feed_suites.py FOLDER [--misses]

`FOLDER/feedparser` is the folder `tests` of feedparser's source distribution: each file states in a comment what must be
read from it. `FOLDER/gofeed` is gofeed's folder `testdata`: beside each feed lies a JSON file of what must be read.

A value counts where a reader of a `Listing` can see it: title, link, id, the two times as written and as read, author,
publisher, language and texts of an entry, and title, times and waiting time of a feed. Compared is what a reader sees:
titles and texts as plain text and with their links, as HTML is cleaned later (`text/html.py`), and links as absolute ones.
"""

from __future__ import annotations

import argparse
import ast
import codecs
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from loopback import table

from aggregator.model import Entry, Listing
from aggregator.sources import SourceFormatError, read_feed
from aggregator.sources.feed import judged
from aggregator.sources.limits import plain_title
from aggregator.sources.loose import read_loosely
from aggregator.text import clean_html, fold, html_to_text
from aggregator.text.encodings import as_utf8

HERE = "http://127.0.0.1:8097/"  # where feedparser's own tests are served
CODEC = re.compile(rb"SkipUnless:\s*__import__\('codecs'\)\.lookup\('([^']+)'\)")
EXPECT = re.compile(rb"Expect:\s*(.*?)\s*-->", re.DOTALL)
HEADER = re.compile(rb"^Header:\s*([^:\r\n]+):\s*(.+?)\s*$", re.MULTILINE)
# Values that are read otherwise on purpose, by a part of the file's name and the field.
DELIBERATE = {
    ("cdf/", "title built updated updated_written"): "the Channel Definition Format of 1997 is no format of ours",
    ("_iframe", "text"): "what stands inside an <iframe> is for no reader (HTML Standard, 4.8.5)",
    ("xml_malicious_comment", "title"): "a comment without an end hides the rest, as in every browser",
    ("unexpected_character", "title"): "`<!DOCTYPE` is markup, and no text is lost with it",
    ("not_a_doctype", "text"): "`<!` begins a comment in HTML, which hides what follows up to `>`",
    ("script_nested_cdata", "text"): "`<![CDATA[` is a comment in HTML",
    ("bozo_linenoise", "text"): "bytes of no encoding: the brackets among them stay, and an unprintable sign goes",
    ("atom10_feed_title_xhtml", "title"): "closes <title> with </subtitle>: feedparser reads nothing from it, either",
    ("atom10_feed_entry_source_title_html", "publisher"): "the same",
    ("atom10_feed_entry_source_title_text", "publisher"): "the same",
    ("guid_naked_markup", "id"): "an id is a text: the tags in it go",
    ("translator/json", "built"): "a JSON Feed does not say when it was made; gofeed takes the first entry's time",
}
LINK = re.compile(r'(?:href|src)="([^"]*)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One file of a suite: a feed, and what must be read from it as (field, number of the entry or None, value)."""

    name: str
    body: bytes
    url: str
    content_type: str | None
    wants: tuple[tuple[str, int | None, Any], ...]


# What the suites call our fields; None: of the feed.
OF_ENTRY = {
    **dict.fromkeys(("title", "title_detail.value"), "title"),
    **dict.fromkeys(("link", "url"), "url"),
    **dict.fromkeys(("id", "guid", "guid.value"), "id"),
    **dict.fromkeys(("published", "issued", "pubDate"), "published_written"),
    **dict.fromkeys(("published_parsed", "publishedParsed", "pubDateParsed"), "published"),
    **dict.fromkeys(("updated", "modified"), "updated_written"),
    **dict.fromkeys(("updated_parsed", "modified_parsed", "updatedParsed"), "updated"),
    **dict.fromkeys(("author", "author.name", "author_detail.name", "authors.0.name"), "author"),
    **dict.fromkeys(("author.email", "author_detail.email", "authors.0.email"), "author"),
    **dict.fromkeys(("summary", "description", "content", "content.value"), "text"),
    **dict.fromkeys((f"content.{number}.value" for number in range(3)), "text"),
    **dict.fromkeys(("summary_detail.value", "description_detail.value", "fullitem"), "text"),
    **dict.fromkeys(("language", "title_detail.language"), "language"),
    **dict.fromkeys(("source.title", "source.value"), "publisher"),
    **dict.fromkeys(("source.url", "source.href", "source.link"), "publisher_url"),
}
OF_FEED = {
    **dict.fromkeys(("title", "title_detail.value"), "title"),
    **dict.fromkeys(("updated", "modified", "lastBuildDate"), "built"),
    **dict.fromkeys(("updated_parsed", "modified_parsed", "updatedParsed", "lastBuildDateParsed"), "built"),
    "ttl": "ttl",
}


def feedparser_cases(folder: Path) -> Iterator[Case]:
    """The cases of feedparser's suite of which at least one value can be seen."""
    for path in sorted(folder.rglob("*.xml")):
        body = path.read_bytes()
        plain = body if b"Expect:" in body else body.decode("utf-16" if b"E\0x\0" in body else "utf-16-be", "replace").encode()
        found = EXPECT.search(plain)
        if found is None:
            continue
        wants = tuple(_stated(found.group(1).decode("utf-8", "replace")))
        codec = CODEC.search(plain)
        if codec is not None and not _known(codec.group(1).decode()):
            continue
        headers = {name.decode().lower(): value.decode() for name, value in HEADER.findall(plain)}
        if wants and "content-language" not in headers:  # a listing is read without it
            url = urljoin(HERE, headers.get("content-location", f"tests/{path.relative_to(folder)}"))
            kind = headers.get("content-type") if "/http/" in str(path) else None
            yield Case(name=str(path.relative_to(folder.parent)), body=body, url=url, content_type=kind, wants=wants)


def _known(codec: str) -> bool:
    try:
        return bool(codecs.lookup(codec))
    except LookupError:
        return False


def _stated(expression: str) -> Iterator[tuple[str, int | None, Any]]:
    """The equations of an expression that name a field of ours."""
    try:
        tree = ast.parse(expression, mode="eval").body
    except SyntaxError:
        return
    parts = tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]
    for part in parts:
        if not (isinstance(part, ast.Compare) and isinstance(part.ops[0], ast.Eq)):
            continue
        steps = list(_steps(part.left))
        try:
            value = ast.literal_eval(part.comparators[0])
        except ValueError:
            continue
        if steps[:1] == ["entries"] and len(steps) > 2 and isinstance(steps[1], int):
            field = OF_ENTRY.get(".".join(map(str, steps[2:])))
            if field:
                yield field, steps[1], value
        elif steps[:1] == ["feed"] and (field := OF_FEED.get(".".join(map(str, steps[1:])))):
            yield field, None, value


def _steps(node: ast.expr) -> Iterator[str | int]:
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        yield from _steps(node.value)
        yield node.slice.value  # type: ignore[misc] - a text or a number
    elif isinstance(node, ast.Attribute):
        yield from _steps(node.value)
        yield node.attr
    elif isinstance(node, ast.Name):
        yield node.id


def gofeed_cases(folder: Path) -> Iterator[Case]:
    """The cases of gofeed's suite of which at least one value can be seen."""
    for answer in sorted(folder.rglob("*.json")):
        feed = answer.with_suffix(".xml")
        if answer.stem.endswith("_expected"):
            feed = answer.with_name(answer.stem.removesuffix("_expected") + ".json")
        if not feed.exists() or feed == answer:
            continue
        expected = json.loads(answer.read_text("utf-8"))
        wants = tuple(_listed(expected))
        if wants:
            name = str(feed.relative_to(folder.parent))
            yield Case(name=name, body=feed.read_bytes(), url=HERE + "feed", content_type=None, wants=wants)


def _listed(expected: dict[str, Any]) -> Iterator[tuple[str, int | None, Any]]:
    for path, value in _leaves({key: value for key, value in expected.items() if key not in ("items", "entries")}):
        if path in OF_FEED:
            yield OF_FEED[path], None, value
    for number, item in enumerate(expected.get("items") or expected.get("entries") or ()):
        for path, value in _leaves(item):
            if path in OF_ENTRY:
                yield OF_ENTRY[path], number, value


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inside in value.items():
            yield from _leaves(inside, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for number, inside in enumerate(value):
            yield from _leaves(inside, f"{path}.{number}")
    elif isinstance(value, str):
        yield path, value


def right(case: Case, listing: Listing, field: str, number: int | None, value: Any) -> bool:
    """Whether a listing shows an expected value."""
    if number is None:
        return _of_feed(listing, field, value)
    return number < len(listing.entries) and OF_ENTRIES.get(field, _same)(case, listing.entries[number], field, value)


def _of_feed(listing: Listing, field: str, value: Any) -> bool:
    if field == "title":
        return listing.title in _titles(value)
    if field == "ttl":
        return listing.ttl is not None and str(int(listing.ttl.total_seconds() // 60)) == str(value)
    return listing.built == _time(value)


def _titles(value: str) -> tuple[str, str]:
    return plain_title(value), fold(value)  # an Atom title may be plain text


def _time(value: Any) -> datetime | None:
    if isinstance(value, tuple):  # a struct_time, in UTC
        return datetime(*value[:6], tzinfo=UTC)
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - beside its only use

    try:
        return datetime.fromisoformat(value).replace(microsecond=0)  # ours are whole seconds
    except ValueError:
        return parsedate_to_datetime(value).astimezone(UTC)


def _same(_case: Case, entry: Entry, field: str, value: Any) -> bool:
    return bool(getattr(entry, field) == (value or ""))


def _title(_case: Case, entry: Entry, field: str, value: Any) -> bool:
    return getattr(entry, field) in _titles(value)


def _link(case: Case, entry: Entry, field: str, value: Any) -> bool:
    return bool(getattr(entry, field) == urljoin(case.url, value))


def _ident(case: Case, entry: Entry, _field: str, value: Any) -> bool:
    return entry.id in (value.strip(), urljoin(case.url, value.strip()))


def _at(_case: Case, entry: Entry, field: str, value: Any) -> bool:
    return bool(getattr(entry, field) == _time(value))


def _author(_case: Case, entry: Entry, _field: str, value: Any) -> bool:
    return plain_title(value) in entry.author


def _text(case: Case, entry: Entry, _field: str, value: Any) -> bool:
    ours = [_seen(html, entry.url or case.url) for html in (entry.html, entry.summary)]
    return any(seen in ours for seen in (_seen(value, case.url), (fold(value), [])))


def _seen(html: str, base: str) -> tuple[str, list[str]]:
    return fold(html_to_text(html)), LINK.findall(clean_html(html, base_url=base))


OF_ENTRIES: dict[str, Callable[[Case, Entry, str, Any], bool]] = {
    "title": _title,
    "url": _link,
    "publisher": _title,
    "publisher_url": _link,
    "id": _ident,
    "published": _at,
    "updated": _at,
    "author": _author,
    "text": _text,
}


def on_purpose(case: Case, field: str) -> str:
    """Why a value is read otherwise than the suite states; "" where there is no reason."""
    return next((why for (part, fields), why in DELIBERATE.items() if part in case.name and field in fields.split()), "")


def by_feedparser(body: bytes, *, url: str, content_type: str | None) -> Listing:
    """The same judgement over what feedparser reads."""
    return judged(read_loosely(as_utf8(body), url=url, content_type=content_type), body, url, None)


def shown(read: Callable[..., Listing], case: Case) -> Listing:
    """What a reader makes of a case; nothing where it refuses it."""
    try:
        return read(case.body, url=case.url, content_type=case.content_type)
    except SourceFormatError as error:
        return Listing(entries=(), title=f"({error})")


def measure(cases: Iterable[Case], *, show: bool) -> dict[str, Counter[str]]:
    """By field: how many values there are, how many are read otherwise on purpose, and how many each reader has right."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("all", "on purpose", "ours", "feedparser")}
    for case in cases:
        ours, theirs = shown(read_feed, case), shown(by_feedparser, case)
        for field, number, value in case.wants:
            fits = right(case, ours, field, number, value)
            counts["all"][field] += 1
            counts["ours"][field] += fits
            counts["feedparser"][field] += right(case, theirs, field, number, value)
            why = "" if fits else on_purpose(case, field)
            counts["on purpose"][field] += bool(why)
            if show and not fits:
                print(f"{case.name}: {field} of {'the feed' if number is None else number}: {value!r}{why and f' ({why})'}")
                print(f"    read {ours.entries[number] if number is not None and ours.entries else ours!r}"[:700])
    return counts


def main() -> None:
    """Measure each suite that lies in the folder."""
    said = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    said.add_argument("folder", type=Path)
    said.add_argument("--misses", action="store_true", help="show each value that is not read as the suite states")
    asked = said.parse_args()
    for suite, read in (("feedparser", feedparser_cases), ("gofeed", gofeed_cases)):
        counts = measure(read(asked.folder / suite), show=asked.misses)
        fields = sorted(counts["all"])
        rows = [[field, *(str(count[field]) for count in counts.values())] for field in fields]
        totals = [count.total() for count in counts.values()]
        rows.append(["**all**", *map(str, totals)])
        rows.append(["share", "", "", *(f"{total / max(1, totals[0]):.4f}" for total in totals[2:])])
        rows.append(["share, without what is on purpose", "", "", f"{totals[2] / max(1, totals[0] - totals[1]):.4f}", ""])
        print(table([f"{suite}'s suite", "values", "otherwise on purpose", "ours right", "feedparser right"], rows), "\n")
    print(table(["where", "why it is read otherwise"], [[part, why] for (part, _), why in DELIBERATE.items()]))


if __name__ == "__main__":
    main()

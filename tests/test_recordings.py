"""Recordings: bytes as sources give them, and what must be read from them. No recording, no pass.

`tests/data/recordings/KIND/NAME.html`, `.xml` or `.json`, each also `.gz`; beside it `NAME.rules.json` (address, header, zone,
the source's rules, and which quirks it shows) and `NAME.expected.json` (what is read, or the error).
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aggregator.config.rules import Mapping, Selectors
from aggregator.sources import READERS, Rules, SourceFormatError, read_document
from aggregator.sources.expected import as_json

FOLDER = Path(__file__).parent / "data" / "recordings"
ENDINGS = (".html", ".html.gz", ".xml", ".xml.gz", ".json", ".json.gz")
TABLES: dict[str, type[Selectors | Mapping]] = {"page": Selectors, "json_api": Mapping}

# Every quirk that was seen at a source, and that a recording must show.
QUIRKS = {
    "offset-trap": "Moscow time written with +04:00",
    "block-number": "ids that end with the number of a block of the page, so that one article has two",
    "reminted-ids": "ids made anew for the same story",
    "id-with-time": "ids that end with the time of the last change",
    "tag-id": "ids that name the path of the page",
    "feed-ended": "a feed that was given up, and says so in its one entry",
    "script-inside": "a script inside a description",
    "plain-text": "plain text with signs of markup",
    "xml-base": "links that are read against several bases",
    "json-feed": "a feed in JSON, with entries that say nearly nothing",
    "rss-1.0": "items beside the channel, Dublin Core",
    "old-form": "forms before RSS 2.0 and Atom 1.0",
    "entities": "references once and twice, CDATA in two pieces, invisible signs",
    "day-in-attribute": "`datetime` holds the day, only the text the minute",
    "day-and-clock-apart": "day and time of day stand in two elements",
    "day-only": "a day without a time of day",
    "no-date": "no date at all",
    "american-date": "the month before the day",
    "dotted-date": "DD.MM.YYYY",
    "french-months": "names of months in French, and `1er`",
    "german-months": "names of months in German",
    "russian-months": "names of months in Russian",
    "ukrainian-months": "names of months in Ukrainian",
    "two-times": "two fields hold a time, and the better one may be missing",
    "milliseconds": "times with milliseconds",
    "changed-since": "`lastmod` after the publication",
    "lastmod-of-the-file": "`lastmod` says when the file was made",
    "id-in-attribute": "the source's own id, in an attribute of the entry",
    "relative-links": "links that are read against the page's address or its `base`",
    "next-page": "the listing goes on",
    "previous-page": "the oldest entry comes first, and the listing goes on backwards",
    "around-a-day": "a listing of a day that begins with later ones",
    "pinned": "older entries stand before newer ones",
    "nbsp": "no-break spaces in titles",
    "title-from-text": "entries without a title",
    "no-text": "an entry that is only a picture",
    "forwarded": "an entry that passes on what another said",
    "quoted-message": "an entry that shows another one that it answers",
    "form-like-an-entry": "the search form looks as an entry does",
    "entry-is-the-link": "the entry is itself the link",
    "listed-twice": "one entry twice on one page",
    "other-language": "the page is in another language than the source says",
    "broken-markup": "tags that are cut off and never closed",
    "misdeclared-encoding": "the header names another encoding than the bytes have",
    "old-encoding": "an encoding of the 1990s",
    "changed-layout": "a selector or path that finds nothing any more",
    "no-entries": "the selector of the entries finds nothing",
    "not-the-kind": "an answer of another kind",
    "index": "a file that names other files",
    "cdata": "titles in CDATA",
    "folded": "white space inside of addresses and titles",
    "hreflang": "the same item in other languages",
    "languages-mixed": "one file lists several languages",
    "gzip": "packed, whatever its name says",
    "ampersand": "`&` and names of HTML in XML",
    "cut-off": "the answer ends in the middle of an entry",
    "wrong-namespace": "elements in a namespace that is not that of sitemaps",
    "untitled": "addresses without a title",
    "reference": "the source's own number, the same in every language",
    "title-in-two-fields": "the title is spread over two fields",
    "null": "a field that is there and empty",
    "change-note": "what the source says of its last change",
    "withdrawn": "a statement that was taken back, with the source's words",
    "translations": "the list of a document's languages",
    "missing-language": "the document is not there in the language that was asked for",
    "no-such-document": "an empty answer with status 200",
    "name-twice": "an object that says two things under one name",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One case."""

    kind: str
    path: Path  # of the rules

    def __str__(self) -> str:
        return f"{self.kind}/{self.path.name.removesuffix('.rules.json')}"

    @property
    def said(self) -> dict[str, Any]:
        """What the rules' file holds."""
        said: dict[str, Any] = json.loads(self.path.read_text(encoding="utf-8"))
        return said

    @property
    def body(self) -> bytes:
        """The recorded bytes."""
        stem = self.path.name.removesuffix(".rules.json")
        (path,) = [self.path.with_name(stem + ending) for ending in ENDINGS if self.path.with_name(stem + ending).exists()]
        return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()

    @property
    def expected(self) -> Any:
        """What must be read."""
        name = self.path.name.replace(".rules.json", ".expected.json")
        return json.loads(self.path.with_name(name).read_text(encoding="utf-8"))


def recordings() -> list[Recording]:
    return [Recording(kind=path.parent.name, path=path) for path in sorted(FOLDER.glob("*/*.rules.json"))]


def read(recording: Recording) -> Any:
    said = recording.said
    table = TABLES.get(recording.kind)
    rules: Rules = table.model_validate(said["rules"]) if table and said.get("rules") else None
    zone = ZoneInfo(said["zone"]) if said.get("zone") else None
    kept = {"url": said["url"], "content_type": said.get("content_type"), "language": said.get("language", "")}
    try:
        if said.get("document"):
            assert isinstance(rules, Mapping)
            return as_json(read_document(recording.body, mapping=rules, zone=zone, **kept))
        return as_json(READERS[recording.kind](recording.body, rules=rules, zone=zone, **kept))
    except SourceFormatError as error:
        return {"error": str(error)}


@pytest.mark.parametrize("recording", recordings(), ids=str)
def test_a_recording_is_read_as_expected(recording: Recording) -> None:
    assert read(recording) == recording.expected


def test_every_kind_and_every_quirk_has_a_recording() -> None:
    found = recordings()
    assert {one.kind for one in found} == set(READERS)
    assert {quirk for one in found for quirk in one.said["quirks"]} == set(QUIRKS)
    assert all(one.said["quirks"] for one in found)


def test_every_recorded_file_belongs_to_a_case_and_has_its_provenance() -> None:
    cases = {str(one) for one in recordings()}
    files = [path for path in FOLDER.glob("*/*") if path.is_file()]
    assert {f"{path.parent.name}/{path.name.partition('.')[0]}" for path in files} == cases
    provenance = (FOLDER / "PROVENANCE.md").read_text(encoding="utf-8")
    assert [case for case in cases if f"`{case}`" not in provenance] == []

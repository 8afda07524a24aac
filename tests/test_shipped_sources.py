"""Every source that the shipped feeds.toml names, read by its own rules. No recording, no pass.

`tests/data/shipped/KEY/recording.json` names the bytes beside it (`listing`, and `pages` by address; each may be `.gz`), when
they were fetched (`at`), and in `shows` which of the source's ways they prove. `expected.json` holds what must be read.
"""

from __future__ import annotations

import gzip
import json
import tomllib
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from aggregator.config import Config, Source, load_config
from aggregator.model import BrokenEntry, Entry, SourceKey
from aggregator.pipeline.choosing import item_address
from aggregator.pipeline.parsing import UNREAD, Body, has_text, read_item, read_lines, read_listing
from aggregator.store.deciding import Line

ROOT = Path(__file__).parent.parent
FOLDER = Path(__file__).parent / "data" / "shipped"
NEEDED = frozenset(("entry", "entries", "kind"))
GUARDS = frozenset(
    (
        "selectors.link",
        "selectors.title",
        "item.article.title",
        "item.article.lead",
        "item.article.body",
        "item.mapping.note",  # read, and proved by tests/data/recordings; the road has no place for these two
        "item.mapping.withdrawn",
    )
)
FOLDERS = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


@cache
def shipped() -> Config:
    return load_config(ROOT / "feeds.toml")


def json_of(key: str, name: str) -> Any:
    return json.loads((FOLDER / key / name).read_text(encoding="utf-8"))


def bytes_of(key: str, name: str) -> bytes:
    raw = (FOLDER / key / name).read_bytes()
    return gzip.decompress(raw) if name.endswith(".gz") else raw


def read(source: Source) -> dict[str, Any]:
    """What the road makes of a source's recording, before it meets what is stored."""
    key, said = source.key, json_of(source.key, "recording.json")
    at = datetime.fromisoformat(said["at"])
    body = Body(body=bytes_of(key, said["listing"]), url=source.url, content_type=said.get("content_type"))
    found = read_listing(body, source, frozenset(), lines=False, at=at)
    lines = [_line(entry, source, said.get("pages", {}), at=at) for entry in found.listing.entries]
    dropped = [*found.listing.broken, *(line for line in lines if isinstance(line, BrokenEntry))]
    return {
        "listed": found.listed,
        "entries": [_told(line) for line in lines if isinstance(line, Line)],
        "dropped": [{"id": one.ref, "reason": one.reason} for one in dropped],
        "warnings": list(found.listing.warnings),
        "goes_on": list(found.listing.more),
    }


def _line(entry: Entry, source: Source, pages: dict[str, str], *, at: datetime) -> Line | BrokenEntry:
    address = item_address(entry, source) if source.fetch_pages else ""
    if address in pages:
        return read_item(entry, source, Body(body=bytes_of(source.key, pages[address]), url=address), at=at)
    if address and not has_text(entry):
        return BrokenEntry(ref=entry.id, reason=f"{UNREAD}: not recorded ({address})")
    return read_lines((entry,), source, at=at)[0]


def _told(line: Line) -> dict[str, Any]:
    paragraphs = line.text.split("\n\n")
    told = {
        "id": line.entry.id,
        "url": line.url,
        "title": line.title,
        "said_at": line.said_at.isoformat(),
        "said_day": line.said_day,
        "written": line.said_written,
        "zone_known": line.zone_known.value,
        "updated_at": line.updated_at.isoformat() if line.updated_at else "",
        "language": line.language,
        "reference": line.reference,
        "alternates": list(line.alternates),
        "publisher": line.entry.publisher,
        "paragraphs": len(paragraphs),
        "first": paragraphs[0],
        "last": paragraphs[-1] if len(paragraphs) > 1 else "",
    }
    return {name: value for name, value in told.items() if value not in ("", [])}


@pytest.mark.parametrize("key", shipped().sources)
def test_a_shipped_source_has_a_recording_that_its_own_rules_read_as_expected(key: str) -> None:
    assert key in FOLDERS, f"feeds.toml ships {key}, and nothing proves that its rules read it: record it under {FOLDER}"
    found = read(shipped().sources[SourceKey(key)])
    assert found == json_of(key, "expected.json")
    assert found["entries"]
    assert found["warnings"] == []  # no rule that finds nothing
    assert found["listed"] == len(found["entries"]) + len(found["dropped"])


def without_each_rule(source: Source) -> Iterator[tuple[str, Source]]:
    """The source without one of its rules, by the rule's name."""
    if source.reference:
        yield "reference", source.model_copy(update={"reference": ""})
    for name in ("only", "without"):
        there: tuple[str, ...] = getattr(source, name)
        for one in there:
            left = tuple(other for other in there if other != one)
            yield f"{name} {one}", source.model_copy(update={name: left})
    for name in ("selectors", "mapping"):
        for rule, table in without_each_key(getattr(source, name)):
            yield f"{name}.{rule}", source.model_copy(update={name: table})
    if source.fetch_pages:
        for rule, item in without_each_key(source.item):
            yield f"item.{rule}", source.model_copy(update={"item": item})


def without_each_key(table: BaseModel | None) -> Iterator[tuple[str, BaseModel]]:
    for key in sorted(table.model_fields_set) if table is not None else ():
        value = getattr(table, key)
        if isinstance(value, BaseModel):
            for inner, less in without_each_key(value):
                yield f"{key}.{inner}", table.model_copy(update={key: less})  # type: ignore[union-attr]  # it has keys
        elif key not in NEEDED:
            yield key, table.model_copy(update={key: type(table).model_fields[key].default})  # type: ignore[union-attr]


TABLES = list(tomllib.loads((ROOT / "feeds.toml").read_text(encoding="utf-8"))["sources"])


def members_of(table: str) -> list[Source]:
    """A source of the file with its further listings and what stands in for it."""
    return [
        one
        for key, one in shipped().sources.items()
        if max((t for t in TABLES if f"{key}-".startswith(f"{t}-")), key=len) == table
    ]


@pytest.mark.parametrize("table", TABLES)
def test_every_rule_of_a_source_changes_what_is_read_from_a_recording(table: str) -> None:
    """But for those that say once more what is found on the recorded page without them."""
    matters: dict[str, bool] = {}
    for source in members_of(table):
        for rule, less in without_each_rule(source):
            matters[rule] = matters.get(rule, False) or read(less) != read(source)
    assert [rule for rule, does in matters.items() if not does and rule not in GUARDS] == []


def test_no_recording_is_of_a_source_that_is_gone_and_each_has_its_provenance() -> None:
    assert set(FOLDERS) <= set(shipped().sources)
    provenance = (FOLDER / "PROVENANCE.md").read_text(encoding="utf-8")
    assert [key for key in FOLDERS if f"`{key}`" not in provenance] == []
    for key in FOLDERS:
        said = json_of(key, "recording.json")
        used = {"recording.json", "expected.json", said["listing"], *said.get("pages", {}).values()}
        assert {path.name for path in (FOLDER / key).iterdir()} == used
        assert said["shows"]


def test_a_family_is_one_publisher_under_one_lane_and_what_is_off_says_why() -> None:
    sources = shipped().sources.values()
    for family in {source.family for source in sources}:
        members = [source for source in sources if source.family == family]
        assert len({source.lane for source in members}) == 1, family
    assert [source.key for source in sources if not source.enabled and not source.note] == []
    off = {source.key for source in sources if not source.enabled}
    assert {"reuters-sitemap", "mid"} <= off
    assert {"kremlin", "ec", "council", "eeas", "ukraine", "gov-uk", "elysee", "white-house", "state", "nato"}.isdisjoint(off)


def test_the_pages_of_news_publishers_are_left_alone() -> None:
    assert [
        source.key for source in shipped().sources.values() if source.lane.value == "reporting" and source.fetch_pages
    ] == []

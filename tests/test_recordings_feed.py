"""Feeds, one recording for each quirk: what is read from it lies beside it as JSON. A recording without an answer fails."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aggregator.model import Listing
from aggregator.sources import SourceFormatError, read_feed
from aggregator.text import html_to_text

FOLDER = Path(__file__).parent / "data/recordings/feed"
RECORDINGS = sorted(path.name for path in FOLDER.iterdir() if path.suffix in (".xml", ".json") and ".expected" not in path.name)


def as_json(value: Any) -> Any:
    """A value of the model as JSON: of each, the fields that say something."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, tuple):
        return [as_json(one) for one in value]
    if hasattr(value, "__dataclass_fields__"):
        said = {
            field.name: getattr(value, field.name) for field in fields(value) if field.default is MISSING or _says(value, field)
        }
        return {name: as_json(one) for name, one in said.items()}
    return value


def _says(value: Any, field: Any) -> bool:
    return bool(getattr(value, field.name) != field.default)


def answer(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name.rpartition('.')[0]}.expected.json").read_text("utf-8"))
    return found


def read(name: str, expected: dict[str, Any]) -> Listing:
    zone = ZoneInfo(expected["zone"]) if "zone" in expected else None
    return read_feed((FOLDER / name).read_bytes(), url=expected["url"], zone=zone)


def test_there_are_recordings() -> None:
    assert len(RECORDINGS) >= 15


@pytest.mark.parametrize("name", RECORDINGS)
def test_a_recording_is_read_as_its_answer_says(name: str) -> None:
    expected = answer(name)
    if "error" in expected:
        with pytest.raises(SourceFormatError) as error:
            read(name, expected)
        assert str(error.value) == expected["error"]
        return
    listing = read(name, expected)
    assert as_json(listing) == expected["listing"]
    assert [html_to_text(entry.html) for entry in listing.entries] == expected["texts"]

"""Kinds of sources: bytes in, entries out. A new kind is a new file, and a line in `READERS`. Pure."""

from __future__ import annotations

from typing import Protocol
from zoneinfo import ZoneInfo

from aggregator.model import Listing
from aggregator.sources.errors import SourceFormatError
from aggregator.sources.feed import parse_feed, read_feed

__all__ = ["READERS", "Reader", "SourceFormatError", "parse_feed", "read_feed"]


class Reader(Protocol):
    """What every kind offers."""

    def __call__(self, body: bytes, *, url: str, content_type: str | None, zone: ZoneInfo | None) -> Listing:
        """Read a listing. Raises `SourceFormatError`."""
        ...


READERS: dict[str, Reader] = {"feed": read_feed}

"""Kinds of sources: bytes in, entries out. A new kind is a new file, and a line in `READERS`. Pure."""

from __future__ import annotations

from typing import Protocol
from zoneinfo import ZoneInfo

from aggregator.config.rules import Mapping, Selectors
from aggregator.model import Listing
from aggregator.sources.errors import SourceFormatError
from aggregator.sources.feed import parse_feed, read_feed

__all__ = ["READERS", "Reader", "Rules", "SourceFormatError", "parse_feed", "read_feed"]

Rules = Selectors | Mapping | None


class Reader(Protocol):
    """What every kind offers."""

    def __call__(
        self,
        body: bytes,
        *,
        url: str,
        content_type: str | None,
        zone: ZoneInfo | None,
        rules: Rules,
        language: str = "",
    ) -> Listing:
        """Read a listing. Raises `SourceFormatError`.

        `url` is where the bytes came from, `content_type` the header that came with them, `zone` the source's zone for times
        that name none, `rules` where the listing holds what (of the kinds that need it), `language` the source's, which helps
        to read names of months.
        """
        ...


def _feed(
    body: bytes,
    *,
    url: str,
    content_type: str | None,
    zone: ZoneInfo | None,
    rules: Rules,  # noqa: ARG001 - a feed needs none
    language: str = "",  # noqa: ARG001 - and writes no months but English ones
) -> Listing:
    return read_feed(body, url=url, content_type=content_type, zone=zone)


READERS: dict[str, Reader] = {"feed": _feed}

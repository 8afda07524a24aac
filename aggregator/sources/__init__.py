"""Kinds of sources: bytes in, entries out. A new kind is a new file, and a line in `READERS`. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from aggregator import later
from aggregator.config.rules import Mapping, Selectors
from aggregator.model import Listing
from aggregator.sources.errors import SourceFormatError

if TYPE_CHECKING:
    from aggregator.sources.feed import parse_feed, read_feed
    from aggregator.sources.json_api import parse_json, read_document, read_json
    from aggregator.sources.page import parse_page, read_page
    from aggregator.sources.sitemap import parse_sitemap, read_sitemap
else:  # the parsers: the running service hands all bytes to other processes
    __getattr__ = later(
        __name__,
        {
            "parse_feed": "feed",
            "read_feed": "feed",
            "parse_json": "json_api",
            "read_document": "json_api",
            "read_json": "json_api",
            "parse_page": "page",
            "read_page": "page",
            "parse_sitemap": "sitemap",
            "read_sitemap": "sitemap",
        },
    )

__all__ = [
    "READERS",
    "Reader",
    "Rules",
    "SourceFormatError",
    "parse_feed",
    "parse_json",
    "parse_page",
    "parse_sitemap",
    "read_document",
    "read_feed",
    "read_json",
    "read_page",
    "read_sitemap",
]

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
    from aggregator.sources.feed import read_feed  # noqa: PLC0415 - here and below: a parser is imported where it reads

    return read_feed(body, url=url, content_type=content_type, zone=zone)


def _sitemap(
    body: bytes,
    *,
    url: str,
    content_type: str | None,
    zone: ZoneInfo | None,
    rules: Rules,  # noqa: ARG001 - as above
    language: str = "",  # noqa: ARG001
) -> Listing:
    from aggregator.sources.sitemap import read_sitemap  # noqa: PLC0415

    return read_sitemap(body, url=url, content_type=content_type, zone=zone)


def _page(
    body: bytes, *, url: str, content_type: str | None, zone: ZoneInfo | None, rules: Rules, language: str = ""
) -> Listing:
    if not isinstance(rules, Selectors):
        raise SourceFormatError(f"{url}: a page is read by selectors. Say what an entry is: selectors.entry")
    from aggregator.sources.page import read_page  # noqa: PLC0415

    return read_page(body, url=url, selectors=rules, zone=zone, content_type=content_type, language=language)


def _json_api(
    body: bytes, *, url: str, content_type: str | None, zone: ZoneInfo | None, rules: Rules, language: str = ""
) -> Listing:
    if not isinstance(rules, Mapping):
        raise SourceFormatError(
            f"{url}: a JSON answer is read by a mapping. Say where its parts are: mapping.entries, mapping.title"
        )
    from aggregator.sources.json_api import read_json  # noqa: PLC0415

    return read_json(body, url=url, mapping=rules, zone=zone, content_type=content_type, language=language)


READERS: dict[str, Reader] = {"feed": _feed, "page": _page, "sitemap": _sitemap, "json_api": _json_api}

"""Feeds that are no well-formed XML, or not an ordinary one: read by feedparser, which forgives nearly everything."""

from __future__ import annotations

import io
from typing import Any

import feedparser

from aggregator.sources.encodings import charset, codec
from aggregator.sources.errors import SourceFormatError
from aggregator.sources.raw import RawEntry, RawFeed
from aggregator.text.storable import storable


def read_loosely(body: bytes, *, url: str, content_type: str | None) -> RawFeed:
    """Whatever feedparser finds. Raises `SourceFormatError` where it fails."""
    headers = {"content-location": url}
    if content_type:
        headers["content-type"] = _known(content_type)
    try:
        # BytesIO: plain bytes may be taken for the name of a file. Cleaning is ours, and done for new entries alone.
        parsed = feedparser.parse(io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
        return _raw(parsed)
    except (ValueError, LookupError, TypeError, AttributeError, RuntimeError, AssertionError, ArithmeticError) as error:
        raise SourceFormatError(f"{url}: cannot be read as a feed ({type(error).__name__}: {error})"[:500]) from error


def _known(content_type: str) -> str:
    """The header without a `charset` that is no encoding of text, or one that is no longer true (see `as_utf8`)."""
    said = charset(content_type)
    return content_type.partition(";")[0] if said and codec(said) is None else content_type


def _raw(parsed: Any) -> RawFeed:
    error = parsed.get("bozo_exception")
    feed = parsed.feed
    return RawFeed(
        title=_said(feed, "title"),
        language=_said(feed, "language"),
        published=_written(feed, "published"),
        updated=_written(feed, "updated"),
        ttl=_said(feed, "ttl") or "",
        period=_said(feed, "sy_updateperiod") or "",
        frequency=_said(feed, "sy_updatefrequency") or "",
        entries=[_entry(entry) for entry in parsed.entries],
        is_feed=bool(parsed.get("version") or parsed.entries),
        error=str(error or "")[:500],
        line=getattr(error, "getLineNumber", lambda: None)(),
    )


def _entry(entry: Any) -> RawEntry:
    return RawEntry(
        id=_said(entry, "id"),
        link=_said(entry, "link"),
        title=_said(entry, "title"),
        published=_written(entry, "published"),
        updated=_written(entry, "updated"),
        summary=_said(entry, "summary"),
        contents=[_said(part, "value") for part in entry.get("content") or ()],
        language=_said(entry.get("title_detail") or {}, "language"),
        author=_said(entry, "author"),
    )


def _said(part: Any, name: str) -> str:
    return storable(str(part.get(name) or "")).strip()


def _written(part: Any, name: str) -> str:
    # Asked by `in` first: feedparser answers a plain question for `updated` with `published`.
    return _said(part, name) if name in part else ""

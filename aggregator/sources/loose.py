"""Feeds that are no well-formed XML, or not an ordinary one: read by feedparser, which forgives nearly everything."""

from __future__ import annotations

import io
from typing import Any

import feedparser

from aggregator.sources.errors import SourceFormatError
from aggregator.sources.limits import MOST_AUTHORS, MOST_VERSIONS
from aggregator.sources.raw import RawEntry, RawFeed
from aggregator.sources.texts import Links, absolute_links, as_html
from aggregator.text.encodings import charset, codec
from aggregator.text.storable import storable


def read_loosely(body: bytes, *, url: str, content_type: str | None) -> RawFeed:
    """Whatever feedparser finds. Raises `SourceFormatError` where it fails."""
    headers = {"content-location": url}
    if content_type:
        headers["content-type"] = _known(content_type)
    try:
        # BytesIO: plain bytes may be taken for the name of a file. Cleaning is ours, and done for new entries alone.
        parsed = feedparser.parse(io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
        return _raw(parsed, url)
    except (ValueError, LookupError, TypeError, AttributeError, RuntimeError, AssertionError, ArithmeticError) as error:
        raise SourceFormatError(f"{url}: cannot be read as a feed ({type(error).__name__}: {error})"[:500]) from error


def _known(content_type: str) -> str:
    """The header without a `charset` that is no encoding of text, or one that is no longer true (see `as_utf8`)."""
    said = charset(content_type)
    return content_type.partition(";")[0] if said and codec(said) is None else content_type


def _raw(parsed: Any, url: str) -> RawFeed:
    error = parsed.get("bozo_exception")
    feed, links = parsed.feed, Links()
    return RawFeed(
        title=_said(feed, "title"),
        language=_said(feed, "language"),
        published=_written(feed, "published"),
        updated=_written(feed, "updated"),
        ttl=_said(feed, "ttl") or "",
        period=_said(feed, "sy_updateperiod") or "",
        frequency=_said(feed, "sy_updatefrequency") or "",
        following=_last_link(feed, "next"),
        entries=[_entry(entry, url, links) for entry in parsed.entries],
        is_feed=bool(parsed.get("version") or parsed.entries),
        error=str(error or "")[:500],
        line=getattr(error, "getLineNumber", lambda: None)(),
    )


def _entry(entry: Any, url: str, links: Links) -> RawEntry:
    contents = entry.get("content") or ()
    details = [entry.get("title_detail") or {}, entry.get("summary_detail") or {}, *contents]
    source = entry.get("source") or {}
    versions, plain = _versions(entry)
    return RawEntry(
        id=_said(entry, "id"),
        link=plain or _said(entry, "link"),
        title=_said(entry, "title"),
        published=_written(entry, "published"),
        updated=_written(entry, "updated"),
        summary=_text(entry.get("summary_detail") or {"value": entry.get("summary")}, url, links),
        contents=[_text(part, url, links) for part in contents],
        language=_said(entry, "language") or next(filter(None, (_said(detail, "language") for detail in details)), ""),
        author=_authors(entry),
        versions=versions,
        publisher=_said(source, "title") or _said(source, "value"),
        publisher_link=_said(source, "href") or _last_link(source, "alternate"),
    )


def _authors(entry: Any) -> str:
    """All authors; feedparser's own field holds the last."""
    several = [_person(one) for one in (entry.get("authors") or ())[:MOST_AUTHORS]]
    return ", ".join(dict.fromkeys(filter(None, several))) if len(several) > 1 else _said(entry, "author")


def _person(author: Any) -> str:
    name, mail = _said(author, "name"), _said(author, "email")
    return f"{name} ({mail})" if name and mail else name or mail


def _versions(entry: Any) -> tuple[list[tuple[str, str]], str]:
    """The links to the entry's page: those that name a language, and the one that names none where there are both."""
    links = [link for link in entry.get("links") or () if link.get("rel") == "alternate"]
    named = [(_said(link, "hreflang").replace("_", "-"), _said(link, "href")) for link in links if link.get("hreflang")]
    plain = [_said(link, "href") for link in links if not link.get("hreflang")] if named else []
    return named[:MOST_VERSIONS], plain[-1] if plain else ""


def _last_link(part: Any, relation: str) -> str:
    return next((_said(link, "href") for link in reversed(part.get("links") or ()) if link.get("rel") == relation), "")


def _text(part: Any, url: str, links: Links) -> str:
    """A text as HTML, with the links of its own base address."""
    value, base = _said(part, "value"), _said(part, "base")
    value = as_html(value) if part.get("type") == "text/plain" else value
    return absolute_links(value, base, links) if base not in ("", url) else value


def _said(part: Any, name: str) -> str:
    return storable(str(part.get(name) or "")).strip()


def _written(part: Any, name: str) -> str:
    # Asked by `in` first: feedparser answers a plain question for `updated` with `published`.
    return _said(part, name) if name in part else ""

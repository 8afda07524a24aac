"""What is sent: conditional requests, packing, and errors that say what to do."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from html import escape
from http import HTTPStatus

import brotli
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from aggregator.store.schema import utc_text

REVALIDATE = "no-cache"  # kept by readers, and asked for again each time: usually the answer is 304
FOR_EVER = "max-age=31536000, immutable"  # of a file that is named by its own hash
JSON_TYPE, PROBLEM_TYPE = "application/json", "application/problem+json"
SMALLEST_PACKED = 500  # bytes; less is sent as it is
# A second in which something changed twice looks the same twice: such a time is not told before it is over.
SETTLED = timedelta(seconds=2)

_PACKERS: Mapping[str, Callable[[bytes], bytes]] = {
    "br": lambda body: bytes(brotli.compress(body, quality=5, lgwin=18)),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}


@dataclass(slots=True, kw_only=True)
class Content:
    """A body that may be sent many times, packed when somebody first asks for that."""

    body: bytes
    media_type: str
    changed_at: datetime  # since when it has been as it is; aware UTC
    cache: str = REVALIDATE
    packable: bool = True
    tag: str = ""  # of the bytes; made from them where none is given
    packed: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tag = self.tag or hashlib.sha256(self.body).hexdigest()[:32]

    @property
    def size(self) -> int:
        """How many bytes it holds in memory."""
        return len(self.body) + sum(map(len, self.packed.values()))

    def coded(self, coding: str) -> bytes:
        """The body in a coding: br, gzip, or as it is for ""."""
        if coding and coding not in self.packed:
            self.packed[coding] = _PACKERS[coding](self.body)
        return self.packed[coding] if coding else self.body


def send(request: Request, content: Content, *, now: datetime) -> Response:
    """The answer to a request for some content: all of it, or 304 where the reader has it already (RFC 9110, 13).

    Entity tags are strong, so each coding has one of its own; any of them, sent back, is known again.
    """
    packable = content.packable and len(content.body) >= SMALLEST_PACKED
    coding = coding_for(request.headers.get("accept-encoding", "")) if packable else ""
    headers = {"etag": f'"{content.tag}{"-" * bool(coding)}{coding}"', "cache-control": content.cache}
    if packable:
        headers["vary"] = "Accept-Encoding"
    if now - content.changed_at >= SETTLED:
        headers["last-modified"] = format_datetime(content.changed_at.astimezone(UTC), usegmt=True)
    if _has_it(request.headers, content):
        return Response(status_code=304, headers=headers)
    if coding:
        headers["content-encoding"] = coding
    return Response(content.coded(coding), headers=headers, media_type=content.media_type)


def _has_it(headers: Headers, content: Content) -> bool:
    tags = headers.get("if-none-match")
    if tags is not None:  # goes before the time
        known = {content.tag, *(f"{content.tag}-{coding}" for coding in _PACKERS)}
        given = (one.strip().removeprefix("W/").strip('"') for one in tags.split(","))
        return tags.strip() == "*" or not known.isdisjoint(given)
    try:
        since = parsedate_to_datetime(headers.get("if-modified-since", ""))
    except (ValueError, OverflowError):  # the latter of an offset from UTC of many digits
        return False
    return since.tzinfo is not None and content.changed_at.replace(microsecond=0) <= since


def coding_for(accepted: str) -> str:
    """The coding for an Accept-Encoding (RFC 9110, 12.5.3): br or gzip, as they are wanted more; "" for neither."""
    wanted: dict[str, float] = {}
    for one in accepted.lower().split(",")[:20]:
        name, _, weight = one.partition(";")
        try:
            wanted[name.strip()] = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            wanted[name.strip()] = 0.0
    best = max(_PACKERS, key=lambda coding: wanted.get(coding, 0.0))
    return best if wanted.get(best, 0.0) > 0 else ""


def as_json(value: object) -> bytes:
    """What the API gives, written small."""
    small = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=utc_text)
    return small.encode("utf-8", "replace") + b"\n"


def problem(status: int, detail: str, *, headers: Mapping[str, str] | None = None, accept: str = "") -> Response:
    """An error as RFC 9457 has it, or as a page for who accepts pages; `detail` says what to do."""
    title = HTTPStatus(status).phrase
    kept = {"cache-control": "no-store", **(headers or {})}
    if "text/html" in accept:
        said = f"<title>{title}</title><h1>{title}</h1><p>{escape(detail)}</p>"
        page = f'<!doctype html><html lang="en"><meta charset="utf-8">{said}'
        return Response(page, status, headers=kept, media_type="text/html")
    told = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return Response(as_json(told), status, headers=kept, media_type=PROBLEM_TYPE)

"""The verdict on a response: is it the page that was asked for?"""

from __future__ import annotations

import re

import httpx

from aggregator.model import Outcome, OutcomeKind

TITLE = re.compile(rb"<title[^>]*>(.{0,300}?)</title", re.IGNORECASE | re.DOTALL)
HTML = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
FEED = re.compile(rb"<(?:rss|feed|rdf:RDF|\w+:RDF)\b", re.IGNORECASE)
LOOK = 20_000  # bytes at the start of a body that tell what it is
STATUS = {
    401: "asks for a login",
    403: "refuses us",
    404: "is not there: has the address moved?",
    410: "is gone for good",
    429: "asks us to come less often",
}


def judge(response: httpx.Response, *, listing: bool = True) -> Outcome:
    """Judge a response whose body was read; `listing` says that a feed, not a page for people, was asked for.

    Pure: nothing is asked again. A wall that answers 200 is `not_the_page`, as is HTML where a feed was asked.
    """
    status = response.status_code
    if status == 304:
        return Outcome(kind=OutcomeKind.UNCHANGED, reason="unchanged since the last poll", status=status)
    if status in (401, 403, 429, 503) or status == 202:
        return Outcome(kind=OutcomeKind.NOT_THE_PAGE, reason=_refusal(response), status=status)
    if status != 200:
        return Outcome(kind=OutcomeKind.FAILED, reason=_refusal(response), status=status)
    reason = _not_the_page(response.content, listing=listing)
    if reason is not None:
        return Outcome(kind=OutcomeKind.NOT_THE_PAGE, reason=reason, status=status)
    return Outcome(kind=OutcomeKind.CHANGED, reason="a new copy", status=status)


def _refusal(response: httpx.Response) -> str:
    status = response.status_code
    said = STATUS.get(status)
    if said is None:
        said = "has trouble of its own" if status >= 500 else f"answers {response.reason_phrase or 'oddly'}"
    title = _title(response.content[:LOOK])
    return f"HTTP {status}: the server {said}" + (f" (“{title}”)" if title else "")


def _not_the_page(body: bytes, *, listing: bool) -> str | None:
    if not body.strip():
        return "the answer is empty"
    start = body[:LOOK]
    if listing and HTML.search(start) and not FEED.search(start):
        title = _title(start)
        return "an HTML page where a feed was asked" + (f" (“{title}”)" if title else "") + ": open it in a browser"
    return None


def _title(start: bytes) -> str:
    found = TITLE.search(start)
    return " ".join(found.group(1).decode("utf-8", "replace").split())[:120] if found else ""

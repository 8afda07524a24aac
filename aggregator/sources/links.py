"""Links of entries."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit, urlunsplit

MOST_LINK = 8_000  # characters; RFC 9110 asks for 8,000 bytes, and what is longer no server answers
MOST_BASE = 2_000  # characters of a base: every link of the feed is read against it
SPACE = re.compile(r"[\s\x00-\x20\x7f\\]")
EXTRA_SLASHES = re.compile(r"^([A-Za-z][A-Za-z0-9+\-.]*://)/+")

# The usual address, of which reading it against a base makes the same again: no dots or empty parts to be dropped.
_SIGNS = r"[\w./~%+,:@!$*()=&-]"
USUAL = re.compile(rf"https?://[\w.-]+(?::\d+)?(?:/{_SIGNS}*)?(?:\?{_SIGNS}+)?(?:#{_SIGNS}+)?", re.ASCII)


def web_address(base: str, link: str) -> str:
    """The link as an absolute http(s) address, read against `base`; "" for what is none: `javascript:`, `urn:`, broken ones.

    A login in it is left out.
    """
    if len(link) > MOST_LINK:
        return ""
    if USUAL.fullmatch(link):
        return link
    try:
        address = urljoin(base, link) if link else ""
        parts = urlsplit(address)
        _ = parts.port  # ValueError where it is no number of a port
    except ValueError:
        return ""
    _, at, host = parts.netloc.rpartition("@")
    if parts.scheme not in ("http", "https") or not parts.hostname or SPACE.search(host):
        return ""
    # A login would be shown to all, and what stands before the sign may be another publisher's name.
    return urlunsplit(parts._replace(netloc=host)) if at else address


def joined(base: str, reference: str) -> str:
    """A reference read against its base (RFC 3986, section 5), whatever its scheme; "" for what cannot be read.

    `http:////e.org` is taken for `http://e.org`. What is too long for a link is given back as it is.
    """
    if len(reference) > MOST_LINK or USUAL.fullmatch(reference):
        return reference
    try:
        return urljoin(base, EXTRA_SLASHES.sub(r"\1", reference))
    except ValueError:
        return ""


def base_address(base: str, given: str) -> str:
    """What an `xml:base` makes of the base around it (XML Base, section 3): only an http(s) address is one."""
    return base if len(given) > MOST_BASE else web_address(base, given.strip()) or base

"""Addresses: the same page under one spelling."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, unquote, unquote_plus, urlsplit, urlunsplit

TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|at_\w+|ocid|ns_\w+|cmpid|cmp|xtor|wt\.\w+|_hs\w+|ref_src|maca)",
    re.IGNORECASE,
)
# What says who asks and not what: another for each visit. Names that mean nothing else, "sid" being many a site's story.
_SESSION = r"(?:jsessionid|phpsessid|aspsessionid\w*|asp\.net_sessionid|cfid|cftoken|session_?id|sess_?id)"
SESSION = re.compile(_SESSION, re.IGNORECASE)
IN_PATH = re.compile(rf";{_SESSION}=[^/;]*", re.IGNORECASE)  # as servers of Java write it
QUERY = re.compile(r"(https?://[^\s'\"<>?]{1,2000})\?[^\s'\"<>]*")
DEFAULT_PORTS = {"http": 80, "https": 443}
SAFE_PATH = "!$&'()*+,;=:@/-._~"  # RFC 3986, section 3.3: what a path may hold unescaped
SAFE_QUERY = SAFE_PATH + "?"
# What most addresses are: already in their one spelling, without escapes or anything that a rule below could change.
CANONICAL = re.compile(r"https?://[a-z0-9](?:[a-z0-9.-]*+(?<=[a-z0-9]))?/[A-Za-z0-9!$&'()*+,=:@/\-._~]*+")


def canonical_url(url: str) -> str:
    """An address in its one spelling (RFC 3986, section 6.2): twice is once.

    Lower-case scheme and host, no default port, no fragment, no parameters that say who asks (tracking, sessions), escapes only
    where they are needed.
    Other parameters stay, in their order. What cannot be read as an http(s) address is given back stripped.
    """
    stripped = url.strip()
    if CANONICAL.fullmatch(stripped):
        return stripped
    try:
        parts = urlsplit(stripped)
        port, host = parts.port, (parts.hostname or "").rstrip(".")
    except ValueError:
        return stripped
    if parts.scheme not in DEFAULT_PORTS or not host:
        return stripped
    netloc = f"[{host}]" if ":" in host else _ascii_host(host)
    if port is not None and port != DEFAULT_PORTS[parts.scheme]:
        netloc += f":{port}"
    return urlunsplit((parts.scheme, netloc, IN_PATH.sub("", _escaped(parts.path, SAFE_PATH)) or "/", _query(parts.query), ""))


@lru_cache(maxsize=1024)
def _ascii_host(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host.lower()


def _query(query: str) -> str:
    kept = [part for part in query.split("&") if part and not _says_who_asks(part)]
    return "&".join(_escaped(part, SAFE_QUERY) for part in kept)


def _says_who_asks(part: str) -> bool:
    name = unquote_plus(part.partition("=")[0])
    return TRACKING.fullmatch(name) is not None or SESSION.fullmatch(name) is not None


def _escaped(text: str, safe: str) -> str:
    """Escapes in upper case, and only of what must be escaped: `%7E` is `~`, `%2F` stays what it is."""
    pieces = re.split(r"(%[0-9A-Fa-f]{2})", text)
    return "".join(
        _unescaped(piece) if piece.startswith("%") and len(piece) == 3 else quote(piece, safe=safe) for piece in pieces
    )


def _unescaped(triplet: str) -> str:
    sign = unquote(triplet, errors="replace")
    return sign if re.fullmatch(r"[A-Za-z0-9\-._~]", sign) else triplet.upper()


def without_queries(text: str) -> str:
    """A sentence for readers, without the queries of the addresses in it: they may be for nobody else, as a key is."""
    return QUERY.sub(r"\1?…", text)

"""One question and its answer, as data: what is asked, what comes back, what is kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aggregator.fetch.freshness import Freshness
from aggregator.model import Outcome

FEEDS = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, "
    "application/json;q=0.9, */*;q=0.5"
)
PAGES = "text/html, application/xhtml+xml, */*;q=0.5"
MOST_VALUE = 1_000  # characters of a header that are kept
SECRET = frozenset({"set-cookie", "set-cookie2", "proxy-authenticate", "www-authenticate", "authorization", "cookie"})
OF_THE_WIRE = frozenset({"content-encoding", "content-length", "transfer-encoding"})  # no longer true of a decoded body
UNCHANGING = frozenset(  # what a 304 may tell that matters; the rest was kept with the answer that it confirms
    {"age", "cache-control", "date", "etag", "expires", "last-modified", "retry-after", "vary"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How one host is asked, beside the rules that hold for all."""

    user_agent: str | None = None  # instead of ours
    group: str = "host"  # who takes turns: "host", "url" (this address alone), or a name that several share
    gap: timedelta | None = None  # between two requests of the group; None: the usual one
    robots: bool = True  # ask robots.txt first
    http2: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question to a server."""

    url: str
    listing: bool = True  # a feed is asked for, not a page for people
    accept: str = ""  # what is asked for, where it is neither
    etag: str | None = None
    last_modified: str | None = None
    variant: str = ""  # which of the address's variants these validators belong to
    moved_to: str | None = None  # where a permanent redirect led the last time
    allow: Collection[str] = ()  # hosts that the address guard lets pass
    manners: Manners = Manners()  # towards hosts that have none of their own
    proxy: str | None = field(default=None, repr=False)  # an http(s) address, perhaps with a login
    timeout: timedelta = timedelta(seconds=30)  # for the whole exchange, redirects included
    connect_timeout: timedelta = timedelta(seconds=10)
    read_timeout: timedelta = timedelta(seconds=20)  # between two pieces
    max_body: int = 10_000_000  # bytes, before and after decompression
    max_redirects: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and what it came to: each hop of a redirect is one."""

    at: datetime  # when the request was sent, UTC
    url: str
    ms: int = 0  # until the whole answer was there
    request: Mapping[str, str] = field(default_factory=dict)  # headers as sent, without secrets; lower-case names
    status: int | None = None  # None: there was no answer, see `error`
    headers: Mapping[str, str] = field(default_factory=dict)  # of the answer, without secrets; lower-case names
    body: bytes = b""  # without content coding
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back, judged."""

    url: str  # the address that answered, after redirects
    outcome: Outcome
    at: datetime  # when it was asked
    ms: int
    headers: Mapping[str, str] = field(default_factory=dict)  # lower-case names
    body: bytes = b""
    freshness: Freshness = field(default_factory=Freshness)
    variant: str = ""
    moved_to: str | None = None  # where permanent redirects alone (301, 308) have led
    certificate_until: datetime | None = None  # when the certificate of the server that answered ends; None: not known
    unreachable: bool = False  # nobody answered: the network may be to blame
    exchanges: tuple[Exchange, ...] = ()  # every request of this question, the last one being the answer

    @property
    def transport(self) -> str:
        """ "tls", or "none" where nothing vouches for the bytes on their way."""
        return "tls" if self.url.startswith("https:") else "none"


def kept_headers(pairs: Collection[tuple[str, str]], *, status: int | None = None) -> dict[str, str]:
    """Headers as they are stored: lower-case names, several lines joined, secrets left out, values cut."""
    found: dict[str, str] = {}
    for name, value in pairs:
        key = name.lower()
        if key in SECRET or (status == 304 and key not in UNCHANGING):
            continue
        found[key] = f"{found[key]}, {value}"[:MOST_VALUE] if key in found else value[:MOST_VALUE]
    return found

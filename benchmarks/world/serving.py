"""The world as servers: what stands at an address at a moment of its clock, with the manners of real ones."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from time import thread_time
from zoneinfo import ZoneInfo

import httpx

from benchmarks.world.feeds import PATH, listing_path
from benchmarks.world.script import HOUR, Item, Script, Source, Spell, Trouble

WALL = (
    "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1>"
    "<p>Enable JavaScript and cookies to continue</p><div id='challenge-form'></div>"
    "<script src='/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1'></script></body></html>"
)
NOT_FOUND = (
    "<!DOCTYPE html><html><head><title>Page not found</title></head><body><h1>Page not found</h1>"
    "<p>Sorry, the page you are looking for does not exist or has been moved.</p></body></html>"
)
LOGIN = (
    "<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Sign in</h1><form method='post' action='/login'>"
    "<input name='user'><input type='password' name='password'><button>Sign in</button></form></body></html>"
)
HOME = (
    "<!DOCTYPE html><html><head><title>Office</title></head><body><h1>Welcome to the office</h1>"
    "<p>Here is our news.</p></body></html>"
)
HTML = "text/html; charset=utf-8"
PLAIN = {"/robots.txt": (404, NOT_FOUND), "/login": (200, LOGIN), "/": (200, HOME)}
CLOCK = {Trouble.CLOCK_AHEAD: 1200.0, Trouble.CLOCK_BEHIND: -3 * HOUR}


@dataclass(slots=True)
class Answer:
    """What a server says."""

    status: int
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


class Unreachable(Exception):  # noqa: N818 - says what is the case
    """Nobody answers."""


@dataclass
class World:
    """A script being told. `now` gives the moment."""

    script: Script
    now: Callable[[], float]
    base: Callable[[Source], str]
    requests: int = 0
    too_soon: int = 0  # questions within the time that a server had asked for
    walls: int = 0  # walls that were handed out
    stale: int = 0
    spent: float = 0.0  # seconds of the processor that its answers took
    _wait_until: dict[int, float] = field(default_factory=dict)

    def answer(self, host: str, path: str, query: str, headers: httpx.Headers | dict[str, str]) -> Answer:
        """What stands at an address now. Raises `Unreachable`."""
        began = thread_time()
        try:
            return self._answer(self.script.by_key[host], path, query, headers)
        finally:
            self.requests += 1
            self.spent += thread_time() - began

    def _answer(self, source: Source, path: str, query: str, headers: httpx.Headers | dict[str, str]) -> Answer:
        now = self.now()
        if self.script.is_out(now) or source.trouble(now, Trouble.UNREACHABLE):
            raise Unreachable
        found = self._of_host(source, path, query, now)
        clock = now + sum(CLOCK[one.kind] for one in source.spells if one.kind in CLOCK and one.begin <= now < one.end)
        found.headers.setdefault("date", _http(clock))
        tag, changed = found.headers.get("etag"), found.headers.get("last-modified")
        same = tag is not None and headers.get("if-none-match") == tag
        same = same or (tag is None and changed is not None and headers.get("if-modified-since") == changed)
        return Answer(304, "", found.headers) if same and found.status == 200 else found

    def _of_host(self, source: Source, path: str, query: str, now: float) -> Answer:
        if source.trouble(now, Trouble.DOWN):
            return Answer(503, "later", {"content-type": "text/plain"})
        plain = PLAIN.get(path)
        if path in ("/robots.txt", "/login") and plain is not None:
            return Answer(plain[0], plain[1], {"content-type": HTML})
        wall = source.trouble(now, Trouble.WALL, Trouble.WALL_403)
        if wall is not None:
            self.walls += 1
            more = {"server": "cloudflare", "cf-mitigated": "challenge"} if wall.kind is Trouble.WALL_403 else {}
            return Answer(403 if more else 200, WALL, {"content-type": HTML, **more})
        if plain is not None:
            return Answer(plain[0], plain[1], {"content-type": HTML})
        return self._page(source, path, now) if "/news/" in path else self._listing(source, path, query, now)

    # --- listings

    def _listing(self, source: Source, path: str, query: str, now: float) -> Answer:
        if path in ("/all/feed", "/fr/feed"):
            source = self.script.by_key.get(f"{source.key}-{path.split('/')[1]}", source)
        refused = self._refused(source, path, now)
        if refused is not None:
            return refused
        stale = source.trouble(now, Trouble.STALE)
        moment = stale.begin - 1.5 * HOUR if stale is not None else now
        self.stale += stale is not None
        page = int(query.removeprefix("page=")) if query.startswith("page=") else 0
        listed = source.listed(moment, page=page)
        if not source.reads_pages and stale is None:
            for one, version in listed:
                one.served[version] = one.served[version] or now
        changed = max((_changed(one, version) for one, version in listed), default=moment)
        tag = zlib.crc32(repr([(one.number, version, one.language) for one, version in listed]).encode())
        headers = {"content-type": _type(source)}
        if source.etag:
            headers["etag"] = f'"{tag:x}-{source.key}"'
        if source.modified:
            headers["last-modified"] = _http(changed)
        if source.max_age:
            headers["cache-control"] = f"max-age={source.max_age}"
        return Answer(200, WRITE[source.kind](self, source, listed, changed, page), headers)

    def _refused(self, source: Source, path: str, now: float) -> Answer | None:
        moved = source.trouble(now, Trouble.MOVED)
        if moved is not None and path == listing_path(source):
            return Answer(301, "", {"location": f"{self.base(source)}/moved{path}"})
        if path.removeprefix("/moved") not in (*PATH.values(), "/all/feed", "/fr/feed"):
            return Answer(404, NOT_FOUND, {"content-type": HTML})
        if source.trouble(now, Trouble.SOFT_404):
            return Answer(200, NOT_FOUND, {"content-type": HTML})
        if source.trouble(now, Trouble.MISSING):
            return Answer(404, NOT_FOUND, {"content-type": HTML})
        if source.trouble(now, Trouble.LOGIN):
            return Answer(302, "", {"location": f"{self.base(source)}/login?next={path}"})
        asked = source.trouble(now, Trouble.TOO_MANY, Trouble.BUSY)
        return self._wait(source, asked, now) if asked is not None else None

    def _wait(self, source: Source, spell: Spell, now: float) -> Answer:
        self.too_soon += now < self._wait_until.get(source.index, 0.0)
        self._wait_until[source.index] = spell.end
        status = 429 if spell.kind is Trouble.TOO_MANY else 503
        return Answer(status, "too many", {"content-type": "text/plain", "retry-after": str(int(spell.end - now) + 1)})

    # --- pages of what was said

    def _page(self, source: Source, path: str, now: float) -> Answer:
        number, language = int(path.rpartition("/")[2]), "fr" if path.startswith("/fr/") else "en"
        if language == "fr":
            source = self.script.by_key[f"{source.key}-fr"]
        one = next((one for one in source.items if one.number == number), None)
        if one is None or one.at > now:
            return Answer(404, NOT_FOUND, {"content-type": HTML})
        if one.gone is not None and one.gone <= now:
            return Answer(one.gone_as, NOT_FOUND, {"content-type": HTML})
        version = one.version_at(now)
        if source.reads_pages:
            one.served[version] = one.served[version] or now
        said = one.text(version)
        body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in said.paragraphs)
        when = _local(one.said, source)
        return Answer(
            200,
            f"<!DOCTYPE html><html lang='{language}'><head><title>{escape(said.title)}</title></head><body>"
            f"<nav><a href='/'>Home</a></nav><main><article><h1>{escape(said.title)}</h1>"
            f"<time datetime='{when}'>{when}</time>{body}</article></main>"
            "<footer><p>All rights reserved.</p></footer></body></html>",
            {"content-type": HTML, "etag": f'"{number}-{version}"'},
        )

    def link(self, one: Item, source: Source) -> str:
        """Where the page of an item is."""
        return f"{self.base(source)}{'/fr' if one.language == 'fr' else ''}/news/{one.number}"


# --- how each kind writes


Lines = list[tuple[Item, int]]


def _rss(world: World, source: Source, listed: Lines, changed: float, _page: int) -> str:
    lines = []
    for one, version in listed:
        said = one.text(version)
        html = "".join(f"<p>{escape(part)}</p>" for part in said.paragraphs)
        lines.append(
            f"<item><guid isPermaLink='false'>{entry_id(one)}</guid><link>{world.link(one, source)}</link>"
            f"<title>{escape(said.title)}</title><pubDate>{_mail(one.said, source)}</pubDate>"
            f"<description><![CDATA[{html}]]></description></item>"
        )
    built = f"<lastBuildDate>{_mail(changed, source)}</lastBuildDate>" if source.dated else ""
    head = f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>{source.key}</title>{built}"
    return f"{head}{''.join(lines)}</channel></rss>"


def _atom(world: World, source: Source, listed: Lines, changed: float, _page: int) -> str:
    lines = []
    for one, version in listed:
        said = one.text(version)
        html = "".join(f"<p>{escape(part)}</p>" for part in said.paragraphs)
        lines.append(
            f"<entry><id>{entry_id(one)}</id><link href='{world.link(one, source)}'/><title>{escape(said.title)}</title>"
            f"<published>{_offset(one.said, source)}</published>"
            f"<updated>{_offset(max(one.said, _changed(one, version)), source)}</updated>"
            f"<content type='html'>{escape(html)}</content></entry>"
        )
    built = f"<updated>{_offset(changed, source)}</updated>" if source.dated else ""
    head = f"<?xml version='1.0' encoding='utf-8'?><feed xmlns='http://www.w3.org/2005/Atom'><title>{source.key}</title>{built}"
    return f"{head}{''.join(lines)}</feed>"


def _json(world: World, source: Source, listed: Lines, _changed_at: float, _page: int) -> str:
    rows = []
    for one, version in listed:
        said = one.text(version)
        rows.append(
            {
                "id": entry_id(one),
                "link": world.link(one, source),
                "title": said.title,
                "published": _offset(one.said, source),
                "changed": _offset(_changed(one, version), source),
                "body": "".join(f"<p>{escape(part)}</p>" for part in said.paragraphs),
            }
        )
    return json.dumps({"results": rows})


def _html(world: World, source: Source, listed: Lines, _changed_at: float, page: int) -> str:
    lines = "".join(
        f"<li class='news'><h3><a href='{world.link(one, source)}'>{escape(one.text(version).title)}</a></h3>"
        f"<time datetime='{_local(one.said, source)}'>then</time></li>"
        for one, version in listed
    )
    following = f"<a class='next' href='{PATH['page']}?page={page + 1}'>older</a>" if source.pages > 1 and listed else ""
    head = f"<!DOCTYPE html><html><head><title>News of {source.key}</title></head><body><main>"
    return f"{head}<ul>{lines}</ul>{following}</main></body></html>"


def _sitemap(world: World, source: Source, listed: Lines, _changed_at: float, _page: int) -> str:
    lines = "".join(
        f"<url><loc>{world.link(one, source)}</loc><lastmod>{_offset(_changed(one, version), source)}</lastmod><news:news>"
        f"<news:publication><news:name>{source.key}</news:name><news:language>en</news:language></news:publication>"
        f"<news:publication_date>{_offset(one.said, source)}</news:publication_date>"
        f"<news:title>{escape(one.text(version).title)}</news:title></news:news></url>"
        for one, version in listed
    )
    return (
        "<?xml version='1.0' encoding='utf-8'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
        f" xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'>{lines}</urlset>"
    )


WRITE = {"rss": _rss, "atom": _atom, "json": _json, "page": _html, "sitemap": _sitemap}


def entry_id(one: Item) -> str:
    """The id that a feed gives an item."""
    return f"urn:world:{one.source}:{one.number}:{one.language}"


def _changed(one: Item, version: int) -> float:
    return one.changes[version - 1].at if version else one.at


def _type(source: Source) -> str:
    return {"json": "application/json", "page": HTML, "atom": "application/atom+xml"}.get(source.kind, "application/xml")


def _http(moment: float) -> str:
    return format_datetime(datetime.fromtimestamp(int(moment), UTC), usegmt=True)


def _mail(moment: float, source: Source) -> str:
    return format_datetime(datetime.fromtimestamp(int(moment), UTC).astimezone(ZoneInfo(source.zone)))


def _offset(moment: float, source: Source) -> str:
    return datetime.fromtimestamp(int(moment), UTC).astimezone(ZoneInfo(source.zone)).isoformat()


def _local(moment: float, source: Source) -> str:
    """As the clock on the wall of the source says it, without an offset."""
    return datetime.fromtimestamp(int(moment), UTC).astimezone(ZoneInfo(source.zone)).replace(tzinfo=None).isoformat()


# --- handed to the client


class _Whole(httpx.AsyncByteStream):
    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body


class WorldTransport(httpx.AsyncBaseTransport):
    """The world in place of the network: the client, its rules and its verdicts are the real ones."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer as the host would."""
        await asyncio.sleep(0)
        url = request.url
        try:
            found = self.world.answer(url.host.partition(".")[0], url.path, url.query.decode(), request.headers)
        except Unreachable as error:
            raise httpx.ConnectError("All connection attempts failed", request=request) from error
        return httpx.Response(found.status, headers=found.headers, stream=_Whole(found.body.encode()), request=request)

"""A small world of sources that say new things, edit them, copy each other and fail, all by a seed; and who follows it."""

from __future__ import annotations

import asyncio
import random
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from aggregator.config import Config, load_config
from aggregator.model import SourceKey
from aggregator.pipeline import Road, storing, tell_ready, telling
from aggregator.pipeline.sandbox import Sandbox
from aggregator.service import open_for, poll_all, road
from aggregator.store import Store
from tests.conftest import Clock, item, rss, write_feeds

SUBJECTS = ["harbour", "treaty", "border", "grain", "ceasefire", "prisoners", "energy", "airspace", "fishing", "railway"]
FEEDS = ("a", "b", "c", "f")  # "f" links to pages of its own
SOURCES = (*FEEDS, "p")  # "p" is a page of several pages


def feeds_toml(*, database: str | None = None, settle: str = "10m", more: str = "", terms: str = '"talks"') -> str:
    """A configuration of this world."""
    service = '[service]\ngap = "0s"\nwatch_for = "60d"\n' + (f'database = "{database}"\n' if database else "")
    return f"""{service}
[sources.a]
name = "Alpha"
url = "https://a.example/feed"
family = "one"
language = "en"

[sources.b]
name = "Beta"
url = "https://b.example/feed"
family = "one"
language = "en"

[sources.c]
name = "Gamma"
url = "https://c.example/feed"
family = "two"
language = "en"

[sources.f]
name = "Phi"
url = "https://f.example/feed"
family = "three"
lane = "reporting"
language = "en"
fetch_pages = true

[sources.p]
name = "Pi"
kind = "page"
url = "https://p.example/list"
family = "two"
language = "en"
pages = 3
selectors = {{ entry = "li", title = "h3", time = "time", id = "@data-id", text = "p", next = "a.next @href" }}

[stories.talks]
title = "Talks in Geneva"
from = 2025-08-01
until = 2025-08-31
terms = [{terms}]
settle = "{settle}"
settle_edits = "{settle}"
{more}"""


@dataclass
class Said:
    """One thing said, in its newest version."""

    number: int
    subject: str
    at: object
    version: int = 0
    about: str = "talks"

    @property
    def title(self) -> str:
        return f"On {self.subject}, day {self.number}"

    @property
    def text(self) -> str:
        return (
            f"The delegations discussed the {self.subject} question at the {self.about} in Geneva on day {self.number}. "
            f"They agreed on {self.version + 2} separate {self.subject} measures with {self.number + 40} observers. "
            f"A further {self.subject} meeting number {self.number} follows next week in another city of the region."
        )


class Whole(httpx.AsyncByteStream):
    """A body that is sent in one piece."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body


@dataclass
class World(httpx.AsyncBaseTransport):
    """What the servers answer now. `asked` counts questions."""

    chance: random.Random
    clock: Clock
    told: dict[str, list[Said]] = field(default_factory=lambda: {key: [] for key in SOURCES})
    down: set[str] = field(default_factory=set)  # hosts that answer 503
    walls: set[str] = field(default_factory=set)  # hosts that ask for a proof first, whatever is asked
    missing: set[int] = field(default_factory=set)  # numbers whose own pages are not there
    tags: bool = True  # answers have an ETag
    dated: bool = False  # feeds say when they were made, so that an edit back is told from an older copy
    asked: int = 0
    count: int = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        await asyncio.sleep(0)
        status, headers, body = self._respond(request)
        return httpx.Response(status, headers=headers, stream=Whole(body.encode()), request=request)

    def _respond(self, request: httpx.Request) -> tuple[int, dict[str, str], str]:
        key, path = request.url.host.partition(".")[0], request.url.path
        if path == "/robots.txt":
            return 404, {}, ""
        if key in self.down:
            return 503, {}, "later"
        if key in self.walls:
            return 403, {"content-type": "text/html", "cf-mitigated": "challenge"}, "<title>Just a moment...</title>"
        kind, body = self._answer(key, path, request.url.query.decode())
        if body is None:
            return 404, {}, "nothing here"
        tag = {"etag": f'"{zlib.crc32(body.encode()):x}"'} if self.tags else {}
        if tag and request.headers.get("if-none-match") == tag["etag"]:
            return 304, tag, ""
        return 200, {"content-type": kind, **tag}, body

    def _answer(self, key: str, path: str, query: str) -> tuple[str, str | None]:
        if key == "p":
            return "text/html; charset=utf-8", self._list(int(query or 0))
        if path == "/feed":
            return "application/rss+xml; charset=utf-8", self._feed(key)
        number = int(path.removeprefix("/news/"))
        found = next((one for one in self.told[key] if one.number == number), None)
        return "text/html; charset=utf-8", None if found is None or number in self.missing else self._page(found)

    def _feed(self, key: str) -> str:
        newest = list(reversed(self.told[key]))[:8]
        text = (lambda _: "") if key == "f" else (lambda one: one.text)
        return rss(
            *(
                item(f"{key}{one.number}", one.title, text(one), at=one.at, link=f"https://{key}.example/news/{one.number}")  # type: ignore[arg-type]
                for one in newest
            ),
            built=self.clock.now if self.dated else None,
        )

    def _list(self, page: int) -> str:
        newest = list(reversed(self.told["p"]))
        lines = "".join(
            f"<li data-id='n{one.number}'><h3><a href='/news/{one.number}'>{one.title}</a></h3>"
            f"<time datetime='{one.at:%Y-%m-%dT%H:%M:%SZ}'>today</time><p>{one.text}</p></li>"
            for one in newest[3 * page : 3 * page + 3]
        )
        link = f"<a class='next' href='/list?{page + 1}'>older</a>" if len(newest) > 3 * page + 3 else ""
        return f"<!DOCTYPE html><html><head><title>News</title></head><body><ul>{lines}</ul>{link}</body></html>"

    def _page(self, one: Said) -> str:
        paragraphs = "".join(f"<p>{part}.</p>" for part in one.text.removesuffix(".").split(". "))
        return f"<html><head><title>x</title></head><body><article><h1>{one.title}</h1>{paragraphs}</article></body></html>"

    # --- what happens in it

    def say(self, key: str | None = None, *, about: str = "talks", minutes_ago: float | None = None) -> Said:
        """Something new, said a little before now."""
        key = key or self.chance.choice(SOURCES)
        self.count += 1
        ago = timedelta(seconds=self.chance.randrange(3_600)) if minutes_ago is None else timedelta(minutes=minutes_ago)
        one = Said(number=self.count, subject=self.chance.choice(SUBJECTS), at=self.clock.now - ago, about=about)
        self.told[key].append(one)
        return one

    def happen(self) -> None:
        """One thing, by chance."""
        some = [one for told in self.told.values() for one in told]
        match self.chance.randrange(12):
            case 0 | 1 | 2 | 3 | 4:
                one = self.say(about=self.chance.choice(["talks", "talks", "match"]))
                if self.chance.random() < 0.5:
                    self.missing.add(one.number)
            case 5 | 6 if some:  # an edit, perhaps one that takes the term away
                one = self.chance.choice(some)
                one.version += 1
                one.about = self.chance.choice([one.about, one.about, "talks", "match"])
            case 7 | 8 if some:  # a copy, by the family or another one
                one = self.chance.choice(some)
                key = self.chance.choice(SOURCES)
                if all(other.number != one.number for other in self.told[key]):
                    self.told[key].append(one)
            case 9:
                self.down = {self.chance.choice(SOURCES)} - self.down
            case 10:
                self.missing.clear()
            case _:
                self.tags = not self.tags


@dataclass
class Life:
    """A service in that world, with a store of its own."""

    folder: Path
    world: World
    clock: Clock
    sandbox: Sandbox
    config: Config
    store: Store

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Road]:
        """From one start to the next."""
        async with road(self.config, self.store, clock=self.clock, transport=self.world, sandbox=self.sandbox) as the_road:
            yield the_road

    def configure(self, text: str) -> None:
        """Let another configuration take effect at the next start."""
        self.config = load_config(write_feeds(self.folder, text))

    async def poll(self, the_road: Road, *keys: str) -> None:
        """Ask sources, all at once."""
        async for _ in poll_all(the_road, [SourceKey(key) for key in keys or SOURCES if key in self.config.sources]):
            pass

    def tick(self) -> None:
        """Tell what has settled."""
        tell_ready(self.store, self.config, now=self.clock())

    def live(self, steps: int, *, trouble: pytest.MonkeyPatch | None = None) -> None:
        """Let things happen and be followed, by chance, from one start to the end."""
        asyncio.run(self._live(steps, trouble))

    def act(self, happens: Callable[[World], object], *keys: str, **later: float) -> None:
        """Let some time pass and something happen, have sources asked, and tell what has settled."""

        async def once() -> None:
            self.clock.forward(**(later or {"minutes": 20}))
            happens(self.world)
            async with self.session() as the_road:
                await self.poll(the_road, *keys)
                self.tick()

        asyncio.run(once())

    async def _live(self, steps: int, trouble: pytest.MonkeyPatch | None) -> None:
        chance = self.world.chance
        async with self.session() as the_road:
            for _ in range(steps):
                self.clock.forward(seconds=chance.randrange(900), milliseconds=chance.randrange(1000))
                for _ in range(chance.randrange(4)):
                    self.world.happen()
                keys = chance.sample(SOURCES, chance.randrange(1, len(SOURCES) + 1))
                with broken(trouble if trouble is not None and chance.random() < 0.2 else None, chance):
                    match chance.randrange(4):
                        case 0:
                            self.tick()
                        case 1:  # as the service does: a tick in a thread, while polls are under way
                            await asyncio.gather(self.poll(the_road, *keys), asyncio.to_thread(self.tick))
                        case _:
                            await self.poll(the_road, *keys)


@contextmanager
def broken(trouble: pytest.MonkeyPatch | None, chance: random.Random) -> Iterator[None]:
    """Errors of our own, now and then: after a listing's statements were written, and in the middle of telling."""
    if trouble is None:
        yield
        return

    def fails(*_args: object, **_more: object) -> None:
        raise RuntimeError("a fault of our own")

    with trouble.context() as patch:
        if chance.random() < 0.5:
            patch.setattr(storing, "consider", fails)
        else:
            patch.setattr(telling, "draft", fails)
        yield


@contextmanager
def life(folder: Path, sandbox: Sandbox, *, seed: int = 0, database: str | None = None) -> Iterator[Life]:
    """A world of a seed, and a service that has not begun."""
    clock = Clock()
    config = load_config(write_feeds(folder, feeds_toml(database=database)))
    store = open_for(config)
    try:
        yield Life(folder, World(random.Random(seed), clock), clock, sandbox, config, store)  # noqa: S311 - a seed, no secret
    finally:
        store.close()

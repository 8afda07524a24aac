"""The served site and the API, as one ASGI application."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.resources import files

import structlog
from sqlalchemy import Connection, select
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from aggregator.config import Config
from aggregator.publish.places import INDEX, LIVE_SCRIPT, SEARCH, Site
from aggregator.publish.site import site_of
from aggregator.publish.templating import SHEETS, STORY_SHEETS, page_of, styles
from aggregator.store import Store, StoreError
from aggregator.store.live import count_of
from aggregator.store.recipients import recipients_of
from aggregator.store.room import Guard as DiskGuard
from aggregator.store.room import Room, guard_of
from aggregator.web.answers import JSON_TYPE, Content, as_json, problem, send
from aggregator.web.api import BASE, QUESTIONS, WRONG, NothingThereError, Question, read_question
from aggregator.web.events import Follower, Stream
from aggregator.web.guard import ALIVE, METRICS, POLICY, READY, Guard
from aggregator.web.measures import Measures
from aggregator.web.metering import EVENTS, Counted, Metering
from aggregator.web.reading import Reader
from aggregator.web.searching import searched_page
from aggregator.web.site import Pages

OPENAPI, MANUAL = "/api/openapi.json", "/api/"
OWN_FILES = {
    f"/{LIVE_SCRIPT}": ("live.js", "text/javascript"),
    OPENAPI: ("openapi.json", JSON_TYPE),
}
LONGEST_PATH = 500  # characters
LONG = 50_000  # bytes, of which some milliseconds of packing come

log = structlog.get_logger()

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Served:
    """The application, and what ends the answers that never end by themselves. To be called in its event loop."""

    app: ASGIApp
    end_streams: Callable[[], None]


def application(
    store: Store,
    config: Config,
    *,
    clock: Clock,
    alive: Callable[[], bool] = lambda: True,
    measures: Measures | None = None,
) -> Served:
    """The site and the API of a store, which is read only, and closed when the application's life ends. Raises `StoreError`.

    `alive` says whether what else this process does goes on; `measures` are those of the process, for /metrics.
    """
    reader = Reader(store)
    counting = measures or Measures()
    counting.expect(one.key for one in recipients_of(config))
    site = site_of(store, config, live=True)
    parts = _Parts(
        reader=reader,
        pages=Pages(
            reader,
            site,
            contact=config.service.contact,
            pictures=config.service.storage / "site" / "pictures",
            clock=clock,
            open_to_all=not config.web.token,
        ),
        site=site,
        follower=Follower(reader, site),
        clock=clock,
        started_at=clock(),
    )

    @asynccontextmanager
    async def life(_app: Starlette) -> AsyncIterator[None]:
        yield
        parts.follower.close()
        reader.close()

    app = Starlette(
        routes=[
            *(Route(f"{BASE}{one.path}", parts.answering(one)) for one in QUESTIONS),
            *(Route(path, parts.kept(partial(_own_file, name), kind)) for path, (name, kind) in OWN_FILES.items()),
            Route(MANUAL, parts.kept(lambda: page_of("api.html", site, MANUAL[1:]).encode(), "text/html")),
            Route(ALIVE, partial(_probe, partial(_alive, alive))),
            Route(READY, partial(_probe, partial(_ready, reader, guard_of(store, config.service.storage), config))),
            Route(METRICS, Metering(reader, counting, parts.follower, config, clock).answer),
            Route(EVENTS, parts.events),
            Route(f"{EVENTS}/{{key}}", parts.events),
            Route(f"/{SEARCH}", parts.search),
            Route("/{path:path}", parts.page),
        ],
        exception_handlers={HTTPException: _refused, StoreError: _unreadable, OSError: _unreadable, Exception: _failed},
        lifespan=life,
    )
    app.router.redirect_slashes = False
    guarded = Guard(app, web=config.web, policy=header_policy())
    return Served(Counted(guarded, counting), parts.follower.close)


def header_policy() -> str:
    """The Content-Security-Policy of every answer: each page says the same of itself, and knows its own style sheet alone."""
    hashes = [base64.b64encode(hashlib.sha256(styles(*some).encode()).digest()).decode() for some in (STORY_SHEETS, SHEETS)]
    return POLICY.format(styles="".join(f" 'sha256-{one}'" for one in hashes))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    reader: Reader
    pages: Pages
    follower: Follower
    site: Site
    clock: Clock
    started_at: datetime

    def answering(self, question: Question) -> Callable[[Request], Awaitable[Response]]:
        """What answers a question of the API."""

        async def answer(request: Request) -> Response:
            given = [*request.path_params.items(), *request.query_params.multi_items()]
            try:
                asked = read_question(question.model, given)
                found = await self.reader.ask(lambda tx: as_json(question.answer(tx, asked)), searches=question.searches)
            except tuple(WRONG) as error:
                return problem(400, f"{WRONG[type(error)]}{error}")
            except NothingThereError as error:
                return problem(404, str(error))
            return await self._sent(request, Content(body=found, media_type=JSON_TYPE, changed_at=self.clock()))

        return answer

    def kept(self, make: Callable[[], bytes], media_type: str) -> Callable[[Request], Awaitable[Response]]:
        """What answers with something that is made once."""
        kept: list[Content] = []

        async def answer(request: Request) -> Response:
            if not kept:
                kept.append(Content(body=make(), media_type=media_type, changed_at=self.started_at))
            return send(request, kept[0], now=self.clock())

        return answer

    async def page(self, request: Request) -> Response:
        """What answers with a file of the site."""
        path = request.path_params["path"]
        if not path or path.endswith("/"):
            path += INDEX  # as any server of files has it
        content = await self.pages.content(path) if len(path) <= LONGEST_PATH else None
        if content is None:
            detail = f"There is nothing at /{path[:100]}. All stories stand at /{INDEX}, the API at {MANUAL}."
            return problem(404, detail, accept=request.headers.get("accept", ""))
        return await self._sent(request, content)

    async def search(self, request: Request) -> Response:
        """What answers with a page of what was searched."""
        given = dict(request.query_params)
        page, good = await self.reader.ask(lambda tx: searched_page(tx, given, self.site), searches=True)
        if not good:
            return Response(page, 400, headers={"cache-control": "no-store"}, media_type="text/html")
        body = page.encode("utf-8", "replace")
        return await self._sent(request, Content(body=body, media_type="text/html", changed_at=self.clock()))

    async def _sent(self, request: Request, content: Content) -> Response:
        """The answer, made in a thread where packing it may take a while: nobody else waits for it then."""
        now = self.clock()
        if len(content.body) < LONG:
            return send(request, content, now=now)
        return await self.reader.apart(lambda: send(request, content, now=now))

    async def events(self, request: Request) -> ASGIApp | Response:
        """What answers with new updates as they come."""
        since = request.query_params.get("since", request.headers.get("last-event-id"))
        seen = int(since) if since is not None and since.isascii() and since.isdigit() and len(since) < 19 else None
        if "since" in request.query_params and seen is None:
            return problem(400, "`since`: write the id of an event, which is a whole number, or leave it out.")
        story = request.path_params.get("key")
        if story is not None and await self.reader.ask(lambda tx: count_of(tx, story)) is None:
            return problem(404, f"There is no story {story[:100]}. All updates are pushed at {EVENTS}.")
        if request.method == "HEAD":
            return Response(headers={"cache-control": "no-cache"}, media_type="text/event-stream")
        if self.follower.is_full:
            return problem(503, "Too many follow this site now. Try again in a minute.", headers={"retry-after": "60"})
        listener = await self.follower.join(story)
        # What lies ahead of the store was seen before it was put back from a backup.
        return Stream(self.follower, listener, seen if seen is not None and seen <= listener.position else None)


async def _probe(look: Callable[[], Awaitable[tuple[bool, str]]], _request: Request) -> Response:
    """The answer to those who watch over the service: 200 or 503, and a word. Raises `StoreError`, which is a 503, too."""
    good, says = await look()
    headers = {"cache-control": "no-store"}
    return Response(f"{says}\n", 200 if good else 503, headers=headers, media_type="text/plain")


async def _alive(alive: Callable[[], bool]) -> tuple[bool, str]:
    good = alive()
    return good, "ok" if good else "hangs"


async def _ready(reader: Reader, guard: DiskGuard, config: Config) -> tuple[bool, str]:
    """Whether the store can be read, and the disk has room to store more."""
    good = await reader.ask(_is_there)
    disk = guard.seen(low=config.service.low_disk, full=config.service.full_disk)
    if disk is None or disk.room is Room.AMPLE:
        return good, "ok"
    return good and disk.room is not Room.FULL, "ok: low on disk" if disk.room is Room.LOW else "disk full"


def _is_there(tx: Connection) -> bool:
    return bool(tx.execute(select(1)).scalar_one())


def _own_file(name: str) -> bytes:
    """A file of this package."""
    return (files("aggregator.web") / "static" / name).read_bytes()


async def _refused(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return problem(status, "There is nothing here. See / and /api/." if status == 404 else "This cannot be asked.")


async def _unreadable(request: Request, error: Exception) -> Response:
    """The store, or a file beside it, cannot be read: why, stands in the log, as it names places of this machine."""
    log.error("web_store_unusable", reason=str(error))
    detail = "The store cannot be read now; the log of the service says why. Try again in a minute."
    return problem(503, detail, headers={"retry-after": "60"}, accept=request.headers.get("accept", ""))


async def _failed(request: Request, _error: Exception) -> Response:
    detail = "Something went wrong here; the log of the service says what. Try again later."
    return problem(500, detail, accept=request.headers.get("accept", ""))

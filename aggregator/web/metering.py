"""/metrics, and the counting of what the site answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aggregator.config import Config
from aggregator.store import StoreError
from aggregator.store.lookout import Conditions
from aggregator.store.measuring import Figures, figures
from aggregator.web.events import Follower
from aggregator.web.gauges import Look
from aggregator.web.measures import CONTENT_TYPE, Measures
from aggregator.web.reading import Reader

EVENTS = "/events"
REFUSED = "none"  # the route of what is answered before it comes to one


@dataclass(slots=True)
class Metering:
    """What answers with the metrics. One answer is made after the other: each takes the store and the processor."""

    reader: Reader
    measures: Measures
    follower: Follower
    config: Config
    clock: Callable[[], datetime]
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def answer(self, _request: Request) -> Response:
        """All metrics as they are now. A store that cannot be read is one of them, and no error."""
        async with self.turn:
            now, found = self.clock(), None
            with suppress(StoreError, OSError):
                found = await self.reader.ask(lambda tx: self._read(tx, now))
            look = Look(
                now=now,
                storage=self.config.service.storage,
                each=self.config.web.metrics_each,
                listeners=self.follower.count,
                life=self.measures.life,
                figures=None if found is None else found[0],
                conditions=None if found is None else found[1],
            )
            body = await self.reader.apart(lambda: self.measures.text(look))
        return Response(body, headers={"cache-control": "no-store", "content-type": CONTENT_TYPE})

    def _read(self, tx: Connection, now: datetime) -> tuple[Figures, Conditions]:
        return figures(tx), self.measures.lookout.look(tx, now=now)


class Counted:
    """An ASGI application around another one: each answer is counted by the template of its path, refused ones by none."""

    def __init__(self, app: ASGIApp, measures: Measures) -> None:
        self._app, self._measures = app, measures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, begun = 0, perf_counter()

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            route = getattr(scope.get("route"), "path", REFUSED)
            endless = route.startswith(EVENTS)
            seconds = None if endless or route == REFUSED else perf_counter() - begun
            self._measures.answered(route=route, method=scope["method"], status=status, seconds=seconds)

"""New updates, pushed to whoever listens (server-sent events, WHATWG HTML 9.2).

One task follows the store for all listeners. Each has a queue of its own, with a bound: who does not take what comes is let go,
connects again with the id of the last event that it saw, and gets from the store what it has missed. Nothing is skipped.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import structlog
from starlette.types import Receive, Scope, Send

from aggregator.publish.places import Site
from aggregator.store import StoreError
from aggregator.store.live import NewUpdate, count_of, newest_seq, updates_since
from aggregator.web.reading import Reader

LOOK_EVERY = 0.4  # seconds between two looks at the store while somebody listens
LOOK_LATER = 5.0  # after the store could not be read
HEARTBEAT = 15.0  # seconds without an event, after which a comment keeps the connection open
RETRY_MS = 2_000  # after which a listener connects again
MOST_WAITING = 100  # events in one queue
MOST_LISTENERS = 2_000
AT_ONCE = 200  # updates of one answer of the store
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-transform"),
    (b"x-accel-buffering", b"no"),  # nginx would hold events back
]

log = structlog.get_logger()


@dataclass(eq=False, slots=True)
class Listener:
    """One connection, and what waits for it."""

    story: str | None
    position: int = 0  # the last change that was read before it came; what follows comes by the queue
    queue: asyncio.Queue[tuple[int, bytes]] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))
    task: asyncio.Task[None] | None = None  # that writes to it

    def let_go(self) -> None:
        """End it, also where it waits for a reader that takes nothing."""
        if self.task is not None:
            self.task.cancel()


class Follower:
    """Follows the store while somebody listens."""

    def __init__(self, reader: Reader, site: Site) -> None:
        self._reader, self._site = reader, site
        self._listeners: set[Listener] = set()
        self._position = 0
        self._following: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def count(self) -> int:
        """How many listen now."""
        return len(self._listeners)

    @property
    def is_full(self) -> bool:
        """Whether no further listener is taken."""
        return self._closed or len(self._listeners) >= MOST_LISTENERS

    async def join(self, story: str | None) -> Listener:
        """Add a listener. Raises `StoreError` where the store cannot be followed now."""
        if self._following is None or self._following.done():
            position = await self._reader.ask(newest_seq)
            if self._following is None or self._following.done():  # nobody else was quicker
                self._position = position
                self._following = asyncio.create_task(self._follow())
        listener = Listener(story, self._position)
        self._listeners.add(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        """Forget a listener. After the last one, nobody looks at the store."""
        self._listeners.discard(listener)

    def close(self) -> None:
        """Let everybody go."""
        self._closed = True
        if self._following is not None:
            self._following.cancel()
        for listener in list(self._listeners):
            listener.let_go()

    async def missed(self, listener: Listener, since: int) -> AsyncIterator[tuple[int, bytes]]:
        """What came after a change, until the listener joined, page by page."""
        while since < listener.position:
            start = since
            found, since = await self._reader.ask(
                lambda tx: updates_since(tx, start, limit=AT_ONCE, until=listener.position, story=listener.story)  # noqa: B023
            )
            for update in found:
                yield update.seq, self.event(update)

    async def state(self, listener: Listener) -> bytes:
        """What a page that was loaded a moment ago must know: how many updates its story has by now."""
        if listener.story is None:
            return written("state", {"seq": listener.position}, seq=listener.position)
        story = listener.story
        count = await self._reader.ask(lambda tx: count_of(tx, story))
        return written("state", {"story": story, "updates": count or 0, "seq": listener.position}, seq=listener.position)

    def event(self, update: NewUpdate) -> bytes:
        """An update as it is sent."""
        told = {
            "story": update.story,
            "number": update.number,
            "kind": update.kind,
            "reason": update.reason,
            "title": update.title,
            "url": self._site.permalink(update.story, update.number),
            "id": self._site.update_id(update.story, update.number),
        }
        return written("update", told, seq=update.seq)

    async def _follow(self) -> None:
        while self._listeners:
            pause = LOOK_EVERY
            try:
                since = self._position
                found, self._position = await self._reader.ask(lambda tx: updates_since(tx, since, limit=AT_ONCE))  # noqa: B023
            except StoreError as error:
                log.error("web_store_unusable", reason=str(error))
                pause = LOOK_LATER
            else:
                self._hand_out(found)
                pause = 0 if len(found) == AT_ONCE else LOOK_EVERY
            await asyncio.sleep(pause)

    def _hand_out(self, found: Sequence[NewUpdate]) -> None:
        for update in found:
            event = self.event(update)
            for listener in list(self._listeners):
                if listener.story in (None, update.story):
                    try:
                        listener.queue.put_nowait((update.seq, event))
                    except asyncio.QueueFull:
                        self.leave(listener)
                        listener.let_go()


def written(kind: str, told: object, *, seq: int) -> bytes:
    """An event as it goes over the line. JSON holds no line break, whatever a source wrote."""
    return f"id: {seq}\nevent: {kind}\ndata: {json.dumps(told, ensure_ascii=False)}\n\n".encode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Stream:
    """The answer to one listener: an ASGI application."""

    follower: Follower
    listener: Listener
    since: int | None  # the last change that it has seen; None: it has just loaded a page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what comes, until it hangs up, is let go, or the service ends."""
        del scope
        self.listener.task = asyncio.current_task()
        watching = asyncio.create_task(_until_gone(receive, self.listener))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            async for piece in self._pieces():
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        except asyncio.CancelledError:
            return  # let go, perhaps as it takes nothing: a last word would wait for it, too
        except StoreError as error:
            log.error("web_store_unusable", reason=str(error))
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            watching.cancel()
            self.follower.leave(self.listener)

    async def _pieces(self) -> AsyncIterator[bytes]:
        yield f"retry: {RETRY_MS}\n\n".encode()
        if self.since is None:
            yield await self.follower.state(self.listener)
        else:
            async for _, event in self.follower.missed(self.listener, self.since):
                yield event
        seen = max(self.listener.position, self.since or 0)
        while True:
            try:
                async with asyncio.timeout(HEARTBEAT):
                    seq, event = await self.listener.queue.get()
            except TimeoutError:
                yield b": still here\n\n"
                continue
            if seq > seen:
                yield event


async def _until_gone(receive: Receive, listener: Listener) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.let_go()

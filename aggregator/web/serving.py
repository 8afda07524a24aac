"""The web server: in a thread of its own, with an event loop of its own, so that no poll delays a page and no page a poll."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from aggregator.config import Config
from aggregator.store import Store

if TYPE_CHECKING:
    import uvicorn

    from aggregator.web.app import Served
    from aggregator.web.measures import Measures

END_SECONDS = 2  # for answers that are under way when the server ends
MOST_CONNECTIONS = 2_500
SILENT_MS = 60_000  # after which a connection that acknowledges nothing is given up

log = structlog.get_logger()


class ListenError(RuntimeError):
    """Nobody can be served there; the text says why, and what to do."""


def listen_at(listen: str) -> socket.socket:
    """A socket at HOST:PORT. Raises `ListenError`."""
    host, _, port = listen.rpartition(":")
    try:
        family, _, _, _, place = socket.getaddrinfo(host.strip("[]") or None, int(port), type=socket.SOCK_STREAM)[0]
        one = socket.socket(family, socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ListenError(f"{listen} cannot be listened on ({error}). Set another `listen` under [web].") from error
    try:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)  # as each connection has it then
        if sys.platform == "linux":
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SILENT_MS)
        one.bind(place)
        one.listen(1024)
    except OSError as error:
        one.close()
        taken = error.errno == errno.EADDRINUSE
        why = "another program listens there already" if taken else error.strerror or str(error)
        advice = 'Set another `listen` under [web] of feeds.toml (or --listen), or "" to serve nothing.'
        raise ListenError(f"{listen}: the site cannot be served: {why}. {advice}") from error
    return one


class Serving:
    """A server at work, from `start` to `stop`."""

    def __init__(
        self,
        store: Store,
        config: Config,
        *,
        clock: Callable[[], datetime],
        alive: Callable[[], bool] = lambda: True,
        measures: Measures | None = None,
        waits: bool = False,
    ) -> None:
        """Raises `ListenError`. The store becomes the server's own, which closes it at its end. `alive` is for probes, and
        `measures` for /metrics. One that `waits` is there from the first question on, which takes half a second more."""
        self._alive, self._measures, self._waits = alive, measures, waits
        self._socket = listen_at(config.web.listen)
        self._store, self._config, self._clock = store, config, clock
        self._loop: asyncio.AbstractEventLoop | None = None
        self._asked = asyncio.Event()  # by somebody, or to end
        self._ended = False
        self._served: Served | None = None
        self._server: uvicorn.Server | None = None
        self._begun = threading.Event()
        self._thread = threading.Thread(target=self._run, name="web", daemon=True)

    @property
    def address(self) -> str:
        """Where it listens, as a URL."""
        host, port = self._socket.getsockname()[:2]
        return f"http://{f'[{host}]' if ':' in host else host}:{port}/"

    def start(self) -> None:
        """Serve, until `stop`."""
        self._thread.start()
        log.info("serving", url=self.address)

    def stop(self) -> None:
        """End within seconds; answers that never end are ended. Waits for it."""
        self._ended = True
        self._begun.wait(10)
        if self._loop is not None:
            try:
                self._loop.call_soon_threadsafe(self._end)
            except RuntimeError:  # the loop has ended by itself
                log.debug("web_ended")
        self._thread.join(END_SECONDS + 3)

    def _end(self) -> None:
        """Runs in the server's own thread."""
        self._asked.set()
        if self._served is not None and self._server is not None:
            self._server.should_exit = True
            self._served.end_streams()

    def _run(self) -> None:
        """The broad catch is the edge of this thread: it is logged, and the polls go on."""
        try:
            asyncio.run(self._serve())
        except Exception:  # logged with its traceback
            log.exception("web_failed")
        finally:
            self._begun.set()
            self._socket.close()
            self._store.close()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._begun.set()
        if self._waits:
            self._loop.add_reader(self._socket, self._asked.set)
            await self._asked.wait()
            self._loop.remove_reader(self._socket)
        if not self._ended:
            self._server = self._made()
            await self._server.serve(sockets=[self._socket])

    def _made(self) -> uvicorn.Server:
        if sys.modules.get("click", self) is None:  # kept out of the service's process, and needed by uvicorn's command line
            del sys.modules["click"]
        import uvicorn  # noqa: PLC0415 - only where something is served

        from aggregator.web.app import application  # noqa: PLC0415 - the same

        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # what goes wrong in an answer, we tell ourselves
        self._served = application(self._store, self._config, clock=self._clock, alive=self._alive, measures=self._measures)
        settings = uvicorn.Config(
            self._served.app, http="h11", ws="none", lifespan="on", log_config=None, access_log=False, proxy_headers=False,
            server_header=False, limit_concurrency=MOST_CONNECTIONS, timeout_graceful_shutdown=END_SECONDS,
        )  # fmt: skip
        return uvicorn.Server(settings)

"""The wire between a program and its database: it counts the ways there and back, and can be cut."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(eq=False)
class _Line:
    """One connection: what its program says, and what the server says."""

    program: socket.socket
    server: socket.socket
    asked_last: bool = False  # whether the last word was the program's


class Wire:
    """Passes on what is said between programs and a server on loopback."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.setblocking(False)
        self.port = int(self._listening.getsockname()[1])
        self.ways = 0  # times that a program asked something and waited: the ways there and back
        self._cut = threading.Event()
        self._stop = threading.Event()
        self._wake, self._woken = socket.socketpair()
        self._lines: list[_Line] = []
        self._selector = selectors.DefaultSelector()
        self._thread = threading.Thread(target=self._pass_on, daemon=True)
        self._thread.start()

    def through(self, url: str) -> str:
        """The address of a database by way of this wire."""
        return url.replace(f":{self._target}/", f":{self.port}/")

    def cut(self) -> None:
        """Nothing passes any more, and nobody is told: as if a cable were pulled."""
        self._cut.set()
        self._poke()

    def mend(self) -> None:
        """Everything passes again, with what was said meanwhile."""
        self._cut.clear()
        self._poke()

    def close(self) -> None:
        self._stop.set()
        self._poke()
        self._thread.join()
        for one in (
            self._listening,
            self._wake,
            self._woken,
            *(end for line in self._lines for end in (line.program, line.server)),
        ):
            one.close()

    def _poke(self) -> None:
        self._wake.send(b"x")

    def _pass_on(self) -> None:
        self._selector.register(self._listening, selectors.EVENT_READ)
        self._selector.register(self._woken, selectors.EVENT_READ)
        while not self._stop.is_set():
            if self._cut.is_set():
                self._woken.recv(64)
                continue
            for key, _ in self._selector.select():
                if key.fileobj is self._woken:
                    self._woken.recv(64)
                elif key.fileobj is self._listening:
                    self._answer()
                elif not self._cut.is_set() and key.data in self._lines:
                    self._hear(key.fileobj, key.data)  # type: ignore[arg-type]  # a socket: what was registered
        self._selector.close()

    def _answer(self) -> None:
        program, _ = self._listening.accept()
        try:
            server = socket.create_connection(("127.0.0.1", self._target))
        except OSError:
            program.close()
            return
        line = _Line(program, server)
        self._lines.append(line)
        for end in (program, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._selector.register(end, selectors.EVENT_READ, line)

    def _hear(self, end: socket.socket, line: _Line) -> None:
        try:
            said = end.recv(1 << 16)
            (line.server if end is line.program else line.program).sendall(said)
        except OSError:
            said = b""
        if not said:
            self._hang_up(line)
            return
        asks = end is line.program
        self.ways += asks and not line.asked_last
        line.asked_last = asks

    def _hang_up(self, line: _Line) -> None:
        if line not in self._lines:  # both ends hung up
            return
        for end in (line.program, line.server):
            with contextlib.suppress(KeyError, ValueError):
                self._selector.unregister(end)
            end.close()
        self._lines.remove(line)


@contextmanager
def wire(port: int) -> Iterator[Wire]:
    """A wire to a server on this port, for as long as it is needed."""
    one = Wire(port)
    try:
        yield one
    finally:
        one.close()

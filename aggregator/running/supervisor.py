"""What the service tells the program that started it, by systemd's protocol; see sd_notify(3) and systemd.service(5)."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from typing import Self

from aggregator.service import State

WORDS = {State.READY: "READY=1", State.ALIVE: "WATCHDOG=1", State.STOPPING: "STOPPING=1"}


class Supervisor:
    """Tells how the service is, to whoever listens. Nothing of it ever fails: that nobody listens is no trouble."""

    def __init__(self, address: str) -> None:
        """`address` is that of a datagram socket: a path, or `@` with the name of an abstract one; "" for nobody."""
        self._address = "\0" + address[1:] if address.startswith("@") else address

    @classmethod
    def of(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Whoever the environment names (`NOTIFY_SOCKET`)."""
        return cls(environment.get("NOTIFY_SOCKET", ""))

    def tell(self, state: State, sentence: str = "") -> None:
        """Tell a state, with a sentence for people; a line break in it would begin a message of its own, and is left out."""
        if not self._address:
            return
        status = f"STATUS={' '.join(sentence.splitlines())}\n" if sentence else ""
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.setblocking(False)
            sender.sendto(f"{status}{WORDS[state]}\n".encode(), self._address)

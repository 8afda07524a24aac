"""One reading process as the service sees it: started plainly, asked over a socket, ended when it takes too long."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time

from aggregator.pipeline.readers import LENGTH, READY

SECONDS_TO_START = 60.0  # importing takes half a second where the machine is idle
# Python starts with -I (no variable of the environment counts, no folder of the user's), and finds modules
# where this process finds them.
BEGIN = (
    "import sys; sys.path[:] = sys.argv[3:]; "
    "from aggregator.pipeline.readers import main; main(int(sys.argv[1]), float(sys.argv[2]))"
)
# What the answers depend on, and the system's own loader; everything else, keys and passwords among it, stays here.
HANDED_ON = ("DYLD_LIBRARY_PATH", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "TZ", "TZDIR")


class Gone(Exception):  # noqa: N818 - says what is the case
    """The process has ended, or was never really there."""


class ReadingProcess:
    """A process that answers one message at a time. It ends with `end`, or when this process does."""

    def __init__(self, *, memory: int, seconds: float) -> None:
        """Start it. `memory`: bytes of address space, `seconds`: after which it is given up, as it is told itself, too."""
        self._channel, theirs = socket.socketpair()
        with theirs:
            try:
                self._process = self._begin(theirs, memory=memory, seconds=seconds)
            except OSError as error:
                self._channel.close()
                raise Gone(str(error)) from error

    def _begin(self, channel: socket.socket, *, memory: int, seconds: float) -> subprocess.Popen[bytes]:
        flags = ["-I", *(["-B"] if sys.dont_write_bytecode else [])]
        if sys.pycache_prefix is not None:
            flags += ["-X", f"pycache_prefix={sys.pycache_prefix}"]
        path = [place or os.getcwd() for place in sys.path]
        return subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, *flags, "-c", BEGIN, str(memory), str(seconds), *path],
            stdin=channel.fileno(),
            stdout=subprocess.DEVNULL,  # what a library prints is no output of ours
            env={name: os.environ[name] for name in HANDED_ON if name in os.environ},
        )

    @property
    def is_there(self) -> bool:
        """Whether it still runs, as far as the system has heard."""
        return self._process.poll() is None

    def wait_until_ready(self) -> None:
        """Wait until it is ready. Raises `Gone` where it does not come to that."""
        try:
            ready = self._receive(time.monotonic() + SECONDS_TO_START)
        except (OSError, EOFError) as error:
            self._process.kill()  # where it only does not come to its beginning
            raise Gone(f"it ended with {self._process.wait()} before it began") from error
        if ready != READY:
            raise Gone("it says something else than that it is ready")

    def ask(self, message: bytes, *, seconds: float) -> bytearray:
        """Send a message and wait for the answer. Raises TimeoutError where it does not come within so long, EOFError where the
        process ends over it."""
        until = time.monotonic() + seconds
        try:
            self._channel.settimeout(seconds)
            self._channel.sendall(b"".join((len(message).to_bytes(LENGTH, "big"), message)))
            return self._receive(until)
        except ConnectionError as error:
            raise EOFError from error

    def _receive(self, until: float) -> bytearray:
        length = int.from_bytes(self._bytes(LENGTH, until), "big")
        return self._bytes(length, until)

    def _bytes(self, count: int, until: float) -> bytearray:
        whole = bytearray(count)
        rest = memoryview(whole)
        while rest:
            self._channel.settimeout(max(0.001, until - time.monotonic()))
            taken = self._channel.recv_into(rest)
            if not taken:
                raise EOFError
            rest = rest[taken:]
        return whole

    def kill(self) -> None:
        """End it, whatever it is at: whoever waits for it hears of that."""
        self._process.kill()

    def end(self) -> None:
        """End it, and wait for that: nothing of it is left."""
        self._process.kill()
        self._process.wait()
        self._channel.close()

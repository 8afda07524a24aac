"""The process that Apprise runs in: it may connect to public addresses and to what is allowed, and start nothing.

Apprise brings some hundred services, each with its own way to the network. What all of them go through is the interpreter's
audit hook (PEP 578), which cannot be taken away again once it is there.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import os
import re
import socket
import sys
from collections.abc import Callable, Collection
from typing import Any

from aggregator.fetch.guard import is_public

CONNECTS = ("socket.connect", "socket.sendto", "socket.sendmsg")
STARTS = ("subprocess.Popen", "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "pty.spawn")
MOST_ASKED = 1_000_000  # bytes of a message
STATUS = re.compile(r"error=(\d{3})\b")  # how Apprise's services log an answer
SECONDS = 10  # that one piece of an answer may take


def addresses_of(hosts: Collection[str]) -> set[str]:
    """The addresses that some hosts lead to."""
    found: set[str] = set()
    for host in hosts:
        try:
            found |= {str(where[4][0]) for where in socket.getaddrinfo(host.strip("[]"), None)}
        except OSError:  # nobody can be asked there
            continue
    return found


def guard(allowed: Collection[str], refused: Callable[[str], None]) -> Callable[[str, tuple[Any, ...]], None]:
    """An audit hook that raises PermissionError for what is not allowed, after `refused` was told what that was."""

    def hook(event: str, given: tuple[Any, ...]) -> None:
        if event in STARTS:
            refused("it wanted to start a program")
            raise PermissionError("no program is started here")
        if event in CONNECTS:
            address = given[1] if len(given) > 1 else None
            if address is None and event != "socket.connect":
                return  # on a connection that was let pass
            host = address[0] if isinstance(address, tuple) and address else ""
            if host not in allowed and not _is_public(host):
                refused(f"{host or 'a local socket'} is not on the public Internet; add its host to `allow` if that is meant")
                raise PermissionError("this address is refused")

    return hook


def _is_public(host: object) -> bool:
    try:
        return is_public(ipaddress.ip_address(str(host).partition("%")[0]))
    except ValueError:
        return False  # a name: it could lead anywhere


def main() -> None:
    """Read a message from stdin, tell it, and say on stdout in JSON what became of it."""
    said = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a service prints is not ours
    asked = json.loads(sys.stdin.buffer.read(MOST_ASKED))
    socket.setdefaulttimeout(SECONDS)
    said.write(json.dumps(told(asked)))
    said.close()


def told(asked: dict[str, Any]) -> dict[str, Any]:
    """What became of a message."""
    import apprise  # noqa: PLC0415 - in this process alone

    refusals: list[str] = []
    allowed = addresses_of(asked["allow"])
    sender = apprise.Apprise()
    sys.addaudithook(guard(allowed, refusals.append))
    if not sender.add(asked["url"]):
        return {"fate": "refused", "reason": "Apprise does not know such an address: see its list of services"}
    with apprise.LogCapture(level=logging.INFO) as log:  # type: ignore[no-untyped-call]  # it ships types, and none here
        try:
            done = sender.notify(title=asked["title"], body=asked["body"], body_format=apprise.NotifyFormat.TEXT)
        except Exception as error:  # noqa: BLE001 - of a service that is not ours; its words may hold the address
            return {"fate": "again", "reason": f"Apprise failed: {type(error).__name__}"}
        logged = log.getvalue()
    if done:
        return {"fate": "arrived", "reason": "Apprise delivered it"}
    if refusals:
        return {"fate": "refused", "reason": f"address refused: {refusals[0]}"}
    found = STATUS.search(logged)
    if found is None:
        return {"fate": "again", "reason": "Apprise could not deliver it"}
    status = int(found[1])
    fate = "gone" if status == 410 else "refused" if 400 <= status < 500 and status not in (408, 425, 429) else "again"
    return {"fate": fate, "reason": f"Apprise could not deliver it: HTTP {status}", "status": status}


if __name__ == "__main__":
    main()

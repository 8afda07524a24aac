"""Telling people by any service that Apprise knows, in a process that is guarded and ended when it takes too long."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Collection
from contextlib import suppress
from typing import Any

from aggregator.publish.notify.answers import Answer, Fate
from aggregator.publish.notify.message import Words

WHOLE = 30.0  # seconds for one message, the start of the process among them
MOST_SAID = 4_000  # bytes that the process may say
AT_ONCE = 8  # such processes; each takes some 60 MB
GUARDED = "aggregator.fetch.apprising"  # far from the store and the pages: it starts for each message
# All that the process is given of our environment: no secret of ours, and no proxy, which would go around the guard.
KEPT = ("PATH", "PYTHONPATH", "PYTHONHOME", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")


async def tell(
    url: str, words: Words, *, turns: asyncio.Semaphore, allow: Collection[str] = (), whole: float = WHOLE
) -> Answer:
    """Hand a message to Apprise; the address goes by a pipe, and stands in no argument, variable or log.

    `turns`: as many processes may be there at once; `allow`: hosts on private addresses that may be reached; `whole`: seconds
    in all. Whatever goes wrong is an answer.
    """
    asked = json.dumps({"url": url, "title": words.title, "body": words.body, "allow": sorted(allow)}).encode()
    async with turns:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", GUARDED),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={name: os.environ[name] for name in KEPT if name in os.environ} | {"NETRC": os.devnull},
            start_new_session=True,  # Ctrl-C is for us: what is under way may end
        )
        try:
            async with asyncio.timeout(whole):
                said = await _ask(process, asked)
        except TimeoutError:
            return Answer(fate=Fate.AGAIN, reason=f"Apprise was not done within {whole:g} s")
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return _answer(said)


async def _ask(process: asyncio.subprocess.Process, asked: bytes) -> bytes:
    assert process.stdin is not None  # noqa: S101 - they are pipes
    assert process.stdout is not None  # noqa: S101
    with suppress(BrokenPipeError, ConnectionResetError):  # it ended before it listened; what it said, or did not, tells
        process.stdin.write(asked)
        await process.stdin.drain()
    process.stdin.close()
    return await process.stdout.read(MOST_SAID)


def _answer(said: bytes) -> Answer:
    try:
        told: dict[str, Any] = json.loads(said)
        return Answer(fate=Fate(told["fate"]), reason=str(told["reason"])[:300], status=told.get("status"))
    except (ValueError, KeyError, TypeError):
        return Answer(fate=Fate.AGAIN, reason="the process of Apprise ended before it was done")

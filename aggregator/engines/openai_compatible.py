"""Any server that speaks the chat completions of OpenAI: one question, one answer, within bounds.

Where it is and the key come from the environment alone; neither is ever logged, stored or part of an error. Whoever sets the
environment is trusted with the address, so the address guard of sources is not asked: a model most often runs at home. But
nothing leads to another place: redirects are not followed, proxies and .netrc of the environment are not used.
"""

from __future__ import annotations

import asyncio
import json
import queue
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from aggregator.engines.environment import BASE_URL, KEY, MODEL

MOST_BYTES = 300_000  # of an answer
MOST_SIGNS = 50_000  # characters of what it says
MOST_WRITTEN = 2_000  # tokens that the model may write
GRACE = 2.0  # seconds beyond the time-out, after which an answer is no longer waited for, whatever hangs


class EngineError(ValueError):
    """The environment does not say which engine to ask; the text says what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a question."""

    outcome: str  # answered; else timeout, unreachable, refused (another status than 200), too_large, rubbish, unsafe
    text: str = ""  # what the model says
    note: str = ""  # for the log: the status, or the kind of error
    received: int = 0  # characters of what it says, or bytes where that could not be read


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAICompatible:
    """A server and a model."""

    base_url: str = field(repr=False)  # may say where a company's machines are
    model: str
    key: str = field(repr=False)

    def ask(self, messages: Sequence[Mapping[str, str]], *, seconds: float) -> Answer:
        """Ask, and wait so many seconds for the whole answer. Never raises for what the server does.

        It runs in a thread of its own, with a loop of its own: whoever asks may have a loop, and a name server that hangs must
        not hold them.
        """
        box: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        threading.Thread(target=self._in_thread, args=(box, messages, seconds), daemon=True, name="digest-engine").start()
        try:
            return box.get(timeout=seconds + GRACE)
        except queue.Empty:
            return Answer(outcome="timeout")

    def _in_thread(self, box: queue.SimpleQueue[Answer], messages: Sequence[Mapping[str, str]], seconds: float) -> None:
        try:
            answer = asyncio.run(self._ask(messages, seconds))
        except Exception as error:  # noqa: BLE001 - the edge of a thread; its text may hold a header, and so the key
            answer = Answer(outcome="unreachable", note=type(error).__name__)
        box.put(answer)

    async def _ask(self, messages: Sequence[Mapping[str, str]], seconds: float) -> Answer:
        try:
            async with asyncio.timeout(seconds):
                return await self._exchange(messages, seconds)
        except TimeoutError:
            return Answer(outcome="timeout")
        except httpx.TimeoutException:
            return Answer(outcome="timeout")
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            return Answer(outcome="unreachable", note=type(error).__name__)

    async def _exchange(self, messages: Sequence[Mapping[str, str]], seconds: float) -> Answer:
        headers = {"accept": "application/json", "accept-encoding": "identity"}
        if self.key:
            headers["authorization"] = f"Bearer {self.key}"
        asked = {
            "model": self.model,
            "messages": list(messages),
            "temperature": 0,
            "max_tokens": MOST_WRITTEN,
            "stream": False,
        }
        async with (
            httpx.AsyncClient(timeout=seconds, follow_redirects=False, trust_env=False) as client,
            client.stream("POST", f"{self.base_url}/chat/completions", json=asked, headers=headers) as response,
        ):
            if response.status_code != httpx.codes.OK:
                return Answer(outcome="refused", note=f"status {response.status_code}")
            if response.headers.get("content-encoding", "identity") != "identity":
                return Answer(outcome="rubbish", note="compressed, though that was not asked for")
            body = bytearray()
            async for piece in response.aiter_raw():
                body += piece
                if len(body) > MOST_BYTES:
                    return Answer(outcome="too_large", received=len(body))
        return self._read(bytes(body))

    def _read(self, body: bytes) -> Answer:
        try:
            said: Any = json.loads(body)["choices"][0]["message"]["content"]
        except (ValueError, KeyError, IndexError, TypeError, RecursionError):
            return Answer(outcome="rubbish", received=len(body))
        if not isinstance(said, str) or not said.strip():
            return Answer(outcome="rubbish", received=len(body))
        if len(said) > MOST_SIGNS:
            return Answer(outcome="too_large", received=len(said))
        if self.key and self.key in said:  # it would be kept in the store
            return Answer(outcome="unsafe", note="the answer holds the key", received=len(said))
        return Answer(outcome="answered", text=said, received=len(said))


def from_environment(environment: Mapping[str, str]) -> OpenAICompatible:
    """The engine that the environment names. Raises `EngineError`."""
    base_url, model, key = (environment.get(name, "").strip() for name in (BASE_URL, MODEL, KEY))
    missing = [name for name, value in ((BASE_URL, base_url), (MODEL, model)) if not value]
    if missing:
        raise EngineError(f"set {' and '.join(missing)} in the environment, or leave `digest` as it was")
    if not _is_address(base_url):
        raise EngineError(f"{BASE_URL} is no http(s) address without a login, such as http://localhost:8080/v1")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise EngineError(f"{KEY} holds what no key has: white space, or a letter beyond ASCII")
    if not model.isprintable():
        raise EngineError(f"{MODEL} holds what no name has: control signs")
    return OpenAICompatible(base_url=base_url.rstrip("/"), model=model, key=key)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return False

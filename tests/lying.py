"""A server on loopback that speaks the chat completions of OpenAI, and says whatever a test wants."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

KEY = "sk-secret-0123456789"
Reply = Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]


class Liar:
    """The server; `reply` writes each answer, `asked` are the questions."""

    def __init__(self) -> None:
        self.reply: Reply = lambda handler, _: say(handler, "{}")
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        liar = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                liar.asked.append(body)
                liar.headers.append({name.lower(): value for name, value in self.headers.items()})
                try:
                    liar.reply(self, body)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, *_args: object) -> None:
                """Quiet."""

        return Handler


@contextmanager
def a_liar(environment: pytest.MonkeyPatch) -> Iterator[Liar]:
    """A server that the environment names."""
    liar = Liar()
    environment.setenv("AGGREGATOR_LLM_BASE_URL", liar.base_url)
    environment.setenv("AGGREGATOR_LLM_MODEL", "a-model")
    environment.setenv("AGGREGATOR_LLM_KEY", KEY)
    try:
        yield liar
    finally:
        liar.close()


def send(handler: BaseHTTPRequestHandler, body: bytes, *, status: int = 200, **headers: str) -> None:
    """A whole answer."""
    handler.send_response(status)
    for name, value in {"content-type": "application/json", "content-length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def say(handler: BaseHTTPRequestHandler, content: object) -> None:
    """What a model says, in the form of the protocol."""
    send(handler, json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode())


def offered(asked: dict[str, Any]) -> list[str]:
    """The sentences that a question offers."""
    return [one["text"] for one in json.loads(asked["messages"][1]["content"])["sentences"]]


def written(*paragraphs: list[tuple[str, list[int]]]) -> str:
    """An answer in the form that is asked for."""
    return json.dumps(
        {"paragraphs": [[{"text": text, "sentences": numbers} for text, numbers in group] for group in paragraphs]},
        ensure_ascii=False,
    )

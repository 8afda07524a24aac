"""The site and the API of a store, served for tests: the real server, in its thread, at a free port of loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from aggregator.config import Config, load_config
from aggregator.service import open_for, utc_now
from aggregator.store import Store
from aggregator.web.serving import Serving
from tests.patience import WAIT


@dataclass(frozen=True)
class Reader:
    """Somebody who reads the site."""

    url: str
    client: httpx.Client

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Ask for a path of the site; `if_none_match="…"` is a header."""
        return self.client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def rows(self, path: str) -> Any:
        """What the API gives."""
        answer = self.client.get(f"/api/v1{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def wrong(self, path: str, status: int = 400) -> str:
        """What the API says of a question that it does not answer."""
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        told = answer.json()
        assert told["status"] == status
        return str(told["detail"])


def at_a_free_port(config: Config, **more: Any) -> Config:
    """A configuration whose site is served at a free port; `more`: other values of [web]."""
    return config.model_copy(update={"web": config.web.model_copy(update={"listen": "127.0.0.1:0", **more})})


@contextmanager
def served(
    config: Config, *, store: Store | None = None, clock: Callable[[], datetime] = utc_now, **more: Any
) -> Iterator[Reader]:
    """Serve, meanwhile."""
    plan = at_a_free_port(config, **more)
    serving = Serving(store or open_for(plan, create=False), plan, clock=clock)
    serving.start()
    try:
        # No connection is used again: the server hangs up on idle ones, on a busy machine just as they are.
        fresh = httpx.Limits(max_keepalive_connections=0)
        with httpx.Client(base_url=serving.address, trust_env=False, timeout=WAIT, limits=fresh) as client:
            yield Reader(serving.address, client)
    finally:
        serving.stop()


def demo_config(storage: Path) -> Config:
    """The configuration of the demo."""
    return load_config(storage / "feeds.toml")

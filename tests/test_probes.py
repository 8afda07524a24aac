"""Those who watch over the service ask by HTTP whether it works."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest

from aggregator.config import load_config
from aggregator.service import open_for, utc_now
from aggregator.store import Store, StoreError
from aggregator.web.serving import END_SECONDS, Serving
from tests.conftest import source_block, write_feeds
from tests.serving import at_a_free_port

TOKEN = "-".join(["no", "secret"])


@pytest.mark.parametrize("waits", [True, False])
@pytest.mark.parametrize(("alive", "status", "word"), [(True, 200, "ok\n"), (False, 503, "hangs\n")])
def test_a_service_that_hangs_is_not_alive_and_still_ready(
    alive: bool, status: int, word: str, waits: bool, tmp_path: Path
) -> None:
    config = at_a_free_port(load_config(write_feeds(tmp_path, source_block("a", "http://127.0.0.1:9/a"))), token=TOKEN)
    open_for(config).close()
    serving = Serving(open_for(config, create=False), config, clock=utc_now, alive=lambda: alive, waits=waits)
    serving.start()
    try:
        found = httpx.get(f"{serving.address}healthz", trust_env=False)
        assert (found.status_code, found.text, found.headers["cache-control"]) == (status, word, "no-store")
        assert httpx.get(f"{serving.address}readyz", trust_env=False).status_code == 200
        assert httpx.get(f"{serving.address}index.html", trust_env=False).status_code == 401
    finally:
        serving.stop()


@pytest.mark.parametrize("waits", [True, False])
def test_a_site_ends_at_once_whether_or_not_anybody_asked(waits: bool, tmp_path: Path) -> None:
    config = at_a_free_port(load_config(write_feeds(tmp_path, source_block("a", "http://127.0.0.1:9/a"))))
    open_for(config).close()
    serving = Serving(open_for(config, create=False), config, clock=utc_now, waits=waits)
    serving.start()
    address, began = serving.address, time.monotonic()
    serving.stop()
    assert time.monotonic() - began < END_SECONDS
    with pytest.raises(httpx.ConnectError):
        httpx.get(address, trust_env=False)


def test_a_store_that_cannot_be_read_is_not_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = at_a_free_port(load_config(write_feeds(tmp_path, source_block("a", "http://127.0.0.1:9/a"))))
    open_for(config).close()
    store = open_for(config, create=False)

    def broken(_: Store) -> None:
        raise StoreError("the disk is gone")

    serving = Serving(store, config, clock=utc_now)
    serving.start()
    try:
        assert httpx.get(f"{serving.address}readyz", trust_env=False).status_code == 200
        monkeypatch.setattr(Store, "read", broken)
        assert httpx.get(f"{serving.address}readyz", trust_env=False).status_code == 503
        assert httpx.get(f"{serving.address}healthz", trust_env=False).status_code == 200
    finally:
        serving.stop()

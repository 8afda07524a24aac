"""What a running service says at /metrics: one that has polled, published, told, failed and been asked."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from aggregator.config import Config, load_config
from aggregator.model import GapKind, SourceKey
from aggregator.pipeline import sync
from aggregator.service import open_for, utc_now
from aggregator.store.gaps import NewGap, open_gaps
from aggregator.store.schema import sources
from tests.conftest import Answer, Web, item, rss, source_block, write_feeds
from tests.patience import WAIT
from tests.test_service import NOW_STORY


@dataclass(frozen=True)
class Scrape:
    """One answer of /metrics."""

    text: str

    @property
    def families(self) -> dict[str, Metric]:
        """The metrics by the names of their families; a counter's is without `_total`."""
        return {one.name: one for one in text_string_to_metric_families(self.text)}

    @property
    def labels(self) -> dict[str, set[str]]:
        """The labels of each name that a query may ask for."""
        found: dict[str, set[str]] = {}
        for family in self.families.values():
            for sample in family.samples:
                found.setdefault(sample.name, set()).update(sample.labels)
        return found

    def value(self, name: str, **labels: str) -> float:
        """The value of the one sample of this name with these labels."""
        (found,) = [
            sample.value
            for family in self.families.values()
            for sample in family.samples
            if sample.name == f"aggregator_{name}" and labels.items() <= sample.labels.items()
        ]
        return found


@dataclass(frozen=True)
class Log:
    """What a service has logged so far, in a file."""

    file: Path

    @property
    def lines(self) -> list[dict[str, Any]]:
        """All whole lines."""
        whole = self.file.read_text(encoding="utf-8").rpartition("\n")[0]
        return [json.loads(line) for line in whole.splitlines()]

    def wait(self, event: str) -> dict[str, Any]:
        """The first line of an event, once there is one."""
        deadline = time.monotonic() + WAIT
        while time.monotonic() < deadline:
            for line in self.lines:
                if line["event"] == event:
                    return line
            time.sleep(0.02)
        pytest.fail(f"the service never said {event!r}")


@contextmanager
def serving(feeds: Path, environment: Mapping[str, str]) -> Iterator[tuple[Log, str]]:
    """The service with its site, what it logs, and where the site is. It is stopped in peace."""
    command = [sys.executable, "-m", "aggregator", "run", "--config", str(feeds), "--listen", "127.0.0.1:0"]
    log = Log(feeds.with_name("log.jsonl"))
    with log.file.open("w") as out, subprocess.Popen(command, stderr=out, env={**os.environ, **environment}) as process:
        try:
            yield log, str(log.wait("serving")["url"])
            process.terminate()
            assert process.wait(WAIT) == 0
        finally:
            process.kill()


SECRETS = {
    "SITE_TOKEN": "site+token/0123456789=",
    "HOOK_SECRET": "whsec_" + base64.b64encode(b"a key of many bytes, thirty-two.").decode(),
    "CHAT": "https://hooks.invalid/services/T0000/B0000/chat-path-0123456789",
    "PROXY_LOGIN": "desk:pa%2Fss wörd".replace(" ", "%20").replace("ö", "%C3%B6"),
    "QUERY_KEY": "querykey0123456789",
}


@dataclass(frozen=True)
class Scene:
    """All that one run of the service left behind."""

    scrape: Scrape
    log: str


def scene(folder: Path) -> Scene:
    """A run of the service in which all happens that the metrics tell of. Whatever can hold a secret, holds one."""
    web = Web()
    try:
        return _scene(web, folder)
    finally:
        web.close()


def _feeds(web: Web) -> str:
    listed = [item(f"n{n}", f"Talks on matter {n}", f"Delegation {n} brought {n + 12} proposals to the talks.") for n in (1, 2)]
    asked = f"/a?api_key={SECRETS['QUERY_KEY']}&page=1"
    web.serve(rss(*listed), asked)
    web.serve(rss(), "/empty")
    web.answers["/hook"] = Answer(b"", 410)
    web.answers["http://news.invalid/proxied"] = Answer(b"", 503)
    blocks = "".join(
        source_block(key, url, more=more)
        for key, url, more in (
            ("a", web.url(asked), ""),
            ("b", web.url("/empty"), ""),
            ("c", web.url(f"/gone?token={SECRETS['QUERY_KEY']}"), ""),
            ("d", "http://news.invalid/proxied", 'proxy = "$PROXY"'),
        )
    )
    targets = (
        f'[notify.desk]\nurl = "{web.url("/hook")}"\nsecret = "$HOOK_SECRET"\nallow = ["127.0.0.1"]\n'
        '[notify.chat]\nurl = "$CHAT"\nsecret = "$HOOK_SECRET"\n'
    )
    head = '[service]\ngap = "0s"\ncontact = "desk@example.org"\n[web]\ntoken = "$SITE_TOKEN"\n'
    return head + NOW_STORY + blocks + targets


def _with_an_alarm(config: Config) -> None:
    """Have a source list nothing since before the service begins."""
    now = utc_now()
    gap = NewGap(source=SourceKey("b"), kind=GapKind.EMPTY, opened_at=now, from_at=now, to_at=None, says="It lists nothing.")
    with closing(open_for(config)) as store:
        sync(store, config, now=now)
        with store.write() as tx:
            open_gaps(tx, [gap])
            tx.execute(sources.update().where(sources.c.key == "b").values(open_gaps=gap.kind.value))


def _scene(web: Web, folder: Path) -> Scene:
    where = web.url("").removeprefix("http://")
    environment = {**SECRETS, "PROXY": f"http://{SECRETS['PROXY_LOGIN']}@{where}", "NO_PROXY": ""}
    with pytest.MonkeyPatch.context() as patched:
        for name, value in environment.items():
            patched.setenv(name, value)
        feeds = write_feeds(folder, _feeds(web))
        _with_an_alarm(load_config(feeds))
    with serving(feeds, environment) as (log, url):
        log.wait("alarm_opened")
        log.wait("notification_dead")
        log.wait("site_written")
        fresh = httpx.Limits(max_keepalive_connections=0)  # as in `tests.serving`
        with httpx.Client(base_url=url, trust_env=False, timeout=WAIT, limits=fresh) as client:
            client.headers["authorization"] = f"Bearer {SECRETS['SITE_TOKEN']}"
            for path in ("/index.html", "/api/v1/stories", f"/nothing?token={SECRETS['SITE_TOKEN']}"):
                client.get(path)
            feeds.write_text("[service\n", encoding="utf-8")
            log.wait("configuration_refused")
            found = client.get("/metrics")
    assert found.status_code == 200, found.text
    return Scene(Scrape(found.text), log.file.read_text(encoding="utf-8"))


def names_in(expression: str) -> set[str]:
    """The metrics that a query names."""
    return set(re.findall(r"\b(?:aggregator|process)_[a-z_]+\b", expression))

"""Where the site is served, to whom, and beside what: the real programs, and the real server."""

from __future__ import annotations

import asyncio
import json
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import cast

import httpx
import pytest

from aggregator.config import Web as WebTable
from aggregator.config import load_config
from aggregator.service import open_for, utc_now
from aggregator.store import open_store
from aggregator.web import standing
from aggregator.web.guard import is_known, names_of
from aggregator.web.serving import ListenError, listen_at
from tests.conftest import STORY, Web, item, rss, source_block, write_feeds
from tests.patience import WAIT
from tests.serving import Reader, demo_config, served
from tests.test_cli import aggregator
from tests.test_service import read_until, stop

NOW_STORY = STORY.replace('settle = "10m"', 'settle = "0s"')
TOKEN = "correct-horse-battery"  # noqa: S105 - of nothing


@contextmanager
def started(feeds: Path, command: str, listen: str) -> Iterator[subprocess.Popen[str]]:
    words = [sys.executable, "-m", "aggregator", command, "--config", str(feeds), "--listen", listen]
    process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_the_service_serves_what_it_publishes_and_another_process_serves_beside_it(web: Web, tmp_path: Path) -> None:
    web.serve(rss(item("one", "Talks on grain", "The talks on grain go on in Geneva for another week.")))
    feeds = write_feeds(tmp_path, NOW_STORY + source_block("a", web.url(), name="Alpha"))
    with started(feeds, "run", "127.0.0.1:0") as service:
        own = str(read_until(service, "serving")["url"])
        assert read_until(service, "published")["number"] == 1
        with started(feeds, "serve", "127.0.0.1:0") as beside:
            pages = [ask(url, "/talks.html").text for url in (own, str(read_until(beside, "serving")["url"]))]
            assert "Talks on grain" in pages[0]
            assert pages[0] == pages[1]
            assert stop(beside) < 5
        assert ask(own, "/api/v1/stories/talks").json()["updates"] == 1
        assert stop(service) < 5


def ask(url: str, path: str, **headers: str) -> httpx.Response:
    with httpx.Client(base_url=url, trust_env=False, timeout=WAIT) as client:
        return client.get(path, headers=headers)


def test_a_port_that_is_taken_is_told_and_the_service_goes_on(web: Web, tmp_path: Path) -> None:
    web.serve(rss(item("one", "Talks on grain", "The talks on grain go on in Geneva for another week.")))
    feeds = write_feeds(tmp_path, NOW_STORY + source_block("a", web.url()))
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = f"127.0.0.1:{other.getsockname()[1]}"
        with started(feeds, "run", taken) as service:
            told = read_until(service, "site_not_served")["reason"]
            assert told == (
                f"{taken}: the site cannot be served: another program listens there already. "
                'Set another `listen` under [web] of feeds.toml (or --listen), or "" to serve nothing.'
            )
            assert read_until(service, "published")["number"] == 1
            looked = json.loads(aggregator("health", "--config", str(feeds), "--json").stdout)
            assert [(one["is"], taken in one["says"]) for one in looked["looked"] if one["what"] == "site"] == [
                ("yellow", True)
            ]
            stop(service)
        done = aggregator("serve", "--config", str(feeds), "--listen", taken)
        assert done.exit_code == 2
        assert "another program listens there already" in done.stderr


def test_where_the_site_is_served_outlives_a_change_of_the_file(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITE_TOKEN", TOKEN)
    guarded = '[web]\ntoken = "$SITE_TOKEN"\n'
    feeds = write_feeds(tmp_path, guarded + source_block("a", web.url()))
    with started(feeds, "run", "0.0.0.0:0") as service:
        url = str(read_until(service, "serving")["url"])
        write_feeds(tmp_path, guarded + source_block("a", web.url()) + NOW_STORY)
        assert "web" not in str(read_until(service, "configuration_taken"))
        assert ask(url, "/healthz").text == "ok\n"
        write_feeds(tmp_path, source_block("a", web.url()))
        (mistake,) = cast("list[str]", read_until(service, "configuration_refused")["mistakes"])
        assert mistake.startswith("feeds.toml: web.token: missing, and the site is served at 0.0.0.0:0")
        assert ask(url, "/index.html").status_code == 401
        stop(service)


def test_a_site_is_served_once_its_port_is_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "AGAIN_EVERY", 0.01)
    other = socket.create_server(("127.0.0.1", 0))
    listen = f'[web]\nlisten = "127.0.0.1:{other.getsockname()[1]}"\n'
    config = load_config(write_feeds(tmp_path, listen + source_block("a", "https://example.org/feed")))
    open_for(config).close()
    site = standing.StandingSite(partial(open_for, create=False), clock=utc_now, alive=lambda: True)

    async def main() -> None:
        with other:
            await site.follow(config)
            await asyncio.sleep(0.1)
            assert "another program" in site.trouble
        async with asyncio.timeout(WAIT):
            while site.trouble:  # noqa: ASYNC110 - the site has no need to tell anybody
                await asyncio.sleep(0.01)
        found = await asyncio.to_thread(httpx.get, f"http://{config.web.listen}/healthz", trust_env=False, timeout=WAIT)
        assert found.text == "ok\n"
        await site.end()

    asyncio.run(main())


@pytest.mark.parametrize(
    ("listen", "says"),
    [
        ("", "Nothing is served: `listen` is empty."),
        ("0.0.0.0:8600", "--listen: 0.0.0.0:8600 is open to other machines: set `token` under [web], or listen on 127.0.0.1"),
        ("here", '--listen: write a host and a port such as "127.0.0.1:8600"'),
    ],
)
def test_a_place_that_will_not_do_is_told(tmp_path: Path, listen: str, says: str) -> None:
    feeds = write_feeds(tmp_path, source_block("a", "https://example.org/feed"))
    for command in ("serve", "run") if listen else ("serve",):
        done = aggregator(command, "--config", str(feeds), "--listen", listen)
        assert (done.exit_code, done.stderr.startswith(says)) == (2, True)


def test_a_store_that_is_not_there_is_told(tmp_path: Path) -> None:
    feeds = write_feeds(tmp_path, source_block("a", "https://example.org/feed"))
    done = aggregator("serve", "--config", str(feeds), "--listen", "127.0.0.1:0")
    assert (done.exit_code, "there is no store yet. Run: aggregator poll" in done.stderr) == (1, True)


def test_a_host_that_is_none_is_told() -> None:
    with pytest.raises(ListenError, match=r"nowhere\.invalid:8600 cannot be listened on"):
        listen_at("nowhere.invalid:8600")


def test_a_token_is_asked_of_everybody_for_everything(demo_storage: Path) -> None:
    with served(demo_config(demo_storage), token=TOKEN) as reader:
        for path in ("/", "/ukraine-2022.html", "/api/v1/stories", "/api/openapi.json", "/events", "/live.js", "/nothing"):
            answer = reader.get(path)
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="aggregator"')
            assert "Authorization: Bearer TOKEN" in answer.json()["detail"]
            assert TOKEN not in answer.text
        for wrong in (f"Basic {TOKEN}", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", "Bearer", TOKEN, "Bearer é"):
            assert reader.client.get("/api/v1/stories", headers={b"authorization": wrong.encode()}).status_code == 401
        assert reader.get(f"/api/v1/stories?token={TOKEN}").status_code == 401  # never in an address
        for right in (f"Bearer {TOKEN}", f"bearer  {TOKEN}"):
            assert reader.get("/api/v1/stories", authorization=right).status_code == 200


def test_a_name_that_is_not_ours_is_refused(demo_storage: Path) -> None:
    with served(demo_config(demo_storage), url="https://news.example.org/site/") as reader:
        for host in (
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "",
            "[",
            "news.example.org.evil.example",
        ):
            answer = reader.get("/api/v1/stories", host=host)
            assert (answer.status_code, "does not answer to the name" in answer.text) == (421, True), host
        for host in ("localhost", "localhost:99", "127.0.0.1:8600", "[::1]:8600", "NEWS.example.org", "news.example.org.:443"):
            assert reader.get("/api/v1/stories", host=host).status_code == 200, host


def test_which_names_are_ours() -> None:
    assert names_of(WebTable(listen="desk.example.org:80")) == {"localhost", "desk.example.org"}
    everywhere = names_of(WebTable(listen="[::]:80", url="https://News.example.org/"))
    assert everywhere == {"localhost", "::", "news.example.org", socket.gethostname().lower()}
    assert is_known("192.0.2.7:80", frozenset())  # by its digits: no name was turned to us


def test_a_browser_is_told_what_it_may_do(demo_storage: Path) -> None:
    with served(demo_config(demo_storage)) as reader:
        for path in ("/ukraine-2022.html", "/api/v1/stories", "/nothing", "/live.js"):
            headers = reader.get(path).headers
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"
            assert headers["permissions-policy"].startswith("camera=()")
            policy = headers["content-security-policy"].split("; ")
            assert {"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "script-src 'self'"} <= set(policy)
            assert "unsafe" not in headers["content-security-policy"]
            assert "set-cookie" not in headers
            assert "server" not in headers


def test_a_store_that_cannot_be_read_is_told_so_and_read_again_later(demo_storage: Path, tmp_path: Path) -> None:
    file = tmp_path / "aggregator.sqlite"
    file.write_bytes((demo_storage / "aggregator.sqlite").read_bytes())
    config = demo_config(demo_storage)
    service = config.service.model_copy(update={"storage": tmp_path, "database": f"sqlite:///{file}?timeout=0.05"})
    with closing(sqlite3.connect(file)) as other:
        other.execute("PRAGMA journal_mode = DELETE")  # in which whoever writes locks readers out
        with served(config.model_copy(update={"service": service})) as reader:
            look_at(reader, other)


def look_at(reader: Reader, other: sqlite3.Connection) -> None:
    assert reader.rows("/stories")["items"]
    other.execute("BEGIN EXCLUSIVE")
    for path in ("/api/v1/stories", "/talks.html", "/events"):
        said = reader.wrong(path, 503)
        assert said == "The store cannot be read now; the log of the service says why. Try again in a minute."
    assert reader.get("/api/v1/stories").headers["retry-after"] == "60"
    page = reader.get("/talks.html", accept="text/html")
    assert (page.status_code, page.headers["content-type"]) == (503, "text/html; charset=utf-8")
    other.rollback()
    assert reader.rows("/stories")["items"]


def test_a_store_is_left_as_it_is(demo_storage: Path) -> None:
    config = demo_config(demo_storage)
    before = (demo_storage / "aggregator.sqlite").read_bytes()
    with served(config) as reader:
        for path in ("/ukraine-2022.html", "/api/v1/search?q=ukraine", "/api/v1/changes", "/api/v1/statements"):
            assert reader.get(path).status_code == 200
    assert (demo_storage / "aggregator.sqlite").read_bytes() == before
    open_store(config.service.database_url, snapshots=demo_storage / "snapshots", create=False).close()


def test_another_place_may_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    feeds = write_feeds(tmp_path, source_block("a", "https://example.org/feed"))
    monkeypatch.setenv("AGGREGATOR_LISTEN", "nonsense")
    done = aggregator("serve", "--config", str(feeds))
    assert (done.exit_code, done.stderr.startswith("AGGREGATOR_LISTEN: write a host and a port")) == (2, True)
    open_for(load_config(feeds)).close()
    monkeypatch.setenv("AGGREGATOR_LISTEN", "")
    done = aggregator("serve", "--config", str(feeds))
    assert (done.exit_code, done.stderr.startswith("Nothing is served")) == (2, True)

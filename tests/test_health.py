"""How the service is, as monitors ask: green, yellow or red, each with what to do."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aggregator.cli import app
from aggregator.config import Config, load_config
from aggregator.model import StoryKey
from aggregator.pipeline.sandbox import Sandbox
from aggregator.running.health import health
from aggregator.running.heart import FILE, Beat, beat, last_beat
from aggregator.running.machine import Health, Looked
from aggregator.service import Service, hold, holder_of, open_for, road
from aggregator.store import Store
from aggregator.store.outbox import queue
from tests.conftest import NOON, Answer, Clock, Web, item, rss, source_block, write_feeds
from tests.test_reloading import blocks
from tests.test_service import read_until, running, stop


def looked(config: Config, *, now: datetime = NOON) -> dict[str, Looked]:
    return {one.what: one for one in health(config, now=now)}


def leave(config: Config, **values: object) -> None:
    config.service.storage.mkdir(exist_ok=True)
    sign = {"pid": 1, "at": NOON.isoformat(), "refused": []} | values
    (config.service.storage / FILE).write_text(json.dumps(sign), encoding="utf-8")


def a_config(folder: Path) -> Config:
    return load_config(write_feeds(folder, source_block("a", "http://127.0.0.1:9/a")))


def asked(feeds: Path, *more: str) -> tuple[int, dict[str, dict[str, str]]]:
    answer = CliRunner().invoke(app, ["health", "--json", "--config", str(feeds), *more])
    return answer.exit_code, {one["what"]: one for one in json.loads(answer.stdout)["looked"]}


def test_a_service_that_runs_is_green_and_one_that_was_stopped_red(web: Web, tmp_path: Path) -> None:
    feeds = write_feeds(tmp_path, blocks(web, "a"))
    with running(feeds) as process:
        read_until(process, "polled")
        code, found = asked(feeds)
        assert (code, {one["is"] for one in found.values()}) == (0, {"green"})
        assert str(process.pid) in found["service"]["says"]
        assert stop(process) < 5
    code, found = asked(feeds)
    assert (code, found["service"]["is"], found["service"]["do"]) == (1, "red", "Start it: aggregator run")
    assert not (tmp_path / "storage" / FILE).exists()


def test_a_refused_configuration_is_yellow_until_it_is_mended(web: Web, tmp_path: Path) -> None:
    feeds = write_feeds(tmp_path, blocks(web, "a"))
    config = load_config(feeds)
    leave(config, refused=["feeds.toml:3: sources.a.famly: unknown key", "another"])
    found = looked(config)["configuration"]
    assert found.health is Health.DOUBTFUL
    assert found.says == "refused: feeds.toml:3: sources.a.famly: unknown key (and 1 more)"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path: path.write_text(path.read_text().replace("family", "famly")), "sources.a.family: missing"),
        (lambda path: path.write_text(path.read_text().rpartition("127.")[0]), "not TOML"),
        (lambda path: path.write_text(path.read_text().replace('"0s"', "0")), "service.gap"),
        (lambda path: path.unlink(), "not there"),
    ],
    ids=["a wrong key", "half-written", "a wrong value of the service", "deleted"],
)
def test_a_service_goes_on_and_is_yellow_while_its_file_is_spoilt(
    spoil: Callable[[Path], object], said: str, web: Web, tmp_path: Path
) -> None:
    """Who only looks at the exit code, as Docker does, must not end a service that works for a slip in its file."""
    feeds = write_feeds(tmp_path, blocks(web, "a"))
    with running(feeds) as process:
        read_until(process, "polled")
        spoil(feeds)
        code, found = asked(feeds)
        assert (code, found["service"]["is"], found["configuration"]["is"]) == (0, "green", "yellow")
        assert said in found["configuration"]["says"]
        assert asked(feeds, "--strict")[0] == 1
        assert stop(process) < 5
    answer = CliRunner().invoke(app, ["health", "--config", str(feeds)])
    assert (answer.exit_code, said in answer.stderr) == (2, True)


def test_a_spoilt_file_whose_storage_cannot_be_looked_at_is_only_that(tmp_path: Path) -> None:
    feeds = write_feeds(tmp_path, '[service]\nstorage = "feeds.toml/below"\nnonsense = 1\nsnapshots = "s3://b/p"\n')
    answer = CliRunner().invoke(app, ["health", "--config", str(feeds)])
    assert (answer.exit_code, "service.nonsense" in answer.stderr) == (2, True)


def test_a_service_that_hangs_is_red(tmp_path: Path) -> None:
    config = a_config(tmp_path)
    leave(config)
    with hold(config.service.storage, what="aggregator run", clock=lambda: NOON):
        assert looked(config)["service"].health is Health.GOOD
        late = looked(config, now=NOON + timedelta(minutes=2))["service"]
        assert late.health is Health.BAD
        assert "no sign of life since 2025-08-14 12:00:00 UTC" in late.says
        (config.service.storage / FILE).write_text("{", encoding="utf-8")
        assert last_beat(config.service.storage) is None
        assert looked(config)["service"].health is Health.BAD


def test_a_leader_whose_machine_is_five_minutes_ahead_of_its_database_is_green(tmp_path: Path, sandbox: Sandbox) -> None:
    """Where workers poll, the service goes by the clock of the database; whoever asks how it is has that of the machine."""
    config = a_config(tmp_path)
    of_database = Clock(NOON - timedelta(minutes=5))

    async def main(store: Store) -> Looked:
        async with road(config, store, clock=of_database, sandbox=sandbox) as the_road:
            service = Service(the_road)
            service.ticked_at = of_database()
            beating = asyncio.create_task(beat(service, clock=Clock(NOON)))
            await asyncio.sleep(0)
            found = looked(config)["service"]
            beating.cancel()
            return found

    with closing(open_for(config)) as store, hold(config.service.storage, what="aggregator run", clock=lambda: NOON):
        assert asyncio.run(main(store)).health is Health.GOOD


def test_trouble_with_the_store_or_the_network_is_red(tmp_path: Path) -> None:
    config = a_config(tmp_path)
    with hold(config.service.storage, what="aggregator run", clock=lambda: NOON):
        leave(config, trouble="the disk is full")
        assert looked(config)["service"].says == "it cannot use its store: the disk is full"
        leave(config, network_down=True)
        assert looked(config)["service"].health is Health.BAD


def test_another_command_at_work_is_no_service(tmp_path: Path) -> None:
    config = a_config(tmp_path)
    assert holder_of(config.service.storage) == ""
    with hold(config.service.storage, what="aggregator poll", clock=lambda: NOON):
        assert "`aggregator poll`" in looked(config)["service"].says
        assert looked(config)["service"].health is Health.BAD


def test_sources_that_do_not_answer_are_named(web: Web, tmp_path: Path) -> None:
    web.serve(rss(item("1", "Talks", "Text.")), "/a")
    web.answers["/b"] = Answer(status=404)
    feeds = write_feeds(tmp_path, source_block("a", web.url("/a")) + source_block("b", web.url("/b")))
    assert CliRunner().invoke(app, ["poll", "--config", str(feeds)]).exit_code == 0
    found = looked(load_config(feeds), now=datetime.now(UTC))
    assert (found["sources"].health, found["sources"].says) == (
        Health.DOUBTFUL,
        "1 of 2 did not give what was asked for: b",
    )
    assert found["readers"].health is Health.GOOD


def test_what_waits_for_long_to_be_brought_to_readers_is_yellow(tmp_path: Path) -> None:
    config = a_config(tmp_path)
    store = open_for(config)
    with store.write() as tx:
        queue(tx, target="site", key="site:talks:1", payload={"story": StoryKey("talks")}, at=NOON)
    store.close()
    assert looked(config, now=NOON + timedelta(minutes=1))["readers"].health is Health.GOOD
    assert looked(config, now=NOON + timedelta(minutes=11))["readers"].health is Health.DOUBTFUL


def test_yellow_fails_only_where_that_is_asked_for(web: Web, tmp_path: Path) -> None:
    web.answers["/b"] = Answer(status=404)
    feeds = write_feeds(tmp_path, blocks(web, "a") + source_block("b", web.url("/b")))
    with running(feeds) as process:
        while read_until(process, "polled")["source"] != "b":
            pass
        assert asked(feeds)[0] == 0
        assert asked(feeds, "--strict")[0] == 1


def test_a_sign_of_life_says_how_long_it_holds() -> None:
    assert Beat(pid=1, at=NOON).lasts_until > NOON

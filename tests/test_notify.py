"""Those who are told of updates, from feeds.toml to what arrives: order, failures, quiet hours, bundles, crashes, secrets."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
import structlog
from standardwebhooks import Webhook
from typer.testing import CliRunner

from aggregator.cli import app
from aggregator.model import DeskKind, StoryKey
from aggregator.publish.notify import Notifier, delivering, sending
from aggregator.publish.notify.ways import way_of
from aggregator.service import Service, road
from aggregator.store.desk import NewAct, add_act
from aggregator.store.outbox import delivered, queue, undelivered
from tests.conftest import Answer, Desk, Posted, Web
from tests.patience import WAIT
from tests.telling import SECRET, VARIABLE, left, newsroom, publish, target, tell, told, with_targets

__all__ = ["newsroom"]  # a fixture


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, SECRET)


@pytest.fixture
def hooks(web: Web) -> Web:
    """A server that takes what comes at /hook and /other."""
    web.answers["/hook"] = web.answers["/other"] = Answer(b"")
    return web


def ids(posted: list[Posted], path: str = "/hook") -> list[str]:
    return [post.headers["webhook-id"] for post in posted if post.path == path]


def test_each_update_is_told_once_signed_and_in_order(hooks: Web, newsroom: Desk) -> None:
    config = with_targets(newsroom, target("desk", hooks.url("/hook")))
    for statement in (1, 2, 3):
        publish(newsroom, "talks", statement, "new" if statement == 1 else "adds")
        publish(newsroom, "more", statement, "new" if statement == 1 else "adds")
    assert tell(newsroom, config).arrived == 6
    assert tell(newsroom, config).arrived == 0
    assert [one for (one,) in told(hooks.posted) if one[0] == "talks"] == [("talks", 1), ("talks", 2), ("talks", 3)]
    assert [one for (one,) in told(hooks.posted) if one[0] == "more"] == [("more", 1), ("more", 2), ("more", 3)]
    assert len(set(ids(hooks.posted))) == 6
    first = hooks.posted[0]
    assert first.headers["user-agent"].startswith("update-aggregator/")
    assert first.headers["content-type"] == "application/json"
    assert first.headers["webhook-timestamp"] == str(int(newsroom.clock.now.timestamp()))
    assert left(newsroom.store) == []


def test_who_follows_a_story_is_told_where_it_goes_on(hooks: Web, newsroom: Desk) -> None:
    config = with_targets(newsroom, target("desk", hooks.url("/hook"), more='stories = ["talks"]'))
    publish(newsroom, "talks", 1, "new")
    merged = NewAct(kind=DeskKind.MERGE, by="a desk", why="One meeting.", story=StoryKey("talks"), other=StoryKey("more"))
    with newsroom.store.write() as tx:
        add_act(tx, merged, at=newsroom.clock.now)
    assert tell(newsroom, config).arrived == 2
    first, second = (json.loads(one.body) for one in hooks.posted)
    assert [one["number"] for one in first["data"]["updates"]] == [1]
    assert [(one["story"], one["kind"], one["leads_to"]) for one in second["data"]["acts"]] == [("talks", "merge", "more.html")]
    assert len(set(ids(hooks.posted))) == 2


def test_what_failed_is_sent_again_under_the_same_id_and_holds_back_its_own_story_alone(hooks: Web, newsroom: Desk) -> None:
    config = with_targets(newsroom, target("desk", hooks.url("/hook")))
    hooks.answers["/hook"] = Answer(b"", 500)
    publish(newsroom, "talks", 1, "new")
    tally = tell(newsroom, config)
    assert (tally.arrived, tally.failed, tally.dead) == (0, 1, 0)
    assert left(newsroom.store) == [("notify:desk:talks:1", 1, "HTTP 500 Internal Server Error")]
    hooks.answers["/hook"] = Answer(b"")
    publish(newsroom, "talks", 2)
    publish(newsroom, "more", 1, "new")
    tell(newsroom, config)
    assert told(hooks.posted) == [[("talks", 1)], [("more", 1)]]
    newsroom.clock.forward(seconds=12)
    tell(newsroom, config)
    assert told(hooks.posted) == [[("talks", 1)], [("more", 1)], [("talks", 1)], [("talks", 2)]]
    sent = ids(hooks.posted)
    assert sent[0] == sent[2]
    first, again = hooks.posted[0], hooks.posted[2]
    assert first.body == again.body
    assert int(again.headers["webhook-timestamp"]) == int(first.headers["webhook-timestamp"]) + 12


def test_one_who_hangs_delays_nobody_else(hooks: Web, newsroom: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "WHOLE", 0.6)
    config = with_targets(newsroom, target("dead", hooks.url("/dead")) + target("desk", hooks.url("/hook")))
    hooks.answers["/dead"] = Answer(never=True)
    for statement in (1, 2, 3):
        publish(newsroom, "talks", statement, "new" if statement == 1 else "adds")

    async def go() -> list[bool]:
        notifier = Notifier(newsroom.store, config, clock=newsroom.clock)
        draining = asyncio.create_task(notifier.drain())
        while len(told(hooks.posted)) < 3:  # noqa: ASYNC110 - another thread counts
            await asyncio.sleep(0.01)
        waiting = [draining.done()]
        await draining
        await notifier.close()
        return waiting

    assert asyncio.run(go()) == [False]  # all was told while the other one still hung
    assert [key for key, _, _ in left(newsroom.store)] == [f"notify:dead:talks:{number}" for number in (1, 2, 3)]


def test_one_who_asks_for_rest_is_left_alone_with_everything(hooks: Web, newsroom: Desk) -> None:
    config = with_targets(newsroom, target("desk", hooks.url("/hook")))
    hooks.answers["/hook"] = Answer(b"", 429, {"retry-after": "600"})
    publish(newsroom, "talks", 1, "new")
    publish(newsroom, "more", 1, "new")
    tell(newsroom, config)
    newsroom.clock.forward(seconds=599)
    tell(newsroom, config)
    assert len(hooks.posted) == 1
    hooks.answers["/hook"] = Answer(b"")
    newsroom.clock.forward(seconds=1)
    tell(newsroom, config)
    assert told(hooks.posted)[1:] == [[("talks", 1)], [("more", 1)]]


def test_one_who_is_gone_is_given_up_at_once_and_one_who_refuses_soon(hooks: Web, newsroom: Desk) -> None:
    config = with_targets(newsroom, target("desk", hooks.url("/hook")) + target("other", hooks.url("/other")))
    hooks.answers["/hook"], hooks.answers["/other"] = Answer(b"", 410), Answer(b"", 401)
    publish(newsroom, "talks", 1, "new")
    assert tell(newsroom, config).dead == 1
    for _ in range(30):
        newsroom.clock.forward(hours=1)
        tell(newsroom, config)
    assert (len(ids(hooks.posted)), len(ids(hooks.posted, "/other"))) == (1, 6)
    assert left(newsroom.store) == [
        ("notify:desk:talks:1", 1, "HTTP 410 Gone: it wants nothing any more; given up"),
        ("notify:other:talks:1", 6, "HTTP 401 Unauthorized; given up after 6 tries"),
    ]
    publish(newsroom, "talks", 2)  # and is told of the next
    tell(newsroom, config)
    assert told(hooks.posted)[1:] == [[("talks", 2)]]


def test_nothing_is_sent_in_quiet_hours_and_all_of_it_after_them(hooks: Web, newsroom: Desk) -> None:
    more = 'quiet = "22:00-07:00"\nzone = "Europe/Berlin"'
    config = with_targets(newsroom, target("desk", hooks.url("/hook"), more=more))
    publish(newsroom, "talks", 1, "new")
    newsroom.clock.now = datetime(2025, 10, 25, 20, 0, tzinfo=UTC)  # 22:00; clocks are put back at 01:00 UTC
    assert tell(newsroom, config).arrived == 0
    newsroom.clock.now = datetime(2025, 10, 26, 5, 59, tzinfo=UTC)
    assert tell(newsroom, config).arrived == 0
    newsroom.clock.now = datetime(2025, 10, 26, 6, 0, tzinfo=UTC)
    assert tell(newsroom, config).arrived == 1


def test_what_came_within_the_time_is_sent_together(hooks: Web, newsroom: Desk) -> None:
    config = with_targets(newsroom, target("desk", hooks.url("/hook"), more='every = "1h"'))
    publish(newsroom, "talks", 1, "new")
    tell(newsroom, config)
    newsroom.clock.forward(minutes=59)
    publish(newsroom, "more", 1, "new")
    publish(newsroom, "talks", 2)
    assert tell(newsroom, config).arrived == 0
    newsroom.clock.forward(minutes=1)
    hooks.answers["/hook"] = Answer(b"", 503)
    tell(newsroom, config)
    publish(newsroom, "talks", 3)
    newsroom.clock.forward(seconds=13)
    hooks.answers["/hook"] = Answer(b"")
    tell(newsroom, config)
    whole = [("talks", 1), ("more", 1), ("talks", 2)]
    assert told(hooks.posted) == [whole, whole]
    assert len(set(ids(hooks.posted))) == 1
    newsroom.clock.forward(hours=1)
    tell(newsroom, config)
    assert told(hooks.posted)[2:] == [[("talks", 3)]]


def test_a_message_that_cannot_be_made_holds_up_no_other_and_its_words_are_not_logged(
    hooks: Web, newsroom: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = with_targets(newsroom, target("desk", hooks.url("/hook")) + target("other", hooks.url("/other")))
    publish(newsroom, "talks", 1, "new")
    real = way_of

    def broken(key: str, *given: object, **how: object) -> object:
        if key == "notify:desk":
            raise RuntimeError("https://hooks.example.org/9f8e7d6c")
        return real(key, *given, **how)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(delivering, "way_of", broken)
    tally = tell(newsroom, config)
    assert (tally.arrived, tally.failed) == (1, 1)
    assert left(newsroom.store)[0][2] == "it could not be made: RuntimeError"


def test_a_hub_is_told_of_the_feeds_when_they_are_written(hooks: Web, newsroom: Desk) -> None:
    web = f'[web]\nurl = "https://news.example.org/live"\nhub = "{hooks.url("/hook")}"\nhub_allow = ["127.0.0.1"]\n'
    config = with_targets(newsroom, web)
    publish(newsroom, "talks", 1, "new")
    publish(newsroom, "talks", 2)
    with newsroom.store.write() as tx:
        queue(tx, target="site", key="site:talks:again", payload={"story": "talks"}, at=newsroom.clock.now)
    assert tell(newsroom, config).arrived == 0  # the page is not written yet
    with newsroom.store.write() as tx:
        delivered(tx, [one.id for one in undelivered(tx)], at=newsroom.clock.now)
    hooks.answers["/hook"] = Answer(b"", 500)
    tell(newsroom, config)
    publish(newsroom, "more", 1, "new")
    hooks.answers["/hook"] = Answer(b"", 202)
    newsroom.clock.forward(seconds=12)
    assert tell(newsroom, config).arrived == 1
    base = "https://news.example.org/live/"
    sent = parse_qsl(hooks.posted[-1].body.decode())
    wanted = ["talks.atom", "talks.feed.json", "more.atom", "more.feed.json", "feed.atom", "feed.json"]
    assert sent == [("hub.mode", "publish"), *(("hub.url", base + file) for file in wanted)]
    assert hooks.posted[-1].headers["content-type"] == "application/x-www-form-urlencoded"
    assert left(newsroom.store) == []


def test_apprise_gets_an_update_in_a_few_lines(hooks: Web, newsroom: Desk) -> None:
    where = hooks.url("/hook").replace("http://", "json://")
    text = f'[notify.chat]\nkind = "apprise"\nurl = "{where}"\nallow = ["127.0.0.1"]\n'
    config = with_targets(newsroom, text)
    publish(newsroom, "talks", 1, "new", text="They spoke of grain.")
    assert tell(newsroom, config).arrived == 1
    sent = json.loads(hooks.posted[0].body)
    assert sent["title"] == "Talks in Geneva: Update.1"
    assert "They spoke of grain." in sent["message"]


# --- crashes and the running service


def test_what_was_sent_and_not_noted_is_sent_again_under_the_same_id(hooks: Web, newsroom: Desk) -> None:
    """The process is killed between the answer and the commit."""
    config = with_targets(newsroom, target("desk", hooks.url("/hook")))
    publish(newsroom, "talks", 1, "new")
    publish(newsroom, "talks", 2)
    newsroom.store.close()
    script = f"""
import asyncio, os, signal
from aggregator.config import load_config
from aggregator.publish.notify import Notifier, delivering
from aggregator.service import open_for, utc_now
from tests.conftest import be_quiet
be_quiet()
config = load_config({str(config.path)!r})
store = open_for(config)
delivering.delivered = lambda *_args, **_how: os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(Notifier(store, config, clock=utc_now).drain())
"""
    root = Path(__file__).parents[1]
    killed = subprocess.run([sys.executable, "-c", script], cwd=root, timeout=WAIT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert told(hooks.posted) == [[("talks", 1)]]
    tell(newsroom, config)
    assert told(hooks.posted) == [[("talks", 1)], [("talks", 1)], [("talks", 2)]]
    sent = ids(hooks.posted)
    assert (sent[0] == sent[1], len(set(sent))) == (True, 2)


def test_the_service_tells_while_it_runs_and_ends_in_time(
    hooks: Web, two_stories: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aggregator.service.ticking.TICK_SECONDS", 0.05)
    config = with_targets(two_stories, target("desk", hooks.url("/hook")) + target("dead", hooks.url("/dead")))
    hooks.answers["/dead"] = Answer(never=True)

    async def go() -> float:
        async with road(config, two_stories.store, clock=two_stories.clock, sandbox=two_stories.sandbox) as the_road:
            service = Service(the_road)
            running = asyncio.create_task(service.run())
            two_stories.clock.forward(minutes=11)  # what waits to be told has settled
            async with asyncio.timeout(WAIT):
                while len(told(hooks.posted)) < 12 or not told(hooks.posted, "/dead"):  # noqa: ASYNC110 - as above
                    await asyncio.sleep(0.02)
            service.stop()
            began = asyncio.get_running_loop().time()
            await running
            return asyncio.get_running_loop().time() - began

    assert asyncio.run(go()) < 3.5
    assert len(set(ids(hooks.posted))) == 12
    assert {key.partition(":talks")[0].partition(":more")[0] for key, _, _ in left(two_stories.store)} == {"notify:dead"}


def test_a_first_poll_tells_what_it_publishes(hooks: Web, two_stories: Desk) -> None:
    with_targets(two_stories, target("desk", hooks.url("/hook")))
    two_stories.store.close()
    done = CliRunner().invoke(app, ["poll", "--json", "--config", str(two_stories.config.path)])
    assert done.exit_code == 0
    assert json.loads(done.stdout)["notified"] == {"arrived": 12, "failed": 0, "dead": 0}
    assert len(told(hooks.posted)) == 12


# --- the commands


def run(desk: Desk, *words: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, [*words, "--config", str(desk.config.path)])
    assert done.exit_code == code, done.output
    return done.output


def test_the_outbox_is_listed_taken_up_and_dropped(hooks: Web, newsroom: Desk) -> None:
    config = with_targets(newsroom, target("desk", hooks.url("/hook")) + target("other", hooks.url("/other")))
    hooks.answers["/hook"], hooks.answers["/other"] = Answer(b"", 410), Answer(b"", 500)
    publish(newsroom, "talks", 1, "new")
    publish(newsroom, "talks", 2)
    tell(newsroom, config)
    rows = json.loads(run(newsroom, "outbox", "--json").partition("\n4 not")[0])
    assert [(row["recipient"], row["number"], row["state"], row["attempts"]) for row in rows] == [
        ("notify:desk", 1, "dead", 1), ("notify:desk", 2, "dead", 1),
        ("notify:other", 1, "failing", 1), ("notify:other", 2, "waiting", 0),
    ]  # fmt: skip
    text = run(newsroom, "outbox")
    assert "HTTP 410 Gone: it wants nothing any more; given up" in text
    assert "4 not delivered: 1 waiting, 1 failing, 2 dead" in text
    number = str(rows[0]["id"])
    assert "1 message will be tried again" in run(newsroom, "outbox", "retry", number, "--by", "me")
    assert "message 1" not in run(newsroom, "outbox", "drop", str(rows[2]["id"]), "--why", "it is old", "--by", "me")
    assert "dropped by me: it is old" in run(newsroom, "outbox")
    assert "is dead already" in run(newsroom, "outbox", "drop", str(rows[2]["id"]), "--why", "again", "--by", "me", code=1)
    hooks.answers["/hook"] = Answer(b"")
    tell(newsroom, config)
    assert told(hooks.posted)[2:] == [[("talks", 1)]]
    assert "has arrived" in run(newsroom, "outbox", "retry", number, "--by", "me", code=1)
    assert "1 message will be tried again" in run(
        newsroom, "outbox", "retry", "--target", "other", "--by", "me"
    )  # not the dropped
    assert "There is no message 99999" in run(newsroom, "outbox", "retry", "99999", "--by", "me", code=2)
    assert "There is no target 'nobody'" in run(newsroom, "outbox", "retry", "--target", "nobody", "--by", "me", code=2)
    assert "Name one message" in run(newsroom, "outbox", "retry", "--by", "me", code=2)


def test_what_waits_for_one_who_is_no_longer_there_is_shown(hooks: Web, newsroom: Desk) -> None:
    path = newsroom.config.path
    before = path.read_text(encoding="utf-8")
    config = with_targets(newsroom, target("desk", hooks.url("/hook"), more='quiet = "00:00-23:59"'))
    publish(newsroom, "talks", 1, "new")
    tell(newsroom, config)
    assert "quiet hours" in run(newsroom, "outbox")
    path.write_text(before, encoding="utf-8")
    assert "held\t0\t\t[notify.desk], enabled, is not in feeds.toml" in run(newsroom, "outbox")


def test_a_target_is_tried_by_hand_and_what_came_back_is_said(hooks: Web, newsroom: Desk) -> None:
    with_targets(newsroom, target("desk", hooks.url("/hook/9f8e7d6c"), more='quiet = "00:00-23:59"'))
    hooks.answers["/hook/9f8e7d6c"] = Answer(f"heard \x1b[31m{SECRET} at /hook/9f8e7d6c".encode())
    assert run(newsroom, "notify", "test", "desk") == "desk: arrived: HTTP 200 OK\nit said: heard [31m… at /hook/…\n"
    Webhook(SECRET).verify(hooks.posted[0].body.decode(), hooks.posted[0].headers)
    assert json.loads(hooks.posted[0].body)["type"] == "test"
    hooks.answers["/hook/9f8e7d6c"] = Answer(b"who are you?", 403)
    answer = json.loads(run(newsroom, "notify", "test", "desk", "--json", code=1))
    assert (answer["fate"], answer["status"], answer["said"]) == ("refused", 403, "who are you?")
    assert "There is no target 'dsk'" in run(newsroom, "notify", "test", "dsk", code=2)


def test_a_configuration_named_before_what_is_done_to_a_message_is_refused(tmp_path: Path) -> None:
    # With a feeds.toml in the folder, a message of the store of that file would be dropped.
    elsewhere = str(tmp_path / "feeds.toml")
    for words in (["retry", "1"], ["drop", "1", "--why", "it is old"]):
        done = CliRunner().invoke(app, ["outbox", "--config", elsewhere, *words, "--by", "me"])
        assert done.exit_code == 2
        assert f"--config: write it behind {words[0]}" in done.output


def test_no_secret_reaches_the_store_the_outbox_or_a_log(newsroom: Desk, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = ("s3cr3tpath", "t0ken12345", SECRET, SECRET.removeprefix("whsec_"))
    monkeypatch.setenv("HOOK", f"{web.url('/s3cr3tpath')}?key=t0ken12345")
    monkeypatch.setenv("CHAT", "json://127.0.0.1:9/s3cr3tpath?key=t0ken12345")
    text = f'\n[notify.a]\nurl = "$HOOK"\nsecret = "${VARIABLE}"\n[notify.b]\nkind = "apprise"\nurl = "$CHAT"\n'
    text += f'[notify.c]\nurl = "$HOOK"\nsecret = "${VARIABLE}"\nallow = ["127.0.0.1"]\n'
    config = with_targets(newsroom, text)
    web.answers["/s3cr3tpath?key=t0ken12345"] = Answer(b"\xff no HTTP: t0ken12345", raw=True)
    publish(newsroom, "talks", 1, "new")
    structlog.reset_defaults()
    with structlog.testing.capture_logs() as logs:
        tell(newsroom, config)
    assert {log["event"] for log in logs} == {"not_notified"}
    assert len(left(newsroom.store)) == 3
    shown = run(newsroom, "outbox", "--json") + run(newsroom, "outbox") + repr(logs) + repr(config)
    newsroom.store.close()
    stored = newsroom.config.service.storage / "aggregator.sqlite"
    for part in parts:
        assert part not in shown
        assert part.encode() not in stored.read_bytes()


def test_the_feeds_file_says_what_is_wrong_with_a_secret(newsroom: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "whsec_not base64")
    path = newsroom.config.path
    path.write_text(path.read_text() + target("desk", "https://hooks.example.org/in"))
    said = run(newsroom, "check", code=2)
    assert "notify.desk.secret: the secret cannot be used: what follows whsec_ in it is no base64" in said
    assert "not base64" not in said.replace("no base64", "")

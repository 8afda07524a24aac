"""For tests of who is told: updates of a store without a poll for each, and targets in feeds.toml."""

from __future__ import annotations

import asyncio
import atexit
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import mkdtemp
from typing import Any

import pytest

from aggregator.config import Config, load_config
from aggregator.model import Paragraph, StoryKey, UpdateKind
from aggregator.pipeline.sandbox import Sandbox
from aggregator.publish.notify import Notifier, Tally, begin_recipients
from aggregator.service import open_for
from aggregator.store import Store
from aggregator.store.ledger import append
from aggregator.store.outbox import delivered, not_arrived, undelivered
from tests.conftest import STORY, Clock, Desk, Posted, source_block, write_feeds
from tests.made_once import FOLDERS
from tests.test_numbering import draft

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - the example of the specification
VARIABLE = "HOOK_SECRET"


@pytest.fixture
def newsroom(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock, sandbox: Sandbox) -> Iterator[Desk]:
    """A desk with six statements that wait to be told in two stories: a copy of a store that is made once. Nothing is asked."""
    made = FOLDERS.get("two stories")
    if made is None:
        desk: Desk = request.getfixturevalue("two_stories")
        desk.store.close()
        made = FOLDERS["two stories"] = Path(mkdtemp()) / "storage"
        atexit.register(rmtree, made.parent, ignore_errors=True)
        copytree(desk.config.service.storage, made)
    folder = tmp_path / "copy"
    folder.mkdir()
    copytree(made, folder / "storage")
    stories = STORY + STORY.replace("stories.talks", "stories.more")
    config = load_config(write_feeds(folder, stories + source_block("a", "https://example.org/feed")))
    with closing(open_for(config)) as store:
        yield Desk(config, store, clock, sandbox)


def target(key: str, url: str, *, more: str = "") -> str:
    """A webhook of feeds.toml on the local server."""
    return f'\n[notify.{key}]\nurl = "{url}"\nsecret = "${VARIABLE}"\nallow = ["127.0.0.1"]\n{more}\n'


def with_targets(desk: Desk, text: str) -> Config:
    """The configuration of a desk with targets, which are told of what comes from now on."""
    path = desk.config.path
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    config = load_config(path)
    begin_recipients(desk.store, config)
    return config


def publish(desk: Desk, story: str, statement: int, kind: str = "adds", *, text: str = "", **other: Any) -> int:
    """Give a story an update that tells a statement, 1 to 6; returns its number. Its page counts as written."""
    one = replace(draft(statement), story=StoryKey(story), kind=UpdateKind(kind), **other)
    if text:
        said = replace(one.paragraphs[0].sentences[0], text=text)
        one = replace(one, paragraphs=[Paragraph(sentences=(said,))])
    with desk.store.write() as tx:
        number = append(tx, one, at=desk.clock.now)
        delivered(tx, [message.id for message in undelivered(tx)], at=desk.clock.now)
    return number


def tell(desk: Desk, config: Config) -> Tally:
    """Tell everybody what is due."""

    async def go() -> Tally:
        notifier = Notifier(desk.store, config, clock=desk.clock)
        try:
            return await notifier.drain()
        finally:
            await notifier.close()

    return asyncio.run(go())


def told(posted: list[Posted], path: str = "/hook") -> list[list[tuple[str, int]]]:
    """The updates that each message to a path told of."""
    return [
        [(one["story"], one["number"]) for one in json.loads(post.body)["data"]["updates"]]
        for post in posted
        if post.path == path
    ]


def left(store: Store) -> list[tuple[str, int, str]]:
    """What did not arrive: key, tries, and why."""
    with store.read() as tx:
        return [(one.key, one.attempts, one.why) for one in not_arrived(tx)]

"""A store that has seen something of everything, made by the ordinary code."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from aggregator.config import load_config
from aggregator.pipeline.sandbox import Sandbox
from aggregator.store import open_store
from aggregator.store.statements import settle_listing
from tests.conftest import NOON, STORY, Answer, Clock, Desk, Web, item, rss, source_block, write_feeds
from tests.test_batch import line_of, origin_of

SECOND = STORY.replace("[stories.talks]", "[stories.grain]").replace('"talks"', '"grain"')


def text_of(word: str, figure: int) -> str:
    return (
        f"The delegations discussed the {word} question at the talks in Geneva on Thursday. "
        f"They agreed on {figure} separate {word} measures with «forty observers». "
        f"A further {word} meeting follows next week in another city of the region."
    )


def lived(folder: Path, web: Web, sandbox: Sandbox, url: str) -> Desk:
    """A desk whose store has two stories, a correction, corroborations, dropped lines, pages in two languages, failed polls."""
    first = [item("one", "Talks on grain", text_of("grain", 2)), item("two", "Talks on energy", text_of("energy", 3))]
    web.serve(rss(*first, "<item><title>Undated talks</title></item>", "<item><title>No day</title></item>"), "/a")
    both = text_of("grain", 2) + " " + text_of("energy", 3)
    web.serve(rss(item("joint", "Joint talks", both, at=NOON + timedelta(minutes=1))), "/b")
    web.serve(rss(item("joint2", "A joint statement", both, at=NOON + timedelta(minutes=2))), "/c")
    web.answers["/d"] = Answer(b"gone", 410)
    blocks = [source_block(key, web.url(f"/{key}"), name=key.upper()) for key in "abcd"]
    config = load_config(write_feeds(folder, STORY + SECOND + "".join(blocks)))
    desk = Desk(config, open_store(url, snapshots=folder / "snapshots"), Clock(), sandbox)
    desk.poll()
    desk.settle()
    web.serve(rss(item("one", "Talks on grain", text_of("grain", 12)), first[1], built=NOON + timedelta(hours=1)), "/a")
    desk.poll()
    desk.settle()
    lines = [
        line_of("x1", url="https://x.example/en/1", reference="7", alternates=("https://x.example/ru/1",)),
        line_of("x2", url="https://x.example/ru/1", reference="7", language="ru", title="О зерне", text="Коротко."),
        line_of("x3", url="https://x.example/en/3", alternates=("https://x.example/ru/3", "https://x.example/fr/3")),
    ]
    lines = [replace(line, credit="Reporting by a reporter; AFP contributed to this report.") for line in lines]
    with desk.store.write() as tx:
        settle_listing(tx, lines, origin_of(lines, "a", at=desk.clock.now))
    return desk

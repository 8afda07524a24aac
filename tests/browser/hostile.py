"""Sources that write what would run in a page, and that they are read, published and shown all the same."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from enum import Enum
from itertools import cycle
from pathlib import Path
from typing import cast
from xml.sax.saxutils import escape

from aggregator.config import load_config
from aggregator.model import OutcomeKind, StoryPage
from aggregator.pipeline.sandbox import Sandbox
from aggregator.service import open_for
from tests.browser.newsroom import show
from tests.conftest import NOON, Clock, Desk, Web, write_feeds

PAYLOADS = Path(__file__).parents[1] / "data/xss/payloads.jsonl"
AT_ONCE = 90  # payloads of one statement
NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # signs that no XML document may hold
ADDRESSES = {"url", "image"}
FRONTS = cycle(
    ["", "https://example.org/", "javascript:alert(1)//", "JavaScript\n:alert(1)//", "data:text/html,", "//example.org/"]
)
OF_THE_STORE = {"key", "story", "said_day", "hash", "sha256"}  # made by it, in a form of their own
BREAKERS = [
    "</title><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus=alert(1) autofocus x='",
    "--><svg/onload=alert(1)>",
]


def payloads() -> list[str]:
    """What was collected of such texts."""
    return [json.loads(line)["html"] for line in PAYLOADS.read_text(encoding="utf-8").splitlines()]


def in_lots(some: Sequence[str]) -> list[Sequence[str]]:
    """The payloads, as many together as one statement holds."""
    return [some[start : start + AT_ONCE] for start in range(0, len(some), AT_ONCE)]


def statement(number: int, lot: Sequence[str]) -> dict[str, str]:
    """A statement of which every field is hostile; what it says is worth telling, so that it is published."""
    raw = "\n".join(f"<p>{one}</p>" for one in lot)
    points = [f"On day {number}, point {n}, the talks heard of {one} and went on." for n, one in enumerate(lot)]
    told = "".join(f"<p>{escape(point)}</p>" for point in points)
    headline = f"The talks of day {number} ended with {number + 3} agreements on {('grain', 'gas', 'steel')[number % 3]}."
    when = NOON + timedelta(minutes=number)
    return {
        "id": f"{number} {lot[0]}",
        "link": lot[number % len(lot)] if number % 2 else f"https://example.org/{number}?{lot[0]}",
        # Titles are read as HTML: what is escaped in them is text, and stays in them as it is.
        "title": f"Talks, day {number}: {escape(' '.join(lot)) if number % 3 else ' '.join(lot)}",
        "at": when.strftime("%a, %d %b %Y %H:%M:%S +0000"),
        "author": lot[-1],
        "summary": raw,
        "html": f"<p>{headline}</p>{told}{raw}",
    }


def as_rss(statements: Sequence[dict[str, str]]) -> str:
    """A feed; what an XML document cannot hold is left out."""

    def tag(name: str, value: str) -> str:
        return f"<{name}>{escape(NO_XML.sub('', value))}</{name}>"

    items = "".join(
        "<item>"
        + tag("guid", one["id"])
        + tag("link", one["link"])
        + tag("title", one["title"])
        + tag("pubDate", one["at"])
        + tag("dc:creator", one["author"])
        + tag("category", one["author"])
        + tag("description", one["summary"])
        + tag("content:encoded", one["html"])
        + "</item>"
        for one in statements
    )
    names = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    return f"<?xml version='1.0'?><rss version='2.0' {names}><channel>{tag('title', BREAKERS[0])}{items}</channel></rss>"


def feeds(web: Web) -> str:
    """A feeds.toml that is as hostile as it may be."""
    quoted = json.dumps
    name = " ".join(BREAKERS)
    mapping = 'entries = "", id = "id", url = "link", title = "title", published = "at", summary = "summary", html = "html"'
    source = f'name = {quoted(name)}\nlanguage = "en"\nallow = ["127.0.0.1"]\nnote = {quoted(name)}\n'
    return f"""
[service]
storage = "storage"
gap = "0s"

[stories.talks]
title = {quoted("Talks " + name)}
lead = {quoted("Lead " + name)}
from = 2025-08-01
until = 2025-08-31
terms = ["talks"]
settle = "0s"
settle_edits = "0s"
image = {quoted(web.url("/none.png?'><script>alert(1)</script>"))}
image_alt = {quoted(name)}
image_credit = {quoted(name)}
image_allow = ["127.0.0.1"]

[stories.empty]
title = {quoted("Nothing yet " + name)}
from = 2025-08-01
terms = ["zeppelin"]

[sources.rss]
url = "{web.url("/feed")}"
family = "rss"
{source}
[sources.api]
url = "{web.url("/api")}"
kind = "json_api"
mapping = {{ {mapping} }}
family = "api"
{source}
"""


def rendered(page: StoryPage, number: int = 0) -> StoryPage:
    """A page of which every text is hostile, as no source can make it: every field is taken for the worst."""
    some = payloads()
    start = number % len(some)
    return cast(StoryPage, filled(page, cycle([*some[start:], *some[:start]])))


def publish(folder: Path, web: Web, sandbox: Sandbox) -> Path:
    """Poll hostile sources, twice, with what they changed; returns the folder of the site that was made of it."""
    config = load_config(write_feeds(folder, feeds(web)))
    with closing(open_for(config)) as store:
        desk = Desk(config, store, Clock(), sandbox)
        said = [statement(number, lot) for number, lot in enumerate(in_lots(payloads()))]
        changed = [{**one, "html": one["html"].replace("point 3", f"point 33 {escape(BREAKERS[1])}")} for one in said[:6]]
        for now in (said, changed):
            web.serve(as_rss(now[::2]))
            web.serve(json.dumps(now[1::2]), "/api", content_type="application/json")
            for report in desk.poll():
                assert report.outcome.kind == OutcomeKind.CHANGED, report.outcome
            asyncio.run(show(desk))
    return config.service.storage / "site"


def filled(value: object, with_: Iterator[str]) -> object:
    """A value of the model of which every text goes on with what is hostile."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return f"{value} {next(with_)}"
    if isinstance(value, tuple):
        return tuple(filled(one, with_) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        texts = {one.name: filled(getattr(value, one.name), with_) for one in fields(value) if one.name not in OF_THE_STORE}
        return replace(value, **texts | {name: f"{next(FRONTS)}{next(with_)}" for name in texts.keys() & ADDRESSES})
    return value

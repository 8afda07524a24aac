"""Six sources in six families tell one story, as the page made by hand does."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

from aggregator.model import StoryKey
from aggregator.publish import render
from aggregator.store.pages import story_page
from tests.conftest import Desk, Web, item, rss, source_block

SAID = [
    ("harbour", "Harbour Office", 9, "The Harbour Office will open the north quay for the summit in Port Alder on Friday."),
    (
        "north",
        "Northland government",
        10,
        "The Prime Minister of Northland will travel to the summit with a plan of twelve points.",
    ),
    (
        "south",
        "Southland president website",
        11,
        "President Ada Moreno said that Southland comes to the summit without conditions.",
    ),
    ("union", "Coast Union", 12, "The Coast Union supports every effort of the summit to open the straits again."),
    ("island", "Island Republic", 13, "The Island Republic offers to host a second summit in the autumn of this year."),
    ("wire", "Meridian News", 14, "Diplomats told Meridian News that the summit would last no longer than a single day."),
]
MORE = [
    "<p>It also thanked the {name} staff who prepared room number {hour} for the delegations.</p>",
    "<p>Further details of the {name} programme follow before {hour} o'clock on the day of the meeting.</p>",
]
STORY = """
[stories.alder]
title = "Summit in Port Alder"
lead = "Six voices before the summit"
from = 2025-08-14
until = 2025-08-14
terms = ["summit"]
image = "https://example.org/quay.jpg"
image_alt = "an empty quay in the morning"
settle = "10m"
"""


def test_six_families_give_update_1_to_6_in_the_order_in_which_they_spoke(web: Web, desk: Callable[[str], Desk]) -> None:
    feeds = STORY
    for key, name, hour, text in SAID:
        html = f"<p>{text}</p>" + "".join(more.format(name=name, hour=hour) for more in MORE)
        web.serve(rss(item(key, f"{name} on the summit", html, at=datetime(2025, 8, 14, hour, tzinfo=UTC))), f"/{key}")
        feeds += source_block(key, web.url(f"/{key}"), name=name)
    at_work = desk(feeds)
    at_work.clock.forward(hours=3)
    at_work.poll(*[key for key, *_ in reversed(SAID)])  # whoever spoke last is asked first
    assert at_work.settle() != []
    with at_work.store.read() as tx:
        page = story_page(tx, StoryKey("alder"))
    assert page is not None
    shown = render(page, "text")
    assert re.findall(r"^Update\.\d+$", shown, re.MULTILINE) == [f"Update.{n}" for n in range(1, 7)]
    assert re.findall(r"^for more info: (.*)$", shown, re.MULTILINE) == [name for _, name, *_ in SAID]
    head, *updates = re.split(r"^Update\.\d+$", shown, flags=re.MULTILINE)
    assert head.split("\n\n") == [
        "Summit in Port Alder",
        "Six voices before the summit",
        "8/14/2025",
        "an empty quay in the morning\nhttps://example.org/quay.jpg",
        "",
    ]
    for update, (_, name, hour, text) in zip(updates, SAID, strict=True):
        told = [text, *(re.sub(r"</?p>", "", more).format(name=name, hour=hour) for more in MORE)]
        assert update.strip().split("\n\n") == [*told, f"for more info: {name}"]

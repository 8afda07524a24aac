"""What may be missing is said where a story is read, until something closes it."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from aggregator.config import load_config
from aggregator.model import GapKind, SourceKey, StoryKey, Unseen
from aggregator.pipeline import sync
from aggregator.publish import drain, render
from aggregator.publish.html_lists import missed_page
from aggregator.publish.missed import missed
from aggregator.publish.templating import NOWHERE
from aggregator.service import open_for
from aggregator.store.gaps import Closing, NewGap, close_gaps, open_gaps
from aggregator.store.pages import story_page
from tests.conftest import NOON, STORY, source_block, write_feeds
from tests.test_publish import PAGE

SAYS = "Its listing did not reach back to what was known."
UNSEEN = Unseen(
    source=SourceKey("a"),
    name="Alpha <b>",
    kind=GapKind.OVERFLOW,
    from_at=NOON,
    to_at=NOON + timedelta(minutes=30),
    says=SAYS,
)


@pytest.mark.parametrize("form", ["text", "md", "html"])
def test_every_form_for_people_says_what_may_be_missing(form: str) -> None:
    shown = render(replace(PAGE, unseen=(UNSEEN, replace(UNSEEN, to_at=None))), form)
    assert "from 14 August 2025, 12:00 UTC to 14 August 2025, 12:30 UTC" in shown
    assert "since 14 August 2025, 12:00 UTC" in shown
    if form == "html":
        assert SAYS in BeautifulSoup(shown, "lxml").select_one("#unseen").get_text()  # type: ignore[union-attr]
        assert "Alpha <b>" not in shown
    assert "may be missing" not in render(PAGE, form)


def test_programs_read_it_too() -> None:
    (one,) = json.loads(render(replace(PAGE, unseen=(UNSEEN,)), "json"))["unseen"]
    assert (one["kind"], one["from_at"], one["to_at"]) == ("overflow", "2025-08-14T12:00:00Z", "2025-08-14T12:30:00Z")


def test_a_page_says_it_from_the_next_look_until_it_is_closed(tmp_path: Path) -> None:
    config = load_config(write_feeds(tmp_path, source_block("a", "https://a.example/feed", name="Alpha") + STORY))
    store, site = open_for(config), tmp_path / "site"
    gap = NewGap(
        source=SourceKey("a"), kind=GapKind.OVERFLOW, opened_at=NOON, from_at=NOON - timedelta(hours=1), to_at=NOON, says=SAYS
    )
    now = NOON

    def written() -> str:
        nonlocal now
        now += timedelta(minutes=11)
        drain(store, site, now=now)
        return (site / "talks.html").read_text(encoding="utf-8")

    with closing(store):
        sync(store, config, now=NOON)
        assert SAYS not in written()
        with store.write() as tx:
            open_gaps(tx, [gap])
        assert SAYS in written()
        with store.read() as tx:
            page = story_page(tx, StoryKey("talks"))
            assert page is not None
            assert [one.name for one in page.unseen] == ["Alpha"]
            said = missed_page(missed(tx, now=now), NOWHERE)
        assert SAYS in said
        assert 'href="talks.html">talks</a>' in said
        with store.write() as tx:
            close_gaps(tx, [Closing(source=SourceKey("a"), kind=GapKind.OVERFLOW, at=now, by="found on page 2")])
        assert SAYS not in written()
        with store.read() as tx:
            assert "Closed: found on page 2." in missed_page(missed(tx, now=now), NOWHERE)

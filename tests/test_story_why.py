"""`story KEY --why STATEMENT`: why a statement belongs to a story, or why not."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from aggregator.config import load_config
from aggregator.pipeline import sync
from tests.conftest import NOON, STORY, Desk, Web, item, rss, source_block, write_feeds
from tests.test_cli import aggregator

pytestmark = pytest.mark.both_databases

GRAIN = "The talks on grain went on for three hours in the palace."


def said(at_work: Desk, number: str, *more: str, key: str = "talks") -> str:
    shown = aggregator("story", key, "--why", number, *more, config=at_work.config.path)
    assert shown.exit_code == 0, shown.output
    return shown.stdout


@pytest.fixture
def at_work(web: Web, desk: Callable[[str], Desk]) -> Desk:
    web.serve(
        rss(
            item("1", "Talks on grain", GRAIN, at=NOON - timedelta(minutes=5)),
            item("2", "Weather", "Rain is talked about.", at=NOON - timedelta(minutes=4)),
            item("3", "Early talks", "Said before.", at=NOON - timedelta(days=20)),
            item("4", "Ice", "A hockey match, and talks.", at=NOON - timedelta(minutes=3)),
        )
    )
    web.serve(rss(item("c", "Talks on grain", GRAIN, at=NOON - timedelta(minutes=2))), "/other")
    more = 'none = ["hockey"]\n'
    feeds = STORY + more + source_block("a", web.url(), name="Alpha") + source_block("b", web.url("/other"))
    one = desk(feeds)
    one.poll()
    return one


def test_what_became_of_a_statement_is_told_from_its_taking_up_to_its_update(at_work: Desk) -> None:
    ids = {one["title"] + one["source"]: one["id"] for one in listed(at_work)}
    first, copy = ids["Talks on graina"], ids["Talks on grainb"]
    waits = said(at_work, first)
    assert "of a, said 2025-08-14 11:55 UTC: “Talks on grain”" in waits
    assert "belongs to talks:" in waits
    assert "version 1 (en) was taken up at 2025-08-14 12:00 UTC: “Talks” in the title" in waits
    assert "version 1 (en) waits until 2025-08-14 12:10 UTC" in waits
    at_work.settle()
    assert "version 1 (en) was published as Update.1 (new)" in said(at_work, first)
    beside = said(at_work, copy)
    assert "was set aside: another family's copy of a published update" in beside
    assert "stands beside Update.1" in beside


def listed(at_work: Desk) -> list[dict[str, str]]:
    shown = json.loads(aggregator("statements", "--json", config=at_work.config.path).stdout)
    return [{**one, "id": str(one["id"])} for one in shown]


@pytest.mark.parametrize(
    ("title", "why"),
    [
        ("Weather", "- none of its terms' words stands in it"),
        ("Early talks", "- said 2025-07-25 12:00 UTC, 6 days before the window begins (2025-08-01)"),
        ("Ice", "- left out by `none`: “hockey” in the text"),
    ],
)
def test_why_a_statement_does_not_belong(at_work: Desk, title: str, why: str) -> None:
    (number,) = [one["id"] for one in listed(at_work) if one["title"] == title]
    told = said(at_work, number)
    assert "does not belong to talks:" in told
    assert why in told.splitlines()[2]


def test_the_json_twin_says_the_same(at_work: Desk) -> None:
    numbers = {one["title"]: one["id"] for one in listed(at_work)}
    good, bad = (json.loads(said(at_work, numbers[title], "--json")) for title in ("Talks on grain", "Weather"))
    assert (good["belongs"], good["matches"], good["taken_up"][0]["state"]) == (True, True, "waiting")
    assert good["judged"][0]["judgement"]["score"] == 2
    assert (bad["belongs"], bad["matches"], bad["taken_up"]) == (False, False, [])
    assert bad["judged"][0]["judgement"]["against"]


def test_terms_that_changed_since_are_told(at_work: Desk) -> None:
    numbers = {one["title"]: one["id"] for one in listed(at_work)}
    feeds = at_work.config.path.read_text(encoding="utf-8").replace('["talks"]', '["weather"]')
    write_feeds(at_work.config.path.parent, feeds)
    assert "matches talks, which has not taken it up:" in said(at_work, numbers["Weather"])
    assert "By the settings of now it would not be taken up:" in said(at_work, numbers["Talks on grain"])


def test_a_story_that_left_the_file_still_tells_what_became(at_work: Desk) -> None:
    numbers = {one["title"]: one["id"] for one in listed(at_work)}
    feeds = at_work.config.path.read_text(encoding="utf-8").replace("[stories.talks]", "[stories.other]")
    config = load_config(write_feeds(at_work.config.path.parent, feeds))
    sync(at_work.store, config, now=NOON)
    assert "belongs to talks:" in said(at_work, numbers["Talks on grain"])
    assert "does not belong to talks, which is no longer in feeds.toml" in said(at_work, numbers["Weather"])
    assert "belongs to other:" in said(at_work, numbers["Talks on grain"], key="other")  # new, so it took up what is stored


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (["story", "talks", "--why", "999"], 1, "There is no statement 999. List them: aggregator statements"),
        (["story", "talks", "--why", "-1"], 1, "There is no statement -1."),
        (["story", "talks", "--why", "99999999999999999999"], 1, "There is no statement"),
        (["story", "tlaks", "--why", "1"], 2, "There is no story 'tlaks'. Stories: talks"),
        (["story", "talks", "--why", "one"], 2, "integer"),
        (["story", "talks", "--why", "1", "--format", "md"], 2, "--why is told as text or with --json"),
    ],
)
def test_what_is_not_there_ends_in_a_sentence(at_work: Desk, words: list[str], code: int, error: str) -> None:
    shown = aggregator(*words, config=at_work.config.path)
    assert (shown.exit_code, shown.stdout) == (code, "")
    assert error in shown.stderr

"""How long a candidate waits: by its source, its lane, its story; for a second family, and for its story's language."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.config import ConfigError, Story, load_config
from aggregator.model import SourceKey, StoryKey
from aggregator.pipeline import Published
from aggregator.pipeline.rebuilding import Asked, rebuild
from aggregator.pipeline.sandbox import Sandbox
from aggregator.store.summaries import HeldCandidate, all_stories, held_candidates
from aggregator.stories.settling import SINGLE_FAMILY, Hold, Prospect, Rules, fits, hold_of, time_to_settle
from tests.conftest import NOON, STORY, Desk, Web, item, rss, source_block, write_feeds
from tests.test_cli import aggregator
from tests.test_likenesses import ENGLISH, GERMAN, bilingual, corroborated, say

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
REPORTING = 'lane = "reporting"\n'
HOLDING = STORY + 'hold_reporting = "2h"\n'
GRAIN = (
    "The delegations discussed the grain question at the talks in Geneva on Thursday. They agreed on 2 separate measures with"
    " forty observers. A further meeting on grain follows next week in another city of the region, as both sides confirmed."
)
RUSSIAN = (
    "Делегации обсудили вопрос о зерне на переговорах в Женеве в четверг. Они договорились о двух отдельных мерах с сорока"
    " наблюдателями. Следующая встреча по зерну пройдёт на будущей неделе в другом городе, что подтвердили обе стороны talks."
)


# --- The settings.


def story_of(desk_file: str, tmp_path: Path) -> Story:
    return load_config(write_feeds(tmp_path, desk_file)).stories[StoryKey("talks")]


@pytest.mark.parametrize(
    ("settle", "of_source", "lane", "minutes"),
    [
        ('"7m"', "", "primary", 7),
        ('"7m"', "", "reporting", 7),
        ('{ primary = "5m", reporting = "20m" }', "", "primary", 5),
        ('{ primary = "5m", reporting = "20m" }', "", "reporting", 20),
        ('{ reporting = "0s" }', "", "primary", 10),  # what is not said is as usual
        ('{ reporting = "0s" }', "", "reporting", 0),
        ('{ primary = "5m", reporting = "20m" }', "3m", "reporting", 3),
        ('"7m"', "0s", "primary", 0),
        ('{ primary = "5m", reporting = "20m" }', "5m", "reporting", 5),
    ],
)
def test_the_most_specific_setting_wins(settle: str, of_source: str, lane: str, minutes: int, tmp_path: Path) -> None:
    more = f'lane = "{lane}"\n' + (f'settle = "{of_source}"\n' if of_source else "")
    text = STORY.replace('settle = "10m"', f"settle = {settle}") + source_block("a", "https://e.org/a", more=more)
    story = story_of(text + source_block("b", "https://e.org/b"), tmp_path)
    wait = time_to_settle(SourceKey("a"), usual=story.settle.primary, settle_of=story.settle_of)
    assert wait == minutes * MINUTE


def test_a_further_listing_settles_as_its_source(tmp_path: Path) -> None:
    more = 'settle = "3m"\nlistings = { ru = "https://e.org/ru" }\n'
    story = story_of(STORY + source_block("a", "https://e.org/a", more=more), tmp_path)
    assert story.settle_of == {"a": 3 * MINUTE, "a-ru": 3 * MINUTE}


WRONG = [
    ("settle", "'abc'", "stories.talks.settle: is 'abc'; write a duration"),
    ("settle", "{ primary = 'x' }", "stories.talks.settle.primary: is 'x'; write a duration"),
    ("settle", "{ main = '5m' }", "stories.talks.settle.main: unknown key. Allowed: primary, reporting."),
    ("settle", "5", "stories.talks.settle: is 5; write a duration"),
    ("settle", "[ '5m' ]", "stories.talks.settle: is ['5m']; write a duration"),
    ("hold_reporting", "'soon'", "stories.talks.hold_reporting: is 'soon'; write a duration"),
    ("wait_language", "true", "stories.talks.wait_language: is true; write a duration"),
    ("settle_of", "{}", "stories.talks.settle_of: unknown key"),
]


@pytest.mark.parametrize(("key", "value", "said"), WRONG)
def test_a_wrong_setting_is_told_with_its_line(key: str, value: str, said: str, tmp_path: Path) -> None:
    text = STORY.replace('settle = "10m"\n', "") + f"{key} = {value}\n" + source_block("a", "https://e.org/a")
    with pytest.raises(ConfigError) as error:
        story_of(text, tmp_path)
    assert f"feeds.toml:9: {said}" in str(error.value)
    assert len(str(error.value).splitlines()) == 1


# --- The rule.

RULES = Rules(language="en", hold_reporting=2 * HOUR, wait_language=6 * HOUR)
ALONE = {"primary": False, "told": False, "language": "en", "second_voice": False, "fitting_version": False}


@pytest.mark.parametrize(
    ("known", "hours", "why"),
    [
        ({}, 2, SINGLE_FAMILY),
        ({"second_voice": True}, 0, ""),
        ({"primary": True}, 0, ""),
        ({"told": True}, 0, ""),
        ({"told": True, "language": "ru"}, 0, ""),
        ({"primary": True, "language": "ru"}, 6, "no version in en so far"),
        ({"primary": True, "language": "ru", "fitting_version": True}, 0, ""),
        ({"language": "ru"}, 6, f"{SINGLE_FAMILY}; no version in en so far"),
        ({"language": "ru", "second_voice": True}, 6, "no version in en so far"),
        ({"language": "ru", "fitting_version": True}, 2, SINGLE_FAMILY),
        ({"language": ""}, 2, SINGLE_FAMILY),
        ({"language": "en-GB", "second_voice": True}, 0, ""),
    ],
)
def test_what_is_held_and_how_long(known: dict[str, object], hours: int, why: str) -> None:
    one = Prospect(**(ALONE | known))  # type: ignore[arg-type]
    hold = hold_of(one, RULES, seen_at=NOON, settles_at=NOON + 10 * MINUTE)
    assert hold == (Hold(until=NOON + hours * HOUR, why=why) if hours else None)


def test_nothing_is_held_by_rules_that_are_off_or_shorter_than_settling() -> None:
    off = Rules(language="en", hold_reporting=timedelta(), wait_language=timedelta())
    alone = Prospect(**(ALONE | {"language": "ru"}))  # type: ignore[arg-type]
    assert hold_of(alone, off, seen_at=NOON, settles_at=NOON) is None
    assert hold_of(alone, RULES, seen_at=NOON, settles_at=NOON + 7 * HOUR) is None


@pytest.mark.parametrize(("language", "wanted", "does"), [("en-US", "en", True), ("EN", "en-GB", True), ("", "en", True)])
def test_a_language_fits_whatever_its_region(language: str, wanted: str, does: bool) -> None:
    assert fits(language, wanted) is does
    assert not fits("ru", wanted)


# --- On its way through the service.


def listed(at_work: Desk) -> list[HeldCandidate]:
    with at_work.store.read() as tx:
        return list(held_candidates(tx))


def titles(published: list[Published]) -> list[str]:
    return [one.title for one in published]


@pytest.fixture
def reported(web: Web, desk: Callable[[str], Desk]) -> Desk:
    """What a single family reports; two further sources, one of which is a government, say nothing yet."""
    web.serve(rss(item("1", "Talks on grain", GRAIN, at=NOON - MINUTE)), "/a")
    web.serve(rss(), "/b")
    web.serve(rss(), "/g")
    sources = [
        source_block("a", web.url("/a"), name="Alpha", more=REPORTING),
        source_block("b", web.url("/b"), name="Beta", more=REPORTING),
        source_block("g", web.url("/g"), name="Government"),
    ]
    one = desk(HOLDING + "".join(sources))
    one.poll()
    return one


@pytest.mark.both_databases
def test_what_a_single_family_reports_is_held_for_its_time(reported: Desk) -> None:
    (held,) = listed(reported)
    assert (held.why, held.until, held.by_desk) == (SINGLE_FAMILY, NOON + 2 * HOUR, False)
    with reported.store.read() as tx:
        assert [(one.waiting, one.held) for one in all_stories(tx)] == [(1, 1)]
    assert reported.settle(hours=1, minutes=59) == []
    assert titles(reported.settle(minutes=1)) == ["Talks on grain"]
    assert listed(reported) == []


@pytest.mark.both_databases
def test_a_second_family_lets_it_go(reported: Desk, web: Web) -> None:
    web.serve(rss(item("x", "Grain talks in Geneva", GRAIN, at=NOON + 20 * MINUTE)), "/b")
    reported.clock.forward(minutes=30)
    reported.poll()
    assert listed(reported) == []
    assert titles(reported.settle(minutes=10)) == ["Talks on grain"]
    assert reported.settle(days=1) == []  # the copy stands beside it


@pytest.mark.both_databases
def test_a_reprint_that_names_the_first_is_no_second_voice(reported: Desk, web: Web) -> None:
    config = reported.config.path.read_text(encoding="utf-8").replace('name = "Alpha"', 'name = "Reuters"')
    reported.config = load_config(write_feeds(reported.config.path.parent, config))
    web.serve(rss(item("x", "Grain talks", f"GENEVA (Reuters) - {GRAIN}", at=NOON + 20 * MINUTE)), "/b")
    reported.clock.forward(minutes=30)
    reported.poll()
    assert [(one.source, one.until) for one in listed(reported)] == [("a", NOON + 2 * HOUR), ("b", NOON + 2.5 * HOUR)]


@pytest.mark.both_databases
def test_what_a_government_says_is_not_held_and_lets_a_report_of_it_go(reported: Desk, web: Web) -> None:
    web.serve(rss(item("g", "On grain: statement", GRAIN, at=NOON + 20 * MINUTE)), "/g")
    reported.clock.forward(minutes=30)
    reported.poll()
    assert listed(reported) == []
    assert titles(reported.settle(minutes=10)) == ["On grain: statement"]


def test_nobody_waits_for_what_is_held(reported: Desk, web: Web) -> None:
    other = "The talks on the border ended. Both sides keep their posts. Observers count the lorries there."
    web.serve(rss(item("g", "Talks on the border", other, at=NOON + MINUTE)), "/g")
    reported.clock.forward(minutes=2)
    reported.poll()
    assert titles(reported.settle(minutes=10)) == ["Talks on the border"]  # said later than what is held
    assert titles(reported.settle(hours=2)) == ["Talks on grain"]  # late: it gets the next number


def test_an_edit_does_not_get_out_what_is_held_nor_hold_it_longer(reported: Desk, web: Web) -> None:
    edited = GRAIN.replace("2 separate", "9 separate")
    web.serve(rss(item("1", "Talks on grain", edited, at=NOON - MINUTE), built=NOON + HOUR), "/a")
    reported.clock.forward(minutes=30)
    reported.poll()
    (held,) = listed(reported)
    assert (held.why, held.until) == (SINGLE_FAMILY, NOON + 2 * HOUR)
    assert titles(reported.settle(minutes=90)) == ["Talks on grain"]


def test_the_desk_releases_what_a_rule_holds_and_the_rule_does_not_take_it_back(
    reported: Desk, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aggregator.cli.ledger.utc_now", reported.clock)
    assert aggregator("ledger", "release", "talks", "1", config=reported.config.path).exit_code == 0
    web.serve(rss(item("1", "Talks on grain", GRAIN + " That is all.", at=NOON - MINUTE), built=NOON + HOUR), "/a")
    reported.poll()
    assert titles(reported.settle(seconds=1)) == ["Talks on grain"]


def test_an_edit_of_what_is_told_is_not_held(reported: Desk, web: Web) -> None:
    assert len(reported.settle(hours=2)) == 1
    edited = GRAIN.replace("2 separate", "9 separate")
    web.serve(rss(item("1", "Talks on grain", edited, at=NOON - MINUTE), built=NOON + 3 * HOUR), "/a")
    reported.poll()
    assert listed(reported) == []


@pytest.fixture
def foreign(web: Web, desk: Callable[[str], Desk]) -> Desk:
    """What is said in Russian, in a story told in English; an English source says nothing yet."""
    web.serve(rss(item("1", "Переговоры о зерне talks", RUSSIAN, at=NOON - MINUTE)), "/r")
    web.serve(rss(), "/e")
    sources = [
        source_block("r", web.url("/r"), family="one").replace('language = "en"', 'language = "ru"'),
        source_block("e", web.url("/e"), family="one"),
    ]
    one = desk(STORY + 'wait_language = "6h"\n' + "".join(sources))
    one.poll()
    return one


@pytest.mark.both_databases
def test_what_is_said_in_another_language_waits_and_is_told_in_the_original(foreign: Desk) -> None:
    (held,) = listed(foreign)
    assert (held.why, held.until, held.language) == ("no version in en so far", NOON + 6 * HOUR, "ru")
    assert foreign.settle(hours=5, minutes=59) == []
    (told,) = foreign.settle(minutes=1)
    assert told.title == "Переговоры о зерне talks"


@pytest.mark.both_databases
def test_a_version_in_the_language_of_the_story_takes_its_place(foreign: Desk, web: Web) -> None:
    line = item("1", "Talks on grain", GRAIN, at=NOON - MINUTE, link="https://example.org/1")
    web.serve(rss(line), "/e")
    foreign.clock.forward(minutes=30)
    foreign.poll()
    assert listed(foreign) == []
    assert titles(foreign.settle(minutes=10)) == ["Talks on grain"]
    assert foreign.settle(days=1) == []


def test_what_a_new_story_takes_up_of_long_ago_is_not_held(reported: Desk, desk: Callable[[str], Desk]) -> None:
    text = reported.config.path.read_text(encoding="utf-8")
    later = desk(text + HOLDING.replace("[stories.talks]", "[stories.more]"))
    later.clock.forward(hours=3)
    later.poll()
    assert [one.story for one in listed(later)] == ["talks"]
    assert len(later.settle()) == 2


@pytest.mark.both_databases
def test_a_translation_by_another_family_lets_the_original_stand_beside_it(
    web: Web, desk: Callable[[str], Desk], tmp_path: Path, sandbox: Sandbox
) -> None:
    for key in "abc":
        web.serve(rss(), f"/{key}")
    text = bilingual(web, families=("one", "two", "three"))
    text = text.replace("[stories.talks]\n", '[stories.talks]\nwait_language = "6h"\n')
    at_work = desk(text)
    say(web, "b", GERMAN, title="Telefonat mit Emmanuel Macron")
    at_work.poll()
    (held,) = listed(at_work)
    assert (held.language, held.until) == ("de", NOON + 6 * HOUR)
    assert at_work.settle(hours=1) == []
    say(web, "a", ENGLISH, title="Call with Emmanuel Macron on the talks")
    at_work.poll()
    assert listed(at_work) == []
    assert titles(at_work.settle(minutes=10)) == ["Call with Emmanuel Macron on the talks"]
    assert at_work.settle(days=1) == []
    assert corroborated(at_work, 2) == [1]
    found = asyncio.run(rebuild(at_work.store, Asked(config=None), file=tmp_path / "again.sqlite", sandbox=sandbox))
    assert (found.same, found.equal) == (True, True)

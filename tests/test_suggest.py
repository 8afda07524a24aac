"""`suggest`: stories out of what is stored, as blocks that the file takes; and terms for what a story misses."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.cli import suggesting
from aggregator.config import load_config
from aggregator.config.storydraft import StoryDraft, key_from_title
from aggregator.model import RevisionId, SourceKey, StatementId, StoryKey
from aggregator.pipeline.matching import wanted
from aggregator.stories.matching import Seen, match
from aggregator.stories.suggesting import (
    Proposal,
    Said,
    Trial,
    days_of,
    missed_by,
    proposal,
    title_of,
    worth_following,
)
from aggregator.stories.termchoice import Option, Tally, candidate_words, choose, phrase_of
from tests.conftest import NOON, STORY, Desk, Web, item, rss, source_block
from tests.test_cli import aggregator


class ByTopic:
    """Puts texts together that name the same topic: `topic-x` in their text. Stands in for what finds that out."""

    def add(self, key: str, title: str, text: str, published: datetime, language: str = "") -> str:  # noqa: ARG002
        return next((word for word in text.split() if word.startswith("topic-")), key)


# --- Values


def a_said(number: int, *, family: str = "a", title: str = "T", days: int = 0) -> Said:
    at = NOON + timedelta(days=days)
    return Said(
        statement=StatementId(number),
        source=SourceKey(family),
        family=family,
        title=title,
        first=at,
        last=at,
        language="en",
    )


def a_seen(number: int, title: str, text: str = "", language: str = "en") -> Seen:
    return Seen(
        statement=StatementId(number),
        revision=RevisionId(number),
        source=SourceKey("a"),
        title=title,
        text=text,
        said_at=NOON,
        language=language,
    )


def test_several_families_or_several_statements_make_a_story() -> None:
    two, three = [a_said(1), a_said(2, family="b")], [a_said(3), a_said(4), a_said(5)]
    alone, pair = [a_said(6)], [a_said(7), a_said(8)]
    big = [a_said(number, family="ab"[number % 2]) for number in (9, 10, 11)]
    assert worth_following([alone, three, pair, two, big], set()) == [big, two, three]


def test_what_an_open_story_has_is_left_out() -> None:
    cluster = [a_said(number, family="abc"[number]) for number in range(3)]
    assert worth_following([[*cluster, a_said(4)]], {StatementId(0)}) == [[*cluster[1:], a_said(4)]]
    assert worth_following([cluster], {StatementId(0)}) == []  # a third is theirs: not a new story


def test_a_story_misses_what_its_clusters_hold_and_it_does_not() -> None:
    first, second, other = [a_said(1), a_said(2)], [a_said(3), a_said(4), a_said(5)], [a_said(6), a_said(7)]
    one, two = StoryKey("one"), StoryKey("two")
    has = {StatementId(1): {one}, StatementId(3): {one}, StatementId(4): {two}, StatementId(5): {two}}
    assert [said.statement for said in missed_by([first, second, other], has, one)] == [2]
    assert [said.statement for said in missed_by([first, second, other], has, two)] == [3]


SPEECH = "In the hall the ministers met. There Guterres spoke to them in Geneva, and later Guterres went on to Moscow."


def test_names_and_words_of_titles_are_tried_first() -> None:
    found = candidate_words([a_seen(1, "Guterres travels", SPEECH), a_seen(2, "On Guterres’s journey", SPEECH)])
    assert next(iter(found)) == "Guterres"
    assert {"Geneva", "Moscow"} <= set(found)
    assert not {"In", "There", "the", "ministers", "met", "later"} & set(found)
    assert found["Guterres"] > found["Geneva"]


def test_days_and_months_are_no_terms() -> None:
    text = "They came on Monday in August to Oslo, and on Monday in August they left."
    assert not {"Monday", "August"} & set(candidate_words([a_seen(1, "Monday", text), a_seen(2, "August", text)]))


@pytest.mark.parametrize(
    ("title", "phrase"),
    [
        ("Talks begin", '"Talks begin"'),
        ('He said: "No | never"*', '"He said No never"'),
        ("one two three four five six seven", '"one two three four five six"'),
        ("", ""),
        ("…", ""),
        ("A\u200bla\u202eska", '"Alaska"'),
    ],
)
def test_a_title_as_a_phrase(title: str, phrase: str) -> None:
    assert phrase_of(title) == phrase


def test_a_term_is_chosen_by_what_it_adds_and_left_for_what_else_it_catches() -> None:
    some = [Option("all", 0b1111_1111, 1.0), Option("most", 0b0000_0111, 0.5), Option("last", 0b0000_1000, 0.1)]
    chosen = choose(some, members=0b1111)
    assert [(one.term, one.adds, one.others) for one in chosen] == [("most", 0b0111, 0), ("last", 0b1000, 0)]
    assert choose(some[:1], members=0b1111) == []
    assert [one.term for one in choose(some[:1], members=0b1111, neutral=0b1111_0000)] == ["all"]


def test_a_term_for_which_others_make_up_is_left_out() -> None:
    some = [Option("ab", 0b0011, 1.0), Option("a c", 0b0101, 0.9), Option("b d e", 0b11010, 0.65)]
    assert [one.term for one in choose(some, members=0b11111)] == ["b d e", "a c"]


def test_a_cluster_whose_titles_alone_could_be_terms_is_no_story() -> None:
    seen = [a_seen(1, "Rain in the north"), a_seen(2, "Sun over the sea"), a_seen(3, "Snow on a hill")]
    cluster = [Said.of(one, family=str(one.statement)) for one in seen]
    trial = Trial.of(seen)
    tally = Tally([*trial.words, *trial.phrases], [one.statement for one in seen])
    for one in seen:
        tally.add(one)
    assert tally.caught('"Rain in the north"') == 0b001
    assert tally.mask([StatementId(1), StatementId(3), StatementId(99)]) == 0b101
    assert tally.statements(0b110) == [2, 3]
    assert proposal(cluster, trial, tally, within=0b111) is None


WORDS = ["grain", "Grain", "Путина", "sanctions", "Alaska", "北京", "l'Ukraine", '"', "|", "*", "\u202e", "é", "-", "\n", "12"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=7).map(" ".join)


@given(titles=st.lists(st.tuples(TEXTS, TEXTS, st.sampled_from(["en", "ru", "fr", "", "zh"])), min_size=2, max_size=6))
def test_a_proposed_story_catches_its_own_members(titles: list[tuple[str, str, str]]) -> None:
    seen = [a_seen(number, title, text, language) for number, (title, text, language) in enumerate(titles, 1)]
    some = [Said.of(one, family="ab"[one.statement % 2]) for one in seen]
    cluster = some[: len(some) // 2 + 1]
    trial = Trial.of(seen[: len(cluster)])
    tally = Tally([*trial.words, *trial.phrases], [one.statement for one in some])
    for one in seen:
        tally.add(one)
    found = proposal(cluster, trial, tally, within=tally.mask(one.statement for one in some))
    if found is None:
        return
    story = drafted(found).story()
    caught = {one.statement for one in seen if match(wanted(story), one) is not None}
    assert {one.statement for one in found.members} <= caught
    assert caught - {one.statement for one in cluster} == set(found.others)
    assert {one.statement for one in (*found.members, *found.left_out)} == {one.statement for one in cluster}


def drafted(found: Proposal) -> StoryDraft:
    return StoryDraft(
        key="k",
        title=found.title,
        from_=found.from_,
        until=found.until,
        terms=found.terms,
        language=found.language,
        notes=[],
    )


@given(title=st.text(), note=st.text(), term=st.sampled_from(['"a b"', "Путин", "\\u", "a|b"]), language=st.text(max_size=5))
def test_a_block_holds_whatever_a_source_wrote(title: str, note: str, term: str, language: str) -> None:
    draft = StoryDraft(
        key=key_from_title(title),
        title=title if any(map(str.isalnum, title)) else "x",
        from_=date(2025, 8, 1),
        until=date(2025, 8, 2),
        terms=[term],
        language=language,
        notes=[note],
    )
    read = tomllib.loads(draft.block())["stories"]
    assert list(read) == [draft.key]
    assert read[draft.key]["terms"] == [term]
    assert draft.story().terms == (term,)


def test_the_title_is_the_one_that_has_most_in_common_with_the_others() -> None:
    titles = ["Trump arrives", "Trump and Putin in Alaska", "In Alaska with Putin", "…"]
    assert title_of([a_said(number, title=title) for number, title in enumerate(titles)]) == "Trump and Putin in Alaska"
    assert title_of([a_said(1, title="…")]) == "A story"


def test_days_at_the_end_of_time_are_days() -> None:
    end = datetime.max.replace(tzinfo=UTC)
    one = Said(statement=StatementId(1), source=SourceKey("a"), family="a", title="T", first=end, last=end, language="en")
    assert days_of([one]) == (date.max, date.max)
    assert days_of([a_said(1), a_said(2, days=3)]) == (date(2025, 8, 14), date(2025, 8, 31))


# --- The command


def entry(number: int, title: str, text: str, *, hours: int = 1) -> str:
    return item(str(number), title, text, at=NOON - timedelta(hours=hours))


ALPHA = [
    entry(1, "Talks on grain", "The talks were on grain. topic-grain", hours=30),
    entry(2, "Wheat for the ports", "Wheat went to the ports of Odesa by ship. topic-grain", hours=29),
    entry(3, "Summit in Anchorage", "The summit will take place in Anchorage with Trump. topic-summit", hours=20),
    entry(4, "Weather", "Rain fell on the hills and on Lisbon.", hours=19),
    entry(5, "Strike of pilots", "The pilots of Oslo went on strike. topic-strike", hours=18),
    entry(6, "Pilots go on", "Nobody flew from Oslo, the pilots say. topic-strike", hours=17),
    entry(7, "Pilots and no end", "The pilots of Oslo talked to no one. topic-strike", hours=16),
    entry(8, "Trump on wheat", "Of wheat and farmers spoke Trump at length.", hours=15),
]
BETA = [
    entry(11, "Guests in Anchorage", "Guests come to see Anchorage, says Trump himself. topic-summit", hours=10),
    entry(12, "Harbour", "The harbour of Odesa is busy. topic-grain", hours=9),
]


@pytest.fixture
def at_work(web: Web, desk: Callable[[str], Desk], monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(suggesting, "new_stream", ByTopic)
    web.serve(rss(*ALPHA))
    web.serve(rss(*BETA), "/beta")
    one = desk(STORY + source_block("a", web.url(), name="Alpha") + source_block("b", web.url("/beta"), name="Beta"))
    one.poll()
    return one


@pytest.mark.both_databases
def test_a_proposed_block_is_taken_by_the_file_and_catches_its_members(at_work: Desk) -> None:
    path = at_work.config.path
    shown = aggregator("suggest", config=path)
    assert shown.exit_code == 0, shown.output
    assert "10 statements said from" in shown.stderr
    assert "talks may miss 2: aggregator suggest --story talks" in shown.stderr
    path.write_text(path.read_text(encoding="utf-8") + shown.stdout, encoding="utf-8")
    assert aggregator("check", config=path).exit_code == 0
    stories = load_config(path).stories
    summit, strike = list(stories.values())[1:]
    assert (summit.terms, strike.terms) == (("Anchorage",), ("pilots",))
    assert (summit.from_, summit.until) == (datetime(2025, 8, 13, tzinfo=UTC), datetime(2025, 8, 29, tzinfo=UTC))
    seen = {one["title"]: one["id"] for one in json.loads(aggregator("statements", "--json", config=path).stdout)}
    for title in ("Summit in Anchorage", "Guests in Anchorage"):
        told = aggregator("story", summit.key, "--why", str(seen[title]), config=path).stdout
        assert "matches" in told
    assert aggregator("suggest", config=path).exit_code == 0


@pytest.mark.both_databases
def test_the_json_twin_holds_members_and_block(at_work: Desk) -> None:
    found = json.loads(aggregator("suggest", "--json", "--limit", "1", config=at_work.config.path).stdout)
    (story,) = found["stories"]
    assert (found["read"], found["more"]) == (10, 1)
    assert [one["family"] for one in story["members"]] == ["a", "b"]
    assert (story["from"], story["terms"], story["others"]) == ("2025-08-13", ["Anchorage"], [])
    assert tomllib.loads(story["block"])["stories"][story["key"]]["terms"] == ["Anchorage"]


@pytest.mark.both_databases
def test_terms_for_what_a_story_misses_are_a_line_for_its_table(at_work: Desk) -> None:
    path = at_work.config.path
    shown = aggregator("suggest", "--story", "talks", config=path)
    assert shown.exit_code == 0, shown.output
    assert tomllib.loads(shown.stdout) == {"terms": ["talks", "Odesa"]}
    assert "# Odesa adds 2:" in shown.stdout
    found = json.loads(aggregator("suggest", "--story", "talks", "--json", config=path).stdout)
    assert [one["term"] for one in found["terms"]] == ["Odesa"]
    assert sorted(one["title"] for one in found["missed"]) == ["Harbour", "Wheat for the ports"]


def test_what_no_term_can_catch_is_told_with_the_reason(at_work: Desk) -> None:
    path = at_work.config.path
    path.write_text(
        path.read_text(encoding="utf-8").replace('settle = "10m"', 'settle = "10m"\nsources = ["a"]\nnone = ["ship"]')
    )
    shown = aggregator("suggest", "--story", "talks", config=path)
    assert "no term can catch" in shown.stderr
    assert "its source b is not among those that the story follows: a" in shown.stderr
    assert "left out by `none`: “ship” in the text" in " ".join(shown.stderr.split())
    assert shown.stdout == ""


def test_an_empty_store_and_an_unknown_story(web: Web, tmp_path: Path) -> None:
    path = tmp_path / "feeds.toml"
    path.write_text(STORY + source_block("a", web.url()), encoding="utf-8")
    web.serve(rss())
    aggregator("poll", config=path)
    shown = aggregator("suggest", config=path)
    assert (shown.exit_code, shown.stdout) == (0, "")
    assert "The store holds no statement yet" in shown.stderr
    assert json.loads(aggregator("suggest", "--json", config=path).stdout) == {"stories": []}
    wrong = aggregator("suggest", "--story", "tlaks", config=path)
    assert wrong.exit_code == 2
    assert "There is no story 'tlaks'" in wrong.stderr


def test_suggest_leaves_the_file_and_the_store_alone(at_work: Desk) -> None:
    path = at_work.config.path
    before = path.read_bytes()
    aggregator("suggest", config=path)
    assert path.read_bytes() == before
    assert json.loads(aggregator("stories", "--json", config=path).stdout)[0]["waiting"] == 1


def test_hostile_texts_bring_no_harm(web: Web, desk: Callable[[str], Desk], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggesting, "new_stream", ByTopic)
    titles = ['Evil "title" ] \\ | *', "] [stories.x]", "\u202eevil", "Evil twins"]
    texts = [f"On day {n} in evil Rome {'x ' * (2000 + n)} topic-evil" for n in range(4)]
    web.serve(rss(*(entry(n, title, text) for n, (title, text) in enumerate(zip(titles, texts, strict=True)))))
    one = desk(STORY + source_block("a", web.url()))
    one.poll()
    shown = aggregator("suggest", config=one.config.path)
    read = tomllib.loads(shown.stdout)["stories"]
    assert len(read) == 1
    assert "\u202e" not in shown.stdout

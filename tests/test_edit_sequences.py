"""A source that edits what was told of it, in any order: every change is told once, and what stands of the story is what the
source says."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from aggregator.config import load_config
from aggregator.fetch import Ask, Reply
from aggregator.fetch.network import Network
from aggregator.model import (
    Outcome,
    OutcomeKind,
    RevisionId,
    SourceKey,
    StatementId,
    StoryKey,
    Text,
    Update,
    UpdateKind,
)
from aggregator.pipeline import Road, poll_source, sync, tell_ready
from aggregator.pipeline.sandbox import Sandbox
from aggregator.store import Store
from aggregator.store.pages import story_page
from aggregator.store.writer import Writer
from aggregator.stories.drafting import Drafted, Told, draft
from aggregator.stories.edits import edit
from aggregator.stories.revising import NewText, said_words
from aggregator.stories.standing import standing
from tests.conftest import NOON, STORY, Clock, empty_store, item, rss, source_block, write_feeds

THEME = SimpleNamespace(title="Talks in Geneva", lead="", terms=["talks"])
LINES = (
    "The talks in Geneva start at {figure}:00 in the long hall.",
    "Minister {name} arrives with {figure} advisers on Thursday.",
    "They agreed on {figure} measures about grain and wheat.",
    "The harbour of Odesa sends {figure} ships to {name} next week.",
    "A bridge near the border was closed for {figure} days.",
    "It is said that {name} asked for a longer pause.",
)
NAMES = ("Miller", "Olsen", "Tanaka", "Novak")
Lines = tuple[tuple[int, int, int], ...]  # of each line that stands: which one, its figure, its name

# What the source does next: to which line, and how; and how many minutes pass.
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["figure", "name", "cut", "add", "back", "typo"]),
        st.integers(0, 5),
        st.integers(2, 9),
        st.sampled_from([0, 20, 59, 61, 700, 1500]),
    ),
    min_size=1,
    max_size=9,
)
Act = tuple[str, int, int, int]


def written(lines: Lines, *, typo: bool = False) -> str:
    said = [LINES[n].format(figure=figure, name=NAMES[name]) for n, figure, name in lines]
    text = "\n\n".join(said)
    return text.replace("Thursday", "Thursdya").replace("measures", "measuers") if typo else text


def acted(versions: list[Lines], act: Act) -> Lines:
    what, which, value, _ = act
    lines = versions[-1]
    match what:
        case "figure":
            return tuple((n, value if n == which else figure, name) for n, figure, name in lines)
        case "name":
            return tuple((n, figure, value % 4 if n == which else name) for n, figure, name in lines)
        case "cut" if len(lines) > 1:
            return tuple(line for line in lines if line[0] != which) or lines
        case "add" if which not in {line[0] for line in lines}:
            return (*lines, (which, value, value % 4))
        case "back":
            return versions[which % len(versions)]
    return lines


@dataclass
class Teller:
    """Tells one statement as the service does, without a store."""

    updates: list[Update] = field(default_factory=list)
    revisions: dict[int, Text] = field(default_factory=dict)

    def tell(self, text: Text) -> list[Drafted]:
        told = Told(
            first=not self.updates,
            sentences=[s.text for update in self.updates for p in update.paragraphs for s in p.sentences],
            numbers=[update.number for update in self.updates for p in update.paragraphs for _ in p.sentences],
            of_statement=self.updates,
            revisions=self.revisions,
        )
        drafted: Drafted | None = draft(text, story=THEME, told=told)
        made = []
        while drafted is not None and not drafted.set_aside:
            made.append(drafted)
            self._publish(drafted, text)
            drafted = drafted.further
        return made

    def _publish(self, drafted: Drafted, text: Text) -> None:
        number = len(self.updates) + 1
        self.revisions = {**self.revisions, number: text}
        update = Update(
            number=number, kind=drafted.kind, reason=drafted.reason, said_at=NOON, published_at=NOON,
            paragraphs=drafted.paragraphs, attributions=(), title=text.title, statement=StatementId(1), revision=text.key,
            corrects=drafted.corrects, replaces=drafted.replaces,
        )  # fmt: skip
        self.updates = [*self.updates, update]


def text_of(said: str, key: int) -> Text:
    return Text(key=RevisionId(key), title="On the talks", text=said, published=NOON, language="en", source="Alpha")


def check_standing(updates: list[Update], revisions: dict[int, Text], newest: Text) -> None:
    """Whatever stands of what was told stands in the newest version, but for slips."""
    whole = NewText(newest)
    sentences = [newest.text[slice(*span)] for span in whole.spans]
    for one in standing(updates, revisions=revisions):
        said = one.sentence.text
        assert whole.holds(said_words(said)) or any(edit(said, now).quiet for now in sentences), (said, newest.text)


def check_whole(updates: list[Update], revisions: dict[int, Text], newest: Text) -> None:
    """Whatever the newest version says stands among what was told, but for slips."""
    told = [one.sentence.text for one in standing(updates, revisions=revisions)]
    for span in NewText(newest).spans:
        said = newest.text[slice(*span)]
        assert any(one == said or edit(one, said).quiet for one in told), (said, told)


def check_no_slips(made: list[Drafted], stood: list[str]) -> None:
    """What differs from what stands by a slip is not told again."""
    for one in made:
        if one.kind is UpdateKind.ADDS:
            for said in (s.text for p in one.paragraphs for s in p.sentences):
                assert not any(edit(old, said).quiet for old in stood), (said, stood)


def check_replaced(updates: list[Update]) -> None:
    """No sentence is replaced twice; each was told before; what came in its place is told by the update."""
    places: set[tuple[int, int, int]] = set()
    for update in updates:
        own = {s.text for p in update.paragraphs for s in p.sentences}
        for old in update.replaces:
            place = (old.number, old.paragraph, old.position)
            assert place not in places
            places.add(place)
            assert old.number < update.number
            assert updates[old.number - 1].paragraphs[old.paragraph - 1].sentences[old.position - 1].text == old.before
            assert old.after == "" or old.after in own
        assert (update.kind is UpdateKind.CORRECTED) == bool(update.corrects)
        assert {old.number for old in update.replaces} <= set(update.corrects)


@settings(max_examples=150)
@given(first=st.integers(1, 6), acts=ACTS)
@example(first=2, acts=[("figure", 0, 3, 59), ("cut", 0, 2, 59), ("add", 0, 2, 59)])  # back at what was put right
@example(first=3, acts=[("figure", 0, 3, 0), ("typo", 0, 2, 59), ("figure", 0, 2, 0), ("typo", 0, 2, 59)])  # beside slips
def test_what_stands_of_a_story_is_what_the_source_says(first: int, acts: list[Act]) -> None:
    versions: list[Lines] = [tuple((n, n + 2, n % 4) for n in range(first))]
    teller = Teller()
    teller.tell(text_of(written(versions[0]), 1))
    for key, act in enumerate(acts, 2):
        versions.append(acted(versions, act))
        text = text_of(written(versions[-1], typo=act[0] == "typo"), key)
        if act[3] < 30:
            continue  # edited before it was told
        stood = [one.sentence.text for one in standing(teller.updates, revisions=teller.revisions)]
        made = teller.tell(text)
        check_no_slips(made, stood)
        assert [one.kind for one in made] in (
            [], [UpdateKind.CORRECTED], [UpdateKind.ADDS], [UpdateKind.CORRECTED, UpdateKind.ADDS],
        )  # fmt: skip
        assert teller.tell(text) == []
        check_standing(teller.updates, teller.revisions, text)
        check_whole(teller.updates, teller.revisions, text)
        check_replaced(teller.updates)


class FakeWorld:
    """Stands in for the network alone: hands out one page."""

    def __init__(self) -> None:
        self.page = ""

    async def ask(self, ask: Ask, *, now: object) -> Reply:
        outcome = Outcome(kind=OutcomeKind.CHANGED, reason="a new copy", status=200)
        return Reply(url=ask.url, outcome=outcome, at=now, ms=1, body=self.page.encode())  # type: ignore[arg-type]  # the clock's


EDITS = STORY.replace('settle_edits = "10m"', 'settle_edits = "1h"')


@pytest.mark.both_databases
def test_edits_are_told_once_the_page_is_quiet(sandbox: Sandbox, database_kind: str, request: pytest.FixtureRequest) -> None:
    @settings(max_examples=12 if database_kind == "sqlite" else 4, suppress_health_check=[HealthCheck.too_slow])
    @given(acts=ACTS)
    def holds(acts: list[Act]) -> None:
        with tempfile.TemporaryDirectory() as folder, empty_store(request, database_kind, Path(folder)) as store:
            check_edits(store, Path(folder), sandbox, acts)

    holds()


def check_edits(store: Store, folder: Path, sandbox: Sandbox, acts: list[Act]) -> None:
    config = load_config(write_feeds(folder, EDITS + source_block("a", "https://example.org/a")))
    clock, world = Clock(), FakeWorld()
    sync(store, config, now=clock())
    road = Road(
        config=config, store=store, fetcher=world, clock=clock, sandbox=sandbox, writer=Writer(store), network=Network()
    )  # fmt: skip
    versions: list[Lines] = [tuple((n, n + 2, n % 4) for n in range(3))]
    told_at = []
    for copy, act in enumerate([("first", 0, 0, 11), *acts, ("none", 0, 0, 1500), ("none", 0, 0, 1500)]):
        versions.append(acted(versions, act))
        text = written(versions[-1], typo=act[0] == "typo")
        page = "".join(f"<p>{line}</p>" for line in text.split("\n\n"))
        world.page = rss(item("one", "On the talks", page), built=NOON + timedelta(minutes=copy))
        asyncio.run(poll_source(road, SourceKey("a")))
        clock.forward(minutes=act[3])
        made = tell_ready(store, config, now=clock())
        told_at += [clock()] if made else []
    with store.read() as tx:
        page_now = story_page(tx, StoryKey("talks"))
    assert page_now is not None
    updates = list(page_now.updates)
    assert [update.number for update in updates] == list(range(1, len(updates) + 1))
    check_replaced(updates)
    check_standing(updates, {}, text_of(written(versions[-1]), 99))
    assert all(later - earlier >= timedelta(hours=1) for earlier, later in pairwise(told_at))
    assert tell_ready(store, config, now=clock() + timedelta(days=9)) == []

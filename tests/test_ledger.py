"""The ledger only grows: whatever arrives in whatever order."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from aggregator.config import Config, load_config
from aggregator.fetch import Ask, Reply
from aggregator.fetch.network import Network
from aggregator.model import (
    Attribution,
    Citation,
    Outcome,
    OutcomeKind,
    Paragraph,
    RevisionId,
    Sentence,
    SourceKey,
    StatementId,
    StoryKey,
    StoryPage,
    Text,
    Update,
    UpdateKind,
)
from aggregator.pipeline import PollReport, Road, poll_source, sync, tell_ready
from aggregator.pipeline.sandbox import Sandbox
from aggregator.store import Store, StoreError
from aggregator.store.ledger import Draft, append, chain_hash
from aggregator.store.pages import story_page
from aggregator.store.schema import changes, outbox, updates
from aggregator.store.stories import waiting
from aggregator.store.writer import Writer
from aggregator.stories.drafting import Drafted, draft
from tests.conftest import NOON, STORY, Clock, Desk, Web, empty_store, item, rss, source_block, write_feeds

WORDS = ["harbour", "treaty", "border", "grain", "ceasefire", "prisoners", "energy", "airspace"]

pytestmark = pytest.mark.both_databases


def text_of(subject: int, version: int) -> str:
    """A statement of its own: the version changes a figure in its middle sentence."""
    word = WORDS[subject]
    return (
        f"The delegations discussed the {word} question at the talks in Geneva on Thursday. "
        f"They agreed on {version + 2} separate {word} measures with {subject + 40} observers. "
        f"A further {word} meeting follows next week in another city of the region."
    )


class FakeWorld:
    """Stands in for the network alone: hands out one feed per address."""

    def __init__(self) -> None:
        self.feeds: dict[str, str] = {}

    async def ask(self, ask: Ask, *, now: object) -> Reply:
        outcome = Outcome(kind=OutcomeKind.CHANGED, reason="a new copy", status=200)
        return Reply(url=ask.url, outcome=outcome, at=now, ms=1, body=self.feeds[ask.url].encode())  # type: ignore[arg-type]  # the clock's


def feeds_toml() -> str:
    urls = {"a": "alpha", "a2": "alpha", "b": "beta"}
    blocks = [source_block(key, f"https://example.org/{key}", family=family) for key, family in urls.items()]
    return STORY + "".join(blocks)


# What the world does next: (source, subject, version, hours late, built at, minutes that pass).
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["a", "a2", "b"]),
        st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2), st.integers(0, 5)), min_size=1, max_size=4),
        st.integers(0, 30),
        st.integers(0, 25),
    ),
    min_size=1,
    max_size=12,
)


Event = tuple[str, list[tuple[int, int, int]], int, int]


def published(page: StoryPage | None) -> tuple[Update, ...]:
    assert page is not None
    return page.updates


def test_numbers_have_no_gap_and_nothing_published_ever_changes(
    sandbox: Sandbox, database_kind: str, request: pytest.FixtureRequest
) -> None:
    @settings(max_examples=25 if database_kind == "sqlite" else 6, suppress_health_check=[HealthCheck.too_slow])
    @given(events=EVENTS)
    def holds(events: list[Event]) -> None:
        with tempfile.TemporaryDirectory() as folder, empty_store(request, database_kind, Path(folder)) as store:
            check_ledger(store, load_config(write_feeds(Path(folder), feeds_toml())), sandbox, events)

    holds()


def check_ledger(store: Store, config: Config, sandbox: Sandbox, events: list[Event]) -> None:
    clock, world = Clock(), FakeWorld()
    sync(store, config, now=clock())
    road = Road(
            config=config, store=store, fetcher=world, clock=clock,
            sandbox=sandbox, writer=Writer(store), network=Network(),
        )  # fmt: skip
    before: tuple[Update, ...] = ()
    for source, listed, built, minutes in events:
        entries = [
            item(f"{source[0]}{s}", f"Talks {WORDS[s]}", text_of(s, v), at=NOON - timedelta(hours=late))
            for s, v, late in listed
        ]
        world.feeds[f"https://example.org/{source}"] = rss(*entries, built=NOON + timedelta(minutes=built))
        report = asyncio.run(poll_source(road, SourceKey(source)))
        assert report.outcome.kind in (OutcomeKind.CHANGED, OutcomeKind.UNCHANGED), report.outcome.reason
        assert_balanced(report, entries)
        clock.forward(minutes=minutes)
        tell_ready(store, config, now=clock())
        with store.read() as tx:
            now = published(story_page(tx, StoryKey("talks")))
        assert [update.number for update in now] == list(range(1, len(now) + 1))
        assert now[: len(before)] == before
        before = now
    assert_each_told_once(before)


def assert_balanced(report: PollReport, entries: list[str]) -> None:
    balance = report.balance
    assert balance.adds_up
    if report.outcome.kind is OutcomeKind.CHANGED:
        assert balance.listed == len(entries)


def assert_each_told_once(told: tuple[Update, ...]) -> None:
    """Each version is told once, unless a correction names the update that it puts right."""
    assert max(Counter((update.revision, update.kind) for update in told).values(), default=0) <= 1
    plain = [update for update in told if update.kind in (UpdateKind.NEW, UpdateKind.ADDS)]
    said = Counter(s.text for update in plain for p in update.paragraphs for s in p.sentences)
    assert max(said.values(), default=0) <= 1
    assert all(update.corrects for update in told if update.kind is UpdateKind.CORRECTED)


@pytest.fixture
def told(web: Web, desk: Callable[[str], Desk]) -> Desk:
    """A story with one update."""
    web.serve(rss(item("one", "Talks on grain", text_of(3, 0))))
    at_work = desk(STORY + source_block("a", web.url(), name="Alpha"))
    at_work.poll()
    assert [update.number for update in at_work.settle()] == [1]
    return at_work


def a_draft(desk: Desk, **changed: object) -> Draft:
    with desk.store.read() as tx:
        row = tx.execute(select(updates)).first()
    assert row is not None
    values: dict[str, object] = {
        "story": StoryKey("talks"),
        "kind": UpdateKind.ADDS,
        "reason": "Adds.",
        "title": "T",
        "statement": StatementId(row.statement_id),
        "revision": RevisionId(row.revision_id),
        "said_at": NOON,
        "paragraphs": (),
        "attributions": (),
    }
    return Draft(**{**values, **changed})  # type: ignore[arg-type]  # a test that sets one field at a time


def test_a_transaction_that_fails_takes_no_number(web: Web, told: Desk) -> None:
    web.serve(rss(item("one", "Talks on grain", text_of(3, 0)), item("two", "Talks on energy", text_of(6, 0))))
    told.poll()
    second = a_draft(told, statement=StatementId(2), revision=RevisionId(2))
    with pytest.raises(RuntimeError, match="power cut"):
        append_and_fail(told, second)
    with told.store.write() as tx:
        assert append(tx, second, at=NOON) == 2  # the number was not used up
    with told.store.read() as tx:
        page = story_page(tx, StoryKey("talks"))
    assert [update.number for update in published(page)] == [1, 2]


def append_and_fail(desk: Desk, draft: Draft) -> None:
    with desk.store.write() as tx:
        assert append(tx, draft, at=NOON) == 2
        raise RuntimeError("power cut")


def test_no_revision_is_told_twice_whatever_the_code_above_does(told: Desk) -> None:
    with pytest.raises(StoreError, match=r"UNIQUE|unique"), told.store.write() as tx:
        append(tx, a_draft(told), at=NOON)


def test_an_error_in_one_telling_holds_up_no_other(web: Web, told: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(text: Text, **how: object) -> Drafted:
        if "energy" in text.title:
            raise ZeroDivisionError("a bug")
        return draft(text, **how)  # type: ignore[arg-type]  # handed on as they came

    listed = [item(name, f"Talks on {name}", text_of(n, 0)) for name, n in (("grain", 3), ("energy", 6), ("border", 2))]
    web.serve(rss(*listed))
    told.poll()
    monkeypatch.setattr("aggregator.pipeline.telling.draft", broken)
    assert [update.title for update in told.settle()] == ["Talks on border"]
    monkeypatch.undo()
    assert told.settle() != []  # tried again, and nothing is lost
    with told.store.read() as tx:
        page = story_page(tx, StoryKey("talks"))
    assert [update.title for update in published(page)][-1] == "Talks on energy"


def test_telling_can_be_stopped_between_two_updates_and_goes_on_later(web: Web, told: Desk) -> None:
    listed = [item(name, f"Talks on {name}", text_of(n, 0)) for name, n in (("energy", 6), ("border", 2), ("treaty", 1))]
    web.serve(rss(*listed))
    told.poll()
    told.clock.forward(minutes=10)
    stops = iter([False, True])
    assert len(tell_ready(told.store, told.config, now=told.clock(), enough=lambda: next(stops))) == 1
    assert len(tell_ready(told.store, told.config, now=told.clock())) == 2


def test_an_update_brings_its_change_and_its_outbox_row(told: Desk) -> None:
    with told.store.read() as tx:
        kinds = [(row.kind, row.key) for row in tx.execute(select(changes).order_by(changes.c.seq))]
        keys = list(tx.execute(select(outbox.c.key)).scalars())
    assert ("update", "talks/1") in kinds
    assert keys == ["site:talks:1"]


def test_each_update_is_chained_to_the_one_before(web: Web, told: Desk) -> None:
    web.serve(rss(item("one", "Talks on grain", text_of(3, 0)), item("two", "Talks on energy", text_of(6, 0))))
    told.poll()
    told.settle()
    with told.store.read() as tx:
        first, second = tx.execute(select(updates.c.previous_hash, updates.c.hash).order_by(updates.c.number)).all()
    assert first.previous_hash == ""
    assert second.previous_hash == first.hash


SENTENCE = Sentence(text="Yes.", citations=(Citation(revision=RevisionId(1), start=0, end=4),))


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "U"},
        {"reason": "Other."},
        {"kind": UpdateKind.NEW},
        {"said_at": NOON + timedelta(seconds=1)},
        {"paragraphs": (Paragraph(sentences=(SENTENCE,)),)},
        {"attributions": (Attribution(name="A", url="", source=SourceKey("a")),)},
        {"corrects": (1,)},
        {"revision": RevisionId(99)},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_the_hash_covers_everything_that_is_published(told: Desk, changed: dict[str, object]) -> None:
    same = chain_hash(a_draft(told), number=2, at=NOON, previous="p")
    assert chain_hash(a_draft(told), number=2, at=NOON, previous="p") == same
    assert chain_hash(a_draft(told, **changed), number=2, at=NOON, previous="p") != same
    assert chain_hash(a_draft(told), number=3, at=NOON, previous="p") != same
    assert chain_hash(a_draft(told), number=2, at=NOON, previous="q") != same


def test_a_silent_edit_becomes_a_correction_that_names_the_old_update(web: Web, told: Desk) -> None:
    web.serve(rss(item("one", "Talks on grain", text_of(3, 1))))
    told.poll()
    told.settle()
    with told.store.read() as tx:
        page = story_page(tx, StoryKey("talks"))
    old, new = published(page)
    assert (new.kind, new.corrects) == (UpdateKind.CORRECTED, (1,))
    assert [s.text for p in new.paragraphs for s in p.sentences] == [
        "They agreed on 3 separate grain measures with 43 observers."
    ]
    assert "They agreed on 2 separate" in old.paragraphs[0].text
    assert page is not None
    assert [(mark.number, mark.by_number) for mark in page.marks] == [(1, 2)]


def test_an_edit_that_was_put_right_is_not_put_right_again(web: Web, told: Desk) -> None:
    for version in (1, 2):
        web.serve(rss(item("one", "Talks on grain", text_of(3, version)), built=NOON + timedelta(hours=version)))
        told.poll()
        told.settle()
    with told.store.read() as tx:
        page = story_page(tx, StoryKey("talks"))
    assert [update.corrects for update in published(page)] == [(), (1,), (2,)]


def test_a_typing_error_put_right_makes_no_update(web: Web, told: Desk) -> None:
    web.serve(rss(item("one", "Talks on grain", text_of(3, 0).replace("delegations", "delegatoins"))))
    told.poll()
    assert told.settle() == []


def test_another_family_in_the_very_same_words_is_no_update(web: Web, desk: Callable[[str], Desk]) -> None:
    long = text_of(3, 0) + " " + text_of(4, 0)
    web.serve(rss(item("one", "Talks on grain", long)), "/a")
    web.serve(rss(item("two", "Joint statement", long)), "/b")
    at_work = desk(STORY + source_block("a", web.url("/a")) + source_block("b", web.url("/b")))
    at_work.poll()
    assert len(at_work.settle()) == 1
    with at_work.store.read() as tx:
        assert len(list(tx.exec_driver_sql("SELECT * FROM corroborations"))) == 1


def test_a_stale_copy_does_not_undo_an_edit(web: Web, told: Desk) -> None:
    newer = rss(item("one", "Talks on grain", text_of(3, 1)), built=NOON + timedelta(hours=1))
    older = rss(item("one", "Talks on grain", text_of(3, 0)), built=NOON)
    for body in (newer, older, newer):
        web.serve(body)
        report = told.poll()[0]
    assert report.outcome.kind is OutcomeKind.UNCHANGED
    with told.store.read() as tx:
        assert list(tx.exec_driver_sql("SELECT count(*) FROM revisions").scalars()) == [2]


def test_an_edit_back_in_a_newer_copy_is_a_revision(web: Web, told: Desk) -> None:
    for hour, version in ((1, 1), (2, 0)):
        web.serve(rss(item("one", "Talks on grain", text_of(3, version)), built=NOON + timedelta(hours=hour)))
        assert told.poll()[0].balance.revised == 1


def test_another_text_in_an_older_copy_is_dropped_with_its_reason(web: Web, told: Desk) -> None:
    for hour, version in ((2, 1), (1, 2)):
        web.serve(rss(item("one", "Talks on grain", text_of(3, version)), built=NOON + timedelta(hours=hour)))
        report = told.poll()[0]
    assert [drop.reason for drop in report.balance.drops] == ["another text in an older copy of the listing"]
    with told.store.read() as tx:
        assert list(tx.exec_driver_sql("SELECT count(*) FROM revisions").scalars()) == [2]


def test_an_edit_before_the_telling_is_told_instead_and_waits_no_longer(web: Web, desk: Callable[[str], Desk]) -> None:
    at_work = desk(STORY + source_block("a", web.url()))
    for version in (0, 1):
        web.serve(rss(item("one", "Talks on grain", text_of(3, version))))
        at_work.poll()
        at_work.clock.forward(minutes=5)
    with at_work.store.read() as tx:
        (candidate,) = waiting(tx)
    assert (candidate.revision, candidate.seen_at, candidate.settles_at) == (2, NOON, NOON + timedelta(minutes=10))
    assert len(at_work.settle(minutes=0)) == 1
    with at_work.store.read() as tx:
        page = story_page(tx, StoryKey("talks"))
    assert "3 separate grain measures" in published(page)[0].paragraphs[0].text

"""Events in any order: late, edited, copied, taken away, held, merged. The ledger's rules hold at every moment."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, ClassVar

import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Connection, exists, func, select

from aggregator.config import load_config
from aggregator.model import DeskKind, StatementId, StoryKey, Update, UpdateKind
from aggregator.pipeline.acts import DeskError, Given
from aggregator.pipeline.desk import act
from aggregator.pipeline.rebuilding import Asked, rebuild
from aggregator.pipeline.reconsidering import proposals
from aggregator.pipeline.sandbox import Sandbox
from aggregator.service import open_for
from aggregator.store.handing import waiting_statements
from aggregator.store.pages import updates_of
from aggregator.store.schema import candidates, changes, desk_acts, marks, outbox, revisions, steps, takebacks, updates
from aggregator.store.verifying.whole import verify
from tests.conftest import Clock, write_feeds
from tests.invariants import Watched
from tests.postgresql import Cluster
from tests.worlds import SOURCES, Life, Said, World, feeds_toml

EXAMPLES, STEPS = int(os.environ.get("MACHINE_EXAMPLES", "4")), int(os.environ.get("MACHINE_STEPS", "10"))
TALKS, MATCH = StoryKey("talks"), StoryKey("match")
SECOND = """
[stories.match]
title = "Match in Geneva"
from = 2025-08-01
until = 2025-09-30
terms = ["match"]
settle = "0s"
settle_edits = "10m"
language = "fr"
hold_reporting = "45m"
wait_language = "90m"
"""
SETTINGS = (
    {"more": SECOND},
    {"more": SECOND, "terms": '"talks", "measures"'},
    {"more": SECOND, "terms": '"talks", "harbour"', "settle": "25m"},
    {"more": ""},  # a story leaves the file
)
STORY = st.sampled_from([TALKS, TALKS, MATCH])
ANY = st.integers(0, 1000)  # which one, of however many there are
THEN = st.sampled_from(["nothing", "ask", "tell", "tell"])  # how far the service gets after something has happened
TOUCHED = (desk_acts, changes, outbox, steps, updates, marks)  # by acts of the desk, and `candidates`


class Ledger(RuleBasedStateMachine):
    """A world of sources, a service that follows it, and a desk."""

    sandbox: ClassVar[Sandbox]
    cluster: ClassVar[Cluster | None] = None  # of PostgreSQL; none: SQLite
    figures: ClassVar[Counter[str]] = Counter()  # updates by kind, and acts of the desk by kind
    said = Bundle("said")

    @initialize(
        target=said,
        seed=st.integers(0, 1000),
        keys=st.permutations([key for key in SOURCES if key != "f"]),
        first=st.sampled_from(["nothing", "a closed story", "one story of two", "a withdrawal"]),
    )
    def begin(self, seed: int, keys: list[str], first: str) -> Any:
        """The story has told something by two families before anything else happens; the pages of one are looked at again.

        What the desk does seldom, it does `first` in some runs: rules are tried as chance has it.
        """
        self.folder = Path(tempfile.mkdtemp(prefix="ledger-"))
        self.database = None if self.cluster is None else self.cluster.migrated_database()
        clock = Clock()
        config = load_config(write_feeds(self.folder, feeds_toml(database=self.database, **SETTINGS[0])))
        world = World(random.Random(seed), clock, dated=True)  # noqa: S311 - a seed, no secret
        self.life = Life(self.folder, world, clock, self.sandbox, config, open_for(config))
        self.watched = Watched(self.life.store)
        some = [world.say(key, minutes_ago=n) for n, key in enumerate(["f", "f", *keys[:2]])]
        self._so("tell", *some)
        match first:
            case "a closed story":
                self.close_and_hear_more(TALKS, keys[0], seed % 3 > 0)
            case "one story of two":
                self._so("tell", world.say(keys[0], about="match", minutes_ago=5))
                self.merge([TALKS, MATCH] if seed % 2 else [MATCH, TALKS], really=True)
            case "a withdrawal":
                self.withdraw(TALKS, 1, dry=False)
        return multiple(*some)

    # --- what happens in the world

    @rule(
        target=said,
        key=st.sampled_from(SOURCES),
        minutes=st.integers(0, 59),
        about=st.sampled_from(["talks", "talks", "match"]),
        then=THEN,
    )
    def say(self, key: str, minutes: int, about: str, then: str) -> Said:
        one = self.life.world.say(key, about=about, minutes_ago=minutes)
        self._so(then, one)
        return one

    @rule(target=said, key=st.sampled_from(SOURCES), hours=st.integers(2, 48), then=THEN)
    def say_late(self, key: str, hours: int, then: str) -> Said:
        one = self.life.world.say(key, about="talks", minutes_ago=60 * hours)
        self._so(then, one)
        return one

    @rule(one=said, key=st.sampled_from(SOURCES))
    def copy(self, one: Said, key: str) -> None:
        if all(other.number != one.number for other in self.life.world.told[key]):
            self.life.world.told[key].append(one)

    @rule(one=said, by=st.sampled_from([-1, 1, 1, 2]), then=THEN)
    def edit(self, one: Said, by: int, then: str) -> None:
        one.version = max(0, one.version + by)
        self._so(then, one)

    @rule(one=said, for_days=st.booleans())
    def edit_back(self, one: Said, for_days: bool) -> None:
        one.version = 0
        if for_days:
            self._days(hours=4, times=3)
            self._days(hours=25, times=1)

    @rule(one=said, about=st.sampled_from(["talks", "match"]), then=THEN)
    def be_about_something_else(self, one: Said, about: str, then: str) -> None:
        one.about = about
        self._so(then, one)

    @rule(which=ANY, times=st.sampled_from([0, 1, 2]))
    def take_a_page_away_or_put_it_back(self, which: int, times: int) -> None:
        """As often as that for some days each time; or only for now."""
        pages = self.life.world.told["f"]
        for _ in range(max(1, times)):
            self.life.world.missing ^= {pages[which % len(pages)].number}
            if times:
                self._days(hours=13, times=4)

    @rule(key=st.sampled_from(SOURCES))
    def fail_or_recover(self, key: str) -> None:
        self.life.world.down ^= {key}

    @rule(key=st.sampled_from(SOURCES))
    def hide_behind_a_wall_or_not(self, key: str) -> None:
        self.life.world.walls ^= {key}

    # --- what the service does

    @rule(keys=st.sets(st.sampled_from(SOURCES), min_size=1), minutes=st.integers(1, 90))
    def poll(self, keys: set[str], minutes: int) -> None:
        self.life.clock.forward(minutes=minutes)
        self._ask(keys)

    @rule(minutes=st.integers(0, 600))
    def tick(self, minutes: int) -> None:
        self.life.clock.forward(minutes=minutes)
        self.life.tick()

    @rule(times=st.integers(1, 5), hours=st.sampled_from([7, 13, 25]))
    def days_go_by(self, times: int, hours: int) -> None:
        self._days(hours=hours, times=times)

    @rule(one=said, steps=st.lists(st.sampled_from([-1, 1, 1]), min_size=10, max_size=20))
    def quarrel_over_a_text(self, one: Said, steps: list[int]) -> None:
        """Within a day, edits that follow one another faster than any has settled: one correction at most."""
        self._ask(SOURCES)
        self.life.clock.forward(minutes=10)
        self.life.tick()
        before = self._corrections()
        for by in steps:
            one.version += by if one.version else 1
            self.life.clock.forward(minutes=8)
            self._ask(SOURCES)
            self.life.tick()
        after = self._corrections()
        # Pages are looked at again now and then, and do not say which of two texts is the newer one.
        if all(other is not one for key in ("f", "p") for other in self.life.world.told[key]):
            assert all(count - before.get(key, 0) <= 1 for key, count in after.items()), (before, after)

    @rule(which=st.sampled_from(SETTINGS))
    def start_anew(self, which: dict[str, str]) -> None:
        self._configure(which)

    @rule(key=st.sampled_from(SOURCES), since=st.sampled_from([1, 1, 2]))
    def widen_a_story_and_reconsider(self, key: str, since: int) -> None:
        """What was said before is taken up by the new terms only if that is asked for."""
        self._configure(SETTINGS[0])
        one = self.life.world.say(key, about="match", minutes_ago=5)
        self._so("ask", one)
        self._configure(SETTINGS[since])
        self._reconsider(TALKS)
        self._so("tell", one)

    def _configure(self, which: dict[str, str]) -> None:
        self.life.store.close()
        self.life.configure(feeds_toml(database=self.database, **which))
        self.life.store = self.watched.store = open_for(self.life.config)
        self._ask(())

    def _so(self, then: str, *some: Said) -> None:
        """Let the service ask who says something, and tell what has settled; or not yet."""
        if then != "nothing":
            self._ask({key for key, told in self.life.world.told.items() if any(one in told for one in some)})
        if then == "tell":
            self.life.clock.forward(minutes=30)
            self.life.tick()

    def _days(self, *, hours: int, times: int) -> None:
        for _ in range(times):
            self.life.clock.forward(hours=hours)
            self._ask(SOURCES)
            self.life.tick()

    def _ask(self, keys: Any) -> None:
        async def ask() -> None:
            async with self.life.session() as the_road:
                if keys:
                    await self.life.poll(the_road, *sorted(keys))

        asyncio.run(ask())

    def _corrections(self) -> dict[tuple[str, int], int]:
        with self.life.store.read() as tx:
            which = (updates.c.kind == UpdateKind.CORRECTED.value) & updates.c.desk_id.is_(None)
            by = (updates.c.story, updates.c.statement_id)
            query = select(*by, func.count()).where(which).group_by(*by)
            return {(row[0], row[1]): row[2] for row in tx.execute(query)}

    # --- what the desk does

    @rule(
        kind=st.sampled_from([DeskKind.HOLD, DeskKind.HOLD, DeskKind.RELEASE]),
        story=STORY,
        which=ANY,
        key=st.sampled_from([None, *SOURCES]),
    )
    def hold_or_release(self, kind: DeskKind, story: StoryKey, which: int, key: str | None) -> None:
        """What waits; of a `key`, something is said first, so that something does."""
        if key is not None:
            self._so("ask", self.life.world.say(key, about=story, minutes_ago=1))
        waits = self._waits(story)
        statement = StatementId(waits[which % len(waits)] if waits and which % 7 else which)
        self._act(Given(kind=kind, story=story, statement=statement, by="Ada", why=f"reason {which}"))

    @rule(story=STORY, which=ANY, dry=st.booleans())
    def withdraw(self, story: StoryKey, which: int, dry: bool) -> None:
        number = which % (len(self._told(story)) + 1) + which % 2
        self._act(Given(kind=DeskKind.WITHDRAW, story=story, number=number, by="Ada", why=f"reason {which}"), dry=dry)

    @rule(story=STORY, which=ANY, other=ANY, remove=st.booleans(), sentence=st.sampled_from([None, 1, 2]))
    def correct(self, story: StoryKey, which: int, other: int, remove: bool, sentence: int | None) -> None:
        told = self._told(story)
        number = which % len(told) + 1 if told else 1
        detail: dict[str, object] = {"paragraph": 1, "sentence": sentence}
        said = [each for one in told for paragraph in one.paragraphs for each in paragraph.sentences]
        if remove or not said:
            detail["remove"] = True
        else:
            right = said[other % len(said)]
            detail |= {"revision_id": right.citations[0].revision, "words": right.text}
        self._act(Given(kind=DeskKind.CORRECT, story=story, number=number, by="Ada", why="It was wrong.", detail=detail))

    @rule(story=STORY, kind=st.sampled_from([DeskKind.CLOSE, *[DeskKind.REOPEN] * 3]))
    def close_or_reopen(self, story: StoryKey, kind: DeskKind) -> None:
        self._act(Given(kind=kind, story=story, by="Ada", why="So it is."))

    @rule(story=STORY, key=st.sampled_from(SOURCES), reopens=st.sampled_from([True, True, False]))
    def close_and_hear_more(self, story: StoryKey, key: str, reopens: bool) -> None:
        """What is said of a closed story is told once it is open again, if that is asked for, and no sooner."""
        self._act(Given(kind=DeskKind.CLOSE, story=story, by="Ada", why="It is over."))
        told = len(self._told(story))
        self._so("tell", self.life.world.say(key, about=story, minutes_ago=5))
        assert len(self._told(story)) == told
        if reopens:
            self._act(Given(kind=DeskKind.REOPEN, story=story, by="Ada", why="It goes on."))
            self._so("tell", self.life.world.say(key, about=story, minutes_ago=5))

    @rule(stories=st.permutations([TALKS, MATCH]), really=st.sampled_from([True, True, False]))
    def merge(self, stories: list[StoryKey], really: bool) -> None:
        given = Given(kind=DeskKind.MERGE, story=stories[0], other=stories[1], by="Ada", why="It is one story.")
        self._act(given, dry=not really)

    @rule(story=STORY, number=st.sampled_from([None, 1, 2, 99]))
    def note(self, story: StoryKey, number: int | None) -> None:
        self._act(Given(kind=DeskKind.NOTE, story=story, number=number, by="Ada", why="We asked for the text."))

    @rule(story=STORY)
    def reconsider(self, story: StoryKey) -> None:
        self._reconsider(story)

    def _reconsider(self, story: StoryKey) -> None:
        if story not in self.life.config.stories:
            return
        configured = self.life.config.stories[story]
        with self.life.store.read() as tx:
            found = proposals(tx, configured, since=configured.from_)
        detail = {"since": "2025-08-01", "taken": [{"revision": one.revision, "why": one.why} for one in found]}
        self._act(Given(kind=DeskKind.RECONSIDER, story=story, by="Ada", detail=detail))

    def _act(self, given: Given, *, dry: bool = False) -> None:
        """Do it; where the desk says that it cannot be done, or only looks, nothing has changed."""
        before = self._touched()
        try:
            act(self.life.store, given, now=self.life.clock(), dry=dry)
        except DeskError:
            assert self._touched() == before
        else:
            assert (self._touched() == before) is dry

    def _touched(self) -> list[object]:
        with self.life.store.read() as tx:
            counts = [tx.execute(select(func.count()).select_from(table)).scalar_one() for table in TOUCHED]
            return [*counts, *map(tuple, tx.execute(select(candidates).order_by(candidates.c.id)))]

    def _waits(self, story: StoryKey) -> list[StatementId]:
        with self.life.store.read() as tx:
            return list(waiting_statements(tx, story))

    def _told(self, story: StoryKey) -> list[Update]:
        with self.life.store.read() as tx:
            return list(updates_of(tx, story))

    # --- what holds

    @invariant()
    def the_rules_hold(self) -> None:
        self.watched.look(now=self.life.clock())

    def teardown(self) -> None:
        if not hasattr(self, "life"):
            return
        try:
            self.life.clock.forward(days=3)
            self.life.tick()
            self.the_rules_hold()
            assert [str(one) for one in verify(self.life.store).findings if not one.warning] == []
            self._replay_gives_the_same()
            self._count()
        finally:
            self.life.store.close()
            shutil.rmtree(self.folder, ignore_errors=True)
            if self.cluster is not None and self.database is not None:
                self.cluster.drop(self.database)

    def _count(self) -> None:
        with self.life.store.read() as tx:
            found = Counter(tx.execute(select(updates.c.kind)).scalars())
            found.update(f"desk: {kind}" for kind in tx.execute(select(desk_acts.c.kind)).scalars())
            by_a_source = select(func.count()).where(updates.c.kind == "withdrawn", updates.c.desk_id.is_(None))
            found["taken back by a source"] = tx.execute(by_a_source).scalar_one()
            found["held by a rule"] = len(self.watched.expected)
            there_again = select(func.count()).where(takebacks.c.ended_at.is_not(None))
            found["back after it was gone"] = tx.execute(there_again).scalar_one()
            found["edited back without an age"] = len(self._edits_back(tx))
        self.figures.update(found)
        for what in sorted(+found):
            hypothesis.event(what)

    @staticmethod
    def _edits_back(tx: Connection) -> list[Any]:
        """Versions of a text that was there before, read from copies that do not say how old they are."""
        older = revisions.alias("older")
        same = (older.c.statement_id == revisions.c.statement_id) & (older.c.fingerprint == revisions.c.fingerprint)
        before = exists().where(same, older.c.language == revisions.c.language, older.c.number < revisions.c.number)
        return list(tx.execute(select(revisions.c.id).where(before, revisions.c.built_at.is_(None))))

    def _replay_gives_the_same(self) -> None:
        with self.life.store.read() as tx:
            if not tx.exec_driver_sql("SELECT count(*) FROM polls").scalar():
                return
        file = self.folder / "rebuilt.sqlite"
        found = asyncio.run(rebuild(self.life.store, Asked(config=None), file=file, sandbox=self.sandbox))
        assert [f"{row.table} {row.number}: {row.what}" for table in found.tables for row in table.shown] == []
        assert found.equal


def test_the_ledger_keeps_its_rules_whatever_happens(sandbox: Sandbox) -> None:
    run(sandbox, None, EXAMPLES)


def test_so_it_does_on_postgresql(sandbox: Sandbox, postgresql_cluster: Cluster) -> None:
    run(sandbox, postgresql_cluster, max(2, EXAMPLES // 6))


def run(sandbox: Sandbox, cluster: Cluster | None, examples: int) -> None:
    Ledger.sandbox, Ledger.cluster = sandbox, cluster
    Ledger.figures.clear()
    run_state_machine_as_test(
        Ledger,
        settings=hypothesis.settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            print_blob=True,
            phases=[phase for phase in hypothesis.Phase if phase.name not in os.environ.get("MACHINE_WITHOUT", "explain")],
            suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.filter_too_much],
        ),
    )
    print(examples, "examples of", STEPS, "steps:", dict(sorted(Ledger.figures.items())))  # noqa: T201 - for who runs a campaign

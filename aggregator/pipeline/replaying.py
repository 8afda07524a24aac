"""The record, done again: every recorded poll read once more, every decision taken once more, into a store of its own.

With the configuration that was in effect, each step repeats what was done, in its order and by its clock, and the result is
the same to the last bit. With another one, the same answers are read by the new rules, and what has settled is told at the
recorded moments: at those at which something was told then, and for what was not there then, after the first poll by which
it has settled. Nothing is asked: an answer that was not recorded is not there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import structlog

from aggregator.config import Config, ConfigError, Source, Story, recorded_config
from aggregator.fetch.network import Network
from aggregator.fetch.recorded import RecordedFetcher
from aggregator.model import SourceKey, StoryKey
from aggregator.pipeline.again import Again, BytesGoneError, reader
from aggregator.pipeline.desk_again import LeftAct, act_again
from aggregator.pipeline.road import Road, sync
from aggregator.pipeline.sandbox import Sandbox
from aggregator.pipeline.storing import Done, settle_done, settle_plain, store_rest
from aggregator.pipeline.telling import put_off, ready_to_tell, tell_one
from aggregator.pipeline.withdrawing import put_off_takeback, ready_to_withdraw, withdraw_one, withdraw_ready
from aggregator.store import Store
from aggregator.store.answers import Asked, note_answer, questions_about
from aggregator.store.record import (
    Decided,
    Extent,
    RecordedPoll,
    Taken,
    configuration_texts,
    decisions,
    events,
    polls_without_a_configuration,
    taken,
)
from aggregator.store.sources import source_state
from aggregator.store.steps import Step, StepKind
from aggregator.store.stories import waiting
from aggregator.store.takebacks import takeback
from aggregator.store.writer import Writer
from aggregator.stories.settling import Candidate

MOST_PENDING = 500  # polls without a listing that are written together
# Says nothing of how an answer is read.
NOT_OF_READING = frozenset({"note", "proxy", "allow", "interval", "listings", "fallback"})

log = structlog.get_logger()


class ReplayError(RuntimeError):
    """The record cannot be done again; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A poll that cannot be done again, because bytes of it are gone or damaged."""

    poll: int
    source: SourceKey
    at: datetime
    why: str


@dataclass(kw_only=True)
class Replayed:
    """What a replay went through."""

    polls: int = 0  # done again
    same: bool = True  # by the configuration that was in effect, and without gaps: the result must be what is stored
    left_out: Counter[tuple[SourceKey, str]] = field(default_factory=Counter)  # polls of sources, and why they do not count
    unreadable: list[Unreadable] = field(default_factory=list)
    unrecorded: Counter[str] = field(default_factory=Counter)  # addresses that the other configuration asks, and nobody asked
    without_record: list[SourceKey] = field(default_factory=list)  # sources that were never asked
    left_acts: list[LeftAct] = field(default_factory=list)  # of the desk, that make no sense here
    waiting: int = 0  # candidates that have not settled at the end


class Replay:
    """Does a record again. `store` is only read; `into` is an empty store, which gets the result."""

    def __init__(
        self,
        store: Store,
        into: Store,
        config: Config | None,
        *,
        sandbox: Sandbox,
        advance: Callable[[], None] = lambda: None,
    ) -> None:
        """`config` is what everything is read by; None: what was in effect each time."""
        self._store, self._into, self._given = store, into, config
        self._sandbox, self._advance = sandbox, advance
        self._recorded: Config | None = None  # in effect at this place of the record
        self._config: Config | None = None  # that is used
        self._texts: Mapping[int, str] = {}
        self._decided: Mapping[Taken, Decided] | None = None
        self._pending: list[Done] = []
        self._pending_of: set[SourceKey] = set()
        self._asked: set[str] = set()  # addresses of recorded sources
        self._now = datetime.min.replace(tzinfo=UTC)  # the clock: it never goes back
        self._step = 0
        self.result = Replayed()

    async def run(self, until: Extent) -> Replayed:
        """Do everything up to an extent. Raises `ReplayError`, `StoreError`."""
        with self._store.read() as tx:
            unknown = polls_without_a_configuration(tx)
            self._texts = configuration_texts(tx)
        if unknown:
            raise ReplayError(
                f"{self._store.name}: {unknown:,} polls were stored by an earlier version of aggregator, that kept neither"
                " their order nor the configuration of the time. What rests on them cannot be rebuilt."
            )
        for event in events(self._store, until):
            self._now = max(self._now, event.at)
            if isinstance(event, Step):
                self._flush()
                self._do(event)
                self._step = event.id
            else:
                await self._poll_again(event)
                self.result.polls += 1
                self._advance()
        self._flush()
        return self._finished()

    def _finished(self) -> Replayed:
        if self._config is not None:
            asked = self._asked
            self.result.without_record = [one.key for one in self._config.sources.values() if one.url not in asked]
        with self._into.read() as tx:
            self.result.waiting = len(waiting(tx))
        return self.result

    # --- steps

    def _do(self, step: Step) -> None:
        match step.kind:
            case StepKind.CONFIGURE:
                self._configure(step)
            case StepKind.TELL | StepKind.POSTPONE:
                if not (self.result.same and self._decide_as_recorded(step)):
                    self._tell_all()
            case StepKind.WITHDRAW | StepKind.PUT_OFF:
                if not (self.result.same and self._withdraw_as_recorded(step)):
                    self._tell_all()
            case StepKind.DESK:
                left = act_again(self._store, self._into, step, same=self.result.same)
                if left is not None:
                    self.result.same = False
                    self.result.left_acts.append(left)

    def _configure(self, step: Step) -> None:
        text, path = self._texts[step.configuration or 0], Path(f"configuration {step.configuration}")
        try:
            self._recorded = recorded_config(text, path=path)
        except ConfigError as error:
            if self._given is None:
                raise ReplayError(f"The configuration of {step.at:%Y-%m-%d %H:%M} UTC is none today: {error}") from error
            self._recorded = None
        first, self._config = self._config is None, self._given or self._recorded
        assert self._config is not None, "one of the two is there"  # noqa: S101 - says what holds
        if self._recorded is not None:
            self._asked.update(source.url for source in self._recorded.sources.values())
        self.result.same = self.result.same and self._recorded is not None and alike(self._config, self._recorded)
        if first or self._given is None:
            sync(self._into, self._config, now=step.at)

    def _decide_as_recorded(self, step: Step) -> bool:
        """Decide the very candidate that was decided then; false where there is no such candidate."""
        with self._into.read() as tx:
            found = next((one for one in waiting(tx) if one.id == step.candidate), None)
            mine = taken(tx, found.id) if found is not None else None
        with self._store.read() as tx:
            theirs = taken(tx, step.candidate or 0)
            asked = questions_about(tx, step.candidate or 0)
        if found is None or mine != theirs:
            self.result.same = False
            log.warning("replay_went_apart", step=step.id, candidate=step.candidate)
            return False
        if step.kind is StepKind.POSTPONE:
            put_off(self._into, found.id, now=step.at, note=step.note)
        else:
            self._answer_again(asked)
            self._tell(self._stories()[found.story], found, now=step.at)
        return True

    def _answer_again(self, asked: Sequence[Asked]) -> None:
        """What a digest engine answered is part of the record, as what servers answered is."""
        if asked:
            with self._into.write(in_turn=True) as tx:
                for one in asked:
                    note_answer(tx, one)

    def _withdraw_as_recorded(self, step: Step) -> bool:
        """Take back the very statement that was taken back then; false where it is not taken back here."""
        number, _, note = step.note.partition(" ")
        with self._into.read() as tx:
            mine = takeback(tx, int(number))
        with self._store.read() as tx:
            theirs = takeback(tx, int(number))
        story = self._stories().get(mine.story) if mine is not None and mine.story is not None else None
        if mine is None or theirs is None or mine.said != theirs.said or story is None:
            self.result.same = False
            log.warning("replay_went_apart", step=step.id, takeback=number)
            return False
        if step.kind is StepKind.PUT_OFF:
            put_off_takeback(self._into, mine.id, now=step.at, note=note)
        else:
            withdraw_one(self._into, story, mine.id, now=step.at)
        return True

    def _tell(self, story: Story, candidate: Candidate, *, now: datetime) -> None:
        tell_one(self._into, story, candidate, now=now, watch_for=self._used().service.watch_for)

    def _tell_all(self) -> None:
        """Tell what has settled, as a tick of the service does."""
        for story, candidate in ready_to_tell(self._into, self._used(), now=self._now):
            self._tell(story, candidate, now=self._now)
        withdraw_ready(self._into, self._used(), now=self._now)

    def _tell_unrecorded(self) -> None:
        """Tell what has settled by now, and has no recorded moment ahead of it."""
        ready = ready_to_tell(self._into, self._used(), now=self._now)
        if ready_to_withdraw(self._into, self._used(), now=self._now):
            self._flush()
            withdraw_ready(self._into, self._used(), now=self._now)
        if not ready:
            return
        if self._decided is None:
            with self._store.read() as tx:
                self._decided = decisions(tx)
        told = [(story, candidate) for story, candidate in ready if not self._comes_later(candidate)]
        if told:
            self._flush()
        for story, candidate in told:
            self._tell(story, candidate, now=self._now)

    def _comes_later(self, candidate: Candidate) -> bool:
        with self._into.read() as tx:
            decided = (self._decided or {}).get(taken(tx, candidate.id))
        return decided is not None and decided.step > self._step and candidate.settles_at >= decided.settled_at

    # --- polls

    async def _poll_again(self, poll: RecordedPoll) -> None:
        recorded = self._recorded.sources.get(poll.source) if self._recorded is not None else None
        source = self._source(poll, recorded)
        if source is None:
            return
        if source.key in self._pending_of or len(self._pending) >= MOST_PENDING:
            self._flush()
        same = recorded is not None and read_alike(source, recorded)
        with self._into.read() as tx:
            state = source_state(tx, source.key)
        fetcher = RecordedFetcher(poll.exchanges, reader(self._store))
        again = Again(self._road(poll, fetcher), fetcher, poll, source, state, same=same)
        try:
            done = await again.again()
        except BytesGoneError as error:
            self._gone(poll, error)
            done = again.failed(f"cannot be replayed: {error}")
        if not same:  # else, what has no answer had none then: it was refused, or nobody was there
            self.result.unrecorded.update(fetcher.missing)
        self._store_poll(done)
        if not self.result.same:
            self._tell_unrecorded()

    def _gone(self, poll: RecordedPoll, error: BytesGoneError) -> None:
        self.result.same = False
        self.result.unreadable.append(Unreadable(poll=poll.id, source=poll.source, at=poll.at, why=str(error)))

    def _store_poll(self, done: Done) -> None:
        if done.read is None and done.looks is None:
            self._pending.append(done)
            self._pending_of.add(done.source.key)
            return
        self._flush()
        with self._into.write(in_turn=True) as tx:
            plain = done.read is None
            store_rest(tx, [settle_plain(self._used(), done, tx) if plain else settle_done(tx, self._used(), done)])

    def _flush(self) -> None:
        pending, self._pending, self._pending_of = self._pending, [], set()
        if pending:
            with self._into.write(in_turn=True) as tx:
                store_rest(tx, [settle_plain(self._used(), done, tx) for done in pending])

    def _source(self, poll: RecordedPoll, recorded: Source | None) -> Source | None:
        """The source that this was a poll of, as it is configured now: the one with the address that was asked."""
        sources = self._used().sources
        own = sources.get(poll.source)
        if recorded is None or (own is not None and own.url == recorded.url):
            found = own
        else:
            found = next((one for one in sources.values() if one.url == recorded.url), None)
        if found is not None and (found.enabled or (recorded is not None and not recorded.enabled)):
            return found
        why = "is not in the file" if own is None else "has another address in the file"
        self.result.left_out[poll.source, "is not enabled in the file" if found is not None else why] += 1
        self.result.same = False
        return None

    def _road(self, poll: RecordedPoll, fetcher: RecordedFetcher) -> Road:
        return Road(
            config=self._used(),
            store=self._into,
            fetcher=fetcher,
            clock=lambda: poll.at,
            sandbox=self._sandbox,
            writer=Writer(self._into),
            network=Network(),
        )

    def _used(self) -> Config:
        if self._config is None:
            raise ReplayError(f"{self._store.name}: its record does not begin with a configuration.")
        return self._config

    def _stories(self) -> Mapping[StoryKey, Story]:
        return self._used().stories


def alike(one: Config, other: Config) -> bool:
    """Whether two configurations read, match and tell alike; how often and by which way they ask does not matter."""
    return (
        list(one.stories.items()) == list(other.stories.items())
        and one.sources.keys() == other.sources.keys()
        and all(read_alike(source, other.sources[key]) for key, source in one.sources.items())
    )


def read_alike(one: Source, other: Source) -> bool:
    """Whether two sources are read alike."""
    names = type(one).model_fields.keys() - NOT_OF_READING
    return all(getattr(one, name) == getattr(other, name) for name in names)

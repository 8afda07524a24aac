"""Telling all recipients: each by a task of its own, so that one who does not answer delays nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import structlog

from aggregator.config import Config, Notify
from aggregator.model import StoryKey
from aggregator.publish.notify.answers import Answer, Fate, Next, after
from aggregator.publish.notify.apprised import AT_ONCE
from aggregator.publish.notify.hours import is_quiet
from aggregator.publish.notify.ways import Way, way_of
from aggregator.store import Store, StoreError
from aggregator.store.outbox import (
    Unit,
    bundle,
    bundled_until,
    delivered,
    due_units,
    failed,
    has_waiting,
    undelivered,
    waiting_unit,
)
from aggregator.store.recipients import (
    NOTIFY,
    WEBSUB,
    Recipient,
    are_behind,
    begin,
    begun,
    make_messages,
    recipients_of,
    rest,
    resting,
)

Clock = Callable[[], datetime]
ASKS_FOR_REST = (429, 503)  # with Retry-After: all of the receiver wants to be left alone, not one message

log = structlog.get_logger()


@dataclass(slots=True)
class Tally:
    """What became of the tries so far."""

    arrived: int = 0
    failed: int = 0  # and will be tried again
    dead: int = 0


def begin_recipients(store: Store, config: Config) -> None:
    """From now on, what comes is told to those who are new in a configuration; what came before is not."""
    wanted = recipients_of(config)
    with store.read() as tx:
        known = begun(tx)
    if known != {one.key for one in wanted}:
        store.perform(partial(begin, wanted=wanted))


class Notifier:
    """Tells everybody whom a configuration names, in the loop that it is used in."""

    def __init__(self, store: Store, config: Config, *, clock: Clock) -> None:
        self._store, self._config, self._clock = store, config, clock
        self._recipients = {one.key: one for one in recipients_of(config)}
        self._ways: dict[str, Way] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._look: asyncio.Task[None] | None = None
        self._turns, self._stopping = asyncio.Semaphore(AT_ONCE), False
        self.tally = Tally()

    def start(self, ended: Callable[[asyncio.Task[Any]], object]) -> None:
        """Look for what is to be told, and begin to; returns at once. Call it at every tick. `ended` hears of each task."""
        if self._recipients and not self._stopping and (self._look is None or self._look.done()):
            self._look = asyncio.create_task(self._begin_due(ended))
            self._look.add_done_callback(ended)

    async def drain(self) -> Tally:
        """Tell all that is due, each recipient by itself, and return when that is done. Raises StoreError."""
        due = await asyncio.to_thread(self._due) if self._recipients else []
        await asyncio.gather(*(self._serve(self._recipients[key]) for key in due))
        return self.tally

    async def close(self, *, patience: float = 0.0) -> None:
        """Begin nothing more; wait so many seconds for what is under way, and give it up then: it is sent again."""
        self._stopping = True
        tasks: list[asyncio.Task[Any]] = [*self._tasks.values(), *([self._look] if self._look else [])]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        for way in self._ways.values():
            await way.aclose()
        self._ways.clear()

    async def _begin_due(self, ended: Callable[[asyncio.Task[Any]], object]) -> None:
        for key in await asyncio.to_thread(self._due):
            if key not in self._tasks and not self._stopping:
                task = self._tasks[key] = asyncio.create_task(self._serve(self._recipients[key]))
                task.add_done_callback(partial(self._forget, key))
                task.add_done_callback(ended)

    def _forget(self, key: str, _: asyncio.Task[None]) -> None:
        del self._tasks[key]

    def _due(self) -> list[str]:
        """The recipients for whom something may be sent now. Makes the messages of what came since."""
        now = self._clock()
        with self._store.read() as tx:
            behind = are_behind(tx, self._recipients.values())
        for one in self._recipients.values() if behind else ():
            while self._store.perform(partial(make_messages, recipient=one, at=now)) and not self._stopping:
                pass
        with self._store.read() as tx:
            asleep = {key for key, until in resting(tx).items() if until > now}
            waiting = has_waiting(tx, now=now)
        return [key for key in waiting if key in self._recipients and key not in asleep and not self._is_quiet(key, now)]

    def _notify(self, key: str) -> Notify | None:
        return self._config.notify[key.removeprefix(NOTIFY)] if key.startswith(NOTIFY) else None

    def _is_quiet(self, key: str, now: datetime) -> bool:
        notify = self._notify(key)
        return notify is not None and is_quiet(notify.quiet, notify.zone, now)

    async def _serve(self, one: Recipient) -> None:
        """Tell one recipient all that is due, in order, until nothing is or it asks for rest."""
        while not self._stopping:
            units = await asyncio.to_thread(self._units, one)
            if not units:
                return
            for unit in units:
                if self._stopping or self._is_quiet(one.key, self._clock()) or not await self._deliver(one, unit):
                    return

    def _units(self, one: Recipient) -> Sequence[Unit]:
        now, notify = self._clock(), self._notify(one.key)
        if one.key == WEBSUB:
            with self._store.read() as tx:
                unwritten = {StoryKey(message.payload["story"]) for message in undelivered(tx)}
                unit = waiting_unit(tx, one.key, now=now, without=unwritten)
            return [] if unit is None else [unit]
        every = notify.every if notify is not None else None
        if every:
            with self._store.read() as tx:
                oldest = bundled_until(tx, one.key)
            if oldest is not None and oldest + every <= now:
                self._store.perform(partial(bundle, recipient=one.key, every=every, now=now))
        with self._store.read() as tx:
            return due_units(tx, one.key, now=now, bundled=bool(every))

    async def _deliver(self, one: Recipient, unit: Unit) -> bool:
        """One try; returns whether the recipient may be sent the next."""
        answer = await self._try(one, unit)
        await asyncio.to_thread(self._note, one, unit, answer)
        return not (answer.retry_after and answer.status in ASKS_FOR_REST)

    async def _try(self, one: Recipient, unit: Unit) -> Answer:
        """The broad catch is the edge of one try: whatever is wrong with one message, the others go on."""
        try:
            way = self._ways.get(one.key)
            if way is None:
                way = self._ways[one.key] = await asyncio.to_thread(
                    way_of, one.key, self._config, self._store, turns=self._turns
                )
            return await way.send(unit, now=self._clock())
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - and without its words, which may hold an address
            log.error("notification_broken", recipient=one.key, error=type(error).__name__)
            return Answer(fate=Fate.AGAIN, reason=f"it could not be made: {type(error).__name__}")

    def _note(self, one: Recipient, unit: Unit, answer: Answer) -> None:
        now = self._clock()
        if answer.fate is Fate.ARRIVED:
            self._store.perform(lambda tx: delivered(tx, unit.ids, at=now))
            self.tally.arrived += 1
            log.info("notified", recipient=one.key, stories=unit.stories, messages=len(unit.ids), tries=unit.attempts + 1)
            return
        following = after(answer, attempts=unit.attempts, key=unit.messages[0].key, now=now)
        self._store.perform(lambda tx: failed(tx, unit.ids, error=following.why, **_state(following, now)))
        if answer.retry_after and answer.status in ASKS_FOR_REST and following.next_try_at is not None:
            until = following.next_try_at
            self._store.perform(lambda tx: rest(tx, one.key, until=until))
        if following.next_try_at is None:
            self.tally.dead += 1
            log.error("notification_dead", recipient=one.key, messages=unit.ids, why=following.why, advice="aggregator outbox")
        else:
            self.tally.failed += 1
            log.warning("not_notified", recipient=one.key, messages=unit.ids, why=following.why, next_try=following.next_try_at)


def _state(following: Next, now: datetime) -> dict[str, datetime | None]:
    return {"next_try_at": following.next_try_at, "dead_at": now if following.next_try_at is None else None}

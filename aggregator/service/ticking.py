"""The running service: a tick asks the store what is due; polls, updates and the outbox follow from it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from sys import intern
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from aggregator.config import Config
from aggregator.fetch import Fetcher
from aggregator.fetch.cadence import share
from aggregator.fetch.pace import group_of
from aggregator.model import SourceKey
from aggregator.pipeline import PollReport, Road, fetch_pictures, poll_source, sync, tell_ready
from aggregator.pipeline.caring import Carer
from aggregator.pipeline.starting import MOST_IN_ALL, MOST_UNREAD, Queue
from aggregator.publish.notify import Notifier, begin_recipients
from aggregator.service.deferring import Deferrer
from aggregator.service.once import bring_out
from aggregator.service.opening import open_for
from aggregator.service.wiring import fetcher_for, tell_exceptions
from aggregator.store import Store, StoreError
from aggregator.store.lying import Displaced, Place
from aggregator.store.room import Room
from aggregator.store.sources import due_sources, is_ahead, postpone, recall, states_of
from aggregator.store.sqlite import file_of
from aggregator.web.standing import StandingSite

if TYPE_CHECKING:
    from aggregator.web.measures import Measures

TICK_SECONDS = 1
CARE_EVERY = timedelta(seconds=10)  # looks whether some chore is due
PICTURES_EVERY = timedelta(minutes=1)
RECOVERY = timedelta(minutes=2)  # over which polls are spread when the network is back
STORE_REST = timedelta(seconds=30)  # after the store failed; then one source is asked, to see whether it works again
SITE_REST = timedelta(minutes=1)  # after a page could not be written
POLL_LASTS = timedelta(minutes=2)  # hardly any takes longer
HANGS_AFTER = timedelta(minutes=1)  # without a tick
CHANGE_SECONDS = 1.0  # that polls in flight have to end, when another configuration is to take effect
DRAIN_SECONDS = 3.0  # after a signal to stop: work that has an answer is finished, questions are dropped

log = structlog.get_logger()


class Service:
    """Polls what is due until it is told to stop."""

    def __init__(
        self,
        the_road: Road,
        *,
        alive: Callable[[], object] = lambda: None,
        deferrer: Deferrer | None = None,
        measures: Measures | None = None,
    ) -> None:
        """`alive` is called at the end of every tick, however that went: the service is there, and takes turns. With a
        `deferrer`, workers poll, and the service itself does not. `measures` are those that its site shows at /metrics."""
        self._road = the_road
        self._deferrer = deferrer
        self._alive = alive
        self.ticked_at: datetime | None = None
        self.exit_code = 0  # of the program, where it ends without waiting for a thread
        self.refused: Sequence[str] = ()  # mistakes of a configuration that was to take effect, while that file stays so
        self._polls: dict[SourceKey, asyncio.Task[PollReport]] = {}
        self._queue = Queue()
        self._place = Place(file_of(the_road.store.engine.url))
        self._groups: dict[SourceKey, str] = {}  # as they were worked out: a source is due again and again
        self._refilling = False
        self._not_before: dict[SourceKey, datetime] = {}  # after a poll that the store could not take
        self._trouble: str | None = None  # why the store could not be used, while that is so
        self._next_try = self._next_site = self._next_care = self._next_pictures = datetime.min.replace(tzinfo=UTC)
        self._back_until = self._next_try  # the clock was set back: polls that began before may still end
        self._notifier = Notifier(the_road.store, the_road.config, clock=the_road.clock)
        # Served where `serve` has begun it.
        self.site = StandingSite(partial(open_for, create=False), clock=the_road.clock, alive=self._is_alive, measures=measures)
        self._publishing: asyncio.Task[None] | None = None
        self._carer = Carer()
        self._caring: asyncio.Task[object] | None = None
        self._picturing: asyncio.Task[object] | None = None
        self._has_pictures = any(story.image for story in the_road.config.stories.values())
        self._stopping = asyncio.Event()
        self._changing = False  # to another configuration: nothing is begun
        self._successor: Fetcher | None = None  # of the client that the road began with
        self._was_down = False

    @property
    def config(self) -> Config:
        """The configuration that is in effect."""
        return self._road.config

    @property
    def trouble(self) -> str:
        """Why the store cannot be used; "" where it can."""
        return self._trouble or ""

    @property
    def network_down(self) -> bool:
        """Whether most hosts do not answer: then the network is blamed."""
        return self._road.network.is_down

    @property
    def store(self) -> Store:
        """What it works on."""
        return self._road.store

    @property
    def clock(self) -> Callable[[], datetime]:
        """The clock that it works by."""
        return self._road.clock

    @property
    def waiting(self) -> int:
        """How many sources are due and wait for their turn."""
        return len(self._queue)

    @property
    def under_way(self) -> int:
        """How many polls are under way."""
        return len(self._polls)

    @property
    def since_tick(self) -> timedelta:
        """How long ago the last tick was; nothing before the first."""
        return timedelta() if self.ticked_at is None else self._road.clock() - self.ticked_at

    def _is_alive(self) -> bool:
        return self.since_tick < HANGS_AFTER

    async def take(self, config: Config) -> None:
        """Go on under another configuration. Raises `StoreError`; the one before then stays in effect.

        A poll is stored under the configuration that it began with. Those in flight have a moment to end; one that does not is
        given up, and as it is still due, it is begun again at once. The storage and the database must be the same.
        """
        self._changing = True
        try:
            await self._come_to_rest()
            await asyncio.to_thread(sync, self._road.store, config, now=self._road.clock())
            await asyncio.to_thread(begin_recipients, self._road.store, config)
            before, self._successor = self._successor, await self._follow(config)
            self._road = replace(self._road, config=config, fetcher=self._successor)
            if before is not None:
                await before.__aexit__(None, None, None)
            self._notifier = Notifier(self._road.store, config, clock=self._road.clock)
            await self.site.follow(config)
            self._groups = {}  # not emptied: a thread that worked under the one before may still note something there
            self._not_before.clear()
            self._has_pictures = any(story.image for story in config.stories.values())
            tell_exceptions(config)
        finally:
            self._changing = False

    async def _follow(self, config: Config) -> Fetcher:
        present = self._road.fetcher
        return await fetcher_for(config, after=present if isinstance(present, Fetcher) else None).__aenter__()

    async def _come_to_rest(self) -> None:
        """Wait until nothing is under way; polls that take longer than a moment are given up."""
        if self._polls:
            await asyncio.wait(self._polls.values(), timeout=CHANGE_SECONDS)
        begun: list[asyncio.Task[Any]] = [*self._polls.values(), *([self._picturing] if self._picturing else [])]
        for task in begun:
            task.cancel()
        begun += [task for task in (self._publishing, self._caring) if task is not None]
        if begun:
            await asyncio.wait(begun)
        await self._notifier.close(patience=CHANGE_SECONDS)
        if self._deferrer is not None:
            await self._deferrer.close()
        await self._road.writer.close()

    @property
    def _pausing(self) -> bool:
        return self._changing or self._stopping.is_set()

    def stop(self) -> None:
        """Ask for the end; `run` then finishes what has begun."""
        self._stopping.set()

    async def run(self) -> None:
        """Tick until `stop`. Within seconds after that, nothing is half-done and nothing runs any more."""
        scheduler = AsyncIOScheduler(timezone=UTC)
        scheduler.add_job(
            self.tick, "interval", seconds=TICK_SECONDS, misfire_grace_time=None, coalesce=True, max_instances=1,
            next_run_time=datetime.now(UTC),
        )  # fmt: skip
        scheduler.start()
        try:
            await self._stopping.wait()
        finally:
            scheduler.pause()
            await asyncio.sleep(0)  # a tick that was about to start sees that it is not wanted
            scheduler.shutdown(wait=False)
            await self._finish()

    async def tick(self) -> None:
        """Start what is due. The broad catch is the edge of this job: a tick that fails must not be the last one."""
        try:
            self._start_due()
        except StoreError as error:
            self._in_trouble(error)
        except Exception:  # logged with its traceback
            log.exception("tick_failed")
        self.ticked_at = self._road.clock()
        self._alive()

    def _start_due(self) -> None:
        if self._pausing:
            return
        self._place.look()
        now = self._road.clock()
        # Where workers poll, the database's time decides, and each reads it a little differently.
        if self._deferrer is None and (self.ticked_at is None or now < self.ticked_at or now <= self._back_until):
            self._heed_clock(now)
        if self._trouble is not None:
            if now < self._next_try:
                return
            self._next_try = now + STORE_REST
            self._road.store.close()  # what another thread opened meanwhile to a file without rights would keep to that
        if self._deferrer is not None:
            self._deferrer.start(self._road.config, self._group, self._deferred)
        else:
            self._start_polls(now)
        if self._publishing is None or self._publishing.done():
            self._publishing = asyncio.create_task(asyncio.to_thread(self._publish))
            self._publishing.add_done_callback(self._failed)
        self._notifier.start(self._failed)
        if (self._caring is None or self._caring.done()) and self._next_care <= now:
            self._next_care = now + CARE_EVERY
            care = self._carer.care(self._road, enough=lambda: self._pausing, quiet=lambda: not self._polls)
            self._caring = asyncio.create_task(care)
            self._caring.add_done_callback(self._failed)
        if (
            self._has_pictures
            and self._road.has_room()
            and (self._picturing is None or self._picturing.done())
            and self._next_pictures <= now
        ):
            self._next_pictures = now + PICTURES_EVERY
            self._picturing = asyncio.create_task(fetch_pictures(self._road))
            self._picturing.add_done_callback(self._failed)

    def _heed_clock(self, now: datetime) -> None:
        """The clock was set back, or perhaps since the last run: what was planned by the old one would wait until it is again
        as late as that."""
        if self.ticked_at is not None and now < self.ticked_at:
            self._not_before.clear()
            self._next_try = self._next_site = self._next_care = self._next_pictures = now
            self._back_until = now + POLL_LASTS
        with self._road.store.read() as tx:
            polled_ahead = is_ahead(tx, now=now)
        if polled_ahead:
            with self._road.store.write() as tx:
                recall(tx, now=now)
            log.warning("clock_set_back", now=now.isoformat(timespec="seconds"))

    def _deferred(self, task: asyncio.Task[None]) -> None:
        if not self._failed(task) and not task.cancelled():
            self._works_again()

    def _start_polls(self, now: datetime) -> None:
        with self._road.store.read() as tx:
            due = due_sources(tx, now=now)
        if self._was_down and not self._road.network.is_down:
            due = self._spread(due, now)
        self._was_down = self._road.network.is_down
        known = self._road.config.sources  # whose own keys are kept: each question to the store gives further copies of them
        self._queue.offer((known[key].key, self._group(key)) for key in due if self._may_start(key, now))
        self._start_queued()

    def _publish(self) -> None:
        """Runs in a thread. A site that cannot be written waits a little, so that it is not tried at every tick."""
        tell_ready(self._road.store, self._road.config, now=self._road.clock(), enough=lambda: self._pausing)
        if self._next_site <= self._road.clock() and not bring_out(self._road):
            self._next_site = self._road.clock() + SITE_REST

    def _in_trouble(self, error: StoreError) -> None:
        """The store cannot be used: said once, and tried again later. Until then nobody is asked for what cannot be kept."""
        if self._trouble != str(error):
            log.error("store_unusable", reason=str(error), next_try_s=int(STORE_REST.total_seconds()))
        self._trouble, self._next_try = str(error), self._road.clock() + STORE_REST
        if not isinstance(error, Displaced):
            self._road.store.close()  # a connection that was opened to a file without rights would keep to that

    def _works_again(self) -> None:
        if self._trouble is not None:
            log.warning("store_usable_again")
            self._trouble = None

    def _may_start(self, key: SourceKey, now: datetime) -> bool:
        return key in self._road.config.sources and self._not_before.get(key, now) <= now

    def _group(self, key: SourceKey) -> str:
        """Which sources wait for one another: those of one host, unless the operator says otherwise."""
        groups = self._groups  # taken before the configuration, of which those that come later are
        group = groups.get(key)
        if group is None:
            source = self._road.config.sources[key]
            host = self._road.config.hosts.get(urlsplit(source.url).hostname or "")
            # The same text for all of a group.
            group = groups[source.key] = intern(group_of(source.url, "host" if host is None else host.group))
        return group

    def _start_queued(self) -> None:
        """Start as many as may run. While the network is down or the store in trouble that is one at a time, as a probe."""
        if self._pausing or self._road.writer.behind or self._road.look_at_disk() is Room.FULL:
            return
        keys = self._queue.take(most=self._most)
        if not keys:
            return
        try:
            with self._road.store.read() as tx:
                states = {state.key: state for state in states_of(tx, keys)}
        except StoreError:
            for key in keys:
                self._queue.done(key)
            raise
        for key in keys:
            task = self._polls[key] = asyncio.create_task(poll_source(self._road, key, state=states[key]))
            task.add_done_callback(partial(self._ended, key))

    @property
    def _most(self) -> int:
        if self._only_probes:
            return 1
        return MOST_UNREAD if self._road.is_behind() else MOST_IN_ALL

    @property
    def _only_probes(self) -> bool:
        return self._road.network.is_down or self._trouble is not None

    def _ended(self, key: SourceKey, task: asyncio.Task[PollReport]) -> None:
        del self._polls[key]
        self._queue.done(key)
        if self._failed(task):
            self._not_before[key] = self._road.clock() + self._road.config.service.interval
        elif not task.cancelled():
            self._works_again()
        if self._only_probes:  # the next one goes out with the next tick
            return
        if len(self._queue) and not self._refilling:  # once for all polls that end in this turn of the loop
            self._refilling = True
            asyncio.get_running_loop().call_soon(self._refill)

    def _refill(self) -> None:
        """The broad catch is as that of a tick: the next one tries again."""
        self._refilling = False
        try:
            self._start_queued()
        except StoreError as error:
            self._in_trouble(error)
        except Exception:  # logged with its traceback
            log.exception("refill_failed")

    def _spread(self, due: Sequence[SourceKey], now: datetime) -> Sequence[SourceKey]:
        """The network is back, and everything is due: ask one now, and the others by and by."""
        later = {key: now + RECOVERY * share(key) for key in due[1:]}
        with self._road.store.write() as tx:
            postpone(tx, later)
        log.warning("network_up", waiting=len(later))
        return due[:1]

    def _failed(self, task: asyncio.Task[Any]) -> bool:
        """Whether a job ended in an error; it is logged."""
        if task.cancelled() or (error := task.exception()) is None:
            return False
        if isinstance(error, StoreError):
            self._in_trouble(error)
        else:
            log.error("job_failed", error=f"{type(error).__name__}: {error}")
        return True

    async def _finish(self) -> None:
        """Polls in flight are given up (they are due again at the next start); writes that run come to their end."""
        tasks: list[asyncio.Task[Any]] = [*self._polls.values(), *([self._picturing] if self._picturing else [])]
        for task in tasks:
            task.cancel()
        tasks.append(asyncio.create_task(self._notifier.close(patience=DRAIN_SECONDS - 1)))
        tasks.append(asyncio.create_task(self._road.writer.close()))
        tasks.append(asyncio.create_task(self.site.end()))
        if self._deferrer is not None:
            tasks.append(asyncio.create_task(self._deferrer.close()))
        tasks += [task for task in (self._publishing, self._caring) if task is not None]
        _, late = await asyncio.wait(tasks, timeout=DRAIN_SECONDS) if tasks else (set(), set())
        if self._successor is not None:
            await self._successor.__aexit__(None, None, None)
        log.info("stopped", gave_up=len(late))
        if late:
            # A thread that still stores a huge listing cannot be interrupted. It is stored whole or not at all.
            os._exit(self.exit_code)

"""A worker: takes polls out of the queue that the leader fills, beside any number of others on any machines."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog

from aggregator.config import Config
from aggregator.config.record import same_polls
from aggregator.fetch import Fetcher
from aggregator.fetch.network import Network
from aggregator.fetch.pace import Pace
from aggregator.fetch.turns import Resting, SharedTurns
from aggregator.model import SourceKey
from aggregator.pipeline import Road, poll_source
from aggregator.pipeline.sandbox import Sandbox
from aggregator.service.wiring import fetcher_for, tell_exceptions
from aggregator.store import Store, StoreError
from aggregator.store.configurations import newest_configuration
from aggregator.store.errors import NewerSchema
from aggregator.store.jobs.fence import Fence, Overtaken
from aggregator.store.jobs.link import Link
from aggregator.store.jobs.moment import DatabaseClock
from aggregator.store.jobs.queue import QUEUE, TASK
from aggregator.store.jobs.turns import Turns
from aggregator.store.room import guard_of
from aggregator.store.writer import Writer

HEARTBEAT = 5.0  # seconds between two signs of life
SILENT = 20.0  # seconds without one, after which a worker counts as dead
LEASE = 30.0  # seconds for which a turn at a host is held, if its holder dies
LOOK_EVERY = 5.0  # seconds; at the queue's clock, the schema, the configuration
ASK_EVERY = 0.5  # seconds between two looks at an empty queue
WAIT_FOR_LEADER = 1.0  # seconds between two looks whether it has told its configuration
REST = 2.0  # seconds after the database could not be used
GATHERS = 0.1  # seconds for which polls that are done wait for others, to be stored with them
DRAIN_SECONDS = 3.0  # after a signal to stop: polls that take longer are given back
SELDOM = 3600.0  # seconds; nobody asks for a job to be given up
TRIES = 3  # of a poll that could not be stored; then it is told as failed, and waits for its next turn

log = structlog.get_logger()


@dataclass(slots=True)
class Under:
    """The number of the configuration that a worker works under; 0 while it has none in common with the leader."""

    number: int = 0

    def __call__(self) -> int:
        return self.number


class Worker:
    """Polls for the leader until it is told to stop, whatever becomes of the database meanwhile."""

    def __init__(
        self, the_road: Road, link: Link, clock: DatabaseClock, turns: SharedTurns, *, under: Under, concurrency: int
    ) -> None:
        self._road, self._link, self._clock, self._turns, self._under = the_road, link, clock, turns, under
        self._concurrency = concurrency
        self._probing = asyncio.Lock()  # while the network is down, one host at a time is asked
        self._stopping = asyncio.Event()
        self._next: Config | None = None  # what its file says now, while the leader works under another one
        self._successor: Fetcher | None = None  # of the client that the road began with
        self._told = 0  # the number of the leader's configuration of which it was said that it is another one
        self.refused: Sequence[str] = ()  # mistakes of a configuration that was to take effect, while that file stays so
        self.trouble = ""  # why no polls are taken, while that is so
        self.looked_at: datetime | None = None  # when the database was heard last, by its clock
        self.ended_by: StoreError | None = None  # why it stopped by itself

    @property
    def config(self) -> Config:
        """What its file says: what it works under, or will as soon as the leader does."""
        return self._next or self._road.config

    @property
    def network_down(self) -> bool:
        """Whether most hosts do not answer: then the network is blamed."""
        return self._road.network.is_down

    async def take(self, config: Config) -> None:
        """Go on under another configuration as soon as it is the leader's, too; until then, under the one before."""
        self._next = config

    def stop(self) -> None:
        """Ask for the end; `run` then gives back what takes long."""
        self._stopping.set()

    async def run(self) -> None:
        """Work until `stop`, or until the store has a newer schema. A database that cannot be used is waited for."""
        for name in ("procrastinate", "psycopg", "psycopg.pool"):  # they tell each job and each try; what matters is told here
            logging.getLogger(name).setLevel(logging.CRITICAL)
        strategy = _retries()
        self._link.app.task(name=TASK, queue=QUEUE, retry=strategy)(self._poll)
        self._link.takes(self._concurrency)
        leases = asyncio.create_task(self._turns.run())
        try:
            while not self._stopping.is_set():
                await self._until_disturbed()
        finally:
            leases.cancel()
            with suppress(TimeoutError):
                async with asyncio.timeout(1.0):
                    await self._turns.close()
            if self._successor is not None:
                await self._successor.__aexit__(None, None, None)
            log.info("stopped")

    async def _until_disturbed(self) -> None:
        """Work for as long as the database can be used and the configuration stays the leader's."""
        try:
            if not await self._look():
                await self._agree()
            if self._under.number == 0:
                await self._pause(WAIT_FOR_LEADER)
                return
            log.info("working", concurrency=self._concurrency, configuration=self._under.number)
            parts = [asyncio.create_task(part) for part in (self._take_jobs(), self._look_again(), self._stopping.wait())]
            try:
                done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
                for part in done:
                    part.result()
            finally:
                await _end(parts)
        except NewerSchema as error:
            self.ended_by = error
            self.stop()
        except StoreError as error:
            self.trouble = str(error)
            log.warning("database_unusable", reason=str(error), next_try_s=REST)
            await self._pause(REST)

    async def _take_jobs(self) -> None:
        """Take jobs until cancelled; returns where Procrastinate gave up, which it does when the database is away."""
        from procrastinate.exceptions import ConnectorException  # noqa: PLC0415 - it is there where the link is

        try:
            await self._link.app.run_worker_async(
                queues=[QUEUE], name=socket.gethostname(), concurrency=self._concurrency, install_signal_handlers=False,
                listen_notify=False, fetch_job_polling_interval=ASK_EVERY, update_heartbeat_interval=HEARTBEAT,
                abort_job_polling_interval=SELDOM,
                stalled_worker_timeout=SILENT, delete_jobs="successful", shutdown_graceful_timeout=DRAIN_SECONDS,
            )  # fmt: skip
        except ConnectorException as error:
            raise StoreError(f"{self._link.name}: {error.__cause__ or error}") from error
        raise StoreError(f"{self._link.name}: the queue of jobs could not be used")

    async def _look_again(self) -> None:
        """Look at the clock, the schema and the configuration; returns where the leader took another configuration."""
        await asyncio.sleep(LOOK_EVERY)
        while await self._look():  # noqa: ASYNC110 - what is waited for happens in another program
            await asyncio.sleep(LOOK_EVERY)

    async def _look(self) -> bool:
        """Look at the database; whether the leader still works under the configuration that this worker works under."""
        seen = await self._clock.look(self._link)
        self.looked_at = self._clock()
        if seen.configuration != self._under.number:
            return False
        self.trouble = ""
        return True

    async def _agree(self) -> None:
        """Work under the leader's configuration, where it is that of the file as it is, or was. Nothing is under way."""
        self._under.number = 0
        number, text = await asyncio.to_thread(newest_configuration, self._road.store)
        known = [config for config in (self._next, self._road.config) if config is not None]
        wanted = next((config for config in known if same_polls(text, config.record)), None)
        if wanted is None:
            self._differs(number)
            return
        if wanted is self._next:
            await self._turn_to(wanted)
        self._under.number, self.trouble, self._told = number, "", 0

    async def _turn_to(self, config: Config) -> None:
        """Go on under another configuration; hosts do not notice it."""
        present = self._road.fetcher
        before, self._successor = self._successor, fetcher_for(config, after=present if isinstance(present, Fetcher) else None)
        self._road, self._next = replace(self._road, config=config, fetcher=self._successor), None
        if before is not None:
            await before.__aexit__(None, None, None)
        tell_exceptions(config)

    def _differs(self, number: int) -> None:
        """Say that the leader's file is another one, once for each."""
        path = self.config.path
        self.trouble = f"{path} is not the leader's file, so it takes no polls"
        if self._told != number:
            self._told = number
            log.error("configuration_differs", file=str(path), do="Bring the leader's file to this machine.")

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

    async def _poll(self, source: str) -> None:
        """One job. What is not due any more was polled by somebody whom the leader took for dead."""
        key = SourceKey(source)
        state = self._link.states.pop(key, None)
        if state is None or key not in self._road.config.sources or state.next_poll_at > self._clock():
            log.info("job_not_needed", source=source)
            return
        try:
            if self._road.network.is_down:
                async with self._probing:
                    await poll_source(self._road, key, state=state)
            else:
                await poll_source(self._road, key, state=state)
        except (Overtaken, Resting) as error:
            log.info("poll_not_kept", source=source, reason=str(error))


async def _end(parts: list[asyncio.Task[Any]]) -> None:
    for part in parts:
        part.cancel()
    await asyncio.wait(parts)
    for part in parts:
        if not part.cancelled() and (error := part.exception()) is not None and not isinstance(error, StoreError):
            log.error("job_failed", error=f"{type(error).__name__}: {error}")


def _retries() -> Any:
    """When a job is tried again: at once where its worker was stopped, soon where the store failed, and not for ever."""
    from procrastinate import BaseRetryStrategy, RetryDecision  # noqa: PLC0415 - it is there where the link is
    from procrastinate.jobs import Job  # noqa: PLC0415 - the same

    class Again(BaseRetryStrategy):
        def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
            if isinstance(exception, asyncio.CancelledError):
                return RetryDecision(retry_in={"seconds": 0})
            log.warning(
                "job_failed",
                source=job.queueing_lock,
                attempt=job.attempts + 1,
                error=f"{type(exception).__name__}: {exception}",
            )
            return RetryDecision(retry_in={"seconds": 5 * 3**job.attempts}) if job.attempts + 1 < TRIES else None

    return Again()


def name_of_program() -> str:
    """A name that no other program has, nor this one after its next start."""
    return f"{socket.gethostname()} {os.getpid()} {secrets.token_hex(4)}"


@asynccontextmanager
async def shared_turns(link: Link) -> AsyncIterator[SharedTurns]:
    """Turns that all programs of this store share."""
    yield SharedTurns(register=Turns(link, holder=name_of_program(), lease=LEASE))


@asynccontextmanager
async def worker_road(
    config: Config, store: Store, clock: DatabaseClock, turns: SharedTurns, *, configuration: Callable[[], int]
) -> AsyncIterator[Road]:
    """The parts of a poll for a worker. The store's sources and stories are the leader's business."""
    sandbox = Sandbox()
    writer = Writer(store, guard=Fence(configuration), gathers=GATHERS)
    try:
        pace = Pace(at_once=config.service.concurrency, shared=turns)
        async with fetcher_for(config, pace=pace) as fetcher:
            yield Road(
                config=config, store=store, fetcher=fetcher, clock=clock, sandbox=sandbox, writer=writer, network=Network(),
                guard=guard_of(store, config.service.storage),
            )  # fmt: skip
    finally:
        await writer.close()
        sandbox.close()

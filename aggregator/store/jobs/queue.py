"""The queue of polls: what is due becomes a job of Procrastinate, what dead workers held is given back, what failed is told."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, String, cast, func, literal_column, select

from aggregator.model import SourceKey
from aggregator.store import postgresql
from aggregator.store.bulk import streamed
from aggregator.store.errors import StoreError
from aggregator.store.jobs.link import Link
from aggregator.store.jobs.tables import SCHEMA, events, has_jobs, jobs
from aggregator.store.schema import sources
from aggregator.store.sources import RESTS

QUEUE, TASK = "polls", "poll"
SOURCE = "source"  # the one argument of a job
HIGHEST = 0
LOWEST = -1440  # of the priorities: minutes between two polls, below nothing
KEEP_FAILED = timedelta(days=7)
LIVING_SECONDS = 30  # since the last sign of life of a worker that counts as living

_STATUS = cast(jobs.c.status, String)
_IS_OPEN = jobs.c.status.in_((literal_column("'todo'"), literal_column("'doing'")))  # as the indexes say it
# With IN, what is open is gathered once, whatever the planner knows of these tables: after a quiet hour, that they are empty.
_UNDER_WAY = sources.c.key.in_(select(jobs.c.queueing_lock).where(_IS_OPEN, jobs.c.queueing_lock.is_not(None)))
_FAILED_AT = events.c.at
_GIVE_BACK = """
SELECT count(procrastinate_retry_job_v2(job.id, now(), NULL, NULL, NULL)) FROM procrastinate_jobs job
LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
WHERE job.status = 'doing' AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %s))
"""
_FORGET = """
DELETE FROM procrastinate_jobs job WHERE job.status NOT IN ('todo', 'doing') AND (
    NOT EXISTS (SELECT FROM procrastinate_events e WHERE e.job_id = job.id AND e.at > now() - make_interval(secs => %s))
    OR EXISTS (SELECT FROM public.sources s WHERE s.key = job.queueing_lock AND s.last_poll_at > (
        SELECT to_char(max(e.at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
        FROM procrastinate_events e WHERE e.job_id = job.id)))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A source that is to be polled and is in no queue yet."""

    key: SourceKey
    next_poll_at: datetime
    last_poll_at: datetime | None

    @property
    def priority(self) -> int:
        """What is asked often suffers most from a delay: the minutes between two polls, below zero."""
        if self.last_poll_at is None:
            return HIGHEST
        return max(LOWEST, HIGHEST - int((self.next_poll_at - self.last_poll_at).total_seconds() // 60))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A job as it is handed out."""

    key: SourceKey
    group: str  # of hosts: of one group, one job runs at a time
    priority: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A poll that no worker could store, and that is not tried again before its next turn."""

    source: SourceKey
    attempts: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the queue is."""

    waiting: int
    running: int
    workers: int  # that gave a sign of life lately
    failed: Sequence[Failed]


def due_for_workers(tx: Connection, *, now: datetime, failed_since: datetime) -> Generator[Due]:
    """What is due and not in the queue, longest overdue first. What failed since a moment waits a little.

    Asked in one question, which sees one state: a poll is stored before its job is done, so none is found due again meanwhile.
    It is asked when the first is taken, and the server hands on no more than what is taken of it.
    """
    failed = (
        select(jobs.c.queueing_lock)
        .join(events, events.c.job_id == jobs.c.id)
        .where(jobs.c.queueing_lock.is_not(None), jobs.c.status == literal_column("'failed'"), failed_since < _FAILED_AT)
    )
    query = (
        select(sources.c.key, sources.c.next_poll_at, sources.c.last_poll_at)
        .where(sources.c.active, sources.c.next_poll_at <= now, ~RESTS, ~_UNDER_WAY, sources.c.key.not_in(failed))
        .order_by(sources.c.next_poll_at, sources.c.key.collate("C"))  # in one order, however the database sorts texts
    )
    for row in streamed(tx, query):
        yield Due(key=row.key, next_poll_at=row.next_poll_at, last_poll_at=row.last_poll_at)


def locks_in_use(tx: Connection) -> Mapping[str, int]:
    """How many jobs of each group wait or run."""
    query = select(jobs.c.lock, func.count()).where(_IS_OPEN).group_by(jobs.c.lock)
    return {row[0]: row[1] for row in tx.execute(query).all()}


async def hand_out(link: Link, wanted: Sequence[Wanted]) -> None:
    """Put jobs into the queue, in one way there and back. Raises `StoreError`; then none of them is in it."""
    from procrastinate import jobs as procrastinate  # noqa: PLC0415 - it is there where the link is
    from procrastinate.exceptions import AlreadyEnqueued, ConnectorException  # noqa: PLC0415 - the same

    new = [
        procrastinate.Job(
            queue=QUEUE, task_name=TASK, lock=one.group, queueing_lock=one.key, priority=one.priority,
            task_kwargs={SOURCE: one.key},
        )
        for one in wanted
    ]  # fmt: skip
    try:
        if new:
            await link.app.job_manager.batch_defer_jobs_async(jobs=new)
    except (ConnectorException, AlreadyEnqueued) as error:
        raise StoreError(f"{link.name}: {postgresql.explained(error.__cause__ or error)}") from error


async def give_back(link: Link, *, silent: float) -> int:
    """Let others have the jobs of workers that gave no sign of life for so many seconds; returns how many.

    Raises `StoreError`.
    """
    ((count,),) = await link.ask(_GIVE_BACK, (silent,))
    await link.ask("SELECT procrastinate_prune_stalled_workers_v1(%s)", (silent,))
    return int(count)


async def forget_failed(link: Link) -> None:
    """Forget what failed long ago, or was stored by a later poll. Raises `StoreError`."""
    await link.ask(_FORGET, (KEEP_FAILED.total_seconds(),))


def standing(tx: Connection) -> Standing | None:
    """How the queue is; None where there is none."""
    if not has_jobs(tx):
        return None
    counts = {row[0]: row[1] for row in tx.execute(select(_STATUS, func.count()).group_by(_STATUS))}
    failed = (
        select(jobs.c.queueing_lock, jobs.c.attempts, func.max(events.c.at).label("at"))
        .join(events, events.c.job_id == jobs.c.id)
        .where(_STATUS == "failed")
        .group_by(jobs.c.id, jobs.c.queueing_lock, jobs.c.attempts)
        .order_by(func.max(events.c.at).desc())
    )
    return Standing(
        waiting=counts.get("todo", 0),
        running=counts.get("doing", 0),
        workers=living_workers(tx),
        failed=[Failed(source=SourceKey(row.queueing_lock), attempts=row.attempts, at=row.at) for row in tx.execute(failed)],
    )


def living_workers(tx: Connection) -> int:
    """How many workers gave a sign of life lately."""
    if not has_jobs(tx):
        return 0
    asked = (
        "SELECT count(*) FROM aggregator_jobs.procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)"
    )
    count: Any = tx.exec_driver_sql(asked, (LIVING_SECONDS,)).scalar_one()
    return int(count)


def empty_queue(tx: Connection) -> None:
    """Take back what waits to be polled by workers. It stays due."""
    if has_jobs(tx):
        tx.exec_driver_sql(f"SET LOCAL search_path TO {SCHEMA}")  # what happens at a deletion names its tables without it
        tx.execute(jobs.delete().where(_STATUS == "todo"))

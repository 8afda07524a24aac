"""Jobs of Procrastinate with fewer ways: as many are taken together as can be begun, each with what the store has of its
source, and what ends at about the same time is told together."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from procrastinate import exceptions, jobs
from procrastinate.connector import BaseAsyncConnector
from procrastinate.manager import JobManager

from aggregator.model import SourceKey
from aggregator.store.sources import SourceState, state_beside

GATHERS = 0.005  # seconds for which what has ended waits for others
MOST_TOGETHER = 100
# Jobs at once. Not as many as a worker may have: one that has much to do comes to the next few only when it has begun these,
# and so begins no requests whose answers it would keep waiting.
MOST_TAKEN = 8

_BESIDE, _STATE_OF = state_beside("job.queueing_lock")
# What the function of Procrastinate gives is another moment's than what stands beside it, if only by as long as it takes. A
# state that is older than its job is noticed when the poll is stored, as any other that was overtaken.
_TAKE = f"""
SELECT job.id, job.status, job.task_name, job.priority, job.lock, job.queueing_lock, job.args, job.scheduled_at,
    job.queue_name, job.attempts, job.worker_id, state.*
FROM take_jobs(%(queues)s::varchar[], %(worker_id)s, %(most)s) job LEFT JOIN LATERAL ({_BESIDE}) state ON true
ORDER BY job.priority DESC, job.id
"""  # noqa: S608 - our own names
_FINISH = """
SELECT procrastinate_finish_job_v1(ended.id, ended.status::procrastinate_job_status, ended.gone)
FROM unnest(%(ids)s::bigint[], %(statuses)s::text[], %(gone)s::boolean[]) AS ended (id, status, gone) ORDER BY ended.id
"""


@dataclass(frozen=True, slots=True, eq=False)
class _Ended:
    job: jobs.Job
    status: jobs.Status
    gone: bool  # not kept
    told: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


def _id_of(job: jobs.Job) -> int:
    if job.id is None:
        raise ValueError("a job that was taken has a number")
    return job.id


class Manager(JobManager):
    """What a worker of Procrastinate asks and tells of jobs.

    `states`: of the sources of jobs that were taken; `at_once`: how many jobs the worker does at a time.
    """

    def __init__(self, connector: BaseAsyncConnector) -> None:
        super().__init__(connector)
        self.states: dict[SourceKey, SourceState] = {}
        self.at_once = 1
        self._worker: int | None = None  # that took jobs last
        self._taken: deque[jobs.Job] = deque()  # and that it has not begun yet
        self._begun: set[int] = set()  # and that have not ended, as far as the database was told
        self._ended: list[_Ended] = []
        self._telling: asyncio.Task[None] | None = None

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> jobs.Job | None:
        """Take the first job that waits, as Procrastinate's own does, with the state of its source."""
        if worker_id != self._worker:  # what the one before had taken is given back when it is gone
            self._worker = worker_id
            self._taken.clear()
            self._begun.clear()
            self.states.clear()
        if not self._taken:
            await self._take(queues, worker_id)
        if not self._taken:
            return None
        job = self._taken.popleft()
        self._begun.add(_id_of(job))
        return job

    async def _take(self, queues: Iterable[str] | None, worker_id: int) -> None:
        most = min(max(1, self.at_once - len(self._begun)), MOST_TAKEN)
        try:
            rows = await self.connector.execute_query_all_async(query=_TAKE, queues=queues, worker_id=worker_id, most=most)
        except exceptions.UniqueViolation:
            return  # another took a job of the same group at the same moment; at the next look it is seen
        for row in rows:
            if row["key"] is not None:
                self.states[SourceKey(row["key"])] = _STATE_OF(row)
            self._taken.append(jobs.Job.from_row(row))

    async def retry_job(self, job: jobs.Job, *how: Any, **named: Any) -> None:
        """Let a job be done again, as Procrastinate's own does."""
        try:
            await super().retry_job(job, *how, **named)
        finally:
            self._begun.discard(_id_of(job))

    async def finish_job(self, job: jobs.Job, status: jobs.Status, delete_job: bool) -> None:
        """Tell how a job ended, as Procrastinate's own does, together with others."""
        one = _Ended(job, status, delete_job)
        self._ended.append(one)
        if self._telling is None:
            self._telling = asyncio.create_task(self._tell_all())
        try:
            await one.told
        finally:
            self._begun.discard(_id_of(job))

    async def _tell_all(self) -> None:
        try:
            while self._ended:
                await asyncio.sleep(GATHERS)
                some, self._ended = self._ended[:MOST_TOGETHER], self._ended[MOST_TOGETHER:]
                await self._tell(some)
        finally:
            self._telling = None

    async def _tell(self, some: Sequence[_Ended]) -> None:
        try:
            await self.connector.execute_query_async(
                query=_FINISH,
                ids=[one.job.id for one in some],
                statuses=[one.status.value for one in some],
                gone=[one.gone for one in some],
            )
        except exceptions.ConnectorException as error:
            if len(some) > 1:  # one of them may be another's by now, which concerns nobody else
                for one in some:
                    await self._tell([one])
            elif not some[0].told.done():
                some[0].told.set_exception(error)
            return
        for one in some:
            if not one.told.done():
                one.told.set_result(None)

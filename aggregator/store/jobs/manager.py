"""Jobs of Procrastinate with fewer ways: each is taken together with what the store has of its source, and what ends at about
the same time is told together."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from procrastinate import exceptions, jobs
from procrastinate.connector import BaseAsyncConnector
from procrastinate.manager import JobManager

from aggregator.model import SourceKey
from aggregator.store.sources import SourceState, state_beside

GATHERS = 0.005  # seconds for which what has ended waits for others
MOST_TOGETHER = 100

_BESIDE, _STATE_OF = state_beside("job.queueing_lock")
# What the function of Procrastinate gives is another moment's than what stands beside it, if only by as long as it takes. A
# state that is older than its job is noticed when the poll is stored, as any other that was overtaken.
_FETCH = f"""
SELECT job.id, job.status, job.task_name, job.priority, job.lock, job.queueing_lock, job.args, job.scheduled_at,
    job.queue_name, job.attempts, job.worker_id, state.*
FROM procrastinate_fetch_job_v2(%(queues)s::varchar[], %(worker_id)s) job LEFT JOIN LATERAL ({_BESIDE}) state ON true
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


class Manager(JobManager):
    """What a worker of Procrastinate asks and tells of jobs. `states`: of the sources of jobs that were taken."""

    def __init__(self, connector: BaseAsyncConnector) -> None:
        super().__init__(connector)
        self.states: dict[SourceKey, SourceState] = {}
        self._ended: list[_Ended] = []
        self._telling: asyncio.Task[None] | None = None

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> jobs.Job | None:
        """Take the first job that waits, as Procrastinate's own does, with the state of its source."""
        row = await self.connector.execute_query_one_async(query=_FETCH, queues=queues, worker_id=worker_id)
        if row["id"] is None:
            return None
        if row["key"] is not None:
            self.states[SourceKey(row["key"])] = _STATE_OF(row)
        return jobs.Job.from_row(row)

    async def finish_job(self, job: jobs.Job, status: jobs.Status, delete_job: bool) -> None:
        """Tell how a job ended, as Procrastinate's own does, together with others."""
        one = _Ended(job, status, delete_job)
        self._ended.append(one)
        if self._telling is None:
            self._telling = asyncio.create_task(self._tell_all())
        await one.told

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

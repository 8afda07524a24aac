"""Which due polls are handed to workers now: few of one host, and no more in all than workers soon come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from aggregator.model import SourceKey
from aggregator.store.jobs.queue import Due, Wanted

MOST_OF_ONE_GROUP = 4  # that wait or run: one runs, and the others need not wait for the next tick
MOST_QUEUED = 2_000  # that wait or run in all: a long queue takes long to look through, and its end comes to nobody


def choose(
    due: Iterable[Due], under_way: Mapping[str, int], group_of: Callable[[SourceKey], str | None], *, most: int = MOST_QUEUED
) -> list[Wanted]:
    """What is put into the queue, longest overdue first; of what is `due`, no more is taken than is needed to know it.

    `under_way`: how many jobs of each group wait or run already; `group_of`: a source's group, None where the configuration
    does not name it.
    """
    busy = Counter(under_way)
    room = most - busy.total()
    wanted: list[Wanted] = []
    if room <= 0:
        return wanted
    for one in due:
        group = group_of(one.key)
        if group is not None and busy[group] < MOST_OF_ONE_GROUP:
            busy[group] += 1
            wanted.append(Wanted(key=one.key, group=group, priority=one.priority))
            if len(wanted) == room:
                break
    return wanted

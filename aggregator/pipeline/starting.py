"""Which due polls are started now: each takes memory while it is under way, and most of one host only wait for their turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from aggregator.model import SourceKey

MOST_OF_ONE_GROUP = 2  # one that asks, and one that is ready when its turn comes
MOST_FRESH = 64  # begun within the last tick or two: more at once would only wait for the processor
MOST_IN_ALL = 512  # those to hosts that hang among them
MOST_UNREAD = 64  # instead, while answers wait to be read: each poll that waits so holds all that it brought


class Queue:
    """Due polls in the order in which they are due; of each group (a host) a few are let go at a time."""

    def __init__(self) -> None:
        self._due: dict[SourceKey, str] = {}  # what waits, with its group
        self._gone: dict[SourceKey, str] = {}  # what is under way
        self._fresh: set[SourceKey] = set()  # of these, what has begun since the last tick

    def __len__(self) -> int:
        return len(self._due)

    def offer(self, due: Iterable[tuple[SourceKey, str]]) -> None:
        """What is due now, each with its group, in place of what was offered before. Called at each tick: what has begun
        before it and still goes on is slow, and no longer keeps others from starting."""
        self._fresh.clear()
        self._due = {key: group for key, group in due if key not in self._gone}

    def take(self, *, most: int = MOST_IN_ALL) -> list[SourceKey]:
        """What may start now, so that at most `most` are under way. Each is under way until `done` is called."""
        busy = Counter(self._gone.values())
        taken: list[SourceKey] = []
        for key, group in self._due.items():
            if len(self._gone) + len(taken) >= most or len(self._fresh) + len(taken) >= MOST_FRESH:
                break
            if busy[group] < MOST_OF_ONE_GROUP:
                busy[group] += 1
                taken.append(key)
        for key in taken:
            self._gone[key] = self._due.pop(key)
        self._fresh.update(taken)
        return taken

    def done(self, key: SourceKey) -> None:
        """A poll has come to its end."""
        self._gone.pop(key, None)
        self._fresh.discard(key)

"""Is it they, or is it we? When most hosts fail within one window, the network is blamed, not the sources."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=2)
FEWEST_HOSTS = 4  # of fewer, nothing can be said
MOST = 0.8  # share of the hosts of one window that nobody could reach


@dataclass(slots=True)
class Network:
    """What the last questions tell of the network between us and all hosts. Fed with values and moments; reads no clock."""

    down_since: datetime | None = None
    _seen: deque[tuple[datetime, str, str, bool]] = field(default_factory=deque)

    def note(self, source: str, host: str, *, reached: bool, at: datetime, local: bool = False) -> list[str]:
        """Note how a question ended. Returns the sources whose failures were the network's, once it is found to be down.

        One host that answers, whatever it answers, is proof that the network is there; one on this machine or in this house
        (`local`) proves nothing.
        """
        self._seen.append((at, source, host, reached))
        while self._seen[0][0] < at - WINDOW:
            self._seen.popleft()
        if reached and self.down_since is not None and (not local or not self._most_failed()):
            self.down_since = None
            self._seen.clear()
        if self.down_since is not None or reached or not self._most_failed():
            return []
        self.down_since = min(moment for moment, _, _, there in self._seen if not there)
        return sorted({name for _, name, _, there in self._seen if not there} - {source})

    def _most_failed(self) -> bool:
        last = {host: reached for _, _, host, reached in self._seen}
        failed = sum(not reached for reached in last.values())
        return len(last) >= FEWEST_HOSTS and failed >= MOST * len(last)

    @property
    def is_down(self) -> bool:
        """Whether only one probe should go on."""
        return self.down_since is not None

"""How the tests are spread over processes: a file at a time, those that take longest first.

What a file makes once is made once, and who hands out the work has two hundred pieces to keep in mind instead of ten thousand
(pytest-xdist looks through all of them after each test).
"""

from __future__ import annotations

from collections import Counter

import pytest
from xdist.scheduler import LoadScopeScheduling

# Of these each test is a piece of its own: it takes long, and makes nothing that another one could use.
APART = ("tests/test_workers.py::", "tests/test_crash.py::test_nothing", "tests/test_ledger_machine.py::")
# By CPU seconds, the most first. The others follow, those with the most tests first, so that the last pieces are small.
FIRST: list[str] = []


def piece(nodeid: str) -> str:
    """What a test belongs to."""
    return nodeid if nodeid.startswith(APART) else nodeid.partition("::")[0]


def longest_first(items: list[pytest.Item]) -> None:
    """Put them into the order in which their pieces are handed out; within a file it stays as it is."""
    pieces = Counter(piece(item.nodeid) for item in items)
    ranks = {path: place for place, path in enumerate(FIRST)}

    def rank(item: pytest.Item) -> tuple[int, int, str]:
        own = piece(item.nodeid)
        return (-1 if own == item.nodeid else ranks.get(own, len(ranks)), -pieces[own], own)

    items.sort(key=rank)


class ByFile(LoadScopeScheduling):
    """Hands out whole files, in the order of the tests."""

    def _split_scope(self, nodeid: str) -> str:
        return piece(nodeid)

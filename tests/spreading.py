"""How the tests are spread over processes: a file at a time, those that take longest first.

What a file makes once is made once, and who hands out the work has two hundred pieces to keep in mind instead of ten thousand
(pytest-xdist looks through all of them after each test).
"""

from __future__ import annotations

from collections import Counter

import pytest
from xdist.scheduler import LoadScopeScheduling

# Of these each test is a piece of its own: it takes long, and makes nothing that another one could use.
APART = ("tests/test_crash.py::test_nothing_is_lost", "tests/test_ledger_machine.py::")
# What is one piece though it is several files: the browser starts once for them.
TOGETHER = ("tests/browser/",)
# By CPU seconds as they were measured, the most first. The others follow, those with the most tests first, so that the last
# pieces are small. A file of few tests that take long stands here, or it would come last and be waited for.
FIRST = (
    "tests/browser/",
    "tests/test_verify.py",
    "tests/test_workers.py",
    "tests/test_replay.py",
    "tests/test_watching.py",
    "tests/test_ledger.py",
    "tests/test_postgresql.py",
    "tests/test_batch.py",
    "tests/test_web_serving.py",
    "tests/test_demo.py",
    "tests/test_desk_replay.py",
    "tests/test_manual_examples.py",
    "tests/test_documents.py",
    "tests/test_search_paging.py",
    "tests/test_poll.py",
    "tests/test_campaign.py",
    "tests/test_contract.py",
    "tests/test_retention.py",
    "tests/test_datasette.py",
    "tests/test_copying.py",
    "tests/test_edits.py",
    "tests/test_desk.py",
    "tests/test_corrections.py",
    "tests/test_heads.py",
    "tests/test_backup.py",
    "tests/test_export.py",
    "tests/test_crash.py",
    "tests/test_likenesses.py",
    "tests/test_released_schemas.py",
    "tests/test_hostile_store.py",
    "tests/test_health.py",
    "tests/test_service.py",
    "tests/test_engine.py",
    "tests/test_verify_files.py",
    "tests/test_web_site.py",
    "tests/test_both_alike.py",
    "tests/test_readers.py",
    "tests/test_seals.py",
    "tests/test_statement_command.py",
    "tests/test_language_versions.py",
    "tests/test_supervisor.py",
    "tests/test_running.py",
    "tests/test_edit_sequences.py",
    "tests/test_telling_together.py",
    "tests/test_working.py",
    "tests/test_order_of_sources.py",
    "tests/test_alone.py",
)


def piece(nodeid: str) -> str:
    """What a test belongs to, by its name."""
    if nodeid.startswith(APART):
        return nodeid
    return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid.partition("::")[0])


def longest_first(items: list[pytest.Item]) -> None:
    """Put them into the order in which their pieces are handed out; within a piece it stays as it is."""
    tests = Counter(piece(item.nodeid) for item in items)
    ranks = {name: place for place, name in enumerate(FIRST)}

    def rank(item: pytest.Item) -> tuple[int, int, str]:
        own = piece(item.nodeid)
        return (-1 if own == item.nodeid else ranks.get(own, len(ranks)), -tests[own], own)

    items.sort(key=rank)


class ByFile(LoadScopeScheduling):  # type: ignore[misc]  # its package ships no types
    """Hands out the pieces in the order of the tests."""

    def _split_scope(self, nodeid: str) -> str:
        return piece(nodeid)

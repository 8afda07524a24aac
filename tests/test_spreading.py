"""The tests are handed out in pieces of which each is there once, and the names of the long ones are right."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import pytest

from tests.spreading import APART, FIRST, TOGETHER, longest_first, piece

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", [*APART, *FIRST, *TOGETHER])
def test_what_is_named_is_there(name: str) -> None:
    path, _, test = name.partition("::")
    assert (ROOT / path).exists()
    assert f"def {test}" in (ROOT / path).read_text(encoding="utf-8") if test else True


@pytest.mark.parametrize(
    ("nodeid", "own"),
    [
        ("tests/test_cli.py::test_a[x::y]", "tests/test_cli.py"),
        ("tests/browser/test_live.py::test_a", "tests/browser/"),
        ("tests/browser/test_harness.py::test_a", "tests/browser/"),
        (f"{APART[0]}[sqlite]", f"{APART[0]}[sqlite]"),
    ],
)
def test_a_test_belongs_to_its_file(nodeid: str, own: str) -> None:
    assert piece(nodeid) == own


def test_a_piece_stays_together_in_its_order_and_the_long_ones_come_first(request: pytest.FixtureRequest) -> None:
    before = [*request.session.items]
    after = before[::-1]
    longest_first(after)
    assert sorted(map(id, after)) == sorted(map(id, before))
    runs = [(own, [item.nodeid for item in group]) for own, group in groupby(after, lambda item: piece(item.nodeid))]
    assert len(dict(runs)) == len(runs)
    for own, nodeids in runs:
        assert nodeids == [item.nodeid for item in before[::-1] if piece(item.nodeid) == own]
    named = [own for own, _ in runs if own in FIRST]
    assert named == sorted(named, key=FIRST.index)
    assert not any(own in FIRST for own, _ in runs[len(named) + sum(own.startswith(APART) for own, _ in runs) :])

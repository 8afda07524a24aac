"""The measures of `make quality`, by hand-made cases whose figures can be worked out on paper."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from tests.quality.baselines import Shingles, SinglePass, counted_words
from tests.quality.measures import Row, copies_in_a_stream, copies_in_pairs, edits, stories_in_a_stream


class Named:
    """Names what it is told to name."""

    def __init__(self, names: dict[str, list[str]]) -> None:
        self._names = names

    def add(self, key: str, *_: object) -> list[str]:
        return self._names.get(key, [])


class Labelled:
    """Gives the label that a text holds."""

    def add(self, *told: object) -> object:
        return told[2]


def _row(key: str, gold: str | None, *, minute: int = 0, text: str = "", note: str = "") -> Row:
    published = f"2026-01-01T00:{minute:02}:00Z"
    return {"key": key, "gold": gold, "text": text, "title": "", "published": published, "language": "en", "note": note}


def test_a_name_is_right_or_wrong_and_a_text_with_an_earlier_copy_is_found_or_missed() -> None:
    rows = [
        _row("a1", "a"),
        _row("b1", "b", minute=1),
        _row("a2", "a", minute=2),  # names a1 (right) and b1 (wrong)
        _row("a3", "a", minute=3),  # names nothing: missed
        _row("t", "t", minute=4, note="trap: date"),  # names a1: wrong, and a trap
    ]
    got = copies_in_a_stream(lambda: Named({"a2": ["a1", "b1"], "t": ["a1"]}), reversed(rows))
    assert got.figures == {"precision": pytest.approx(1 / 3), "recall": 0.5, "traps joined": 1}
    assert got.false == [("b1", "a2"), ("a1", "t")]
    assert got.missed == [("a1", "a3")]


def test_pairs_are_judged_one_by_one() -> None:
    pairs = [
        {"gold": gold, "a": _row(f"{name}1", None), "b": _row(f"{name}2", None)}
        for name, gold in (("hit", "same"), ("miss", "same"), ("false", "different"), ("right", "different"))
    ]
    got = copies_in_pairs(lambda: Named({"hit2": ["hit1"], "false2": ["false1"]}), pairs)
    assert got.figures == {"precision": 0.5, "recall": 0.5}


def test_bcubed_counts_background_that_was_joined_against_the_story() -> None:
    rows = [_row("1", "x", text="A"), _row("2", "x", text="A"), _row("3", "y", text="B"), _row("4", None, text="B")]
    got = stories_in_a_stream(Labelled, rows)
    assert got.figures["BCubed precision"] == pytest.approx((1 + 1 + 0.5) / 3)
    assert got.figures["BCubed recall"] == 1.0
    assert got.figures["false merges"] == 0.5
    assert {frozenset(pair) for pair in got.false} == {frozenset({"3", "4"})}
    assert stories_in_a_stream(Labelled, [_row("1", "x", text="A"), _row("2", "x", text="B")]).missed


def test_substance_called_a_typing_error_is_hushed_and_the_other_way_round_cried() -> None:
    said = {"a": "typo", "b": "figure", "c": "format", "d": "rewording"}
    gold = {"a": "figure", "b": "figure", "c": "format", "d": "typo"}
    got = edits(lambda old, _: said[old], [{"key": k, "old_text": k, "text": "", "gold": gold[k]} for k in said])
    assert got.figures["hushed"] == 0.5
    assert got.figures["cried"] == 0.5
    assert got.missed == [("a", "figure, called typo")]


def test_the_plain_methods_do_what_they_are_known_for() -> None:
    when, text = datetime.fromisoformat("2026-01-01T00:00:00+00:00"), " ".join(f"word{n}" for n in range(60))
    index = Shingles()
    assert index.add("a", text, when) == []
    assert index.add("b", text.replace("word30", "13th"), when) == ["a"]
    stream = SinglePass()
    assert (
        stream.add("a", "", text, when, "en")
        == stream.add("b", "", text, when, "en")
        != stream.add("c", "", "other", when, "en")
    )
    assert counted_words("the old text", "The old text.") == "format"
    assert counted_words("at 11 today", "at 12 today") == "figure"


def test_a_figure_that_fell_is_named() -> None:
    from tests.quality.__main__ import SETS, Measured, as_table, below  # noqa: PLC0415 - imports what is measured

    figures = copies_in_pairs(lambda: Named({}), [{"gold": "same", "a": _row("1", None), "b": _row("2", None)}])
    found = [Measured(SETS[1], 1, figures, figures, 0.0)]
    levels = {"copies in pairs": {"precision": 0.9, "recall": 0.9}, "edits": {"hushed": 0.0}}
    fallen = list(below(found, json.loads(json.dumps(levels))))
    assert fallen == ["copies in pairs: recall is 0.0 %, and was 90.0 %", "edits: hushed was not measured; its level is 0.0 %"]
    assert "| copies in pairs | 1 | recall | 0.0 % | 90.0 % | 0.0 % | shingles |" in as_table(found, levels)

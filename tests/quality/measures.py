"""The measures: values in, figures out. Every share is between 0 and 1."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

Row = dict[str, Any]  # a line of a set, as tests/data/quality/PROVENANCE.md describes it
QUIET = frozenset({"format", "typo"})  # edits that readers are not told of
EDIT_KINDS = ("format", "typo", "figure", "addition", "removal", "rewording")


class Copies(Protocol):
    """What names the earlier near-copies of a text."""

    def add(self, key: str, text: str, published: datetime, /) -> Iterable[str]: ...


class Stories(Protocol):
    """What gives a text the label of its story."""

    def add(self, key: str, title: str, text: str, published: datetime, language: str, /) -> object: ...


@dataclass(frozen=True, slots=True)
class Figures:
    """Named figures, and what went wrong: pairs of keys."""

    figures: dict[str, float]
    false: list[tuple[str, str]] = field(default_factory=list)  # joined, and are not the same
    missed: list[tuple[str, str]] = field(default_factory=list)  # the same, and were not joined


def copies_in_a_stream(made: Callable[[], Copies], rows: Iterable[Row]) -> Figures:
    """Precision of the names given, recall of the texts that have an earlier text of the same gold, traps that were joined."""
    index, gold, first = made(), dict[str, str](), dict[str, str]()
    named = right = wanted = found = traps = 0
    false: list[tuple[str, str]] = []
    missed: list[tuple[str, str]] = []
    for row in in_order(rows):
        key, said = row["key"], row["gold"]
        got = list(index.add(key, row["text"], moment(row["published"])))
        good = [one for one in got if gold[one] == said]
        wrong = [one for one in got if gold[one] != said]
        named, right, traps = named + len(got), right + len(good), traps + bool(wrong and row["note"].startswith("trap"))
        if said in first:
            wanted, found = wanted + 1, found + bool(good)
            missed += [] if good else [(first[said], key)]
        false += [(one, key) for one in wrong]
        gold[key] = said
        first.setdefault(said, key)
    return Figures({"precision": _share(right, named), "recall": _share(found, wanted), "traps joined": traps}, false, missed)


def copies_in_pairs(made: Callable[[], Copies], rows: Iterable[Row]) -> Figures:
    """Precision and recall of “the same” over labelled pairs, each in an index of its own."""
    hits = 0
    false: list[tuple[str, str]] = []
    missed: list[tuple[str, str]] = []
    for row in rows:
        index, (a, b) = made(), (row["a"], row["b"])
        index.add(a["key"], a["text"], moment(a["published"]))
        said = a["key"] in set(index.add(b["key"], b["text"], moment(b["published"])))
        same = row["gold"] == "same"
        hits += said and same
        if said != same:
            (false if said else missed).append((a["key"], b["key"]))
    return Figures({"precision": _share(hits, hits + len(false)), "recall": _share(hits, hits + len(missed))}, false, missed)


def stories_in_a_stream(made: Callable[[], Stories], rows: Iterable[Row]) -> Figures:
    """BCubed precision, recall and F1 (Bagga & Baldwin 1998) and the share of joined pairs that are of two stories.

    A text without a story (gold null) is not counted itself; joined to one that has a story, it is a mistake.
    """
    stream, told = made(), list(in_order(rows))
    labels = [stream.add(row["key"], row["title"], row["text"], moment(row["published"]), row["language"]) for row in told]
    pairs = [(row["gold"], label) for row, label in zip(told, labels, strict=True)]
    made_of, both = Counter(labels), Counter(pairs)
    gold = Counter(said for said, _ in pairs if said is not None)
    scored = [(said, label, count) for (said, label), count in both.items() if said is not None]
    texts = sum(gold.values())
    precision = sum(count * count / made_of[label] for _, label, count in scored) / texts
    recall = sum(count * count / gold[said] for said, _, count in scored) / texts
    false, missed = _wrongly_joined(told, labels)
    right = sum(count * (count - 1) // 2 for _, _, count in scored)
    return Figures(
        {
            "BCubed precision": precision,
            "BCubed recall": recall,
            "BCubed F1": _harmonic(precision, recall),
            "false merges": _share(len(false), len(false) + right, empty=0.0),
        },
        false,
        missed,
    )


def edits(judge: Callable[[str, str], str], rows: Iterable[Row]) -> Figures:
    """Macro F1 over the kinds; hushed: substance called format or typo; cried: format or typo called substance."""
    said: Counter[tuple[str, str]] = Counter()
    hushed: list[tuple[str, str]] = []
    cried: list[tuple[str, str]] = []
    for row in rows:
        kind = str(judge(row["old_text"], row["text"]))
        said[row["gold"], kind] += 1
        if (row["gold"] in QUIET) != (kind in QUIET):
            (cried if row["gold"] in QUIET else hushed).append((row["key"], f"{row['gold']}, called {kind}"))
    of_kind = [_f1(said, kind) for kind in EDIT_KINDS]
    quiet = sum(count for (gold, _), count in said.items() if gold in QUIET)
    return Figures(
        {
            "macro F1": sum(of_kind) / len(of_kind),
            "hushed": _share(len(hushed), said.total() - quiet, empty=0.0),
            "cried": _share(len(cried), quiet, empty=0.0),
        },
        cried,
        hushed,
    )


def in_order(rows: Iterable[Row]) -> list[Row]:
    """By time, and those of one time in an order that tells nothing."""
    return sorted(rows, key=lambda row: (row["published"], hashlib.sha256(row["key"].encode()).hexdigest()))


def moment(text: str) -> datetime:
    """An ISO 8601 time with its zone."""
    return datetime.fromisoformat(text)


def _wrongly_joined(rows: Sequence[Row], labels: Sequence[object]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Pairs that were joined and are not of one story (one of them at least has a story), and pairs that should have been."""
    wrong = [(a["key"], b["key"]) for a, b in _pairs_alike(rows, labels) if a["gold"] != b["gold"]]
    label_of = dict(zip((row["key"] for row in rows), labels, strict=True))
    missed = [
        (a["key"], b["key"])
        for a, b in _pairs_alike(rows, [row["gold"] for row in rows])
        if a["gold"] is not None and label_of[a["key"]] != label_of[b["key"]]
    ]
    return wrong, missed


def _pairs_alike(rows: Sequence[Row], by: Sequence[object]) -> Iterator[tuple[Row, Row]]:
    groups: dict[object, list[Row]] = defaultdict(list)
    for row, value in zip(rows, by, strict=True):
        groups[value].append(row)
    for members in groups.values():
        for place, a in enumerate(members):
            yield from ((a, b) for b in members[place + 1 :])


def _f1(said: Counter[tuple[str, str]], kind: str) -> float:
    given = sum(count for (_, one), count in said.items() if one == kind)
    was = sum(count for (gold, _), count in said.items() if gold == kind)
    return _share(2 * said[kind, kind], given + was)


def _harmonic(a: float, b: float) -> float:
    return 2 * a * b / (a + b) if a + b else 0.0


def _share(part: float, whole: float, *, empty: float = 1.0) -> float:
    return part / whole if whole else empty

"""How two stores differ, in the words of their readers: statements, updates, dropped lines. Values in, values out.

A statement is what it is by the lines that list it, whatever its id. So two stored statements of which the lines belong to
one rebuilt statement would be merged; one of which the lines belong to two would be split.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from aggregator.store.outlines import Line, Outline, StatementOutline, UpdateOutline

What = Literal["statement", "update", "line"]
Kind = Literal["merged", "split", "added", "gone", "changed"]
MOST_LISTED = 5  # ids in one sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that would be different."""

    what: What
    kind: Kind
    name: str  # how the store names it: ids of statements, STORY/NUMBER, or source and line
    title: str
    url: str
    said: str  # in a sentence
    at: datetime  # when it came


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pairing:
    """Which stored statements and which rebuilt ones share lines."""

    rebuilt_of: Mapping[int, frozenset[int]]
    stored_of: Mapping[int, frozenset[int]]


def differences(stored: Outline, rebuilt: Outline) -> list[Difference]:
    """Everything that a reader could notice, statements first, each in the order in which it came."""
    pairing = _paired(stored.statements, rebuilt.statements)
    return [
        *_of_statements(stored, rebuilt, pairing),
        *_of_updates(stored, rebuilt, pairing),
        *_of_lines(stored, rebuilt),
    ]


def summary(found: Iterable[Difference], *, rest: str = "would") -> str:
    """All differences counted, in one sentence: "would merge 2 statements, split none, add 3 updates"."""
    counts = Counter[tuple[What, Kind]]()
    for one in found:
        counts[one.what, one.kind] += one.name.count(" and ") + 1 if one.kind == "merged" else 1
    if not counts:
        return f"{rest} change nothing"
    parts = [_counted(verb, counts[what, kind], what, kind in ALWAYS and what == "statement") for what, kind, verb in VERBS]
    return f"{rest} {', '.join(part for part in parts if part)}"


ALWAYS = ("merged", "split")  # said also where there is none
VERBS: tuple[tuple[What, Kind, str], ...] = (
    ("statement", "merged", "merge"),
    ("statement", "split", "split"),
    ("statement", "added", "add"),
    ("statement", "gone", "lose"),
    ("statement", "changed", "change"),
    ("update", "added", "add"),
    ("update", "gone", "lose"),
    ("update", "changed", "change"),
    ("line", "added", "drop"),
    ("line", "gone", "no longer drop"),
)


def _counted(verb: str, number: int, what: str, always: bool) -> str:
    if not number:
        return f"{verb} none" if always else ""
    return f"{verb} {number} {what}{'s' if number > 1 else ''}"


def _paired(stored: Mapping[int, StatementOutline], rebuilt: Mapping[int, StatementOutline]) -> _Pairing:
    by_line: dict[Line, int] = {line: one.id for one in rebuilt.values() for line in one.lines}
    rebuilt_of: dict[int, set[int]] = defaultdict(set)
    stored_of: dict[int, set[int]] = defaultdict(set)
    for one in stored.values():
        for line in one.lines:
            if line in by_line:
                rebuilt_of[one.id].add(by_line[line])
                stored_of[by_line[line]].add(one.id)
    return _Pairing(
        rebuilt_of={key: frozenset(some) for key, some in rebuilt_of.items()},
        stored_of={key: frozenset(some) for key, some in stored_of.items()},
    )


def _of_statements(stored: Outline, rebuilt: Outline, pairing: _Pairing) -> Iterator[Difference]:
    for one in stored.statements.values():
        there = pairing.rebuilt_of.get(one.id, frozenset())
        if not there:
            yield _statement("gone", [one], "would not be there")
        elif len(there) > 1:
            yield _statement("split", [one], f"would be {len(there)} statements: {_titles(rebuilt, there)}")
    for other in rebuilt.statements.values():
        here = pairing.stored_of.get(other.id, frozenset())
        if not here:
            yield _statement("added", [other], f"would be there, said {other.said_at:%Y-%m-%d %H:%M} UTC", own=False)
        elif len(here) > 1:
            yield _statement("merged", [stored.statements[key] for key in sorted(here)], "would be one statement")
        elif len(pairing.rebuilt_of[next(iter(here))]) == 1:
            one = stored.statements[next(iter(here))]
            changed = "; ".join(_changes(one, other))
            if changed:
                yield _statement("changed", [one], changed)


def _statement(kind: Kind, some: Sequence[StatementOutline], said: str, *, own: bool = True) -> Difference:
    first = some[0]
    name = " and ".join(str(one.id) for one in some) if own else ""
    return Difference(what="statement", kind=kind, name=name, title=first.title, url=first.url, said=said, at=first.at)


def _titles(rebuilt: Outline, ids: Iterable[int]) -> str:
    return " / ".join(f"“{rebuilt.statements[key].title}”" for key in sorted(ids)[:MOST_LISTED])


def _changes(stored: StatementOutline, rebuilt: StatementOutline) -> Iterator[str]:
    if stored.at != rebuilt.at:
        yield f"first seen {stored.at:%Y-%m-%d %H:%M} UTC, would be {rebuilt.at:%Y-%m-%d %H:%M} UTC"
    if stored.said_at != rebuilt.said_at:
        yield f"said {stored.said_at:%Y-%m-%d %H:%M} UTC, would be {rebuilt.said_at:%Y-%m-%d %H:%M} UTC"
    if stored.url != rebuilt.url:
        yield f"address {stored.url or 'none'}, would be {rebuilt.url or 'none'}"
    if len(stored.versions) != len(rebuilt.versions):
        yield f"{_versions(len(stored.versions))}, would have {len(rebuilt.versions)}"
    elif stored.versions != rebuilt.versions:
        yield "its text would be another"
    if stored.lines != rebuilt.lines:
        yield f"listed {len(stored.lines)} times, would be {len(rebuilt.lines)}"


def _versions(count: int) -> str:
    return f"has {count} version{'s' if count > 1 else ''}"


def _of_updates(stored: Outline, rebuilt: Outline, pairing: _Pairing) -> Iterator[Difference]:
    """An update is the same one where it tells the same version of the same statement in the same story."""
    left: dict[tuple[str, int], list[UpdateOutline]] = defaultdict(list)
    for update in rebuilt.updates:
        for key in pairing.stored_of.get(update.statement, frozenset({-update.statement})):
            left[update.story, key].append(update)
    used: set[tuple[str, int]] = set()
    for one in stored.updates:
        there = [other for other in left[one.story, one.statement] if (other.story, other.number) not in used]
        same = next((other for other in there if other.fingerprint == one.fingerprint), None)
        other = same or next((other for other in there if other.kind == one.kind), None)
        if other is None:
            yield _update("gone", one, stored, "would not be published")
            continue
        used.add((other.story, other.number))
        changed = "; ".join(_changes_of(one, other, pairing))
        if changed:
            yield _update("changed", one, stored, changed)
    for update in rebuilt.updates:
        if (update.story, update.number) not in used:
            said = f"would be published as Update.{update.number} ({update.kind}), {update.at:%Y-%m-%d %H:%M} UTC"
            yield _update("added", update, rebuilt, said)


def _update(kind: Kind, one: UpdateOutline, outline: Outline, said: str) -> Difference:
    statement = outline.statements.get(one.statement)
    url = statement.url if statement is not None else ""
    name = f"{one.story}/{one.number}"
    return Difference(what="update", kind=kind, name=name, title=one.title, url=url, said=said, at=one.at)


def _changes_of(stored: UpdateOutline, rebuilt: UpdateOutline, pairing: _Pairing) -> Iterator[str]:
    if stored.number != rebuilt.number:
        yield f"would be Update.{rebuilt.number}"
    if stored.kind != rebuilt.kind:
        yield f"{stored.kind}, would be {rebuilt.kind}"
    if stored.title != rebuilt.title:
        yield f"would be called “{rebuilt.title}”"
    if stored.sentences != rebuilt.sentences:
        yield f"would tell other sentences ({len(rebuilt.sentences)} for {len(stored.sentences)})"
    if stored.attributions != rebuilt.attributions:
        yield f"would name {_names(rebuilt, stored)} for {_names(stored, rebuilt)}"
    if len(stored.corrects) != len(rebuilt.corrects):
        yield f"would correct {len(rebuilt.corrects)} updates for {len(stored.corrects)}"
    echoes = {there for key in stored.corroborated for there in pairing.rebuilt_of.get(key, frozenset())}
    if echoes != set(rebuilt.corroborated) or len(stored.corroborated) != len(rebuilt.corroborated):
        yield f"would be corroborated {len(rebuilt.corroborated)} times for {len(stored.corroborated)}"
    if stored.at != rebuilt.at:
        yield f"published {stored.at:%Y-%m-%d %H:%M:%S} UTC, would be {rebuilt.at:%Y-%m-%d %H:%M:%S} UTC"


def _names(one: UpdateOutline, other: UpdateOutline) -> str:
    """Whom readers are sent to; with the addresses only where the names are the same."""
    names, others = [name for name, _ in one.attributions], [name for name, _ in other.attributions]
    if names != others:
        return ", ".join(names) or "nobody"
    return ", ".join(f"{name} ({url})" for name, url in one.attributions)


def _of_lines(stored: Outline, rebuilt: Outline) -> Iterator[Difference]:
    for line, reason in rebuilt.dropped.items():
        if line not in stored.dropped:
            yield _line("added", line, f"would be dropped: {reason}", rebuilt.dropped_at[line])
    for line, reason in stored.dropped.items():
        if line not in rebuilt.dropped:
            yield _line("gone", line, f"was dropped ({reason}), and would not be", stored.dropped_at[line])


def _line(kind: Kind, line: Line, said: str, at: datetime) -> Difference:
    source, ref = line
    return Difference(what="line", kind=kind, name=source, title=ref, url="", said=said, at=at)

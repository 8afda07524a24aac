"""Every line that our code logs, read from the code: event, level, and the names of its fields."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1] / "aggregator"
LEVELS = ("debug", "info", "warning", "error", "exception")


@dataclass(frozen=True, kw_only=True)
class Logged:
    """One place where something is logged."""

    event: str
    level: str  # as it stands in the line: an exception is an error
    fields: tuple[str, ...]  # `…` stands for more, by what happened
    where: str


def logged() -> Sequence[Logged]:
    """All of them, by event. Fails where an event is no plain text: then nobody could look for it."""
    return sorted((one for path in sorted(ROOT.rglob("*.py")) for one in _of(path)), key=lambda one: (one.event, one.where))


def _of(path: Path) -> Iterator[Logged]:
    text = path.read_text(encoding="utf-8")
    if "log." not in text:
        return
    for node in ast.walk(ast.parse(text)):
        levels = list(_levels(node.func)) if isinstance(node, ast.Call) else []
        if not isinstance(node, ast.Call) or not levels:
            continue
        where = f"{path.relative_to(ROOT.parent)}:{node.lineno}"
        first = node.args[0] if len(node.args) == 1 else None
        assert isinstance(first, ast.Constant), f"{where}: an event is one plain word"
        assert isinstance(first.value, str), where
        fields = tuple(one.arg or "…" for one in node.keywords if one.arg != "exc_info")
        for level in levels:
            yield Logged(event=first.value, level="error" if level == "exception" else level, fields=fields, where=where)


def _levels(called: ast.expr) -> Iterator[str]:
    """The levels of `log.info(…)`, and of `(log.error if … else log.info)(…)`; nothing for what is no log."""
    if isinstance(called, ast.IfExp):
        yield from (*_levels(called.body), *_levels(called.orelse))
        return
    if isinstance(called, ast.Attribute) and called.attr in LEVELS:
        of = called.value
        if isinstance(of, ast.Name) and of.id == "log":
            yield called.attr


def table() -> dict[str, tuple[str, str]]:
    """Of each event its level or levels, and its fields, as docs/metrics.md has them."""
    found: dict[str, tuple[set[str], dict[str, None]]] = {}
    for one in logged():
        levels, fields = found.setdefault(one.event, (set(), {}))
        levels.add(one.level)
        fields.update(dict.fromkeys(one.fields))
    order = LEVELS.index
    return {
        event: (", ".join(sorted(levels, key=order)), ", ".join(f"`{name}`" if name != "…" else name for name in fields))
        for event, (levels, fields) in found.items()
    }


if __name__ == "__main__":
    for event, (levels, fields) in table().items():
        print(f"| `{event}` | {levels} | {fields} | |")  # noqa: T201 - that is what it is for

"""What storage/README.md says, as data: its views with their columns, and its examples with what they print."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

MANUAL = Path(__file__).parents[1] / "storage/README.md"
SECTION = re.compile(r"^### (v\d+_\w+)\n\n(.+)\n(?:\n((?:\|.*\n)+))?", re.MULTILINE)
ROW = re.compile(r"\| `(\w+)` \| ([^|]+) \| (.+) \|")
TYPE = re.compile(r"(?P<kind>text|integer|boolean|time|JSON|SHA-256)(?: \((?P<unit>\w+)\))?(?P<null> or NULL)?")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Column:
    """A row of a view's table."""

    name: str
    type: str
    meaning: str

    @property
    def kind(self) -> str:
        """The kind of value: text, integer, boolean, time, JSON or SHA-256."""
        return self._parts["kind"]

    @property
    def null(self) -> bool:
        """Whether it can be NULL."""
        return bool(self._parts["null"])

    @property
    def _parts(self) -> re.Match[str]:
        parts = TYPE.fullmatch(self.type)
        assert parts, f"{self.name}: write the type as `integer (ms) or NULL`, not as {self.type!r}"
        return parts


@dataclass(frozen=True, kw_only=True)
class Described:
    """A view as the manual has it."""

    sentence: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, kw_only=True)
class Example:
    """A block of code, with the block of text behind it."""

    language: str
    code: str
    prints: str | None  # None: nothing is said of it
    line: int


def described() -> dict[str, Described]:
    """Every view's section, in the order of the page."""
    found = {}
    for name, sentence, table in SECTION.findall(MANUAL.read_text(encoding="utf-8")):
        rows = table.splitlines()
        assert rows[:2] == ["| column | type | meaning |", "| --- | --- | --- |"], f"{name}: its table has another heading"
        columns = []
        for row in rows[2:]:
            cells = ROW.fullmatch(row)
            assert cells, f"{name}: one column to a row: {row}"
            columns.append(Column(name=cells[1], type=cells[2], meaning=cells[3]))
        found[name] = Described(sentence=sentence, columns=tuple(columns))
    return found


def examples() -> list[Example]:
    """Every block of code. One of `text` that follows another block at once is what that one prints."""
    text = MANUAL.read_text(encoding="utf-8")
    blocks = list(BLOCK.finditer(text))
    found = []
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        if block[1] == "text":
            continue
        said = following and following[1] == "text" and text[block.end() : following.start()] == "\n\n"
        line = text.count("\n", 0, block.start()) + 1
        found.append(Example(language=block[1], code=block[2], prints=following[2] if following and said else None, line=line))
    return found

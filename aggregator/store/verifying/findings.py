"""What an examination comes to, and what every check is given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from aggregator.store.engine import Store
from aggregator.store.snapshots import Snapshots

TOLD_AT_ONCE = 200  # that something was checked costs less than to say so


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it was written."""

    check: str  # which check found it
    table: str  # or "files"
    row: str  # what names the row or the file; "" for the whole table
    what: str  # what is wrong, in words
    warning: bool = False  # worth knowing; no sign that anything was changed

    @property
    def line(self) -> str:
        """In one line."""
        place = f"{self.table} {self.row}" if self.row else self.table
        return f"{'warning: ' * self.warning}{place}: {self.what}"


def _silent(_what: str, _steps: int) -> None:
    """Tell nobody."""


@dataclass(slots=True, kw_only=True)
class Examination:
    """A store that is looked through, in one transaction that sees one state of it."""

    store: Store
    tx: Connection
    story: str | None = None  # this one alone
    quick: bool = False  # leave the snapshots' files alone
    counts: Counter[str] = field(default_factory=Counter)  # how much was checked, by what it is
    advance: Callable[[str, int], None] = _silent  # told what is checked, and how many more of it were
    _untold: int = 0

    @property
    def snapshots(self) -> Snapshots:
        """The folder of raw bytes."""
        return self.store.snapshots

    def count(self, what: str, number: int = 1) -> None:
        """So many more were checked."""
        self.counts[what] += number
        self._untold += number
        if self._untold >= TOLD_AT_ONCE:
            self.advance(what, self._untold)
            self._untold = 0


Check = Callable[[Examination], Iterator[Finding]]


def number_of(value: Any) -> int | None:
    """A whole number as it should stand in a column, or None for whatever else is there."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def sound(value: object) -> bool:
    """Whether a value is a text that can be asked for: a damaged one may hold what is no letter."""
    return isinstance(value, str) and not any("\ud800" <= sign <= "\udfff" for sign in value)


def shown(value: object, *, most: int = 80) -> str:
    """A value in a finding: short, and without what would disturb a terminal or a line."""
    text = str(value)
    text = "".join(sign if sign.isprintable() else "�" for sign in text)
    return text if len(text) <= most else f"{text[:most]}…"


def file_name(name: str) -> str:
    """A file as it is named in a finding, whatever bytes its name holds."""
    return shown(name.encode("utf-8", "replace").decode(), most=200)

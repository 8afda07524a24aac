"""The mistakes of a configuration file, all in one go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One mistake: where it is, what was found, what is allowed."""

    file: str
    line: int | None
    key: str  # dotted: `sources.kremlin.url`; "" for the file as a whole
    message: str

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{where}: {self.key}: {self.message}" if self.key else f"{where}: {self.message}"


class ConfigError(ValueError):
    """A configuration file with mistakes; its text has a line for each, `feeds.toml:12: sources.kremlin.url: …`."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes, key=lambda mistake: (mistake.line or 0, mistake.key)))
        super().__init__("\n".join(map(str, self.mistakes)))

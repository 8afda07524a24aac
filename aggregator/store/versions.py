"""A statement as it is held in memory while a listing is settled."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from aggregator.model import StatementId


@dataclass(slots=True)
class Versions:
    """The versions of a statement's text in one language."""

    fingerprints: set[str] = field(default_factory=set)
    current: str = ""  # fingerprint of the newest
    built: datetime | None = None  # what the listing that brought the newest said of its own age
    number: int = 0  # of the newest

    def add(self, fingerprint: str, *, built: datetime | None, number: int) -> None:
        """Let a next version follow."""
        self.fingerprints.add(fingerprint)
        self.current, self.built, self.number = fingerprint, built, number


@dataclass(slots=True, eq=False, kw_only=True)
class Statement:
    """A statement on the shelf."""

    id: StatementId  # a provisional one until it is stored
    family: str
    url: str
    said_at: datetime
    reference: str = ""  # the source's own number, "" where none is known
    same_source: bool = False  # listed by the source whose listing is read
    beside: bool = False  # under an id that this very copy of the listing holds
    versions: dict[str, Versions] = field(default_factory=dict)  # by language, that of the first version first

    def language_of(self, language: str) -> str:
        """In which language a text counts that is said to be in `language`: one that is not known is the first version's.

        What was stored before its language could be told stays one with its edits.
        """
        if language in self.versions or not self.versions:
            return language
        if not language:
            return next(iter(self.versions))
        return "" if self.versions.keys() == {""} else language

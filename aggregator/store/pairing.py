"""Which statement a line in another language or another listing belongs to: by the source's own number, or by addresses.

A government says one thing in several languages and lists it in several places. Two signs are trusted, within a family: the
number that the source itself gave it, and the addresses that a page names for its other languages. Similar is not the same:
where a sign points at two statements, or at one that stands beside the line in the very same copy with another text, it is
not believed, and the line is a statement of its own.
"""

from __future__ import annotations

from collections.abc import Iterable

from aggregator.store.deciding import Line
from aggregator.store.versions import Statement

MOST_OF_ONE_SIGN = 10  # statements of one number or at one address that are looked at, the oldest


class Pairs:
    """Statements by their numbers and by their addresses in each language."""

    def __init__(self) -> None:
        self._numbered: dict[str, list[Statement]] = {}
        self._listed_at: dict[str, list[Statement]] = {}  # where a version of it was listed
        self._claimed: dict[str, list[Statement]] = {}  # where a version of it says that another language is

    def number(self, statement: Statement, reference: str) -> None:
        """Let a statement be found by the source's own number."""
        if reference:
            _add(self._numbered, reference, statement)

    def place(self, statement: Statement, url: str, *, claimed: bool) -> None:
        """Let a statement be found by an address: where it was listed, or where it claims to stand in another language."""
        if url:
            _add(self._claimed if claimed else self._listed_at, url, statement)

    def find(self, line: Line) -> Statement | None:
        """The statement that a line is a listing or a language of, by the number first, then by the addresses."""
        return self._by_number(line) or self._by_address(line)

    def _by_number(self, line: Line) -> Statement | None:
        there = _oldest(self._numbered.get(line.reference, ())) if line.reference else []
        return next((statement for statement in there if not _stands_apart(statement, line)), None)

    def _by_address(self, line: Line) -> Statement | None:
        claiming = _oldest(self._claimed.get(line.url, ())) if line.url else []
        named = [statement for url in line.alternates for statement in _oldest(self._listed_at.get(url, ()))]
        found = {statement.id: statement for statement in (*claiming, *named)}
        fitting = [one for one in found.values() if self._may_be(one, line)]
        return fitting[0] if len(fitting) == 1 else None

    def _may_be(self, statement: Statement, line: Line) -> bool:
        if has_another_number(statement, line):
            return False
        # A language that is there already stands at its own address, and another one is another statement.
        return line.language not in statement.versions or self._stands_at(statement, line.url)

    def _stands_at(self, statement: Statement, url: str) -> bool:
        return bool(url) and (statement.url == url or statement in _oldest(self._listed_at.get(url, ())))


def has_another_number(statement: Statement, line: Line) -> bool:
    """Whether the source itself says that the two are two."""
    return bool(statement.reference and line.reference and statement.reference != line.reference)


def _stands_apart(statement: Statement, line: Line) -> bool:
    """Whether a statement stands beside the line in the same copy and language, and says something else."""
    versions = statement.versions.get(statement.language_of(line.language))
    return statement.beside and versions is not None and line.fingerprint not in versions.fingerprints


def _oldest(statements: Iterable[Statement]) -> list[Statement]:
    return sorted(statements, key=lambda one: one.id)[:MOST_OF_ONE_SIGN]


def _add(where: dict[str, list[Statement]], key: str, statement: Statement) -> None:
    there = where.setdefault(key, [])
    if statement not in there:
        there.append(statement)

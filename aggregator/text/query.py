"""What people write into a search box, read. Every text is a search or a clear sentence; none is an error of the database."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aggregator.text.findable import findable

MOST_CHARACTERS, MOST_WORDS = 2_000, 64  # of one search
_TERM = re.compile(r"""(?P<minus>-)?(?:"(?P<phrase>[^"]*)(?:"|$)|(?P<word>[^\s"]+))""")
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"'))


class QueryError(ValueError):
    """There is nothing to look for, or too much; the text says what to write instead."""


@dataclass(frozen=True, slots=True)
class Part:
    """Something that must stand in a statement, or must not."""

    words: tuple[str, ...]  # as `findable` gives them; several: a phrase, one behind the other
    prefix: bool = False  # one word: the beginning of one
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A search that was read: all its parts must hold, in one version of a statement. No parts: everything."""

    parts: tuple[Part, ...] = ()

    @property
    def wanted(self) -> tuple[Part, ...]:
        """What must be there: what is highlighted."""
        return tuple(part for part in self.parts if not part.negated)


def parse_query(text: str) -> Query:
    """Read `words "a phrase" begin* -without`. All else is text: case, accents, `AND`, brackets and colons mean nothing.

    A word with signs in it (`anti-war`, `l'Élysée`, `U.S.`) is looked for as a phrase; an open quotation ends with the text.
    Empty text is the search for everything. Raises `QueryError` where there is text without a letter or digit, or too much.
    """
    if len(text) > MOST_CHARACTERS:
        raise QueryError(f"A search takes at most {MOST_CHARACTERS:,} characters; this one has {len(text):,}. Write less.")
    parts: dict[Part, None] = {}  # in their order, each once
    for term in _TERM.finditer(text.translate(_QUOTES)):
        parts.update(dict.fromkeys(_parts(term)))
    if not parts and text.strip():
        raise QueryError(f"{text.strip()[:40]!r} has no letter or digit to look for. Write a word, or nothing for the newest.")
    if sum(len(part.words) for part in parts) > MOST_WORDS:
        raise QueryError(f"A search takes at most {MOST_WORDS} words. Write fewer.")
    return Query(tuple(parts))


def _parts(term: re.Match[str]) -> list[Part]:
    negated = term["minus"] is not None
    written = term["phrase"] if term["word"] is None else term["word"]
    words = tuple(word.word for word in findable(written))
    if not words:
        return []
    if term["word"] is None or not written.endswith("*"):
        return [Part(words, negated=negated)]
    first, last = words[:-1], words[-1:]
    if negated or not first:
        return [Part(last, prefix=True, negated=negated)]
    return [Part(first), Part(last, prefix=True)]

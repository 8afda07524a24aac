"""The language of a story's terms: what an entry of `terms` or `none` asks for.

| written | finds |
| --- | --- |
| `Alaska` | the word, in whichever of its forms: Alaska's |
| `Trump Putin` | both, wherever they stand in the statement |
| `"Security Council"` | the words side by side, in this order |
| `sanction*` | every word that begins so |
| `Putin|Путин Alaska` | one of the two, and Alaska |
| `=Poles` | the word as it is written, in no other form |
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

QUOTED = r'"([^"]*)"|“([^”“]*)[”“]|„([^“”]*)[“”]|«([^«»]*)»'
QUOTES = '"“”„«»'
_PART = re.compile(rf"\||(=?)(?:{QUOTED})|[^\s|{QUOTES}]+|[{QUOTES}]")
LEAST_LETTERS = 2  # before a `*`: one letter begins a word of every text


@dataclass(frozen=True, slots=True)
class Chunk:
    """What stands between two spaces: mostly a word; `Trump-Putin` is two."""

    text: str
    begins: bool = False  # `*`: a word that begins so
    exact: bool = False  # `=`: in no other form


@dataclass(frozen=True, slots=True)
class Choice:
    """Chunks that must stand in a statement: side by side, if they were in quotes."""

    chunks: tuple[Chunk, ...]
    together: bool = False


Need: TypeAlias = tuple[Choice, ...]  # one of these


def read_term(written: str) -> tuple[Need, ...]:
    """What an entry asks for: all of these needs. Signs that mean nothing here part words, as in a text.

    Raises ValueError, with a sentence, for an entry that asks for nothing or is not closed.
    """
    needs: list[list[Choice]] = []
    joined = False  # by a `|` before this part
    for part in _PART.finditer(written):
        if part[0] == "|":
            if joined or not needs:
                raise ValueError("write something on both sides of |")
            joined = True
            continue
        choice = _choice(part)
        if choice is None:
            continue
        if joined:
            needs[-1].append(choice)
        else:
            needs.append([choice])
        joined = False
    if joined:
        raise ValueError("write something on both sides of |")
    if not needs:
        raise ValueError("write at least one word")
    return tuple(map(tuple, needs))


def _choice(part: re.Match[str]) -> Choice | None:
    """What a part of an entry asks for; None for signs alone."""
    if part[0] in QUOTES:
        raise ValueError(f"a quotation mark is not closed: {part[0]}")
    inner = next((one for one in part.groups()[1:] if one is not None), None)
    if inner is None:
        exact = part[0].startswith("=")
        chunk = _chunk(part[0].removeprefix("="), exact=exact)
        return None if chunk is None else Choice((chunk,))
    chunks = [chunk for one in inner.split() if (chunk := _chunk(one, exact=bool(part[1]))) is not None]
    if not chunks:
        raise ValueError("there is no word between the quotation marks")
    return Choice(tuple(chunks), together=True)


def _chunk(written: str, *, exact: bool) -> Chunk | None:
    begins = written.endswith("*")
    text = written.removesuffix("*")
    if "*" in text:
        raise ValueError(f"{written!r}: a * stands at the end of a word")
    letters = sum(map(str.isalnum, text))
    if begins and letters < LEAST_LETTERS:
        raise ValueError(f"{written!r}: write at least {LEAST_LETTERS} letters before a *")
    return Chunk(text, begins=begins, exact=exact) if letters else None

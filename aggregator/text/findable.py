"""Words as a search compares them: without case and accents, the same for what is stored and for what is asked.

Both databases index these words and no others, so that they find the same. `Élysée` and `elysee` are one word, `Київ` and
`киів` too. Scripts that are written without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese) have one word per letter: a
run of them is then looked for as a phrase, which finds it wherever it stands in a longer run.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

LONGEST = 64  # characters of a word that are compared: databases limit words, and what is longer is no word of a language
MOST_WORDS, MOST_BYTES = 50_000, 600_000  # of one text: PostgreSQL indexes no more than a megabyte of one row

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff"
)
# Accents that are letters of their own, and signs that part no word: the soft hyphen, joiners, the mark of byte order.
_INSIDE = "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u00ad\u200b-\u200d\u2060\ufeff"
_TOKEN = re.compile(rf"[^\W_](?:[^\W_]|[{_INSIDE}])*")
_SIGNS_INSIDE = re.compile(f"[{_INSIDE}]")
_PLAIN_TOKEN = re.compile(r"[^\W_]+")  # where there are none of these: in half the time
_BETWEEN = "’‘“”–—…\xa0•"  # beyond ASCII most texts have these, between words, and no others
# What a sign of ASCII is in a word: its small letter, or the end of the word.
_ASCII = {sign: chr(sign).lower() if chr(sign).isalnum() else " " for sign in range(128)}
_PIECE = re.compile(rf"[{_UNSPACED}]|[^{_UNSPACED}]+")
_WORD = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])[^\W_])+")
# Letters with a stroke or tied together: Unicode does not take them apart, but who types without accents does.
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th"}
)


class Word(NamedTuple):
    """A word of a text, and where it stands in it: in characters from 0, `end` excluded."""

    word: str
    start: int
    end: int


def findable(text: str) -> Iterator[Word]:
    """The words of a text in their order. A sign that is two words (`½`) gives two with the same place."""
    for token in _TOKEN.finditer(text):
        start = token.start()
        for piece in _PIECE.finditer(token[0]):
            for word in folded_word(piece[0]):
                yield Word(word, start + piece.start(), start + piece.end())


def findable_words(text: str) -> list[str]:
    """The words of a text that are indexed: all of it, but for a text of about a book's length."""
    words = _all_words(text)[:MOST_WORDS]
    if len(words) * LONGEST * 4 <= MOST_BYTES or len("".join(words).encode()) <= MOST_BYTES:
        return words
    room, kept = MOST_BYTES, []
    for word in words:
        room -= len(word.encode())
        if room < 0:
            break
        kept.append(word)
    return kept


def _all_words(text: str) -> list[str]:
    if not text.isascii():
        for sign in _BETWEEN:
            text = text.replace(sign, " ")
    if text.isascii():  # in a tenth of the time
        words = text.translate(_ASCII).split()
        return words if len(max(words, key=len, default="")) <= LONGEST else [word[:LONGEST] for word in words]
    tokens = (_TOKEN if _SIGNS_INSIDE.search(text) else _PLAIN_TOKEN).findall(text)
    folded = {token: folded_word(token) for token in set(tokens)}
    return [word for token in tokens for word in folded[token]]


@lru_cache(maxsize=16_384)  # a few thousand words make most of what is written
def folded_word(token: str) -> tuple[str, ...]:
    """The words of a run of letters and figures that has no other signs: one, but in a script without spaces."""
    if token.isascii():
        return (token.lower()[:LONGEST],)
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", token).casefold())
    bare = "".join(sign for sign in apart if unicodedata.category(sign) not in ("Mn", "Me", "Cf"))
    whole = unicodedata.normalize("NFC", bare).translate(_LETTERS)  # Korean syllables, taken apart, are whole again
    return tuple(word[:LONGEST] for word in _WORD.findall(whole))

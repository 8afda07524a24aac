"""What a source took back: its words as they may be quoted, and whether a page still is the one told."""

from __future__ import annotations

import unicodedata
from enum import StrEnum

from aggregator.text.fingerprint import words

MOST_QUOTED = 300  # characters of a source's notice
MOST_READ = 10_000  # characters of it that are looked at
MOST_WORDS = 20_000  # of a text that are held against another
RUN = 4  # words that stand together
ALIKE = 0.3  # of the runs of the old text stand in the new one: below, it is another page
MARKS = str.maketrans(dict.fromkeys('“”„‟«»"', "'"))


class Basis(StrEnum):
    """How it is known that a source took a statement back."""

    SAID = "said"  # it says so itself
    GONE = "gone"  # its page was seen gone, again and again


def quotable(notice: str) -> str:
    """A source's words on one line, at most `MOST_QUOTED` characters, without quotation marks and what cannot be seen."""
    seen = (" " if sign.isspace() else sign for sign in notice[:MOST_READ] if sign.isspace() or _is_seen(sign))
    line = " ".join("".join(seen).translate(MARKS).split())
    if len(line) <= MOST_QUOTED:
        return line
    cut = line[: MOST_QUOTED - 1]
    return f"{cut.rpartition(' ')[0] or cut}…"


def _is_seen(sign: str) -> bool:
    return unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def resembles(old: str, new: str) -> bool:
    """Whether a page holds enough of a text to be the page of it, though it stands elsewhere."""
    was, now = words(old)[:MOST_WORDS], words(new)[:MOST_WORDS]
    size = min(RUN, len(was))
    if not size:
        return False
    runs = {tuple(was[at : at + size]) for at in range(len(was) - size + 1)}
    there = {tuple(now[at : at + size]) for at in range(len(now) - size + 1)}
    return len(runs & there) >= ALIKE * len(runs)

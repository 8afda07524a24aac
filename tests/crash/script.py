"""What the sources of a crash campaign say, step by step: known beforehand, without end, and the same for everybody."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

STEPS = 3  # of one round
FIRST_DAY = datetime(2025, 8, 1, 6, 0, tzinfo=UTC)
SOURCES = {"alpha": "alpha", "alpha-two": "alpha", "beta": "beta", "gamma": "gamma", "delta": "delta"}  # each with its family
SYLLABLES = ["ba", "do", "fe", "gu", "ka", "li", "mo", "ne", "ri", "so", "ta", "ve", "wu", "zy"]


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing said: when it shows up and where, and how it reads from which step on."""

    key: str
    family: str
    at: datetime
    texts: tuple[tuple[int, str, str], ...]  # from which step on, title, text
    listed: tuple[tuple[str, int, int], ...]  # source, from this step on, and until before that one
    stories: tuple[str, ...] = ()
    echo: bool = False  # says what another family has said: stands beside its update

    @property
    def begins(self) -> int:
        """The first step at which it can be seen."""
        return min(start for _, start, _ in self.listed)

    def url(self, base: str) -> str:
        return f"{base}/{self.family}/items/{self.key}"

    def read_at(self, step: int) -> tuple[str, str]:
        """Its title and text at a step."""
        return next((title, text) for start, title, text in reversed(self.texts) if start <= step)

    def versions(self, step: int) -> list[str]:
        """Every text that it has had up to a step, oldest first."""
        return [text for start, _, text in self.texts if start <= step]


def items(step: int) -> Iterator[Item]:
    """Everything that has been seen up to a step."""
    for number in range(step // STEPS + 1):
        yield from (item for item in _round(number) if item.begins <= step)


def listed(source: str, step: int) -> list[Item]:
    """What a source lists at a step, newest first; a source shows the last few rounds alone."""
    rounds = range(max(0, step // STEPS - 3), step // STEPS + 1)
    found = [item for number in rounds for item in _round(number) if _is_listed(item, source, step)]
    return sorted(found, key=lambda item: item.at, reverse=True)


def _is_listed(item: Item, source: str, step: int) -> bool:
    return any(where == source and start <= step < end for where, start, end in item.listed)


@lru_cache(maxsize=4096)
def _round(number: int) -> tuple[Item, ...]:
    now, hour = STEPS * number, FIRST_DAY + timedelta(hours=number)
    gone = now + 3 * STEPS
    grain = number % 2 == 0
    both = ("talks", "grain") if grain else ("talks",)

    def told(key: str, *, figure: int = 12, subject: str = "talks", more: str = "") -> tuple[str, str]:
        return _told(f"{key}{number}", subject, figure + number, more)

    more = " Grain is part of it." if grain else ""
    first, edited = told("a", more=more), told("a", figure=4012, more=more)
    page, page_edited = told("g"), told("g", figure=7012)
    return (
        # A statement in two feeds of a family; its text is edited without a word two steps later.
        Item(key=f"a{number}", family="alpha", at=hour, stories=both, texts=((now, *first), (now + 2, *edited)),
             listed=(("alpha", now, gone), ("alpha-two", now + 1, gone))),
        # Another family's copy of it.
        Item(key=f"b{number}", family="beta", at=hour + timedelta(minutes=9), stories=both, echo=True,
             texts=((now + 1, *first),), listed=(("beta", now + 1, gone),)),
        # Listed for one step, and taken down.
        Item(key=f"c{number}", family="beta", at=hour + timedelta(minutes=20), stories=("talks",),
             texts=((now + 1, *told("c")),), listed=(("beta", now + 1, now + 2),)),
        # Comes late: said two days before what is long told.
        Item(key=f"l{number}", family="alpha", at=hour - timedelta(days=2), stories=("talks",),
             texts=((now + 1, *told("l")),), listed=(("alpha", now + 1, gone),)),
        # Its text stands on a page of its own, and is edited there.
        Item(key=f"g{number}", family="gamma", at=hour + timedelta(minutes=30), stories=("talks",),
             texts=((now, *page), (now + 2, f"{page_edited[0]} (edited)", page_edited[1])), listed=(("gamma", now, gone),)),
        # No story wants it.
        Item(key=f"d{number}", family="delta", at=hour + timedelta(minutes=40),
             texts=((now, *told("d", subject="harvest")),), listed=(("delta", now, gone),)),
    )  # fmt: skip


def _told(key: str, subject: str, figure: int, more: str) -> tuple[str, str]:
    names = [_name(f"{key}/{place}") for place in range(6)]
    title = f"The {subject} about {names[0]}"
    text = f"{title} with {names[1]} ended on {figure} measures for {names[2]}."
    return title, f"{text} {names[3]} and {names[4]} had sent {figure + 31} observers to {names[5]}.{more}"


def _name(seed: str) -> str:
    """A made-up name, so that no sentence repeats what another one said."""
    digest = hashlib.sha256(seed.encode()).digest()
    return "".join(SYLLABLES[byte % len(SYLLABLES)] for byte in digest[:4]).capitalize()

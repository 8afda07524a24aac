"""What of a text its translations share, in less than a kilobyte: figures, dates, names, their places, its size."""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from aggregator.text.facts import Fact, FactKind, facts
from aggregator.text.factwords import guess_language
from aggregator.text.names import named
from aggregator.text.transliteration import sound

READ, READ_TO_GUESS = 200_000, 3_000  # characters
FACT_BYTES, NAME_BYTES = 390, 490
MOST_MENTIONS = 110  # of names, from the beginning
LONGEST_KEY = 24  # characters of a fact
LONGEST_FORM = 12  # letters of a name that are kept
PLACES = 250  # steps in which a place in the text is kept
QUOTES = frozenset('"“”«»„‟')
VERSION = 1  # of the bytes
# Version, minutes, letters, language, paragraphs, bytes of facts, mentions of names.
HEAD = struct.Struct(">BII2sHHB")
LETTERS = re.compile(r"[^\W_]+")  # and figures
_LETTERS = {
    FactKind.NUMBER: "n",
    FactKind.ORDINAL: "o",
    FactKind.PERCENT: "p",
    FactKind.MONEY: "m",
    FactKind.DATE: "d",
    FactKind.WEEKDAY: "w",
    FactKind.TIME: "t",
    FactKind.REFERENCE: "r",
}
DAY = len("--02-24")
# A place, people or body of the table of names; a name with a president or the like beside it; one that goes on such a name.
LISTED, OFFICE, JOINED = "=", "+", "&"
SIGNS = LISTED + OFFICE + JOINED


class Mark(NamedTuple):
    """A fact or a name of a text, and where it stands: 0 at the head, `PLACES` - 1 at the end."""

    key: str  # of a fact: the letter of its kind and its value
    place: int
    form: str  # of a name, for people: in small Latin letters, after one of SIGNS where it is such a one


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What of a text its translations share."""

    published: int  # minutes since 1970
    language: str  # the first part of the BCP 47 tag, guessed where none was given; "" where it is not known
    letters: int
    paragraphs: int
    facts: tuple[Mark, ...]  # in the text's order, as often as they are there
    names: tuple[Mark, ...]  # in the order of their first places, each once
    mentions: bytes  # the indices of names in the order of the text, as often as they are there


def profile(text: str, published: datetime, language: str = "", title: str = "", told: Sequence[Fact] | None = None) -> Profile:
    """The profile of a text; `published` is aware. Only the first 200,000 characters are read.

    `told` are the facts of the title with the text below it, where they are known.
    """
    given = f"{title}\n{text}" if title else text
    whole = given[:READ]
    length = max(len(whole), 1)
    if told is None or len(given) > READ:
        told = facts(whole, language)
    found = [Mark(_key(fact), fact.start * PLACES // length, "") for fact in told]
    called: dict[str, Mark] = {}
    mentioned: list[str] = []
    person = False
    for name in named(whole, language):
        person = (name.joined and person) or name.office
        sign = LISTED if name.listed else JOINED if person and name.joined else OFFICE if person else ""
        mark = _name(f"{sign}{name.form[:LONGEST_FORM]}", name.start * PLACES // length)
        called.setdefault(mark.key, mark)
        mentioned.append(mark.key)
    names = _kept([*called.values()], NAME_BYTES)
    index = {mark.key: at for at, mark in enumerate(names)}
    return Profile(
        published=max(0, int(published.timestamp()) // 60),
        language=language.casefold().partition("-")[0] or guess_language(whole[:READ_TO_GUESS].lower().split()),
        letters=sum(map(len, LETTERS.findall(whole))),
        paragraphs=sum(1 for line in whole.splitlines() if line.strip()),
        facts=_kept(found, FACT_BYTES),
        names=names,
        mentions=bytes(index[key] for key in mentioned if key in index)[:MOST_MENTIONS],
    )


def profile_bytes(seen: Profile) -> bytes:
    """A profile for the store: at most 1,000 bytes, of which the first says how to read them."""
    told = _written((mark.key, mark.place) for mark in seen.facts)
    language = seen.language.encode("ascii", "replace")[:2]
    sizes = (min(seen.letters, 2**32 - 1), language, min(seen.paragraphs, 65535))
    head = HEAD.pack(VERSION, seen.published, *sizes, len(told), len(seen.mentions))
    return head + told + seen.mentions + _written((mark.form, mark.place) for mark in seen.names)


def read_profile(kept: bytes) -> Profile:
    """The profile that `profile_bytes` wrote. ValueError for bytes of another version."""
    if len(kept) < HEAD.size or kept[0] != VERSION:
        raise ValueError(f"a profile of version {kept[0] if kept else 'none'}, {len(kept)} bytes; this is {VERSION}")
    _, published, letters, language, paragraphs, told, mentions = HEAD.unpack_from(kept)
    told += HEAD.size
    return Profile(
        published=published,
        language=language.rstrip(b"\0").decode("ascii"),
        letters=letters,
        paragraphs=paragraphs,
        facts=tuple(Mark(key, place, "") for key, place in _read(kept[HEAD.size : told])),
        names=tuple(_name(form, place) for form, place in _read(kept[told + mentions :])),
        mentions=kept[told : told + mentions],
    )


@lru_cache(maxsize=8192)
def hash64(key: str) -> int:
    """A number of 64 bits with a sign, the same for the same key always."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big", signed=True)


def _key(fact: Fact) -> str:
    """A year alone is a number; a day goes without its year, which the other version may not write."""
    value = fact.value
    if fact.kind is not FactKind.DATE:
        return _LETTERS[fact.kind] + value[:LONGEST_KEY]
    if value.isdigit():
        return f"n{value}"
    return f"d{value[-5:]}" if len(value) >= DAY and value[-6] == "-" else f"d{value[-2:]}"


def _name(form: str, place: int) -> Mark:
    """The key is made of the form as it is kept, which is cut, so that it is the same for a profile that was read."""
    return Mark(form if form.startswith(LISTED) else sound(form.lstrip(SIGNS)), place, form)


def _kept(marks: Sequence[Mark], room: int) -> tuple[Mark, ...]:
    """As many marks as there is room for. Which ones, their keys decide: a translation then keeps the same ones."""
    chosen: list[int] = []
    for at in sorted(range(len(marks)), key=lambda at: (hash64(marks[at].key), at)):
        room -= len((marks[at].form or marks[at].key).encode()) + 2
        if room < 0:
            break
        chosen.append(at)
    return tuple(marks[at] for at in sorted(chosen))


def _written(marks: Iterable[tuple[str, int]]) -> bytes:
    return b"".join(bytes([place, len(text.encode())]) + text.encode() for text, place in marks)


def _read(kept: bytes) -> list[tuple[str, int]]:
    found, at = [], 0
    while at + 2 <= len(kept):
        place, length = kept[at], kept[at + 1]
        found.append((kept[at + 2 : at + 2 + length].decode("utf-8", "replace"), place))
        at += 2 + length
    return found

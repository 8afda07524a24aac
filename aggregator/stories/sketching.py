"""A text as it is held against others: read once, and small enough to be kept for years."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from aggregator.stories import translations
from aggregator.stories.duplicates import Prepared, prepare
from aggregator.stories.later import Later
from aggregator.stories.near import sketch
from aggregator.stories.profiles import READ, Profile, hash64, profile, profile_bytes
from aggregator.stories.profiles import VERSION as PROFILE_VERSION
from aggregator.text.facts import facts_and_within

# What was said longer ago than this when it is listed comes from an archive: who copies a statement does so within days. So
# far back the index is made anew, too.
HISTORY = timedelta(days=64)
VERSION = f"copies {sketch.VERSION}, languages {PROFILE_VERSION}"  # entries of another version are made anew


class NearReading(NamedTuple):
    """What is needed of a text for every question that is asked of it. It can be read before the text is stored."""

    copied: Prepared
    language: str  # without its region
    kept_profile: bytes
    as_read: Later[Profile]  # needed only where another text is found
    bands: tuple[int, ...]  # by which versions in other languages are found

    @property
    def profile(self) -> Profile:
        """What is held against texts in other languages."""
        return self.as_read.value


@dataclass(frozen=True, slots=True, kw_only=True)
class NearText:
    """A version of a statement, to be held against others."""

    revision: int
    statement: int
    said_at: datetime
    title: str
    text: str
    language: str
    url: str  # of the statement, and so the family
    family: str
    reading: bytes = b""  # `read_ahead`, where that was done


@dataclass(frozen=True, slots=True)
class ReadText:
    """A version, and what was read of its text."""

    of: NearText
    reading: NearReading

    @property
    def language(self) -> str:
        """The language, without its region."""
        return self.reading.language

    @property
    def kept_profile(self) -> bytes:
        """What is kept of the profile."""
        return self.reading.kept_profile

    def bands_in(self, language: str) -> list[int]:
        """The bands in a language. A text is kept under its own and looked for under each other: else those in its own, of
        which there are many, would hide the few that are wanted."""
        return [hash64(f"{band} {language}") for band in self.reading.bands]


def near_reading(text: str, title: str, said_at: datetime, *, language: str, family: str, url: str) -> NearReading:
    """Read a text: about 1 ms for a thousand letters, so that it is done where nothing waits for it."""
    told, found = facts_and_within(title, text, language) if len(title) + len(text) < READ else (None, None)
    copied = prepare(text, said_at, language=language, family=family, url=url, found=found)
    seen = profile(text, said_at, language, title, told)
    return NearReading(copied, seen.language, profile_bytes(seen), Later(seen), translations.bands(seen))


def read_ahead(text: str, title: str, said_at: datetime, *, language: str, family: str, url: str) -> bytes:
    """`near_reading` for later: as bytes it takes a tenth of the room while it waits to be stored."""
    return pickle.dumps(near_reading(text, title, said_at, language=language, family=family, url=url))


def read_text(text: NearText) -> ReadText:
    """A version with what is needed of its text."""
    if text.reading:
        # They come from where `read_ahead` ran, as all does that was read there: in pickles, by the pool of processes.
        found = pickle.loads(text.reading)  # noqa: S301 - see above
        assert isinstance(found, NearReading), "`read_ahead` made it"  # noqa: S101 - says what holds
        return ReadText(text, found)
    known = {"language": text.language, "family": text.family, "url": text.url}
    return ReadText(text, near_reading(text.text, text.title, text.said_at, **known))

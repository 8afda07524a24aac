"""A text as it is held against others: read once, and small enough to be kept for years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aggregator.stories import translations
from aggregator.stories.duplicates import Prepared, prepare
from aggregator.stories.near import sketch
from aggregator.stories.profiles import VERSION as PROFILE_VERSION
from aggregator.stories.profiles import Profile, hash64, profile, profile_bytes

VERSION = f"copies {sketch.VERSION}, languages {PROFILE_VERSION}"  # entries of another version are made anew


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


@dataclass(frozen=True, slots=True)
class ReadText:
    """A version, and what was read of its text."""

    of: NearText
    copied: Prepared
    profile: Profile
    bands: tuple[int, ...]  # by which versions in other languages are found

    @property
    def language(self) -> str:
        """The language, without its region."""
        return self.profile.language

    @property
    def kept_profile(self) -> bytes:
        """What is kept of the profile."""
        return profile_bytes(self.profile)

    def bands_in(self, language: str) -> list[int]:
        """The bands in a language. A text is kept under its own and looked for under each other: else those in its own, of
        which there are many, would hide the few that are wanted."""
        return [hash64(f"{band} {language}") for band in self.bands]


def read_text(text: NearText) -> ReadText:
    """What is needed of a text for every question that is asked of it."""
    copied = prepare(text.text, text.said_at, language=text.language, family=text.family, url=text.url)
    seen = profile(text.text, text.said_at, text.language, text.title)
    return ReadText(text, copied, seen, translations.bands(seen))

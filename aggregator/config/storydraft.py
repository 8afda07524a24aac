"""A story that is proposed to the operator, as text for `feeds.toml`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from aggregator.config.types import LANGUAGE_PATTERN, Story
from aggregator.config.writing import KEY_SIGNS, MOST_KEY, toml_comment, toml_list, toml_table
from aggregator.model import StoryKey

WORDS_OF_KEY = 4
LEAST_WORD = 3  # letters of a word of a key


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryDraft:
    """What is known of a story that is not in the file yet."""

    key: str
    title: str  # as a source wrote it
    from_: date
    until: date
    terms: Sequence[str]
    language: str  # BCP 47, as a source says it
    notes: Sequence[str]  # for the operator, above the table

    def block(self) -> str:
        """Text that may be put into `feeds.toml`. Whatever a source wrote stays in its quotes or its comment."""
        notes = "".join(f"{toml_comment(note)}\n" for note in self.notes)
        return f"\n{notes}{toml_table(('stories', self.key), self._table())}"

    def story(self) -> Story:
        """The story that the text means. Raises ValueError where it means none."""
        values: dict[str, Any] = {**self._table(), "key": StoryKey(self.key)}
        return Story.model_validate(values)

    def _table(self) -> dict[str, Any]:
        table: dict[str, Any] = {
            "title": self.title,
            "from": self.from_,
            "until": self.until,
            "terms": list(self.terms),
        }
        if self.language and re.fullmatch(LANGUAGE_PATTERN, self.language):
            table["language"] = self.language
        return table


def key_from_title(title: str) -> str:
    """A key of the first longer words of a title, of those that are written in plain Latin letters: `talks-in-geneva`."""
    some = [word for word in KEY_SIGNS.sub("-", title.lower()).split("-") if len(word) >= LEAST_WORD]
    return "-".join(some[:WORDS_OF_KEY])[:MOST_KEY].strip("-") or "story"


def terms_line(terms: Sequence[str]) -> str:
    """The line `terms` of a story's table."""
    return f"terms = {toml_list(terms)}"

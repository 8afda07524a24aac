"""An update that got its number, as whoever publishes it says so."""

from __future__ import annotations

from dataclasses import dataclass

from aggregator.model import StoryKey, UpdateKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """An update that got its number."""

    story: StoryKey
    number: int
    kind: UpdateKind
    title: str

"""The reason line: one sentence on every update that says what is new, made by rule."""

from __future__ import annotations

from collections.abc import Sequence

from aggregator.model import UpdateKind


def reason_line(kind: UpdateKind, *, source: str, title: str, corrects: Sequence[int] = (), removed: int = 0) -> str:
    """One sentence: who is heard, or which updates are put right; `removed` counts published sentences that were taken out."""
    match kind:
        case UpdateKind.NEW:
            return f"First statement, by {source}: “{title}”."
        case UpdateKind.ADDS:
            return f"Adds a statement by {source}: “{title}”."
        case UpdateKind.WITHDRAWN:
            return f"{source} took back what {_updates(corrects)} tells."
        case UpdateKind.CORRECTED if removed:
            return f"Corrects {_updates(corrects)}: {source} took out {_sentences(removed)}."
        case UpdateKind.CORRECTED:
            return f"Corrects {_updates(corrects)}: {source} changed its text."


def _sentences(count: int) -> str:
    return "a sentence" if count == 1 else f"{count} sentences"


def _updates(numbers: Sequence[int]) -> str:
    return " and ".join(f"Update.{number}" for number in numbers)

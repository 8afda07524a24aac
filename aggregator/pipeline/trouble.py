"""An error of our own while one thing is told: it is noted beside it and tried again, and holds up nothing else."""

from __future__ import annotations

from datetime import timedelta

TRY_AGAIN = timedelta(minutes=10)
LONGEST = 500  # characters: an error may repeat a whole statement


def own_error(error: Exception) -> str:
    """What went wrong, as it is noted beside what waits because of it."""
    return f"our own error: {type(error).__name__}: {error}"[:LONGEST]

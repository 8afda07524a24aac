"""Words without their endings, roughly: enough to hold texts of one language against each other."""

from __future__ import annotations

_ENDINGS = frozenset(
    [
        *("ements", "ations", "ement", "ation", "ingly", "edly", "ings", "ions", "ing", "ies", "ied", "ers", "ion"),
        *("ed", "es", "er", "s", "e", "y"),
    ]
)
LONGEST = max(map(len, _ENDINGS))
SHORTEST = 4  # letters that are left of an English word
PREFIX = 6  # letters of a word of another language: its endings are many, and its beginning tells it apart


def stem(word: str, language: str) -> str:
    """A folded word without its ending; two words may share one ("general", "generate")."""
    if not word.isalpha():
        return word
    if language != "en":
        return word[:PREFIX]
    for length in range(min(LONGEST, len(word) - SHORTEST), 0, -1):
        if word[-length:] in _ENDINGS:
            return word[:-length]
    return word

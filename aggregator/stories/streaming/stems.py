"""Words without their endings, roughly: enough to hold texts of one language against each other."""

from __future__ import annotations

_ENDINGS = (
    *("ements", "ations", "ement", "ation", "ingly", "edly", "ings", "ions", "ing", "ies", "ied", "ers", "ion"),
    *("ed", "es", "er", "s", "e", "y"),
)
# The longest first, by the last letter: most words have none of these letters there, and are done.
_BY_LAST = {
    last: sorted((ending for ending in _ENDINGS if ending[-1] == last), key=len, reverse=True)
    for last in {ending[-1] for ending in _ENDINGS}
}
SHORTEST = 4  # letters that are left of an English word
PREFIX = 6  # letters of a word of another language: its endings are many, and its beginning tells it apart


def stem(word: str, language: str) -> str:
    """A folded word without its ending; two words may share one ("general", "generate")."""
    if not word.isalpha():
        return word
    if language != "en":
        return word[:PREFIX]
    for ending in _BY_LAST.get(word[-1], ()):
        if word.endswith(ending) and len(word) >= SHORTEST + len(ending):
            return word[: -len(ending)]
    return word

"""Where a statement says that an event was: the seats of governments and bodies that host visits and talks.

A guest who is in Kyiv on one day and in Moscow on the next is in two stories, though nearly all names and words are the same.
Only what stands behind a word for "in" counts: "Moscow said" is a government that speaks, wherever it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from aggregator.text.numberwords import word_set
from aggregator.text.placenames import known_name

# "In", "at" and "to" of the languages of `text.placenames`, and articles that may follow.
_IN = frozenset(["in", "at", "to", "im", "nach", "à", "au", "en", "a", "al", "te", "naar", "w", "do", "в", "во", "у", "до"])
_ARTICLES = frozenset(["the", "der", "dem", "le", "la", "el", "het"])
_CITIES = word_set("""ankara beijing berlin brussels geneva istanbul kyiv london minsk moscow paris rome vienna warsaw
    washington""")
_HOUSES = {"kremlin": "moscow", "whitehouse": "washington"}


def seats(words: Sequence[str]) -> frozenset[str]:
    """The keys of the cities in which the words say that something is; linear time."""
    found = set()
    small = list(map(str.lower, words))
    for at, word in enumerate(small[:-1]):
        if word in _IN:
            start = at + 2 if small[at + 1] in _ARTICLES else at + 1
            key = known_name(words[start : start + 4])[0] if start < len(words) else ""
            city = _HOUSES.get(key, key)
            if city in _CITIES:
                found.add(city)
    return frozenset(found)

"""Two texts of one mould, told apart by what their titles are about."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from aggregator.text.fingerprint import words

FEWEST_LETTERS = 3  # of a word that names something, unless it is a figure
STEM = 4  # letters that forms of one word share: "signs", "signed"


def names_another(title: str, text: str, other_title: str, other_text: str) -> str:
    """Why two texts that are alike are of two things, in words; "" where the titles do not say that they are.

    An office puts what is different into the title: "Approves Nebraska Disaster Declaration", "Approves Iowa Disaster
    Declaration". Where title and text of each say what the other text never says, it is another thing, however alike the
    rest is. Of a copy under another headline this does not hold: what its text says, the other's says, too; nor of a cut one.
    """
    here, there = frozenset(words(text)), frozenset(words(other_text))
    mine = _only(words(title), here, there)
    theirs = _only(words(other_title), there, here)
    apart = [(one, other) for one in mine for other in theirs if one[:STEM] != other[:STEM]]
    if not apart:
        return ""
    one, other = apart[0]
    return f"its title and text say “{one}”, where the other's say “{other}”"


def _only(title: Iterable[str], own: Collection[str], other: Collection[str]) -> list[str]:
    return [
        word
        for word in title
        if word in own and word not in other and (len(word) >= FEWEST_LETTERS or any(map(str.isdigit, word)))
    ]

"""What kind of change one stretch is: whether it touches what is said, or only how it is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from aggregator.stories.elsewhere import Elsewhere
from aggregator.stories.figures import (
    Found,
    figure_for_figure,
    figures_of,
    in_digits,
    numbers,
    telling_sign,
    values,
    without,
    written,
)
from aggregator.stories.hunks import Hunk, Side, Token, is_whole
from aggregator.stories.notation import noted
from aggregator.stories.pages import is_page, page_lines
from aggregator.stories.slips import Slips
from aggregator.text.plain import looks
from aggregator.text.spelling import is_slip, is_variant


class EditKind(StrEnum):
    """What an edit was. The first two say nothing that was not said."""

    FORMAT = "format"  # spacing, punctuation, markup, page furniture, a number written otherwise, another order
    TYPO = "typo"  # a word put right
    FIGURE = "figure"  # a number, date, weekday or magnitude, whatever else
    ADDITION = "addition"
    REMOVAL = "removal"
    REWORDING = "rewording"


QUIET = frozenset({EditKind.FORMAT, EditKind.TYPO})
TEMPLATED = frozenset({EditKind.ADDITION, EditKind.REMOVAL, EditKind.REWORDING})  # what a page's template can do to a text
NEGATION = "a negation"
MARKUP = frozenset("*_[]\\`#|>")
FURNITURE = "page furniture"
ALIKE = "letters that look alike"
PUT_RIGHT = "a word put right"
WRITTEN = "a number written otherwise"

WHOLE = 5  # words; a shorter stretch within a sentence changes it, rather than adds to it (see FEWEST_WORDS of the digest)
SHORT = 3  # words; what is put in or taken out is told with its neighbours
CODE = 2  # letters of a word that is another one in capitals
REPLACED = 2  # words that may go where a passage comes, which is an addition all the same
_NEGATIONS = """
    not no non none nor never neither without cannot n't nicht kein keine keinen keiner keinem nie ohne ne pas jamais
    aucun aucune sans не ни нет нельзя без ніколи никогда ні немає
"""
NEGATIONS = frozenset(_NEGATIONS.split())
# Written with a hyphen or without, these are two words: "re-signed" is not "resigned".
RE_WORDS = ("sign", "cover", "form", "lease", "creat", "present", "sort", "treat", "mark", "sent", "press", "fund", "count")


@dataclass(frozen=True, slots=True)
class Weighed:
    """A stretch with its kind, and why it is of this kind, in some words."""

    kind: EditKind
    why: str
    old: str
    new: str
    words: int  # that changed
    page: tuple[str, ...] = ()  # the lines that it changes, each with - or + before it, if they may all be part of a template


def weigh(hunk: Hunk, elsewhere: Elsewhere) -> Weighed:
    """Judge one stretch. `elsewhere` counts words in what did not change."""
    kind, why = _kind(hunk, elsewhere)
    removed, added = hunk.removed, hunk.added
    words = max(_count(removed), _count(added))
    if kind is EditKind.REWORDING and words <= SHORT and not (removed and added):
        removed, added = _with_neighbours(hunk.old, hunk.i, hunk.a), _with_neighbours(hunk.new, hunk.j, hunk.b)
    page = page_lines(hunk, elsewhere) if kind in TEMPLATED and why != NEGATION else ()
    return Weighed(kind, why, written(hunk.old, removed), written(hunk.new, added), words, page)


def _with_neighbours(side: Side, i: int, a: int) -> list[Token]:
    """Some words with the one before and the one after, so that people see where "not" was put in."""
    first, last = max(0, i - 1), min(len(side.tokens), a + 1)
    return side.tokens[first:last]


def _kind(hunk: Hunk, elsewhere: Elsewhere) -> tuple[EditKind, str]:
    if is_page(hunk, elsewhere):
        return EditKind.FORMAT, FURNITURE
    before, after = figures_of(hunk, old=True), figures_of(hunk, old=False)
    sign = telling_sign(hunk, before, after)
    if sign == "?":
        return EditKind.REWORDING, "a question is none, or the other way round"
    slips = Slips(hunk, elsewhere)
    told = None if sign else _of_notation(hunk, before, after, slips)
    if told is not None:
        return told
    if sign or values(before) != values(after):
        return _of_figures(hunk, before, after, sign)
    removed, added = without(hunk.removed, before), without(hunk.added, after)
    return _of_same_words(hunk) if removed == added else _of_words(hunk, removed, added, elsewhere, slips)


def _of_notation(hunk: Hunk, before: Sequence[Found], after: Sequence[Found], slips: Slips) -> tuple[EditKind, str] | None:
    """The same figures, written otherwise or with a slip in their words; None for anything else."""
    if (why := _looks_the_same(hunk)) or ((digits := in_digits(hunk.removed)) and digits == in_digits(hunk.added)):
        return EditKind.FORMAT, why or WRITTEN
    if slips.is_figure_mistyped():
        return EditKind.TYPO, PUT_RIGHT
    if (told := _in_other_case(hunk)) is not None:
        return told
    if before and values(before) == values(after) and noted(hunk.removed, before) == noted(hunk.added, after):
        return _of_same_words(hunk)
    return None


def _looks_the_same(hunk: Hunk) -> str:
    """Why a stretch says the same by its looks: markup alone came or went, or letters of other scripts; "" for any other."""
    old, new = ([one.text for one in side if one.text not in MARKUP] for side in (hunk.removed, hunk.added))
    if old == new:
        return "punctuation or markup"  # "**5** May" is one date, which is not read as one
    return ALIKE if len(old) == len(new) and looks("".join(old)) == looks("".join(new)) else ""


def _in_other_case(hunk: Hunk) -> tuple[EditKind, str] | None:
    """Small letters for great ones, or the other way round: "COVID-19", "Covid-19". Not of units: "mW" is no "MW"."""
    removed, added = ([one.text for one in side] for side in (hunk.removed, hunk.added))
    if removed == added or len(removed) != len(added):
        return None
    pairs = zip(removed, added, strict=True)
    if not all(one == other or (one.lower() == other.lower() and len(one) >= SHORT) for one, other in pairs):
        return None
    capitals = len(removed) > 1 and ("".join(removed).isupper() or "".join(added).isupper())
    return (EditKind.FORMAT, "capitals") if capitals else (EditKind.TYPO, "a capital letter")


def _of_same_words(hunk: Hunk) -> tuple[EditKind, str]:
    """The same figures, and no other words: only how they are written."""
    removed, added = ([one.text for one in side if one.is_word] for side in (hunk.removed, hunk.added))
    if is_variant(" ".join(removed).lower(), " ".join(added).lower()):
        return EditKind.TYPO, PUT_RIGHT  # "percent", "per cent"
    return EditKind.FORMAT, "punctuation or markup" if removed == added else WRITTEN


# --- figures


def _of_figures(hunk: Hunk, before: Sequence[Found], after: Sequence[Found], sign: str) -> tuple[EditKind, str]:
    out, put = _count(hunk.removed), _count(hunk.added)
    were, are = Counter(values(before)), Counter(values(after))
    gone, come = were - are, are - were
    if not put and not come and _stands_alone(hunk.old, hunk.i, hunk.a):
        return EditKind.REMOVAL, "a passage is gone"
    if not out and not gone and _stands_alone(hunk.new, hunk.j, hunk.b):
        return EditKind.ADDITION, "a passage is new"
    passage = _passage(out, put)
    if passage is not None and not (gone if passage[0] is EditKind.ADDITION else come):
        return passage
    if sign and not gone and not come:
        return EditKind.FIGURE, f"the sign {sign}"
    return EditKind.FIGURE, " and ".join(sorted({kind for kind, _ in gone | come})) or "the order"


# --- words


def _of_words(
    hunk: Hunk, removed: Sequence[str], added: Sequence[str], elsewhere: Elsewhere, slips: Slips
) -> tuple[EditKind, str]:
    told = _same_letters(removed, added, hyphen=_has_hyphen(hunk))
    if told is not None:
        return told
    before, after = [one.lower() for one in removed], [one.lower() for one in added]
    negation = NEGATIONS.intersection(before) != NEGATIONS.intersection(after)
    if not removed or not added:
        return _of_one_side(hunk, negation=negation, is_removal=bool(removed))
    if numbers(removed) != numbers(added):
        return EditKind.FIGURE, "number"
    if not negation and (is_variant(" ".join(before), " ".join(after)) or _is_put_right(removed, added, elsewhere, slips)):
        return EditKind.TYPO, PUT_RIGHT
    if max(len(before), len(after)) <= WHOLE and figure_for_figure(before, after):
        return EditKind.FIGURE, "magnitude"
    return _passage(len(removed), len(added)) or (EditKind.REWORDING, NEGATION if negation else "other words")


def _passage(out: int, put: int) -> tuple[EditKind, str] | None:
    """So many words out and so many in: whether that is a passage that came, or went, with a word or two in its way."""
    if put - out >= 2 * WHOLE and out <= REPLACED:
        return EditKind.ADDITION, "a passage is new"
    if out - put >= 2 * WHOLE and put <= REPLACED:
        return EditKind.REMOVAL, "a passage is gone"
    return None


def _of_one_side(hunk: Hunk, *, negation: bool, is_removal: bool) -> tuple[EditKind, str]:
    side, i, a = (hunk.old, hunk.i, hunk.a) if is_removal else (hunk.new, hunk.j, hunk.b)
    words = [one.text.lower() for one in side.tokens[i:a] if one.is_word]
    if len(words) == 1 and not negation and words[0] in _beside(side, i, a):
        return EditKind.TYPO, "a word that stood twice"
    if _stands_alone(side, i, a):
        return (EditKind.REMOVAL, "a passage is gone") if is_removal else (EditKind.ADDITION, "a passage is new")
    return EditKind.REWORDING, NEGATION if negation else "other words"


def _beside(side: Side, i: int, a: int) -> set[str]:
    near = [side.tokens[n] for n in (i - 1, a) if 0 <= n < len(side.tokens)]
    return {one.text.lower() for one in near}


def _has_hyphen(hunk: Hunk) -> bool:
    return any(one.text == "-" for one in (*hunk.removed, *hunk.added))


def _same_letters(removed: Sequence[str], added: Sequence[str], *, hyphen: bool) -> tuple[EditKind, str] | None:
    """Words that differ by capitals, by look-alike letters of other scripts, or by where they are parted."""
    before, after = "".join(removed), "".join(added)
    if looks(before) == looks(after) and len(removed) == len(added):
        return EditKind.FORMAT, ALIKE
    code = len(removed) == len(added) == 1 and len(before) == CODE and before.isupper() != after.isupper()
    if code or before.lower() != after.lower() or any(sign.isdigit() for sign in before):
        return None  # "US" is not "us", "MW" not "mW"
    if len(removed) == len(added):
        capitals = len(removed) > 1 and (before.isupper() or after.isupper())
        return (EditKind.FORMAT, "capitals") if capitals else (EditKind.TYPO, "a capital letter")
    parts = {one.lower() for one in (*removed, *added)}
    negations = NEGATIONS.intersection(parts) - ({"non"} if hyphen else set())  # "non-nuclear", "nonnuclear"
    if negations or "apart" in parts or ("re" in parts and any(one.startswith(RE_WORDS) for one in parts)):
        return None
    if "percent" in parts or hyphen:  # "cooperation", "co-operation"
        return EditKind.TYPO, PUT_RIGHT
    return EditKind.FORMAT, "words parted or joined"


def _is_put_right(removed: Sequence[str], added: Sequence[str], elsewhere: Elsewhere, slips: Slips) -> bool:
    return len(removed) == len(added) and all(
        _is_one_word(one, other, elsewhere, slips) for one, other in zip(removed, added, strict=True)
    )


def _is_one_word(one: str, other: str, elsewhere: Elsewhere, slips: Slips) -> bool:
    a, b = one.lower(), other.lower()
    if a.endswith("'s") and b.endswith("'s"):
        a, b = a[:-2], b[:-2]
    name = one[0].isupper() and other[0].isupper()
    if one == other or (a == b and len(a) != CODE) or is_variant(a, b) or _same_address(a, b):
        return True
    if not name and slips.are_two_words(one, other):
        return False
    return is_slip(a, b, elsewhere, name=name) or slips.is_slip(one, other)


def _same_address(one: str, other: str) -> bool:
    """Whether two addresses differ by http and https, or a stroke at the end, alone; even if more words are their parts."""
    if not (one.startswith("http") and other.startswith("http")):
        return False
    return one.partition("://")[2].rstrip("/") == other.partition("://")[2].rstrip("/")


# --- where it stands


def _count(tokens: Sequence[Token]) -> int:
    return sum(one.is_word for one in tokens)


def _stands_alone(side: Side, i: int, a: int) -> bool:
    """Whether a stretch is a passage of its own: a line, a sentence, or several words in a row."""
    return _count(side.tokens[i:a]) >= WHOLE or is_whole(side, i, a)

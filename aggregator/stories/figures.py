"""Figures of a stretch of text: numbers, dates and measures that an edit touches, however they are written."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence

from aggregator.stories.hunks import Hunk, Side, Token
from aggregator.text.facts import Fact, FactKind, facts
from aggregator.text.factwords import guess_language
from aggregator.text.months import MONTHS, WEEKDAYS

AROUND = 10  # words on each side that are read with a stretch: "24" of "24 February 2022" is part of a date
FAR_AROUND = 60  # words on each side by which the language is told
MEASURES = frozenset("%‰$€£¥₴₽₹°±")
MEASURED = frozenset({FactKind.MONEY, FactKind.PERCENT})
BEFORE_A_NUMBER = frozenset("-+<>=~≈≤≥")  # where one stands right before it; elsewhere they are bullets and rules
COMPARING = frozenset("<>=≈≤≥")  # also with a space between, but where a line begins with one
_MAGNITUDES = """
    hundreds thousands millions billions trillions million billion trillion thousand hundred dozen dozens half double
    triple twice quarter third am pm mln bn
    hundert tausend hunderte tausende hunderten tausenden dutzend dutzende dutzenden million millionen milliarde milliarden
    hälfte drittel viertel
    cent cents mille centaines milliers millions milliard milliards dizaine dizaines moitié tiers quart quarts
    millón millones mitad tercio milione milioni miliardo miliardi metà milion miliony milionów miliard miliardów
    miljoen miljard helft
    сто сотни сотен сотням тысяча тысячи тысяч тысячам миллион миллиона миллионы миллионов миллионам миллиард миллиарда
    миллиарды миллиардов миллиардам триллион триллиона триллионов десяток десятки десятков десяткам половина половины
    половину половиной треть трети третью четверть четверти четвертью полтора вдвое втрое
    сотні сотень тисяча тисячі тисяч мільйон мільйона мільйони мільйонів мільярд мільярда мільярди мільярдів трильйон
    трильйонів десятки десятків половина половини половину третина третини третину чверть чверті удвічі утричі
"""
_COUNTS = "one two three four five six seven eight nine ten eleven twelve"
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
SPELLED = {
    **{word: str(n) for n, word in enumerate(_COUNTS.split(), 1)},
    **{word: f"{n}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(n, 'th') }" for n, word in enumerate(_ORDINALS.split(), 1)},
}
# Words of which one for another changes a figure, even where it is in doubt whether they are one ("March", "one", "second").
FIGURES = (
    frozenset(_MAGNITUDES.split())
    | SPELLED.keys()
    | MONTHS.keys()
    | WEEKDAYS
    | frozenset("一二三四五六七八九十百千万億亿兆¼½¾⅓⅔")
)
Found = tuple[Fact, int, int]  # a figure, with its first and its last word as they are counted from the stretch
CLOCK = re.compile(r"^([01]?\d|2[0-4])\.([0-5]\d)$")  # "11.30" for "11:30"
SUFFIX = re.compile(r"(?<=\d) (st|nd|rd|th)\b")
PARTS = {"half": 2, "halves": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_PART = "|".join((*PARTS, *(f"{part}s" for part in PARTS)))
FRACTION = re.compile(rf"\b(?:(?P<count>\d+)(?: -)?|(?P<one>an?)) (?P<part>{_PART}|3rd|5th|6th|8th|10th)\b")
FRACTIONS = frozenset((*PARTS, *(f"{part}s" for part in PARTS), "double", "triple", "twice", "thrice"))


def written(side: Side, tokens: Sequence[Token]) -> str:
    """Some words in a row as they stand in their text."""
    return _written(side, tokens)[0]


def _written(side: Side, tokens: Sequence[Token]) -> tuple[str, list[int]]:
    """The same, and where each word begins in it."""
    said: list[str] = []
    starts: list[int] = []
    length, last = 0, None
    for one in tokens:
        if last is not None:
            between = side.lines[one.line][last.end : one.start] if last.line == one.line else "\n"
            said.append(between)
            length += len(between)
        starts.append(length)
        said.append(one.text)
        length += len(one.text)
        last = one
    return "".join(said), starts


def in_digits(tokens: Sequence[Token]) -> str:
    """Words in a row of which each small number is written in digits; "" where none is."""
    words = [one.text.casefold() for one in tokens]
    digits = " ".join(SPELLED.get(word, CLOCK.sub(r"\1:\2", word)) for word in words)
    digits = digits.replace("½", "1 / 2")
    digits = FRACTION.sub(_in_figures, digits)
    return SUFFIX.sub(r"\1", digits) if any(map(str.isdigit, digits)) else ""


def _in_figures(found: re.Match[str]) -> str:
    """ "Two-thirds" as "2 / 3", in which its numbers are words of their own as well."""
    part = found["part"]
    below = PARTS.get(part) or PARTS.get(part[:-1]) or int(part[:-2])
    return f"{found['count'] or 1} / {below}"


def figures_of(hunk: Hunk, *, old: bool) -> list[Found]:
    """The figures and dates that a stretch touches, each with its first and last word, counted from the stretch."""
    side, i, a = (hunk.old, hunk.i, hunk.a) if old else (hunk.new, hunk.j, hunk.b)
    tokens = side.tokens
    words = [one.text for one in tokens[i:a] if one.is_word]
    if words and all(one.startswith("http") for one in words):
        return []  # the digits of an address are no figures
    first, last = max(0, i - AROUND), min(len(tokens), a + AROUND)
    window = tokens[first:last]
    text, starts = _written(side, window)
    found = []
    for fact in facts(text, _language(hunk)):
        begins, ends = bisect_right(starts, fact.start) - 1 + first, bisect_left(starts, fact.end) - 1 + first
        if begins <= a and ends >= i - 1:
            found.append((fact, begins - i, ends - i))
    return found


def _language(hunk: Hunk) -> str:
    """The language of the words around a stretch, of which there are more than are read: a few do not tell."""
    sides = ((hunk.old, hunk.i, hunk.a), (hunk.new, hunk.j, hunk.b))
    near = (side.tokens[max(0, i - FAR_AROUND) : a + FAR_AROUND] for side, i, a in sides)
    old, new = ([one.text.lower() for one in tokens if one.is_word] for tokens in near)
    return guess_language(new if len(new) > len(old) else old)


def values(found: Sequence[Found]) -> list[tuple[str, str]]:
    """What figures say, in their order: "from 5 to 7" is not "from 7 to 5"."""
    return [(fact.kind.value, fact.value) for fact, _, _ in found]


def without(tokens: Sequence[Token], found: Sequence[Found]) -> list[str]:
    """The words of a stretch that are no part of a figure or date; reference numbers are compared as they are written."""
    taken = {n for fact, first, last in found if fact.kind is not FactKind.REFERENCE for n in range(first, last + 1)}
    return [one.text for n, one in enumerate(tokens) if one.is_word and n not in taken]


def telling_sign(hunk: Hunk, before: Sequence[Found], after: Sequence[Found]) -> str:
    """A sign that one side alone has, and that changes what is said: of a measure, before a number, of a question.

    `before` and `after` are the figures of both sides: a sign that is part of one is told by it ("5%" is "5 percent").
    """
    has_words = any(one.is_word for one in (*hunk.removed, *hunk.added))
    if has_words and not (hunk.i < hunk.a and hunk.j < hunk.b):
        return ""
    same = values(before) == values(after)
    mine = _signs(hunk.old, hunk.i, hunk.a, before if same else ())
    yours = _signs(hunk.new, hunk.j, hunk.b, after if same else ())
    differ = (mine - yours) | (yours - mine)
    return next((one for one in sorted(differ) if not has_words or one != "?"), "")


def _signs(side: Side, i: int, a: int, known: Sequence[Found]) -> Counter[str]:
    told = {n for fact, first, last in known if fact.kind in MEASURED for n in range(first + i, last + i + 1)}
    found: Counter[str] = Counter()
    for n in range(i, a):
        one = side.tokens[n]
        if n in told and one.text in MEASURES:
            continue
        if one.text == "+" and _is_behind_a_number(side, n):
            found["+"] += 1
        elif one.text in MEASURES or one.text == "?" or (one.text in BEFORE_A_NUMBER and _is_before_a_number(side, n)):
            found[one.text] += 1
    return found


def _is_behind_a_number(side: Side, n: int) -> bool:
    """ "5+ men": five or more."""
    before = side.tokens[n - 1] if n else None
    return (
        before is not None
        and before.end == side.tokens[n].start
        and before.line == side.tokens[n].line
        and before.text[0].isdigit()
    )


def _is_before_a_number(side: Side, n: int) -> bool:
    tokens = side.tokens
    one = tokens[n]
    after = tokens[n + 1] if n + 1 < len(tokens) else None
    if after is None or after.line != one.line or not after.text[0].isdigit():
        return False
    before = tokens[n - 1] if n and tokens[n - 1].line == one.line else None
    if one.text in COMPARING and before is not None:
        return True
    return after.start == one.end and (before is None or before.end < one.start or before.text in {"(", "[", *MEASURES})


def figure_for_figure(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether one word of a figure stands for another: as many words, or a fraction for a fraction ("half", "a third")."""
    mine, yours = FRACTIONS.intersection(before), FRACTIONS.intersection(after)
    if mine and yours and mine != yours:
        return True
    if len(before) != len(after):
        return False
    bare = ((a.removesuffix("'s"), b.removesuffix("'s")) for a, b in zip(before, after, strict=True))
    return any(a != b and a in FIGURES and b in FIGURES for a, b in bare)


def numbers(words: Sequence[str]) -> list[str]:
    return sorted(one for one in words if any(map(str.isdigit, one)) and not one.startswith("http"))

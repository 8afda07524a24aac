"""Where sentences begin and end, in English, French, German, Russian, Ukrainian; mostly in Spanish, Italian, Polish, Dutch."""

from __future__ import annotations

import re

from aggregator.text.abbreviations import (
    BEFORE_A_NAME,
    BEFORE_A_NUMBER,
    BEFORE_AN_ORDINAL,
    CAPITAL_ONLY,
    CITY_OR_YEAR,
    MAY_END,
    STARTERS,
    TOP_LEVEL,
)

BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_CLOSING = "\"'“”‘’)\\]›«"
# The lookbehind starts a run of full stops once: without it a page of dots takes quadratic time. Behind the stop come the
# closing quotes and brackets, the marks of footnotes, and white space; or, where the page lost it, a capital letter.
END = re.compile(
    rf"(?<![.!?…])[.!?…]+(?:[{_CLOSING}]|\s?»)*(?:\[\d{{1,3}}\])*"
    rf"(?:(?=\s|\Z)|(?<=[»”’)\].!?…])(?=[“„«(]?[^\W\d_]|\d{{1,2}}[.)]\s)|(?<=\")(?=[“„«(]?[^\W\d_]))"
)
OPENING = "\"'“‘«„([—–-•*¿¡‹"
WORD_BEFORE = re.compile(r"[^\s\"'“”‘’«»„(\[—–/]*$")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
DOTTED = re.compile(r"(?:[^\W\d_]\.-?)+[^\W\d_]?$")  # U.S, J.R
SPACED = re.compile(r"(?:^|\s)[^\W\d_]\.\s$")  # the "т. " of "т. е."
MARK = re.compile(r"[\W_]*(?:\d{1,3}(?:\.\d{1,3}){0,4}|[^\W\d_]|[IVXLC]{1,7})\)?$")  # of a list or a heading
ROMAN = re.compile(r"[IVXLC]{1,7}$")
YEAR_BEFORE = re.compile(r"(?:\d|\d-[^\W\d_]{1,2})\s?$")
ORDINAL_BEFORE = re.compile(r"([^\W\d_]+)\s$")
GERMAN_MONTH = re.compile(r"\s(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b")
LETTER_AND_STOP = re.compile(r"[^\W\d_]\.")
PARTICLE = re.compile(r"(?:De|Del|Der|Den|Die|La|Le|Les|El|Da|Di|Du|Van|Von|Al)\b")  # of a name: "R. De Niro"
DASH_OR_BRACKET = frozenset("(–—-")
LONGEST_PLACE = 40  # characters of where something was said, with which the lines of agencies begin
FEW_WORDS = 4  # of a sentence so far: "В 2022 г." opens it rather than ends it
LONGEST_WORD = 24  # characters before a full stop that are looked at


def split_sentences(text: str) -> list[tuple[int, int]]:
    """The sentences of a text as spans (start, end) in characters; what lies between them is white space.

    None crosses a blank line. A full stop after an abbreviation, an initial, an ordinal or inside a number ends nothing, nor
    one that is followed by a small letter. Closing quotes and brackets stay with their sentence. Two sentences between which
    the page lost the space ("… growth.”The committee") are parted, so that between them lies nothing. Takes linear time.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for blank in [*BLANK_LINE.finditer(text), None]:
        end = len(text) if blank is None else blank.start()
        spans += _in_block(text, start, end)
        start = end if blank is None else blank.end()
    return spans


def _in_block(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans = []
    begin, quotes, counted = start, 0, start
    for found in END.finditer(text, start, end):
        quotes += text.count('"', counted, found.end())
        counted = found.end()
        stop = found.end()
        if stop < end and not text[stop].isspace():
            if not _is_glued(text, found):
                continue
            if found.group()[-1] == '"' and quotes % 2:
                stop -= 1  # it opens what follows
        if _ends_here(text, begin, found, stop, end):
            spans.append(_stripped(text, begin, stop))
            begin = stop
    spans.append(_stripped(text, begin, end))
    return [(a, b) for a, b in spans if a < b]


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _is_glued(text: str, found: re.Match[str]) -> bool:
    """Whether a sentence ends where no white space follows: two small letters, the stop, a capital letter and a small one."""
    before, behind = text[max(0, found.start() - LONGEST_WORD) : found.start()], text[found.end() : found.end() + LONGEST_WORD]
    if found.group()[-1] in ".!?…":
        word = WORD_BEFORE.search(before)
        if word is None or "." in word[0] or "@" in word[0] or not before[-2:].isalpha() or not before[-2:].islower():
            return False
    if "://" in before or before.rpartition(" ")[2].startswith("www") or "@" in behind.split(None, 1)[0]:
        return False
    behind = behind.lstrip("“„«(")
    if behind[:1].isdigit():
        return True  # the mark of the next entry of a list
    follows = WORD.match(behind)
    if follows is None or not follows[0][0].isupper():
        return False
    return len(follows[0]) == 1 or (follows[0][1:].islower() and follows[0].lower() not in TOP_LEVEL)


def _ends_here(text: str, begin: int, found: re.Match[str], stop: int, end: int) -> bool:
    following = _first_letter(text, stop, end)
    if following < 0 or text[following].islower():
        return following < 0  # not in "Yahoo! said", "e.g. this", "… and on"
    if found.group() != ".":
        return True  # a question, a call, or a quotation that is closed
    at = found.start()
    word = (WORD_BEFORE.search(text[max(begin, at - LONGEST_WORD) : at]) or [""])[0]
    if MARK.fullmatch(text[max(begin, at - LONGEST_WORD) : at].strip()) and at - begin < LONGEST_WORD:
        return False  # the mark of a list: "1. The parties"
    if word.isdigit() or ROMAN.match(word):
        return not _is_ordinal(text, begin, at - len(word), word, found.end())
    between = text[stop:following]
    if "(" in between and (word.lower() in MAY_END or DOTTED.fullmatch(word)):
        return False  # "Jr. (I-Maine)"
    return not (_opens_with_a_place(text, begin, at, between) or _goes_on(text, begin, at, word, following))


def _opens_with_a_place(text: str, begin: int, at: int, between: str) -> bool:
    """Whether a line goes on behind where it is from: "WASHINGTON, D.C. – Today", "KNOXVILLE, Tenn. (Oct. 28) – Today"."""
    line = text.rfind("\n", max(0, at - LONGEST_PLACE), at) + 1
    said = text[line:at]
    if line < begin or len(said) > LONGEST_PLACE or not ("," in said or "." in said):
        return False
    return not DASH_OR_BRACKET.isdisjoint(between) and all(word[0].isupper() for word in WORD.findall(said))


def _is_ordinal(text: str, begin: int, at: int, word: str, end: int) -> bool:
    if word.isdigit() and len(word) <= 2 and GERMAN_MONTH.match(text, end):
        return True  # "am 3. Oktober"
    before = ORDINAL_BEFORE.search(text[max(begin, at - LONGEST_WORD) : at])
    if len(word) > 4 or before is None or before[1].lower() not in BEFORE_AN_ORDINAL:
        return False
    return not _starts(text, end)


def _starts(text: str, at: int) -> bool:
    """Whether the next word is one that begins sentences."""
    word = WORD.search(text, at, at + LONGEST_WORD)
    if word is None or (len(word[0]) == 1 and text[word.end() : word.end() + 1] == "."):
        return False  # an initial
    return word[0].lower().replace("’", "'") in STARTERS


def _first_letter(text: str, start: int, end: int) -> int:
    for place in range(start, min(end, start + 12)):
        sign = text[place]
        if not sign.isspace() and sign not in OPENING:
            return place
    return -1


def _goes_on(text: str, begin: int, at: int, word: str, following: int) -> bool:
    """Whether a full stop behind this word belongs to it, although a capital letter or a digit follows."""
    lower, digit = word.lower(), text[following].isdigit()
    if lower in CITY_OR_YEAR and word.islower():
        return _is_city(text, begin, at, word, following)
    if lower in MAY_END or (len(word) > 1 and DOTTED.fullmatch(word) is not None):
        return digit or not _starts(text, following)  # "U.S. President", but "in the U.S. He said"
    if lower in BEFORE_A_NAME and not (lower in CAPITAL_ONLY and word.islower()):
        return True
    if len(word) == 1 and word.isalpha() and lower not in BEFORE_A_NUMBER:
        return _is_initial(text, begin, at, word, following)
    return digit and (lower in BEFORE_A_NUMBER or lower.endswith("str"))  # "No. 5", "Goethestr. 5"


def _is_city(text: str, begin: int, at: int, word: str, following: int) -> bool:
    """Whether "г." or "м." is that of a city, or that of a year which ends no sentence."""
    before = text[max(begin, at - len(word) - 6) : at - len(word)]
    digit = text[following].isdigit()
    if YEAR_BEFORE.search(before):  # "в 2022 г.": mostly the end, but not where the sentence has just begun
        return digit or (_has_just_begun(text, begin, at) and not _starts(text, following))
    if SPACED.search(before):
        return digit or not _starts(text, following)  # "и т. д."
    return True


def _has_just_begun(text: str, begin: int, at: int) -> bool:
    return at - begin < 80 and len(text[begin:at].split()) <= FEW_WORDS


def _is_initial(text: str, begin: int, at: int, word: str, following: int) -> bool:
    digit = text[following].isdigit()
    if word == "I" and not digit:
        return False  # "you and I."
    spaced = SPACED.search(text[max(begin, at - 4) : at - 1]) is not None  # "z. B.", "т. е."
    if LETTER_AND_STOP.match(text, following):
        return True  # "z. B.", "J. R."
    if word.islower() and not spaced:
        return False
    return digit or PARTICLE.match(text, following) is not None or not _starts(text, following)

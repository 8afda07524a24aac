"""Where sentences begin and end, in English, French, German, Russian and Ukrainian."""

from __future__ import annotations

import re

BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
# The lookbehind starts a run of full stops once: without it a page of dots takes quadratic time.
END = re.compile(r"(?<![.!?…])[.!?…]+(?:[\"'”’)\]]|\s?»)*(?=\s)")
OPENING = "\"'“‘«„([—–-•*"
# Lower case, without the full stop. A name follows these, so they end no sentence:
_BEFORE_A_NAME = """mr mrs ms dr prof gen lt col maj capt cmdr sgt adm sen rep gov pres st mt hon rev amb sec messrs m mm mme
 mlle vs cf hrn fr п ст им ул акад проф"""
# A number follows these; before anything else they may be the end:
_BEFORE_A_NUMBER = """no nos nr art abs p pp fig vol ca jan feb mar apr jun jul aug sep sept oct nov dec
 янв фев мар апр июн июл авг сен сент окт ноя дек січ лют бер кві тра чер лип сер вер жов лис гру стр рис"""
_SMALL_DOTTED = "a.m p.m e.g i.e z.b u.a d.h т.е т.к т.д т.п т.ч"
BEFORE_A_NAME, BEFORE_A_NUMBER = frozenset(_BEFORE_A_NAME.split()), frozenset(_BEFORE_A_NUMBER.split())
SMALL_DOTTED = frozenset(_SMALL_DOTTED.split())
DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?$")  # U.S, J.R
CITY_OR_YEAR = "г"  # Russian: "г. Москва" is a city, "2022 г." a year, which may be the end
AFTER_A_DIGIT = re.compile(r"\d\s?$")
GERMAN_MONTH = re.compile(r"\s(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b")


def split_sentences(text: str) -> list[tuple[int, int]]:
    """The sentences of a text as spans (start, end) in characters; what lies between them is white space.

    None crosses a blank line. A full stop after an abbreviation, an initial or inside a number ends nothing, nor one that is
    followed by a small letter. Closing quotes and brackets stay with their sentence. Linear in the text's length.
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
    begin = start
    for found in END.finditer(text, start, end):
        if _ends_here(text, begin, found, end):
            spans.append(_stripped(text, begin, found.end()))
            begin = found.end()
    spans.append(_stripped(text, begin, end))
    return [(a, b) for a, b in spans if a < b]


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _ends_here(text: str, begin: int, found: re.Match[str], end: int) -> bool:
    following = _first_letter(text, found.end(), end)
    if following is None:
        return True
    if following.islower():
        return False  # "Yahoo! said", "e.g. this", "… and on"
    if found.group() != ".":
        return True  # a question, a call, or a quotation that is closed
    stop = found.start()
    word = re.split(r"[\s\"'“”‘’«»„(\[—–/]", text[max(begin, stop - 20) : stop])[-1]
    if word == CITY_OR_YEAR:
        return AFTER_A_DIGIT.search(text, max(begin, stop - 6), stop - 1) is not None
    if word.isdigit() and len(word) <= 2 and GERMAN_MONTH.match(text, found.end()):
        return False  # "am 3. Oktober"
    return not _is_abbreviation(word, following)


def _first_letter(text: str, start: int, end: int) -> str | None:
    for place in range(start, min(end, start + 12)):
        sign = text[place]
        if not sign.isspace() and sign not in OPENING:
            return sign
    return None


def _is_abbreviation(word: str, following: str) -> bool:
    """Whether a full stop behind this word belongs to it, although a capital letter or a digit follows."""
    lower = word.lower()
    if lower in SMALL_DOTTED or lower in BEFORE_A_NUMBER:
        return following.isdigit()
    if lower in BEFORE_A_NAME:
        return True
    # "J. Biden", "U.S. President": far more often a name than an end.
    return word[:1].isupper() and word != "I" and (len(word) == 1 or DOTTED.fullmatch(word) is not None)

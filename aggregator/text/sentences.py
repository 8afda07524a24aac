"""Where sentences begin and end, in English, French, German, Russian and Ukrainian."""

from __future__ import annotations

import re

BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
END = re.compile(r"(?:[.!?…]+|[。！？])[\"'”’»)\]]*(?=\s)")
CLOSING = "\"'”’»)]"
OPENING = "\"'“‘«„([—–-•*"
# Words after which a full stop ends nothing. Lower case, without the stop.
TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "gen",
        "lt",
        "col",
        "maj",
        "capt",
        "cmdr",
        "sgt",
        "adm",
        "sen",
        "rep",
        "gov",
        "pres",
        "st",
        "mt",
        "hon",
        "rev",
        "fr",
        "sr",
        "jr",
        "amb",
        "sec",
        "messrs",
        "m",
        "mm",
        "mme",
        "mlle",
        "me",
        "hrn",
        "fr",
        "nr",
        "art",
        "abs",
        "bzw",
        "ggf",
        "vgl",
        "ca",
        "str",
        "bd",
        "etc",
        "vs",
        "cf",
        "al",
        "no",
        "nos",
        "vol",
        "pp",
        "fig",
        "ed",
        "est",
        "inc",
        "ltd",
        "co",
        "corp",
        "г",
        "гг",
        "ст",
        "п",
        "пп",
        "т",
        "д",
        "др",
        "проф",
        "акад",
        "им",
        "ул",
        "руб",
        "коп",
        "тыс",
        "млн",
        "млрд",
        "см",
        "рис",
        "гр",
        "р",
        "рр",
        "вул",
        "буд",
        "обл",
    ]
)
MONTHS = frozenset(
    [
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "янв",
        "фев",
        "мар",
        "апр",
        "июн",
        "июл",
        "авг",
        "сен",
        "сент",
        "окт",
        "ноя",
        "дек",
    ]
)
NEVER_LAST = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "gen",
        "lt",
        "col",
        "maj",
        "capt",
        "cmdr",
        "sgt",
        "adm",
        "sen",
        "rep",
        "gov",
        "st",
        "mt",
        "hon",
        "rev",
        "amb",
        "messrs",
        "mme",
        "mlle",
        "vs",
        "cf",
        "им",
        "ул",
    ]
)
DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?$")  # U.S., e.g., a.m., S.à r.l., J. R.
SMALL_DOTTED = frozenset({"a.m", "p.m", "e.g", "i.e", "z.b", "u.a", "d.h", "т.е", "т.к", "т.д", "т.п", "т.ч", "и.о"})


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
    marks = found.group().rstrip(CLOSING)
    if marks != ".":
        return True
    word = _word_before(text, begin, found.start())
    return not _is_abbreviation(word, following, closed=found.group() != marks)


def _first_letter(text: str, start: int, end: int) -> str | None:
    for place in range(start, min(end, start + 12)):
        sign = text[place]
        if not sign.isspace() and sign not in OPENING:
            return sign
    return None


def _word_before(text: str, begin: int, stop: int) -> str:
    start = max(begin, stop - 20)
    piece = text[start:stop]
    return re.split(r"[\s\"'“”‘’«»„(\[—–/]", piece)[-1]


def _is_abbreviation(word: str, following: str, *, closed: bool) -> bool:
    lower = word.lower()
    if closed:
        return lower in NEVER_LAST
    if lower in SMALL_DOTTED:
        return following.isdigit()
    if DOTTED.fullmatch(word) or (len(word) == 1 and word.isalpha()):
        return _is_initial(word, following)
    if lower in MONTHS or lower in ("no", "nos", "nr", "art", "abs", "ст", "п", "p", "pp", "fig", "vol"):
        return following.isdigit()
    return lower in NEVER_LAST or (
        lower in TITLES and lower not in ("г", "гг", "р", "рр", "etc", "руб", "inc", "ltd", "co", "corp", "jr", "sr")
    )


def _is_initial(word: str, following: str) -> bool:
    # "J. Biden", "U.S. President": a capital letter and a stop before another capital is far more often a name than an end.
    return word[0].isupper() and (following.isupper() or following.isdigit()) and word != "I"

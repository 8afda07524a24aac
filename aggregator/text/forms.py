"""The forms of a word: how inflection changes its end, by tables of a dozen languages.

Who writes a term writes a word as a dictionary has it, or its plural; a text has it in any case and number. So forms are made
from the term, once, and looked up in texts as they stand. A stemmer would go the other way and cut each word of each text. The
one that is at hand for many languages (Snowball) was tried: it has no Ukrainian, makes one word of "negotiations" and
"negotiator", of "Hamas" and "Hama", two of "Лавров" and "Лаврова" or "Киев" and "Киева", and takes 28 µs a word.

Only inflection is undone, never derivation: `Alaska` finds "Alaska's" and not "Alaskan". A form that no text has does no harm.
An English plural is taken back to its singular only where its ending shows that it counts things (`sanctions`): "rights",
"arms" and "goods" mean something else in the singular, and "Hamas" or "Wales" have none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import NamedTuple

SHORTEST = 3  # letters before an ending that is taken off
LONGEST = 40  # letters of a word that is inflected: what is longer is none of these languages'
CYRILLIC = re.compile("[\u0400-\u052f]")
VOWELS = frozenset("aeiouyhàâäáãåæéèêëíìîïóòôöõœúùûü")  # and h, which is mute where words are elided

# A rule: what the word ends with (a regular expression; what it matches is taken off), and what may stand there instead.
Rule = tuple[str, str]

_RU_ADJECTIVE = "ий ый ой ого его ому ему ым им ом ем ая яя ую юю ою ей ое ее ые ие ых их ыми ими"
_UK_ADJECTIVE = "ий ій ого ього ому ьому им ім а я у ю ої ьої ою ьою е є і их іх ими іми"
_PL_ADJECTIVE = "y i ego iego emu iemu ym im a ia ą ią ej iej e ie ych ich ymi imi"
_EN_COUNTED = r"(?<=tion)s|(?<=sion)s|(?<=ment)s|(?<=[a-z]{3}er)s|(?<=[a-z]{3}or)s|(?<=ist)s"

_RULES: dict[str, tuple[Rule, ...]] = {
    "en": (
        ("$", "'s"),
        (r"(?<![s'])$", "s"),
        (r"(?:(?<=ss)|(?<=[xz])|(?<=[cs]h))$", "es es's"),
        (r"(?<=[^aeiou])y$", "ies"),
        (r"(?<=[a-z]{2})ies$", "y y's"),
        (rf"(?:{_EN_COUNTED})$", "- 's"),
    ),
    "de": (
        (r"(?<![sßxz])$", "s"),
        (r"(?<=[^aeiouyäöü])$", "es e en"),
        (r"(?<=[aeiour])$", "n"),
        (r"(?<=el)$", "n"),
        (r"(?<=in)$", "nen"),
        (r"(?:(?<=isch)|(?<=lich)|(?<=ig)|(?<=sam)|(?<=bar))$", "e en em er es"),
        (r"(?:(?<=ion)|(?<=ung)|(?<=heit)|(?<=keit)|(?<=schaft))en$", "-"),
    ),
    "nl": ((r"$", "s en 's"), (r"(?<=e)$", "n"), (r"(?<=tie)s$", "-"), (r"(?<=ing)en$", "-")),
    "fr": (
        (r"(?<![sxz])$", "s"),
        (r"(?<=eau|.eu)$", "x"),
        (r"al$", "aux ale ales"),
        (r"(?<=[^aeiouàéèêsxz])$", "e es"),
        (r"(?<=[éi])$", "e es"),
        (r"(?<=ion|.nt)s$", "-"),
    ),
    "es": (
        (r"(?<=[aeiouáéíó])$", "s"),
        (r"(?<=[dlrnjy])$", "es"),
        (r"z$", "ces"),
        (r"ón$", "ones"),
        (r"és$", "esa eses esas"),
        (r"o$", "a os as"),
        (r"ones$", "ón"),
        (r"(?<=[aeo]s)$|(?<=[ao])s$", "-"),
    ),
    "it": (
        (r"o$", "i a e"),
        (r"a$", "e i"),
        (r"e$", "i"),
        (r"co$", "chi ca che"),
        (r"go$", "ghi ga ghe"),
        (r"ca$", "che"),
        (r"ga$", "ghe"),
        (r"i$", "o e"),
    ),
    "pt": (
        (r"(?<=[aeiouáéíóú])$", "s"),
        (r"(?<=[rz])$", "es"),
        (r"ão$", "ões ãos"),
        (r"ões$", "ão"),
        (r"al$", "ais"),
        (r"m$", "ns"),
        (r"o$", "a os as"),
    ),
    "pl": (
        (r"(?<=[^aąeęioóuy])$", "a owi em iem ie u y i ów e om ami ach"),
        (r"a$", "y i ie e ę ą o - om ami ach"),
        (r"ja$", "ji i ję ją jo"),
        (r"o$", "a u em ie om ami ach -"),
        (r"e$", "a u em om ami ach -"),
        (r"(?<=[kg])i$|y$", _PL_ADJECTIVE),
        (r"(?<=[kg])a$", "iej ą"),
        (r"[yie]$", "- a u ów om ami ach"),
    ),
    "ru": (
        (r"(?<=[^аеёиоуыэюяйьъ])$", "а у ом ем ы и е ов ев ей ам ами ах"),
        (r"(?:(?<=[оеё]в)|(?<=[иы]н))$", "ым ой"),  # names: Лавров, Лаврова; Путин, Путина
        (r"(?:(?<=[оеё]в)|(?<=[иы]н))а$", "- у ым ой ы ых ыми"),
        (r"а$", "ы и е у ой ою ей ею - ам ами ах"),
        (r"я$", "и е ю ей ёй ею ь й ям ями ях"),
        (r"ь$", "я ю ем ём е и ью ей ям ями ях"),
        (r"й$", "я ю ем ём е и ев ям ями ях"),
        (r"о$", "а у ом е - ам ами ах"),
        (r"е$", "а я у ю ом ем и - й ам ям ами ями ах ях"),
        (r"ы$", "- а у ом е ов ам ами ах"),
        (r"и$", "й ь - я а ю у ей ов ев ям ями ях ам ами ах"),
        (r"(?:ий|ый|ой|ая|яя|ое|ее|ые|ие)$", _RU_ADJECTIVE),
    ),
    "uk": (
        (r"(?<=[^аеєиіїоуюяйь])$", "а у ові еві ом ем і и е ів ам ами ах"),
        (r"(?:(?<=[оеє]в)|(?<=[иії]н))$", "им ою ій"),
        (r"(?:(?<=[оеє]в)|(?<=[иії]н))а$", "- у им ою ій"),
        (r"а$", "и і у ою ею о - ам ами ах"),
        (r"я$", "і ї ю ею єю ь й е є о ям ями ях"),
        (r"ь$", "я ю еві ем і ей ям ями ях"),
        (r"й$", "я ю єві єм ї ям ями ях їв"),
        (r"о$", "а у ові ом і ів - ам ами ах"),
        (r"е$", "а у ем і - ам ами ах"),
        (r"и$", "- а у ом і ів ам ами ах"),
        (r"і$", "- а я у ю ів ей ам ями ами ях ах"),
        (r"ї$", "й я ю єю їв ям ями ях"),
        (r"(?:ий|ій)$", _UK_ADJECTIVE),
        (r"(?<=[цсз]ьк)[аеі]$", _UK_ADJECTIVE),
    ),
}
_COMPILED = {
    language: tuple((re.compile(end), tuple(put.replace("-", "").split(" "))) for end, put in rules)
    for language, rules in _RULES.items()
}
LANGUAGES = frozenset(_RULES)
# What is written together with the word behind it, where that begins with a vowel: l'Ukraine, dell'Ucraina.
_ELIDED = {
    "fr": ("l'", "d'", "qu'", "s'", "n'", "jusqu'", "lorsqu'", "puisqu'"),
    "it": ("l'", "d'", "dell'", "all'", "nell'", "sull'", "dall'", "un'", "quell'", "c'"),
}


class Forms(NamedTuple):
    """A word in all its forms."""

    stem: str  # letters that all of them hold
    all: frozenset[str]


@lru_cache(maxsize=16_384)
def forms(word: str, language: str = "", *, short: bool = False) -> Forms:
    """The forms that a word may have in a text: of a language (BCP 47), or where that is unknown, of those that write so.

    `word` is as `text.fingerprint.words` gives it. `short`: it is an abbreviation, written in capitals, and keeps its end.
    At most about fifty; the word itself is always among them.
    """
    own = language.partition("-")[0].lower()
    if not word.isalpha() or len(word) > LONGEST:
        return Forms(word, frozenset((word,)))
    if short or len(word) < SHORTEST:
        found = {word, f"{word}'s"} if own == "en" else {word}
    else:
        found = {word, *_inflected(word, own)}
    stem = _common(found)
    if word[0] in VOWELS:
        found |= {before + one for before in _ELIDED.get(own, ()) for one in found}
    return Forms(stem, frozenset(found))


def _inflected(word: str, language: str) -> Iterator[str]:
    for one in _languages(word, language):
        for end, put in _COMPILED[one]:
            found = end.search(word)
            if found is not None and found.start() >= SHORTEST:
                yield from (word[: found.start()] + ending for ending in put)


def _languages(word: str, language: str) -> tuple[str, ...]:
    """Whose rules apply. A name in Cyrillic letters has Russian or Ukrainian endings in whatever text."""
    if CYRILLIC.search(word):
        return (language,) if language in ("ru", "uk") else ("ru", "uk")
    if not language:
        return ("en",)
    return (language,) if language in _COMPILED and language not in ("ru", "uk") else ()


def _common(some: Collection[str]) -> str:
    """The letters that all of them begin with."""
    least, most = min(some), max(some)
    length = next((at for at, (one, other) in enumerate(zip(least, most, strict=False)) if one != other), len(least))
    return least[:length]

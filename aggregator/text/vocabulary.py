"""The words of English, as evidence of what is a word and what was mistyped. Other languages have no list here.

The list lies in one run of bytes that is searched by halving, some 0.76 MB; a set of strings would take seven
times as much. It is read when it is first asked for. See `words/LICENSE.md`.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable
from functools import cache

LONGEST = 40  # letters; longer "words" are codes and addresses
SHORTEST_BASE = 4  # letters of a word that has forms: "cosed" is none of "cos"
SHORTEST_ROOT = 5  # letters of a word that others are derived from: "realy" is not of "real", nor "refuss" of "fuss"
SHORTEST_HALF = 4  # letters of each half of a compound: "contry" is none
FEW, LONG = 4, 8  # letters of a word that is mistyped by one key, and by two
SHORT = frozenset(("the", "and", "for", "was", "are", "has"))  # shorter ones, of which letters swap places: "teh"
# Words of the press that the list lacks: young ones, and such as have a near neighbour that is another thing ("dinar").
_MORE = """
    cafe cafes
    online offline email emails website websites cyber covid mpox coronavirus tech telecom telecoms sarin novichok fentanyl
    opioid opioids hashtag selfie blockchain bitcoin bitcoins crypto jihadi jihadis jihadist jihadists denar denars lari lek
    leke leva lev hryvnia hryvnias hryvnya ruble rubles riyal riyals rial rials dirham dirhams tenge manat manats som soms
    bureaux bureaus demine demines demined videoconference hotline airbase gunship warship warhead burqa niqab hijab fatwa
    fatwas sharia halal sheikh sheik emir emirs ebola dengue zika listeria oblast oblasts rayon raion raions duma rada
    knesset sejm nitrite nitrites nitrate nitrates sulfite sulfites sulphite sulphites methanol ethanol propane propene
    butane butene ethane ethene chlorate chlorates chlorite chlorites chloride chlorides phosphate phosphite fluorite
    fluoride
"""
MORE = frozenset(_MORE.split())
_PREFIXES = """
    un re de dis mis non in im il ir anti counter pre post pro co over under out up sub super hyper ultra inter intra multi bi
    tri semi cyber micro macro mega mini tele bio geo eco self ex fore mid trans extra infra meta neo paleo photo electro
    nano poly mono quasi socio petro agro auto hydro thermo radio tech euro down off para
"""
PREFIXES = tuple(_PREFIXES.split())
# Endings with what may have stood in their place: of the forms of a word, and of words derived from it.
_FORMS = "s: es: ed:,e ing:,e d: er:,e ers:,e est:,e ies:y ied:y ier:y iest:y"
_ENDINGS = """
    iness:y ily:y ness: nesses: ly: ment: ments: al:,e ally:
    able:,e ability:able,e, ably:able ize:,e,y ise:,e,y izes:,y ises:,y ized:,y ised:,y izing:,y ising:,y ization:,y
    isation:,y ism:,e isms:,e ist:,e ists:,e less: ful: fully: ship: ships: hood: wide: like: proof: ward: wards: ion:e ions:e
    ation:e,ate or:e ors:e ity:e, ities:e, ive:e, ively:e,ive y:,e
"""
ENDINGS = tuple(
    (ending, tuple(bases.split(",")), shortest)
    for table, shortest in ((_FORMS, SHORTEST_BASE), (_ENDINGS, SHORTEST_ROOT))
    for ending, bases in (one.split(":") for one in table.split())
)
DOUBLED = re.compile(r"(?:[^aeiou]|qu)[aeiouy]([^aeiou])\1$")  # behind one vowel: "leadders" is no word
HISSES = ("s", "x", "z", "o", "ch", "sh")  # what "es" is put to: "partes" is no plural of "part"
ENGLISH = 0.75  # share of listed words in an English sentence, names left out: 0.86 and more; Dutch and German ones have half
FEWEST = 4  # words by which the share can be told


@cache
def _words() -> bytes:
    from importlib.resources import files  # noqa: PLC0415 - it brings half a dozen modules along, to open one file

    packed = (files("aggregator.text") / "words/en.txt.gz").read_bytes()
    return b"\n" + gzip.decompress(packed)


def is_listed(word: str) -> bool:
    """Whether the list of English words holds a word, in small letters."""
    if not word.isascii() or not word.isalpha() or len(word) > LONGEST:
        return False
    if word in MORE:
        return True
    words, wanted = _words(), word.encode()
    low, high = 0, len(words) - 1  # always at the line feed before a word, and at the one after the last
    while low < high:
        start = words.rfind(b"\n", low, (low + high) // 2 + 1) + 1
        end = words.index(b"\n", start)
        found = words[start:end]
        if found == wanted:
            return True
        low, high = (end, high) if found < wanted else (low, start - 1)
    return False


def is_word(word: str) -> bool:
    """Whether a word, in small letters, is English by the list: one of its words, or made of them by the rules of the language.

    Generous: what is taken for a word here is not taken for a slip.
    """
    return is_listed(word) or _is_inflected(word) or _is_derived(word) or _is_compound(word)


def _is_inflected(word: str) -> bool:
    for ending, bases, shortest in ENDINGS:
        stem = word.removesuffix(ending)
        if stem == word or (ending == "es" and not stem.endswith(HISSES)):
            continue
        if (ending == "d" and stem[-1:] != "e") or (ending == "y" and stem[-1:] == "e"):
            continue  # "touchd", "extremey"
        if any(len(stem + base) >= shortest and is_listed(stem + base) for base in bases):
            return True
        doubled = (
            ending[0] in "ei"
            and len(stem) > SHORTEST_BASE
            and stem[-1] == stem[-2] != stem[-3]
            and DOUBLED.search(stem) is not None
        )
        if doubled and is_listed(stem[:-1]):
            return True  # "focussed"
    return False


def _is_derived(word: str) -> bool:
    for prefix in PREFIXES:
        base = word.removeprefix(prefix)
        if base != word and len(base) >= SHORTEST_ROOT and (is_listed(base) or _is_inflected(base)):
            return True
    return False


def _is_compound(word: str) -> bool:
    halves = range(SHORTEST_HALF, len(word) - SHORTEST_HALF + 1)
    return len(word) <= LONGEST and any(is_listed(word[:at]) and is_listed(word[at:]) for at in halves)


def is_english(words: Iterable[str]) -> bool | None:
    """Whether words in small letters are an English text, by how many the list has; None where they are too few to tell."""
    asked = {word for word in words if len(word) > 1}
    if len(asked) < FEWEST:
        return None
    return sum(map(is_listed, asked)) >= ENGLISH * len(asked)


def is_mistyped(one: str, other: str) -> bool:
    """Whether one of two words, in small letters, is no English word, and the other is, a key or two away.

    Two keys only in a long word of the same letters ("comittment"). The first letter is right, as it almost always is; so
    the opposite ("ilegal") is not taken for a slip. (Damerau 1964: four in five errors are one letter missing, too many,
    another, or two in each other's place.)
    """
    if one[:1] != other[:1] or max(len(one), len(other)) > LONGEST or not (one + other).isascii():
        return False
    right, wrong = (one, other) if is_listed(one) else (other, one)
    if not is_listed(right) or not wrong.isalpha():
        return False
    if len(right) < FEW and not (right in SHORT and sorted(right) == sorted(wrong)):
        return False
    keys = 2 if len(right) >= LONG and set(right) == set(wrong) else 1
    return is_near(right, wrong, keys=keys) and not is_word(wrong)


def is_near(one: str, other: str, *, keys: int = 1) -> bool:
    """Whether a word becomes another one by so many keys or fewer: a letter more, fewer, another, or two that swap places."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - the service runs for weeks, and edits are rare

    return max(len(one), len(other)) <= LONGEST and 0 < OSA.distance(one, other, score_cutoff=keys) <= keys

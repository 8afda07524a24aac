"""Names of other scripts in Latin letters, and a rough key of how a name sounds, equal for the ways in which it is spelt.

Путин, Putin, Poutine, Poetin and Путиным come to one key; so do Зеленський, Zelenskyy, Zelensky, Selenskyj and Zełenski. The
key keeps the consonants: vowels are what the languages spell differently, and what is declined. It is for evidence that is
weighed with other evidence: two names may share a key ("Biden", "Baden").
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST = 40  # letters of a name that are read
FEWEST = 3  # consonants that stand for a name alone: below, its vowels are kept
_CYRILLIC = {
    **dict(zip("абвгдезиклмнопрстуф", "abvgdeziklmnoprstuf", strict=True)),
    "ё": "yo",
    "ж": "zh",
    "й": "y",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ъ": "",
    "ы": "y",
    "ь": "",
    "э": "e",
    "ю": "yu",
    "я": "ya",
    "і": "i",
    "ї": "yi",
    "є": "ye",
    "ґ": "g",
    "ў": "u",
    "ј": "y",
    "љ": "ly",
    "њ": "ny",
    "ћ": "ch",
    "ђ": "dj",
    "џ": "dj",
    "ѓ": "g",
    "ќ": "k",
    "ѕ": "dz",
    "ә": "a",
    "қ": "k",
    "ң": "n",
    "ө": "o",
    "ұ": "u",
    "ү": "u",
    "һ": "h",
    "ғ": "g",
}
_UKRAINIAN = {"г": "h", "и": "y"}
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψω",
        ("a", "v", "g", "d", "e", "z", "i", "th", *"iklmnxoprssty", "f", "ch", "ps", "o"),
        strict=True,
    )
)
_GREEK_PAIRS = {"μπ": "b", "ντ": "d", "γκ": "g", "γγ": "ng", "τζ": "tz", "τσ": "ts", "ου": "ou", "ευ": "ev", "αυ": "av"}
_LATIN = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "e", "œ": "e", "þ": "th", "ß": "ss", "ħ": "h"}
_LATIN |= (
    dict.fromkeys("šşșżž", "sh") | dict.fromkeys("čć", "ch") | {"ç": "s", "ţ": "ts", "ț": "ts", "ğ": "g", "ñ": "n", "ə": "a"}
)
LETTERS = str.maketrans({**_CYRILLIC, **_GREEK, **_LATIN})
UKRAINIAN = str.maketrans({**_CYRILLIC, **_UKRAINIAN, **_LATIN})
CYRILLIC = re.compile("[а-яёіїєґў]")
GREEK = re.compile("[α-ω]")
GREEK_PAIR = re.compile("|".join(_GREEK_PAIRS))
# Case endings that hold a consonant; the others are vowels, which the key has not. By what they stand behind, so that Максим,
# Артём and Рим stay whole.
CASE = re.compile(
    "(?<=[сцзь]к|[^аеёиоуыэюяіїє]н)(?:ого|ому|ими|ыми|им|ым)$|(?<=[ое]в)(?:ым|им)$|(?<=[иы]н)(?:ым|им)$|(?<=[ії]н)им$"
    "|(?<=...)(?:ами|ями|ах|ях|ом|ові|еві|єві)$|(?<=..[цчшщжаеиоуыэюяії])(?:ем|єм)$|(?<=....[лнр])ем$|(?<=..)(?:его|ему|ього|ьому)$"
)
POLISH_CASE = re.compile("(?<=...[bcdfghjklłmnprstwz])(?:iego|ego|iemu|emu|im|ym|em|ami|ach|owi)$|(?<=...k)iem$")
# Russian names as German and Polish, and as French spell them: Sacharowa, Tichanowskaja; Prigojine, Joukov.
GERMAN_RUSSIAN = re.compile("....(?:owa?|ewa?|skij|skaja|juk|witsch|owitsch|ski)$")
GERMAN_ENDINGS = ("ow", "owa", "ew", "ewa", "skij", "skaja", "juk", "witsch", "ski")  # what GERMAN_RUSSIAN looks for
LONE_CH = re.compile("(?<![stc])ch")
FRENCH_RUSSIAN = re.compile("(?:ov|ova|ev|eva|ine|ina|enko|ski|skaïa)$")
# Letters that sound alike, longest first. `x` stands for all of sh, ch, zh; `g` for g, h, kh.
_SOUNDS = (
    ("sh(?=[tp])", "s"),  # Steinmeier, Штайнмайер
    ("ck(?=i$)", "sk"),  # Nawrocki, Навроцкий
    ("shch|schtsch|stsch|szcz|tsch|tch|sch|sh|zh|ch|cz|sz", "x"),
    ("dzh|dsch|dj|dz(?=h)", "j"),
    ("ts|tz|cc(?=[eiy])|c(?=[eiy])|z", "s"),
    ("ck|cq|qu|c|q", "k"),
    ("kh|gh|h(?=[aeiouy])", "g"),
    ("ph", "f"),
    ("th", "t"),
    ("w|(?<![a-z])u(?=[aeio])", "v"),
    ("x", "ks"),
)
SOUND = re.compile("|".join(f"({pattern})" for pattern, _ in _SOUNDS))
SOUNDS = tuple(sound for _, sound in _SOUNDS)
TWICE = re.compile(r"([a-z])\1+")
VOWELS = re.compile("[aeiouyjh]+")
GLIDE = re.compile("(?<=[^aeiouy])y(?=[aeou])")  # Рютте
NO_LETTER = re.compile("[^a-z]+")
_VOWELS = str.maketrans({"e": "i", "y": "i", "j": "i", "o": "u", "h": ""})


@lru_cache(maxsize=8192)
def latin(word: str, language: str = "") -> str:
    """A word in small Latin letters without accents; letters of scripts other than Cyrillic, Greek and Latin are left out."""
    if word.isascii():
        return NO_LETTER.sub("", word[:LONGEST].lower())
    word = unicodedata.normalize("NFC", word[:LONGEST]).lower()
    if GREEK.search(word):
        word = "".join(sign for sign in unicodedata.normalize("NFD", word) if unicodedata.category(sign) != "Mn")
        word = GREEK_PAIR.sub(lambda pair: _GREEK_PAIRS[pair[0]], word)
    word = word.translate(UKRAINIAN if language == "uk" else LETTERS)
    return NO_LETTER.sub("", unicodedata.normalize("NFKD", word).lower())


@lru_cache(maxsize=8192)
def spelled(word: str, language: str = "") -> str:
    """`latin` of a name without the case ending that it has in Russian, Ukrainian or Polish."""
    return spell(word, language)


def spell(word: str, language: str) -> str:
    """The same, not remembered: for who remembers it."""
    low = word[:LONGEST].lower() if word.isascii() else unicodedata.normalize("NFC", word[:LONGEST]).lower()
    if not low.isascii() and CYRILLIC.search(low):
        return latin(CASE.sub("", low), "uk" if language == "uk" or re.search("[іїєґ]", low) else "ru")
    if language == "pl":
        low = POLISH_CASE.sub("", low)
    if low.endswith(GERMAN_ENDINGS) and GERMAN_RUSSIAN.search(low):
        low = LONE_CH.sub("kh", low)
    elif language == "fr" and FRENCH_RUSSIAN.search(low):
        low = low.replace("j", "zh")
    return low if low.isascii() and low.isalpha() else latin(low, language)  # most names


@lru_cache(maxsize=8192)
def sound(plain: str) -> str:
    """How a name in small Latin letters sounds, roughly: its consonants, and its vowels too where those are few."""
    if not plain:
        return ""
    sounds = TWICE.sub(r"\1", SOUND.sub(lambda found: SOUNDS[(found.lastindex or 1) - 1], TWICE.sub(r"\1", plain)))
    bones = ("a" if sounds[0] in "aeiouyjh" else "") + VOWELS.sub("", sounds)
    if len(bones) >= FEWEST:
        return bones
    return TWICE.sub(r"\1", GLIDE.sub("", sounds).translate(_VOWELS).rstrip("aiu")) or plain


def sound_key(word: str, language: str = "") -> str:
    """How a name sounds, roughly; "" for a word without letters that are read. `language` (BCP 47) is that of the text."""
    return sound(spelled(word, language))

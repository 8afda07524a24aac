"""The names in a text as keys that are equal across languages and scripts."""

from __future__ import annotations

import re
from typing import NamedTuple

from aggregator.text.factwords import guess_language, is_small_word, lexicon
from aggregator.text.numberwords import word_set
from aggregator.text.placenames import known_name
from aggregator.text.transliteration import sound, spelled

WORD = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
MOST_READ = 200_000  # characters: a statement's names come long before
BREAK = re.compile(r"[.!?…:;•*\n|\"“„«]\s*[\"'«“„(\[—–-]*\s*$")
NO_NAMES = {
    "de": re.compile("(?:ung|heit|keit|schaft|tion|tät|ismus|ment|enz|anz|nis|tum|chen|ungen|tionen|en|er|e)s?$"),
}
ARTICLES = word_set("""der die das dem den des ein eine einen einem einer eines im am zum zur vom beim ins kein keine
    keinen unser unsere unseren ihr ihre ihren sein seine seinen dieser diese dieses diesen jeder jede alle""")
# No name, though often written with a capital before one: whole words, and beginnings of words.
_TITLES = """mr mrs ms dr sr sra prof gen sen rep gov st herr herrn frau pan pani mme monsieur madame señor señora signor
    signora sir lord lady majesty excellency prime vice deputy foreign federal"""
_TITLE_STEMS = """presid präsid président prezydent президент minist ministr министр міністр premier премьер прем chancel
    kanzler bundes канцлер secretar sekret секрет ambassad botschaft
    посол congress parliament committee republic республик республік
    федерац council court государ господин глава главы главе главу"""
TITLES = re.compile(f"(?:{'|'.join(_TITLES.split())})$|{'|'.join(_TITLE_STEMS.split())}")
ABBREVIATED = word_set("mr mrs ms dr st prof gen sen rep gov lt col hon им г п")
PARTICLES = word_set("von van der den de la le di du da del bin al el ibn фон ван дер де ла аль бин")
POSSESSIVE = re.compile("['’]s?$")
ELIDED = re.compile("^(?:[dlnmstcj]|qu|dell|all|nell|sull|dall|un|l)['’](?=.)", re.IGNORECASE)


def names(text: str, language: str = "") -> tuple[str, ...]:
    """The keys of the names in a text, each once, in the order of their first place; lower-case ASCII.

    One key a word ("Emmanuel Macron" are two), but places, peoples and organisations of the table have one together. A word
    at the head of a sentence counts where it stands with a capital inside one too. `language` is a BCP 47 tag; "" is guessed.
    """
    return tuple(dict.fromkeys(name.key for name in named(text, language)))


class Name(NamedTuple):
    """A name where it stands."""

    key: str
    form: str  # in small Latin letters, as people may read it; the key itself for a name of the table
    start: int  # in characters of the text


def named(text: str, language: str = "") -> list[Name]:
    """The names of a text in order, as often as they are there."""
    text = text[:MOST_READ]
    words = [(found[0], found.start(), found.end()) for found in WORD.finditer(text)]
    base = language.casefold().partition("-")[0] or guess_language(word.lower() for word, _, _ in words)
    inside = _inside_sentences(text, words)
    small = {word for word, _, _ in words if word[0].islower()}
    found: list[Name] = []
    free = 0
    for at, (word, start, _) in enumerate(words):
        if at < free:
            continue
        key, length = known_name([one for one, _, _ in words[at : at + 4]])
        if key:
            found.append(Name(key, key, start))
            free = at + length
        elif word[0].isupper() and len(word) > 1 and _is_name(words, at, inside, small, base):
            form = spelled(_bare(word, inside), base)
            key = sound(form)
            if len(key) > 1:
                found.append(Name(key, form, start))
    return found


def _inside_sentences(text: str, words: list[tuple[str, int, int]]) -> set[str]:
    """Words that stand with a capital where a small letter could be."""
    found: set[str] = set()
    before, end = "", 0
    for word, start, after in words:
        if before and word[0].isupper():
            gap = text[max(end, start - 8) : start]
            if not BREAK.search(gap) or (gap == ". " and (len(before) == 1 or before.lower() in ABBREVIATED)):
                found.add(POSSESSIVE.sub("", ELIDED.sub("", word)))
        before, end = word, after
    return found


def _is_name(words: list[tuple[str, int, int]], at: int, inside: set[str], small: set[str], language: str) -> bool:
    word = POSSESSIVE.sub("", ELIDED.sub("", words[at][0]))
    low = word.lower()
    meant = lexicon(language).get(low)
    if (
        low in small
        or TITLES.match(low)
        or (is_small_word(low) and low not in PARTICLES)
        or (meant is not None and (meant.month or meant.weekday))
    ):
        return False
    if language == "de":
        before = words[at - 1][0].lower() if at else ""
        return before not in ARTICLES and not NO_NAMES["de"].search(low)
    return word in inside


def _bare(word: str, inside: set[str]) -> str:
    bare = POSSESSIVE.sub("", ELIDED.sub("", word))
    return bare[:-1] if bare.endswith("s") and bare[:-1] in inside else bare  # Putins, Macrons

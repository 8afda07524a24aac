"""The names in a text as keys that are equal across languages and scripts."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from aggregator.text.factwords import guess_language, is_small_word, lexicon
from aggregator.text.numberwords import word_set
from aggregator.text.placenames import known_name, may_begin
from aggregator.text.transliteration import sound, spelled

# In the one group that `split` gives back; first what most words are.
WORD = re.compile(r"([A-Za-z]++(?=[\x00-\x26\x28-\x7f])|[^\W\d_]+(?:['’ʼ][^\W\d_]+)*)")
LONGEST_GERMAN = 12  # letters: what is longer is a compound
MOST_READ = 200_000  # characters: a statement's names come long before
MOST_KEPT, LONGEST_KEPT = 16384, 40  # words that are kept with what they are, and their letters
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
    посол congress parliament committee republic républi repúbl repubbl республик республік
    федерац council court head state conseil consejo consiglio commission high государ господин глава главы главе главу"""
TITLES = re.compile(f"(?:{'|'.join(_TITLES.split())})$|{'|'.join(_TITLE_STEMS.split())}")
_OFFICES = """presid präsid président prezydent президент minist ministr министр міністр premier премьер прем chancel kanzler
    bundeskanzler bundespräsident canciller cancell kancl канцлер secretary-general mr mrs ms herr frau king queen
    könig roi reine król король leader лидер лідер"""
OFFICES = re.compile("|".join(f"{office}$" if len(office) < 5 else office for office in _OFFICES.split()))
OFFICES_BEGIN = frozenset(office[:2] for office in _OFFICES.split())
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
    listed: bool  # it is in the table of places, peoples and organisations
    office: bool  # a president, a minister or the like is named beside it: it is most likely a person
    joined: bool  # nothing but a space stands between it and the name before it


CAPITAL, BEGINS, OFFICE = 1, 2, 4  # it has one; a name of the table begins with it; a president or the like is named


class _Words(dict[str, int]):
    """What words are, wherever they stand: each is looked at once."""

    def __missing__(self, word: str) -> int:
        low = word.lower()
        office = low[:2] in OFFICES_BEGIN and OFFICES.match(low) is not None
        seen = CAPITAL * word[0].isupper() + BEGINS * bool(may_begin(word)) + OFFICE * office
        if len(word) <= LONGEST_KEPT:
            if len(self) >= MOST_KEPT:
                self.clear()
            self[word] = seen
        return seen


_seen = _Words().__getitem__


def named(text: str, language: str = "") -> list[Name]:
    """The names of a text in order, as often as they are there."""
    pieces = WORD.split(text[:MOST_READ])
    words, gaps, starts = pieces[1::2], pieces[0::2], list(accumulate(map(len, pieces)))[0::2]
    base = language.casefold().partition("-")[0] or guess_language(map(str.lower, words))
    seen = list(map(_seen, words))
    inside = _inside_sentences(words, gaps, [at for at, kind in enumerate(seen) if kind & CAPITAL])
    small = {word for word, kind in zip(words, seen, strict=True) if not kind & CAPITAL}
    found: list[Name] = []
    free, end = 0, -2
    for at in [at for at, kind in enumerate(seen) if kind & (CAPITAL | BEGINS)]:
        if at < free:
            continue
        word = words[at]
        key, length = known_name(words[at : at + 4]) if seen[at] & BEGINS else ("", 0)
        if key:
            found.append(Name(key, key, starts[at], listed=True, office=False, joined=False))
            free = at + length
        elif seen[at] & CAPITAL and len(word) > 1 and _is_name(words, at, inside, small, base):
            form = spelled(_whole(word, inside), base)
            key = sound(form)
            if len(key) > 1:
                office = any(kind & OFFICE for kind in seen[max(0, at - 4) : at + 4])
                found.append(Name(key, form, starts[at], False, office, starts[at] == end + 1))
                end = starts[at] + len(word)
    return found


@lru_cache(maxsize=8192)
def _bare(word: str) -> str:
    """A word without "d'" before and "'s" behind it."""
    return POSSESSIVE.sub("", ELIDED.sub("", word)) if "'" in word or "’" in word else word


def _inside_sentences(words: list[str], gaps: list[str], capitals: list[int]) -> set[str]:
    """Words that stand with a capital where a small letter could be. `capitals`: which have one."""
    found: set[str] = set()
    for at in capitals:
        gap = gaps[at][-8:]
        if at and (gap == " " or not BREAK.search(gap) or (gap == ". " and _shortens(words[at - 1]))):
            found.add(_bare(words[at]))
    return found


def _shortens(word: str) -> bool:
    return len(word) == 1 or word.lower() in ABBREVIATED


def _is_name(words: list[str], at: int, inside: set[str], small: set[str], language: str) -> bool:
    word = _bare(words[at])
    low = word.lower()
    if low in small or word not in inside or not _can_be_a_name(low, language):
        return False
    if language == "de":
        before = words[at - 1].lower() if at else ""
        return before not in ARTICLES and len(low) <= LONGEST_GERMAN and not NO_NAMES["de"].search(low)
    return True


@lru_cache(maxsize=8192)
def _can_be_a_name(low: str, language: str) -> bool:
    if TITLES.match(low) or (is_small_word(low) and low not in PARTICLES):
        return False
    meant = lexicon(language).get(low)
    return meant is None or not (meant.month or meant.weekday or meant.currency or meant.percent or meant.scale)


def _whole(word: str, inside: set[str]) -> str:
    bare = _bare(word)
    return bare[:-1] if bare.endswith("s") and bare[:-1] in inside else bare  # Putins, Macrons

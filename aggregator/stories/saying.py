"""What one sentence says, as sentences are compared: its words that carry meaning, its names, its facts and what it denies."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from sys import intern

from aggregator.stories.weighing import NEGATIONS
from aggregator.text.facts import FactKind, facts
from aggregator.text.factwords import is_small_word, lexicon
from aggregator.text.names import TITLES
from aggregator.text.numberwords import LANGUAGES
from aggregator.text.plain import plain

WORD = re.compile(r"[^\W_]+(?:['.][^\W_]+)*")
BREAK = re.compile(r"[\"“«„:;(\[?!]")  # behind these a capital letter tells of no name
# Where and when a report was written, as it stands before the first sentence, with a dash behind it.
DATELINE = re.compile(
    r"(?:[A-ZА-ЯІЇЄҐ]{3,}[^–—\n]{0,45}?|[A-Z][\w.]+(?: [A-Z][\w.]+)?, [A-Z][\w.]{1,12})(?: [–—-]{1,2} ?|[–—-]{1,2} )"
)
LONGEST = 4_000  # characters of one sentence that are read; what is longer is a list or a table
SHORT_WORDS = """the a an and or of to in on at by for with from as is are was were be been that this it its his her their has
 have had will would but said says say who which he she they we i you our my me us them also there can do so if
 than then any all"""
SMALL = frozenset(SHORT_WORDS.split())
_LEGAL_FORMS = "inc corp ltd co llc plc gmbh ag sa spa bv nv ооо пао ао тов"
LEGAL_FORMS = frozenset(_LEGAL_FORMS.split())
STEM = 6  # letters that forms of one word share: "negotiation", "negotiators"
CYRILLIC_STEM = 5
CYRILLIC_ENDING = re.compile("[аеёиоуыэюяьйіїє]{1,3}$")
NEXT_WORDS = 3  # behind a "not", the word that it denies is among so many
# Directions and outcomes: a sentence with the other one says the opposite.
_OPPOSITES = """increase/decrease increased/decreased rise/fall rose/fell raise/lower raised/lowered up/down accept/reject
accepted/rejected approve/reject approved/rejected confirm/deny confirmed/denied support/oppose supported/opposed
begin/end began/ended start/stop started/stopped open/close opened/closed more/fewer more/less before/after agree/refuse
agreed/refused won/lost win/lose above/below north/south east/west first/last impose/lift imposed/lifted
augmentation/baisse hausse/baisse accepter/refuser accepté/refusé avant/après plus/moins
steigt/sinkt stieg/sank erhöhen/senken erhöht/gesenkt angenommen/abgelehnt vor/nach mehr/weniger
вырос/снизился увеличить/сократить увеличил/сократил принял/отклонил подтвердил/опроверг больше/меньше до/после
зріс/знизився збільшити/скоротити збільшив/скоротив прийняв/відхилив підтвердив/спростував більше/менше до/після"""


def _opposites() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for pair in _OPPOSITES.split():
        one, other = pair.split("/")
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in found.items()}


OPPOSITES = _opposites()


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """One sentence, read."""

    text: str
    words: tuple[str, ...]  # in small letters, in order
    stems: frozenset[str]  # of the words that carry meaning
    named: tuple[str, ...]  # stems of words with a capital letter inside the sentence, as often as they are there
    names: frozenset[str]  # the same, each once
    roots: tuple[str, ...]  # the stem of every word, in order
    beside: dict[str, frozenset[str]]  # by name: the names that stand next to it
    denied: frozenset[str]  # stems behind a negation
    figures: int  # words that hold a digit, each counted once

    @property
    def facts(self) -> tuple[str, ...]:
        """The figures, dates and times in their order, in one form for one value."""
        return _facts(self.text)


@lru_cache(maxsize=2048)  # a text is read several times over, and what was told lately again; some 2 KB each, 4 MB in all
def read(sentence: str) -> Said:
    """Read a sentence. Of a very long one, the beginning."""
    text = plain(sentence[:LONGEST])
    tokens = list(WORD.finditer(text))
    begins = _names_from(text)
    words = tuple([intern(token[0].casefold()) for token in tokens])  # of each word one copy, in thousands of sentences
    roots = [_root(word) for word in words]
    stems: list[str] = []
    names: list[tuple[int, str]] = []
    before = end = 0
    for at, (token, root) in enumerate(zip(tokens, roots, strict=True)):
        before, (start, end) = end, token.span()
        if not root or end <= begins:
            continue
        stems.append(root)
        if text[start].isupper() and _may_name(words[at]):
            inside = start > begins and at > 0 and not BREAK.search(text, before, start)
            # The first word is a name where another one stands next to it: "Jill Biden".
            if inside or (at + 1 < len(tokens) and text[end : end + 2].istitle() and text[end] == " "):
                names.append((at, root))
    figures = len({word for word in words if not word.isalpha()})
    named = tuple(name for _, name in names)
    return Said(
        text=text,
        words=words,
        stems=frozenset(stems),
        named=named,
        names=frozenset(named),
        roots=tuple([root or word for root, word in zip(roots, words, strict=True)]),
        beside=_beside(names),
        denied=frozenset(_denied(words)),
        figures=figures,
    )


def _names_from(text: str) -> int:
    """Where the first word stands behind a dateline: it and what is before tell of no name."""
    dateline = DATELINE.match(text)
    if dateline is None or dateline.end() > 60:
        return 0
    return dateline.end()


def stem(word: str) -> str:
    """What the forms of a word share, roughly: the same for "ministers" and "minister", "России" and "Россией"."""
    word = word.removesuffix("'s").replace(".", "")
    if not word.isascii() and not "а" <= word[:1] <= "ґ":
        word = "".join(sign for sign in unicodedata.normalize("NFD", word) if unicodedata.category(sign) != "Mn")
    if word[:1].isdigit():
        return word
    if "а" <= word[:1] <= "ґ":
        return (CYRILLIC_ENDING.sub("", word) if len(word) > 3 else word)[:CYRILLIC_STEM]
    return (word[:-1] if len(word) > 3 and word[-1] == "s" else word)[:STEM]


@lru_cache(maxsize=8192)
def _root(word: str) -> str:
    """The stem of a word that carries meaning, "" of another."""
    if len(word) == 1 or any(map(str.isdigit, word)) or word in SMALL or word in NEGATIONS or word.endswith("n't"):
        return ""
    return "" if is_small_word(word) or word in _fact_words() else stem(word)


@cache
def _fact_words() -> frozenset[str]:
    """Words of figures and dates in all languages: what they say is read as facts."""
    found = ((word, meant) for language in LANGUAGES for word, meant in lexicon(language).items())
    return frozenset(
        word for word, meant in found if meant.cardinal or meant.scale or meant.month or meant.weekday or meant.currency
    )


@lru_cache(maxsize=8192)
def _may_name(word: str) -> bool:
    return word not in LEGAL_FORMS and not TITLES.match(word)


def _beside(names: list[tuple[int, str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for (at, one), (then, other) in pairwise(names):
        if then == at + 1:
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
    return {name: frozenset(others) for name, others in found.items()}


def _denied(words: tuple[str, ...]) -> Iterator[str]:
    """The stems of what is denied: of "will not attend", that of "attend"."""
    if NEGATIONS.isdisjoint(words) and not any("'" in word for word in words):
        return
    for at, word in enumerate(words):
        if word in NEGATIONS or word.endswith("n't"):
            behind = (then for then in words[at + 1 : at + 1 + NEXT_WORDS] if then not in SMALL and then not in NEGATIONS)
            before = words[at - 1] if at else ""
            yield stem(next((then for then in behind if not is_small_word(then)), before))


@lru_cache(maxsize=4096)
def _facts(text: str) -> tuple[str, ...]:
    found = facts(text)
    values = [_value(one.kind, one.value) for one in found]
    rest = text
    for one in reversed(found):
        rest = f"{rest[: one.start]} {rest[one.end :]}"
    # Figures that are no facts by themselves: "F-16", "Mk2".
    return (*values, *(word.casefold() for word in WORD.findall(rest) if any(map(str.isdigit, word))))


def _value(kind: FactKind, value: str) -> str:
    if kind is FactKind.ORDINAL:
        return f"o{value}"
    return value


def new_facts(said: Said, old: Iterable[Said]) -> frozenset[str]:
    """The facts of a sentence that some others have not: a date without its year is in the full date, a number in a sum."""
    told = {fact for one in old for fact in one.facts}
    return frozenset(fact for fact in said.facts if fact not in told and not any(_covers(other, fact) for other in told))


def _covers(full: str, part: str) -> bool:
    if " " in full or " " in part:  # a sum may be written without its currency
        return (" " not in full or " " not in part) and full.rpartition(" ")[2] == part.rpartition(" ")[2]
    if part.startswith("--"):
        return full.endswith(part[1:]) or full[4:].startswith(part[1:])
    return len(full) > 7 and full[4:5] == "-" and full.startswith(f"{part}-")  # 2022, of 2022-02-24

"""Whether a sentence is its source's own wording: word for word, or shortened only where nothing that it says can change.

What may be done to a sentence of the source is a short list; everything else is refused, whatever it says:

* a figure, sum, date or time in another notation ("two million", "2,000,000");
* the day or time left out at its head or end ("On Friday, …");
* an aside left out, in brackets or begun by a relative word ("…, who was in Kyiv, …"), without a word that turns what is said;
* who speaks put before the quotation instead of behind it, or the other way round, where both are all of the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aggregator.stories.polarity import TURNING, words_of
from aggregator.text.facts import Fact, FactKind, facts
from aggregator.text.factwords import guess_language
from aggregator.text.plain import plain

TOKEN = re.compile(r"\d+(?:[.,:/]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*|\S")
QUOTED = re.compile(r'"([^"]*)"')
WHEN = frozenset({FactKind.DATE, FactKind.WEEKDAY, FactKind.TIME})
BEFORE_WHEN = frozenset({"on", "at", "in", "am", "um", "le", "в", "о"})
_RELATIVE = """who whom whose which where qui dont который которая которое которые которого которой которых которому
    який яка яке які якого якої яких якому"""
RELATIVE = frozenset(_RELATIVE.split())
STOPS = frozenset(".!?")
EDGES = ',:.- \t"'
FEWEST = 2  # words that are left of a sentence: fewer say nothing
LONGEST = 400  # words and signs of a sentence that may be shortened: a longer one is a list


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a sign or a fact; facts are equal in whatever notation."""

    text: str
    word: str  # in small letters; "" for a sign or a fact
    kind: FactKind | None = None  # of a fact

    @property
    def turns(self) -> bool:
        """Whether what is said may turn on it."""
        return not TURNING.isdisjoint(words_of(self.word))


def folded(text: str) -> str:
    """A text in plain typography, with single spaces."""
    return " ".join(plain(text).split())


def facts_of(text: str, source: str) -> tuple[Fact, ...]:
    """The facts of a text, read in the language of its source: 1.234 is the same number in both."""
    return facts(text, guess_language(words_of(source)))


def tokens_of(text: str, source: str) -> list[Token]:
    """A folded text as it is compared; `source` tells its language."""
    found = facts_of(text, source)
    tokens: list[Token] = []
    coming = iter(found)
    fact = next(coming, None)
    for match in TOKEN.finditer(text):
        while fact is not None and fact.end <= match.start():
            tokens.append(_of_fact(fact))
            fact = next(coming, None)
        if fact is None or match.end() <= fact.start:
            tokens.append(Token(match[0], match[0].casefold() if match[0][0].isalpha() else ""))
    return tokens if fact is None else [*tokens, _of_fact(fact)]


def _of_fact(fact: Fact) -> Token:
    return Token(fact.value, "", fact.kind)


def is_own_wording(said: str, source: str) -> bool:
    """Whether a sentence says one sentence of its source, both folded, in the source's words and nothing else."""
    if said == source:
        return True
    if any(f'"{quote}"' not in source for quote in QUOTED.findall(said)):
        return _is_moved(said, source)  # the stop may have gone into the quotation; but no figure in it is written otherwise
    mine, theirs = tokens_of(said, source), tokens_of(source, source)
    if sum(bool(token.word) for token in mine) < FEWEST or len(theirs) > LONGEST:
        return False
    return _is_moved(said, source) or any(_same(mine, left) for left in _shortened(theirs))


def _same(mine: Sequence[Token], left: Sequence[Token]) -> bool:
    if len(mine) != len(left) or mine[1:] != left[1:]:
        return False
    head, other = mine[0], left[0]
    # Where the head was left out, the next word has become the first.
    return head == other or (head.text[:1].isupper() and other.text == other.word == head.word)


def _shortened(source: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """A sentence, and everything that may be left of it."""
    for one in _without_aside(source):
        yield one
        yield from _without_when(one)


def _without_aside(source: Sequence[Token]) -> Iterator[Sequence[Token]]:
    yield source
    end = len(source) - 1 if source and source[-1].text in STOPS else len(source)
    brackets = [at for at, token in enumerate(source) if token.text in ("(", ")")]
    if [source[at].text for at in brackets] == ["(", ")"]:
        yield from _cut(source, brackets[0], brackets[1] + 1)
    commas = [at for at, token in enumerate(source[: end - 1]) if token.text == ","]
    for at in commas:
        if source[at + 1].word in RELATIVE:
            yield from _cut(source, at, end)
            if len(commas) == 2 and at == commas[0]:  # where there are more, nobody knows which of them ends it
                yield from _cut(source, at, commas[1] + 1)


def _cut(source: Sequence[Token], start: int, end: int) -> Iterator[Sequence[Token]]:
    if not any(token.turns or token.text in ('"', "'") for token in source[start:end]):
        yield [*source[:start], *source[end:]]


def _without_when(source: Sequence[Token]) -> Iterator[Sequence[Token]]:
    head = _when_at(source, 0)
    if head:
        yield source[head + 1 :] if head < len(source) and source[head].text == "," else source[head:]
    end = len(source) - 1 if source and source[-1].text in STOPS else len(source)
    for start in range(FEWEST, end):
        if start + _when_at(source, start) == end and not source[start - 1].turns:
            yield [*source[:start], *source[end:]]


def _when_at(source: Sequence[Token], start: int) -> int:
    """How many tokens from here on say when, and nothing else."""
    at = start
    while at < len(source):
        step = 2 if source[at].word in BEFORE_WHEN else 1
        if at + step > len(source) or source[at + step - 1].kind not in WHEN:
            break
        at += step
    return at - start


def _is_moved(said: str, source: str) -> bool:
    """Whether only who speaks stands on the other side of the quotation."""
    mine = _quotation(said)
    return mine is not None and mine == _quotation(source)


def _quotation(text: str) -> tuple[str, str, str] | None:
    """A sentence that is one quotation and who speaks, as it, the first letter and the rest; None for any other."""
    match QUOTED.split(text):
        case ["", quote, rest] | [rest, quote, "" | "."]:
            speaker = rest.strip(EDGES)
            return quote.rstrip(",."), speaker[:1].casefold(), speaker[1:]
    return None

"""The facts of an evened text: one walk over its tokens, each rule where its kind of token begins."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from aggregator.text.amountfacts import read_amount, read_money, read_ordinal, read_roman_ordinal, read_weekday
from aggregator.text.datefacts import read_date, read_time
from aggregator.text.facttokens import SIGNS, Found, Reading, Token, Tokens

Rule = Callable[[Tokens, int], Reading | None]
OF_FIGURES: tuple[Rule, ...] = (read_date, read_time, read_ordinal, read_amount)
OF_SIGNS: tuple[Rule, ...] = (read_money,)
OF_WORDS: tuple[Rule, ...] = (read_date, read_money, read_ordinal, read_amount, read_weekday, read_roman_ordinal)


def read_facts(text: str, language: str) -> Iterator[Found]:
    """(kind, value, start, end) of each, in order. `language`: a BCP 47 tag in small letters, or ""."""
    tokens = Tokens(text, language)
    free = 0
    for at in tokens.worth_reading():
        if at < free or (tokens[at].figure and not tokens.free(at)):
            continue
        for rule in _rules(tokens[at]):
            done = rule(tokens, at)
            if done is not None:
                found, free = done
                yield from found
                break


def _rules(token: Token) -> tuple[Rule, ...]:
    if token.figure:
        return OF_FIGURES
    return OF_SIGNS if token.written in SIGNS else OF_WORDS

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


BACK = 2  # tokens before it that a rule may look at


def read_facts(tokens: Tokens) -> list[Found]:
    """(kind, value, start, end) of each, in order."""
    return [one for _, found in _read(tokens) for one in found]


def read_facts_twice(tokens: Tokens, first: int) -> tuple[list[Found], list[Found]]:
    """As `read_facts`: those of the whole text, and those of the text that begins with the token `first`.

    They are read again only as far as what stands before can tell: where both readings find something in one place, behind
    which neither looks back to it, they go on alike.
    """
    whole = list(_read(tokens))
    places = {at: number for number, (at, _) in enumerate(whole)}
    part: list[Found] = []
    for at, found in _read(tokens.behind(first)):
        number = places.get(first + at) if at >= BACK else None
        if number is not None:
            part += (one for _, same in whole[number:] for one in same)
            break
        part += found
    return [one for _, found in whole for one in found], part


def _read(tokens: Tokens) -> Iterator[tuple[int, list[Found]]]:
    """Each place where a rule read something, and what."""
    free = 0
    for at in tokens.worth_reading():
        if at < free:
            continue
        token = tokens[at]
        if token.figure and not tokens.free(at):
            continue
        for rule in _rules(token):
            done = rule(tokens, at)
            if done is not None:
                found, free = done
                yield at, found
                break


def _rules(token: Token) -> tuple[Rule, ...]:
    if token.figure:
        return OF_FIGURES
    return OF_SIGNS if token.written in SIGNS else OF_WORDS

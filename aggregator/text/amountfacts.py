"""Sums, shares, ordinals and plain numbers in running text, in figures and in words of nine languages."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from aggregator.text.datefacts import is_year
from aggregator.text.facttokens import SIGNS, Reading, Token, Tokens
from aggregator.text.factwords import CODES_ONLY, PERCENT_PAIRS, is_small_word
from aggregator.text.numberwords import word_set
from aggregator.text.numerals import Spelled, canonical, read_figures, read_roman

DOLLARS = {"us": "USD", "c": "CAD", "ca": "CAD", "a": "AUD", "au": "AUD", "hk": "HKD", "nz": "NZD", "s": "SGD", "r": "BRL"}
FRACTIONS = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}
MONEY_SCALES = {"m": 10**6, "b": 10**9, "k": 1000, "t": 10**12, "bn": 10**9, "mn": 10**6}
ONES = word_set("one a un une ein eine einer einem einen uno una een jeden один одна одну одного одной одному")
STARTS = word_set("cien ciento mil cento mille cent hundert tausend honderd duizend сто sto миллион миллиард мільйон мільярд")
AND = {"en": "and", "fr": "et", "es": "y", "pl": "i", "ru": "и", "uk": "і"}
YEAR_BEFORE = word_set(
    "in since of from until by year im seit von bis en depuis de del dal nel in sinds van w od do в у с з до за année año"
)
YEAR_AFTER = word_set("г год года году годом годов гг р рік року році рр roku r rok")
UNIT_BEFORE_SECOND = word_set("per every each split")
NO_FIRST = word_set("lady ladies ministre ministro ministra minister dame ministry secretary damen of all")
GERMAN_ARTICLES = word_set("der die das dem den des im am zum vom beim zur ihr sein unser dieses jeder")
ITALIAN_ARTICLES = word_set("il la del della al alla nel nella dal dalla un una di quel questo per")
# Ordinals that are other words without an article: "secondo" (according to), "achten" (to heed).
ARTICLES = dict.fromkeys(("secondo", "seconda"), ITALIAN_ARTICLES) | dict.fromkeys(("achte", "achten"), GERMAN_ARTICLES)
CASED_DAYS = word_set("domingo domingos sábado sábados")


class Quantity(NamedTuple):
    """A number and the tokens after it."""

    value: Decimal
    after: int  # index of the next token


def read_money(tokens: Tokens, at: int) -> Reading | None:
    """A currency before its number; one behind it is found by `read_amount`."""
    token = tokens[at]
    code = SIGNS.get(token.written, "")
    if code == "USD" and at and tokens.gap(at) in ("", ".", " ") and tokens[at - 1].written.isupper():
        code = DOLLARS.get(tokens[at - 1].low, code)
    if not code and token.meaning is not None and token.meaning.currency and token.written.isupper():
        code = token.meaning.currency
    number = tokens.get(at + 1)
    if not code or number is None or tokens.gap(at + 1) not in ("", " ") or not number.figure:
        return None
    quantity = _quantity(tokens, at + 1, money=True)
    if quantity is None:
        return None
    value = f"{code} {canonical(quantity.value)}"
    return [tokens.fact("money", value, at, quantity.after)], quantity.after


def read_amount(tokens: Tokens, at: int) -> Reading | None:
    quantity = _quantity(tokens, at)
    if quantity is None:
        return None
    return _share(tokens, at, quantity) or _sum(tokens, at, quantity) or _bare(tokens, at, quantity)


def _bare(tokens: Tokens, at: int, quantity: Quantity) -> Reading:
    token, after = tokens[at], quantity.after
    if token.figure and after == at + 1:
        if _numbers_a_line(tokens, at):
            return [], after
        if tokens.gap(after) == "/" and tokens[after].figure:
            return [], after + 1
        if _is_a_year(tokens, at):
            return [tokens.fact("date", token.written, at, after)], after
    return [tokens.fact("number", canonical(quantity.value), at, after)], after


def _share(tokens: Tokens, at: int, quantity: Quantity) -> Reading | None:
    place, following, third = quantity.after, tokens.get(quantity.after), tokens.get(quantity.after + 1)
    if following is None or tokens.gap(place) not in ("", " ", "-"):
        return None
    pair = third is not None and (following.low, third.low) in PERCENT_PAIRS and tokens.gap(place + 1) == " "
    if pair or following.written == "%" or (following.meaning is not None and following.meaning.percent):
        after = place + 2 if pair else place + 1
        return [tokens.fact("percent", canonical(quantity.value), at, after)], after
    return None


def _sum(tokens: Tokens, at: int, quantity: Quantity) -> Reading | None:
    place = quantity.after
    following = tokens.get(place)
    if (
        following is not None
        and following.low in ("de", "di", "d", "us")
        and tokens.gap(place) == " "
        and quantity.value >= 1000
    ):
        place += 1
        following = tokens.get(place)
    if following is None or tokens.gap(place) not in ("", " ", ". ", "-", ",- "):
        return None
    code = SIGNS.get(following.written, "")
    meaning = following.meaning
    if not code and meaning is not None and (following.low not in CODES_ONLY or following.written.isupper()):
        code = meaning.currency
    if not code or (following.written in SIGNS and tokens.gap(place + 1) == "" and tokens[place + 1].figure):
        return None
    return [tokens.fact("money", f"{code} {canonical(quantity.value)}", at, place + 1)], place + 1


def _quantity(tokens: Tokens, at: int, *, money: bool = False) -> Quantity | None:
    token = tokens[at]
    if not token.figure:
        return _spelled(tokens, at)
    value = read_figures(token.written, tokens.language)
    if value is None:
        return None
    after = at + 1
    following = tokens.get(after)
    if following is not None and following.written in FRACTIONS and tokens.gap(after) in ("", " "):
        value, after = value + FRACTIONS[following.written], after + 1
    while (scale := _scale_at(tokens, after, money=money and after == at + 1)) and after < at + 4:
        value, after = value * scale, after + 1
    return Quantity(value, after)


def _scale_at(tokens: Tokens, at: int, *, money: bool) -> int:
    token = tokens.get(at)
    if token is None or tokens.gap(at) not in ("", " ", "-", ". "):
        return 0
    if money and tokens.gap(at) in ("", " ") and token.low in MONEY_SCALES:
        return MONEY_SCALES[token.low]
    if token.meaning is None or not token.meaning.scale:
        return 0
    if token.meaning.scale == 100 and tokens.language == "fr":
        return 0  # "100 cents"
    return token.meaning.scale


def _spelled(tokens: Tokens, at: int) -> Quantity | None:
    token = tokens[at]
    meaning = token.meaning
    if meaning is None or not (meaning.cardinal or meaning.scale) or token.written[1:].isupper():
        return None
    number, place = Spelled(french=tokens.language == "fr"), at
    if not meaning.cardinal and token.low not in STARTS and not _after_one(tokens, at):
        return None
    while place < at + 16 and _joins(tokens, place, at, number):
        place += 1
        place += _and_more(tokens, place, number)
    return None if place == at else _no_fraction(tokens, Quantity(Decimal(number.value), place))


def _after_one(tokens: Tokens, at: int) -> bool:
    before, half = tokens.get(at - 1), tokens.get(at - 2)
    return before is not None and before.low in ONES and tokens.gap(at) == " " and (half is None or half.low != "half")


def _joins(tokens: Tokens, place: int, at: int, number: Spelled) -> bool:
    token = tokens.get(place)
    if token is None or (place > at and tokens.gap(place) not in (" ", "-", "\n")):
        return False
    if token.meaning is not None and token.meaning.cardinal:
        return number.take_cardinal(token.meaning.cardinal)
    if token.meaning is not None and token.meaning.scale:
        return number.take_scale(token.meaning.scale)
    return place > at and token.low in ONES and token.low != "a" and number.value % 10 == 0 and number.take_cardinal(1)


def _and_more(tokens: Tokens, place: int, number: Spelled) -> int:
    """1 to step over the "and" of "two hundred and five", "treinta y dos", "vingt et un"; else 0."""
    token, after = tokens.get(place), tokens.get(place + 1)
    if token is None or after is None or token.low != AND.get(tokens.language) or tokens.gap(place) != " ":
        return 0
    round_one = number.value % 100 == 0 if tokens.language == "en" else number.value % 10 == 0 and number.value >= 20
    small = after.meaning is not None and 0 < after.meaning.cardinal < (100 if tokens.language == "en" else 12)
    return int(round_one and tokens.language in ("en", "es", "fr") and (small or after.low in ONES - {"a"}))


def _no_fraction(tokens: Tokens, quantity: Quantity) -> Quantity | None:
    """ "Two thirds", "three quarters": no two and no three."""
    following = tokens.get(quantity.after)
    parts = (
        "thirds",
        "quarters",
        "fifths",
        "tiers",
        "quarts",
        "drittel",
        "viertel",
        "tercios",
        "terzi",
        "трети",
        "третини",
        "derde",
    )
    return None if following is not None and following.low in parts else quantity


def _numbers_a_line(tokens: Tokens, at: int) -> bool:
    token = tokens[at]
    start, end = token.start, token.end
    short = len(token.written) <= 2 or not token.figure
    return short and tokens.text[start - 1 : start] in ("", "\n") and tokens.text[end : end + 1] in (".", ")")


def _is_a_year(tokens: Tokens, at: int) -> bool:
    token, before, after = tokens[at], tokens.get(at - 1), tokens.get(at + 1)
    if not is_year(token.written):
        return False
    led = before is not None and before.low in YEAR_BEFORE and tokens.gap(at) == " "
    followed = after is not None and after.low in YEAR_AFTER and tokens.gap(at + 1) == " "
    return led or followed


def read_ordinal(tokens: Tokens, at: int) -> Reading | None:
    token = tokens[at]
    if token.figure:
        return _figured_ordinal(tokens, at)
    meaning = token.meaning
    if meaning is None or not (meaning.ordinal or 20 <= meaning.cardinal < 100):
        return None
    following = tokens.get(at + 1)
    if meaning.cardinal >= 20 and meaning.cardinal % 10 == 0 and following is not None and following.meaning is not None:
        unit = following.meaning.ordinal
        if 0 < unit < 10 and tokens.gap(at + 1) in (" ", "-"):
            return [tokens.fact("ordinal", str(meaning.cardinal + unit), at, at + 2)], at + 2
    if not meaning.ordinal or not _means_a_place(tokens, at, meaning.ordinal):
        return None
    return [tokens.fact("ordinal", str(meaning.ordinal), at, at + 1)], at + 1


def _means_a_place(tokens: Tokens, at: int, ordinal: int) -> bool:
    """Not the unit of time, not "at first", not "Premier ministre", not the third of "two thirds"."""
    before, following = tokens.get(at - 1), tokens.get(at + 1)
    if ordinal == 1:
        return (following is None or following.low not in NO_FIRST) and (before is None or before.low != "at")
    needed = ARTICLES.get(tokens[at].low)
    if needed is not None and (before is None or before.low not in needed):
        return False
    if before is None or tokens.gap(at) not in (" ", "-"):
        return True
    alone = following is None or tokens.gap(at + 1) != " " or following.low in ("of", "de", "der", "des", "van", "di")
    if before.low in ONES and (alone or before.low > "а"):  # "a third of"; "одну вторую" is a half
        return False
    if before.figure or (before.meaning is not None and before.meaning.cardinal) or before.low == "one":
        return False
    return not (tokens[at].low in ("second", "seconde", "secondo") and before.low in UNIT_BEFORE_SECOND)


def _figured_ordinal(tokens: Tokens, at: int) -> Reading | None:
    token, following = tokens[at], tokens.get(at + 1)
    if not token.written.isdigit() or len(token.written) > 4 or following is None:
        return None
    gap = tokens.gap(at + 1)
    sign = following.written in ("º", "ª") and gap in ("", ".")
    said = gap in ("", "-") and tokens.is_suffix(following.low) and (gap == "" or tokens.language in ("ru", "uk", ""))
    said = said and (following.written.islower() or len(following.low) == 2) and tokens.gap(at + 2) != ""
    if sign or said:
        return [tokens.fact("ordinal", str(int(token.written)), at, at + 2)], at + 2
    if gap == ". " and len(token.written) <= 3 and _counts(tokens, at, following):
        return [tokens.fact("ordinal", str(int(token.written)), at, at + 1)], at + 1
    return None


def _counts(tokens: Tokens, at: int, following: Token) -> bool:
    """Whether the full stop behind a number makes it an ordinal: "das 12. Paket", "12. pakiet"; not where a sentence ends."""
    before = tokens.get(at - 1)
    if before is None or tokens.language not in ("de", "pl") or tokens.gap(at) != " " or not following.written.isalpha():
        return False
    if following.written.islower() or before.low in GERMAN_ARTICLES:
        return True
    return tokens.language == "de" and before.written.islower() and not is_small_word(following.low)


def read_weekday(tokens: Tokens, at: int) -> Reading | None:
    token = tokens[at]
    if token.meaning is None or not token.meaning.weekday or (token.low in CASED_DAYS and token.written != token.low):
        return None
    before = tokens.get(at - 1)
    if token.low == "среду" and (before is None or before.low != "в"):
        return None  # surroundings
    return [tokens.fact("weekday", token.meaning.weekday, at, at + 1)], at + 1


def read_roman_ordinal(tokens: Tokens, at: int) -> Reading | None:
    token = tokens[at]
    value = read_roman(token.written) if len(token.written) > 1 else 0
    if not value:
        return None
    neighbours = (tokens.get(at - 1), tokens.get(at + 1))
    shouted = any(one is not None and len(one.written) > 1 and one.written.isupper() for one in neighbours)
    return None if shouted or _numbers_a_line(tokens, at) else ([tokens.fact("ordinal", str(value), at, at + 1)], at + 1)

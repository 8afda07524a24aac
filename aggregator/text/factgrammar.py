"""How the words and figures of a text make facts: a reader that walks over them once and looks a few words ahead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from aggregator.text.factwords import CODES_ONLY, PERCENT_PAIRS, Meaning, guess_language, lexicon
from aggregator.text.numberwords import LANGUAGES, word_set
from aggregator.text.numerals import NUMBER, Spelled, canonical, read_figures, read_roman
from aggregator.text.written import DAY_FIRST, MONTH_FIRST

Found = tuple[str, str, int, int]  # kind, value, start, end

TOKEN = re.compile(rf"{NUMBER}|[^\W\d_]+(?:'[^\W\d_]+)*|[$€£¥₽₴₹₺%‰º°ª½¼¾]")
SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₽": "RUB", "₴": "UAH", "₹": "INR", "₺": "TRY"}
DOLLARS = {"us": "USD", "c": "CAD", "ca": "CAD", "a": "AUD", "au": "AUD", "hk": "HKD", "nz": "NZD", "s": "SGD", "r": "BRL"}
FRACTIONS = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}
MONEY_SCALES = {"m": 10**6, "b": 10**9, "k": 1000, "t": 10**12, "bn": 10**9, "mn": 10**6}
ONES = word_set("one a un une ein eine einer einem einen uno una een jeden один одна одну одного одной одному")
STARTS = word_set("cien ciento mil cento mille cent hundert tausend honderd duizend сто sto миллион миллиард мільйон мільярд")
AND = {"en": "and", "fr": "et", "es": "y", "pl": "i", "ru": "и", "uk": "і"}
SUFFIXES = {
    "en": "st nd rd th",
    "fr": "er re e ère ème eme ième nd nde ᵉ",
    "nl": "e de ste",
    "ru": "й го му м ом я ой е х ый ая ого ому ый ых ми",
    "uk": "й го му м ї та а ий ої ому е ту тя х",
}
LINKS = word_set("of de del di d the")  # 24th of February, 24 de febrero
BETWEEN = word_set("and und et y e ed en i и і й та to bis au à al a tot do до по -")
YEAR_BEFORE = word_set(
    "in since of from until by im seit von bis en depuis de del dal nel in sinds van w od do в у с з до за year jahr année año anno"
)
YEAR_AFTER = word_set("г год года году годом годов гг р рік року році рр roku r rok")
IN_MONTH = word_set("in im en w we в во у during since a nel nello")
UNIT_BEFORE_SECOND = word_set("per every each split")
NO_FIRST = word_set("lady ministre ministro ministra minister dame ministry secretary damen of all place time")
GERMAN_ARTICLES = word_set("der die das dem den des im am zum vom beim zur ihr sein unser dieses jeder")
CASED_DAYS = word_set("domingo domingos sábado sábados")
LONG = 4  # digits of a year
GAP = re.compile(r"[ \n]?")


class Token(NamedTuple):
    """A word, a number in figures or a sign."""

    written: str
    low: str  # in small letters
    start: int
    end: int
    figure: bool
    meaning: Meaning | None


class Quantity(NamedTuple):
    """A number and the tokens after it."""

    value: Decimal
    after: int  # index of the next token
    scaled: bool  # it has a power of a thousand in words
    spelled: bool


class Reader:
    """One text, read once. `language` is a BCP 47 tag in small letters or ""."""

    def __init__(self, text: str, language: str) -> None:
        self._text = text
        spans = [(match[0], match.start(), match.end()) for match in TOKEN.finditer(text)]
        lows = [written.lower() for written, _, _ in spans]
        base = language.partition("-")[0]
        self._language = base if base in LANGUAGES else guess_language(low for low in lows if not low[0].isdigit())
        self._tag = language or self._language
        known = lexicon(self._language)
        self._tokens = [
            Token(
                written, low, start, end, "0" <= low[0] <= "9", known.get(low) or (_inside(low, known) if "'" in low else None)
            )
            for (written, start, end), low in zip(spans, lows, strict=True)
        ]

    def read(self) -> Iterator[Found]:
        """The facts in order."""
        at, count = 0, len(self._tokens)
        while at < count:
            token = self._tokens[at]
            if token.figure or token.meaning is not None or token.written in SIGNS or token.written[0] in "IVX":
                found, after = self._one(at)
                yield from found
                at = max(after, at + 1)
            else:
                at += 1

    def _one(self, at: int) -> tuple[list[Found], int]:
        for rule in (self._date, self._time, self._money, self._ordinal, self._amount, self._weekday, self._roman):
            done = rule(at)
            if done is not None:
                return done
        return [], at + 1

    def _get(self, at: int) -> Token | None:
        return self._tokens[at] if 0 <= at < len(self._tokens) else None

    def _gap(self, at: int) -> str:
        """What stands between a token and the one before it; a line break or anything long parts them."""
        if not 0 < at < len(self._tokens):
            return "\x01"
        start, end = self._tokens[at - 1].end, self._tokens[at].start
        return self._text[start:end] if end - start <= 3 else "\x01"

    def _fact(self, kind: str, value: str, first: int, after: int) -> Found:
        return kind, value, self._tokens[first].start, self._tokens[after - 1].end

    # Dates

    def _date(self, at: int) -> tuple[list[Found], int] | None:
        token = self._tokens[at]
        if token.figure:
            return self._numeric_date(at) or self._days_before_month(at)
        if token.meaning is not None and token.meaning.month:
            return self._month_first(at, token.meaning.month)
        return None

    def _numeric_date(self, at: int) -> tuple[list[Found], int] | None:
        written = self._tokens[at].written
        parts, after, sign = written.split("."), at + 1, "."
        if written.isdigit() and self._gap(at + 1) in ("-", "/", ". "):
            sign = self._gap(at + 1)
            after = at + 3
            if self._gap(at + 2) != sign:
                return None
            parts = [token.written for token in self._tokens[at:after]]
        if len(parts) != 3 or not all(part.isdigit() and len(part) <= LONG for part in parts):
            return None
        day = self._in_calendar([int(part) for part in parts], [len(part) for part in parts], sign)
        return None if day is None else ([self._fact("date", day, at, after)], after)

    def _in_calendar(self, numbers: list[int], lengths: list[int], sign: str) -> str | None:
        first, second, third = numbers
        if lengths[0] == LONG:
            return _day(third, second, first)
        if lengths[2] == 2 and sign.startswith("."):
            third += 2000 if third < 50 else 1900
        elif lengths[2] != LONG:
            return None
        base = self._tag.partition("-")[0]
        month_first = self._tag in MONTH_FIRST or (self._tag == "en" and second > 12)
        if sign.startswith(".") or first > 12 or self._tag in DAY_FIRST or (base in DAY_FIRST and not month_first):
            return _day(first, second, third)
        return _day(second, first, third) if month_first or second > 12 or first == second else None

    def _days_before_month(self, at: int) -> tuple[list[Found], int] | None:
        """ "24 February 2022", "24th of February", "24–26 февраля", "1er et 2 mars": the days share the month."""
        days: list[tuple[int, int, int]] = []
        place = at
        while len(days) < 6:
            token = self._get(place)
            if token is None or not token.figure or not token.written.isdigit() or not 1 <= int(token.written[:3]) <= 31:
                return None
            after = self._past_suffix(place + 1)
            days.append((int(token.written), place, after))
            month = self._month_at(after)
            if month is not None:
                number, after = month
                return self._with_year(days, number, after)
            place = self._past_connector(after)
            if place == after and not re.fullmatch(r"\.? ?[-,/] ?", self._gap(after)):
                return None
        return None

    def _past_suffix(self, at: int) -> int:
        token = self._get(at)
        if token is not None and self._gap(at) in ("", "-") and (self._is_suffix(token.low) or token.low in "ºª°"):
            return at + 1
        return at

    def _is_suffix(self, low: str) -> bool:
        tables = [SUFFIXES[self._language]] if self._language in SUFFIXES else SUFFIXES.values()
        return any(low in table.split() for table in tables)

    def _past_connector(self, at: int) -> int:
        token = self._get(at)
        if token is None or token.low not in BETWEEN or self._gap(at) not in (" ", ". ", ", "):
            return at
        after = self._get(at + 1)
        german = after is not None and after.low in ("zum", "den", "al", "au")
        return at + 2 if german else at + 1

    def _month_at(self, at: int) -> tuple[int, int] | None:
        token = self._get(at)
        for _ in range(2):
            if token is not None and token.low in LINKS and self._gap(at) in (" ", "  "):
                at += 1
                token = self._get(at)
        if token is None or token.meaning is None or not token.meaning.month:
            return None
        return (token.meaning.month, at + 1) if self._gap(at) in (" ", ". ", "-", ".", "", "'") else None

    def _with_year(self, days: list[tuple[int, int, int]], month: int, after: int) -> tuple[list[Found], int] | None:
        year, end = self._year_at(after)
        found = []
        for number, (day, first, last) in enumerate(days):
            value = _day(day, month, year)
            if value is None:
                return None
            found.append(self._fact("date", value, first, end if number == len(days) - 1 else last))
        return found, end

    def _year_at(self, at: int) -> tuple[int, int]:
        """The year that stands here, and what follows it; 0 where none does."""
        token = self._get(at)
        gap = self._gap(at)
        if token is not None and token.low in ("de", "del", "of") and gap == " ":
            at, token, gap = at + 1, self._get(at + 1), self._gap(at + 1)
        if token is None or not token.figure or not _is_year(token.written) or not re.fullmatch(r"[.,]{0,2} |[-/.]", gap):
            return 0, at
        return int(token.written), at + 1

    def _month_first(self, at: int, month: int) -> tuple[list[Found], int] | None:
        """ "February 24, 2022", "Feb. 24–26", "February 2022", "in March"."""
        token = self._get(at + 1)
        if token is not None and token.low == "the":
            return None
        year, after = self._year_at(at + 1)
        if year:
            return [self._fact("date", f"{year:04}-{month:02}", at, after)], after
        if token is not None and token.figure and self._gap(at + 1) in (" ", ". ", "-") and self._is_day(at + 1):
            return self._days_after_month(at, month)
        before = self._get(at - 1)
        sure = before is not None and before.low in IN_MONTH and self._gap(at) == " " and len(self._tokens[at].low) > 2
        if sure and (self._language not in ("en", "") or self._tokens[at].written[0].isupper()):
            return [self._fact("date", f"--{month:02}", at, at + 1)], at + 1
        return None

    def _is_day(self, at: int) -> bool:
        written = self._tokens[at].written
        return len(written) <= 2 and written.isdigit() and 1 <= int(written) <= 31 and self._gap(at + 1) != ":"

    def _days_after_month(self, at: int, month: int) -> tuple[list[Found], int] | None:
        first, after = at, self._past_suffix(at + 2)
        days = [(int(self._tokens[at + 1].written), first, after)]
        other = self._get(after)
        if other is not None and other.figure and self._gap(after) in ("-", " - ") and self._is_day(after):
            days.append((int(other.written), after, self._past_suffix(after + 1)))
            after = days[-1][2]
        return self._with_year(days, month, after)

    # Times

    def _time(self, at: int) -> tuple[list[Found], int] | None:
        token = self._tokens[at]
        if not token.figure or len(token.written) > 5 or not self._free(at):
            return None
        hour, _, minute = token.written.partition(".")
        after, sure = at + 1, False
        following = self._get(after)
        if (
            not minute
            and following is not None
            and self._gap(after) == ":"
            and re.fullmatch(r"\d\d(?:\.\d+)?", following.written)
        ):
            minute, after, sure = following.written[:2], after + 1, True
            if self._gap(after) == ":" and self._tokens[after].figure:
                after += 1
        minute, after, said = self._hour_word(minute, after)
        half, after = self._half(after)
        if not (sure or said or half) or not hour.isdigit() or (minute and not re.fullmatch(r"\d\d", minute)):
            return None
        clock = _clock(int(hour), int(minute or 0), half)
        return None if clock is None else ([self._fact("time", clock, at, after)], after)

    def _hour_word(self, minute: str, at: int) -> tuple[str, int, bool]:
        token = self._get(at)
        if token is None or token.low not in ("h", "uhr", "uur", "heures") or self._gap(at) not in ("", " "):
            return minute, at, False
        after = self._get(at + 1)
        if not minute and after is not None and re.fullmatch(r"\d\d", after.written) and self._gap(at + 1) in ("", " "):
            return after.written, at + 2, True
        return minute, at + 1, token.low != "heures" or bool(minute)

    def _half(self, at: int) -> tuple[str, int]:
        token, after = self._get(at), self._get(at + 1)
        if token is None or self._gap(at) not in ("", " "):
            return "", at
        if token.low in ("am", "pm") and (token.low == "pm" or self._language in ("en", "")):
            return token.low[0], at + 1
        if token.low in ("a", "p") and after is not None and after.low == "m" and self._gap(at + 1) in (".", ". "):
            return token.low, at + 2
        return "", at

    # Sums, shares and plain numbers

    def _money(self, at: int) -> tuple[list[Found], int] | None:
        """A currency before its number; one behind it is found by `_amount`."""
        token = self._tokens[at]
        code = SIGNS.get(token.written, "")
        if code == "USD" and at and self._gap(at) in ("", ".", " ") and self._tokens[at - 1].written.isupper():
            code = DOLLARS.get(self._tokens[at - 1].low, code)
        if not code and token.meaning is not None and token.meaning.currency and token.written.isupper():
            code = token.meaning.currency
        number = self._get(at + 1)
        if not code or number is None or self._gap(at + 1) not in ("", " ") or not number.figure:
            return None
        quantity = self._quantity(at + 1, money=True)
        if quantity is None:
            return None
        value = f"{code} {canonical(quantity.value)}"
        return [self._fact("money", value, at, quantity.after)], quantity.after

    def _amount(self, at: int) -> tuple[list[Found], int] | None:
        token = self._tokens[at]
        if token.figure and not self._free(at):
            return [], at + 1
        quantity = self._quantity(at)
        if quantity is None:
            return None
        after = quantity.after
        found = self._share(at, quantity) or self._sum(at, quantity)
        if found is not None:
            return found
        if not quantity.scaled and not quantity.spelled and after == at + 1:
            if self._numbers_a_line(at):
                return [], after
            if self._is_a_year(at):
                return [self._fact("date", token.written, at, after)], after
            if self._gap(after) == "/" and self._tokens[after].figure:
                return [], after + 1
        return [self._fact("number", canonical(quantity.value), at, after)], after

    def _free(self, at: int) -> bool:
        """Whether figures stand by themselves, not at the end of a key or a name."""
        start = self._tokens[at].start
        before = self._text[start - 1 : start]
        return not before or not (before.isalpha() or before in "_\x01")

    def _share(self, at: int, quantity: Quantity) -> tuple[list[Found], int] | None:
        place, following, third = quantity.after, self._get(quantity.after), self._get(quantity.after + 1)
        if following is None or self._gap(place) not in ("", " ", "-"):
            return None
        pair = third is not None and (following.low, third.low) in PERCENT_PAIRS and self._gap(place + 1) == " "
        if pair or following.written == "%" or (following.meaning is not None and following.meaning.percent):
            after = place + 2 if pair else place + 1
            return [self._fact("percent", canonical(quantity.value), at, after)], after
        return None

    def _sum(self, at: int, quantity: Quantity) -> tuple[list[Found], int] | None:
        place = quantity.after
        following = self._get(place)
        if (
            following is not None
            and following.low in ("de", "di", "d", "us")
            and self._gap(place) == " "
            and quantity.value >= 1000
        ):
            place += 1
            following = self._get(place)
        if following is None or self._gap(place) not in ("", " ", ". ", "-"):
            return None
        code = SIGNS.get(following.written, "")
        meaning = following.meaning
        if not code and meaning is not None and (following.low not in CODES_ONLY or following.written.isupper()):
            code = meaning.currency
        if not code or (following.written in SIGNS and self._gap(place + 1) == "" and self._tokens[place + 1].figure):
            return None
        return [self._fact("money", f"{code} {canonical(quantity.value)}", at, place + 1)], place + 1

    def _quantity(self, at: int, *, money: bool = False) -> Quantity | None:
        token = self._tokens[at]
        if not token.figure:
            return self._spelled(at)
        value = read_figures(token.written, self._language)
        if value is None:
            return None
        after = at + 1
        following = self._get(after)
        if following is not None and following.written in FRACTIONS and self._gap(after) in ("", " "):
            value, after = value + FRACTIONS[following.written], after + 1
        scaled = False
        while (scale := self._scale_at(after, money=money and not scaled)) and after < at + 4:
            value, after, scaled = value * scale, after + 1, True
        return Quantity(value, after, scaled, spelled=False)

    def _scale_at(self, at: int, *, money: bool) -> int:
        token = self._get(at)
        if token is None or self._gap(at) not in ("", " ", "-", ". "):
            return 0
        if money and self._gap(at) in ("", " ") and token.low in MONEY_SCALES:
            return MONEY_SCALES[token.low]
        if token.meaning is None or not token.meaning.scale:
            return 0
        if token.meaning.scale == 100 and self._language == "fr":
            return 0  # "100 cents"
        return token.meaning.scale

    def _spelled(self, at: int) -> Quantity | None:
        token = self._tokens[at]
        meaning = token.meaning
        if meaning is None or not (meaning.cardinal or meaning.scale) or token.written[1:].isupper():
            return None
        number, place, scaled = Spelled(french=self._language == "fr"), at, False
        if not meaning.cardinal and token.low not in STARTS and not self._after_one(at):
            return None
        while place < at + 16 and self._joins(place, at, number):
            here = self._tokens[place].meaning
            scaled = scaled or (here is not None and here.scale > 100)
            place += 1
            place += self._and_more(place, number)
        return None if place == at else self._no_fraction(Quantity(Decimal(number.value), place, scaled, spelled=True))

    def _after_one(self, at: int) -> bool:
        before = self._get(at - 1)
        return before is not None and before.low in ONES and self._gap(at) == " "

    def _joins(self, place: int, at: int, number: Spelled) -> bool:
        token = self._get(place)
        if token is None or (place > at and self._gap(place) not in (" ", "-", "\n")):
            return False
        if token.meaning is not None and token.meaning.cardinal:
            return number.take_cardinal(token.meaning.cardinal)
        if token.meaning is not None and token.meaning.scale:
            return number.take_scale(token.meaning.scale)
        return place > at and token.low in ONES and token.low != "a" and number.value % 10 == 0 and number.take_cardinal(1)

    def _and_more(self, place: int, number: Spelled) -> int:
        """1 to step over the "and" of "two hundred and five", "treinta y dos", "vingt et un"; else 0."""
        token, after = self._get(place), self._get(place + 1)
        if token is None or after is None or token.low != AND.get(self._language) or self._gap(place) != " ":
            return 0
        round_one = number.value % 100 == 0 if self._language == "en" else number.value % 10 == 0 and number.value >= 20
        small = after.meaning is not None and 0 < after.meaning.cardinal < (100 if self._language == "en" else 10)
        return int(round_one and self._language in ("en", "es", "fr") and (small or after.low in ONES - {"a"}))

    def _no_fraction(self, quantity: Quantity) -> Quantity | None:
        """ "Two thirds", "three quarters": no two and no three."""
        following = self._get(quantity.after)
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

    def _numbers_a_line(self, at: int) -> bool:
        token = self._tokens[at]
        start, end = token.start, token.end
        return (
            len(token.written) <= 2 and self._text[start - 1 : start] in ("", "\n") and self._text[end : end + 1] in (".", ")")
        )

    def _is_a_year(self, at: int) -> bool:
        token, before, after = self._tokens[at], self._get(at - 1), self._get(at + 1)
        if not _is_year(token.written):
            return False
        led = before is not None and before.low in YEAR_BEFORE and self._gap(at) == " "
        followed = after is not None and after.low in YEAR_AFTER and self._gap(at + 1) == " "
        return led or followed

    # Ordinals and weekdays

    def _ordinal(self, at: int) -> tuple[list[Found], int] | None:
        token = self._tokens[at]
        if token.figure:
            return self._figured_ordinal(at)
        meaning = token.meaning
        if meaning is None or not (meaning.ordinal or 20 <= meaning.cardinal < 100):
            return None
        following = self._get(at + 1)
        if meaning.cardinal >= 20 and meaning.cardinal % 10 == 0 and following is not None and following.meaning is not None:
            unit = following.meaning.ordinal
            if 0 < unit < 10 and self._gap(at + 1) in (" ", "-"):
                return [self._fact("ordinal", str(meaning.cardinal + unit), at, at + 2)], at + 2
        if not meaning.ordinal or not self._means_a_place(at, meaning.ordinal):
            return None
        return [self._fact("ordinal", str(meaning.ordinal), at, at + 1)], at + 1

    def _means_a_place(self, at: int, ordinal: int) -> bool:
        """Not the unit of time, not "at first", not "Premier ministre", not the third of "two thirds"."""
        before, following = self._get(at - 1), self._get(at + 1)
        if ordinal == 1:
            return (following is None or following.low not in NO_FIRST) and (before is None or before.low != "at")
        if before is None or self._gap(at) not in (" ", "-"):
            return True
        alone = following is None or self._gap(at + 1) != " " or following.low in ("of", "de", "der", "des", "van", "di")
        if before.low in ONES and alone:
            return False
        if before.figure or (before.meaning is not None and before.meaning.cardinal) or before.low == "one":
            return False
        return not (self._tokens[at].low in ("second", "seconde", "secondo") and before.low in UNIT_BEFORE_SECOND)

    def _figured_ordinal(self, at: int) -> tuple[list[Found], int] | None:
        token, following = self._tokens[at], self._get(at + 1)
        if not token.written.isdigit() or len(token.written) > LONG or following is None or not self._free(at):
            return None
        gap = self._gap(at + 1)
        sign = following.written in ("º", "ª") and gap in ("", ".")
        said = gap in ("", "-") and self._is_suffix(following.low) and (gap == "" or self._language in ("ru", "uk", ""))
        if sign or said:
            return [self._fact("ordinal", str(int(token.written)), at, at + 2)], at + 2
        before = self._get(at - 1)
        dotted = gap == ". " and len(token.written) <= 3 and self._language in ("de", "") and following.written.isalpha()
        if dotted and before is not None and before.low in GERMAN_ARTICLES and self._gap(at) == " ":
            return [self._fact("ordinal", str(int(token.written)), at, at + 1)], at + 1
        return None

    def _weekday(self, at: int) -> tuple[list[Found], int] | None:
        token = self._tokens[at]
        if token.meaning is None or not token.meaning.weekday or (token.low in CASED_DAYS and token.written != token.low):
            return None
        return [self._fact("weekday", token.meaning.weekday, at, at + 1)], at + 1

    def _roman(self, at: int) -> tuple[list[Found], int] | None:
        token = self._tokens[at]
        value = read_roman(token.written) if len(token.written) > 1 else 0
        if not value:
            return None
        neighbours = (self._get(at - 1), self._get(at + 1))
        shouted = any(one is not None and len(one.written) > 1 and one.written.isupper() for one in neighbours)
        return None if shouted else ([self._fact("ordinal", str(value), at, at + 1)], at + 1)


def _inside(low: str, known: object) -> Meaning | None:
    """The word in "d'euros", "dell'agosto", "Monday's"; and the Ukrainian apostrophe."""
    assert isinstance(known, dict)
    parts = low.split("'")
    whole = known.get(low.replace("'", "ʼ"))
    found = whole or known.get(parts[-1]) or (known.get(parts[0]) if parts[-1] == "s" else None)
    return found if isinstance(found, Meaning) else None


def _is_year(written: str) -> bool:
    return len(written) == LONG and written.isdigit() and written[:2] in ("17", "18", "19", "20")


def _day(day: int, month: int, year: int) -> str | None:
    lengths = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    if not 1 <= month <= 12 or not 1 <= day <= lengths[month - 1]:
        return None
    return f"{year:04}-{month:02}-{day:02}" if year else f"--{month:02}-{day:02}"


def _clock(hour: int, minute: int, half: str) -> str | None:
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{hour:02}:{minute:02}" if hour <= 24 and minute < 60 else None

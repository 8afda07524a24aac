"""Numbers as people write them: "1,234.5", "1.234,5", "1 234,5", "१२,३४,५६७", "2.5 million", "двадцать пять", "XII"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

LONGEST = 24  # characters of a number that is read: what is longer is a key, not a quantity
NUMBER = r"(?<![\w.])\.\d+|\d{1,3}(?:[ ]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,']\d+)*"
ROMAN = re.compile(r"(?=[IVX]{2,7}$)X{0,3}(?:IX|IV|V?I{0,3})$")
_ROMAN = {"I": 1, "V": 5, "X": 10}
_GROUPED = {sign: re.compile(rf"\d{{1,3}}(?:{re.escape(sign)}\d{{2,3}})*{re.escape(sign)}\d{{3}}") for sign in ",.' "}
# Where a single comma or point before three digits parts decimals. Spanish is written both ways: there it parts thousands.
_DECIMAL_SIGN: Mapping[str, str] = {"en": ".", "fr": ",", "de": ",", "it": ",", "nl": ",", "pl": ",", "ru": ",", "uk": ","}


def canonical(number: Decimal) -> str:
    """A number in figures: no sign between thousands, no zeros behind the decimals."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=4096)
def read_figures(written: str, language: str = "") -> Decimal | None:
    """The value of a number in figures; None where it is none: a version, a section ("1.2.3"), a key without end.

    Both conventions are read. Only "1.234" and "1,234" could be two numbers: the sign is one of decimals where the language
    says so, else one of thousands.
    """
    if len(written) > LONGEST:
        return None
    signs = [sign for sign in written if not sign.isdigit()]
    if not signs:
        return Decimal(written)
    if len(signs) == 1:
        return _with_one_sign(written, signs[0], language)
    last, kinds = signs[-1], set(signs)
    whole, _, end = written.rpartition(last)
    if len(kinds) == 1:
        return _joined(written, last)
    if len(kinds) > 2 or signs.count(last) > 1 or last in " '":
        return None
    front = _joined(whole, signs[0])
    return None if front is None else Decimal(f"{front}.{end}")


def _with_one_sign(written: str, sign: str, language: str) -> Decimal | None:
    whole, _, end = written.partition(sign)
    if sign in " '":
        return _joined(written, sign)
    if _GROUPED[sign].fullmatch(written) and written[0] != "0" and _DECIMAL_SIGN.get(language) != sign:
        return Decimal(whole + end)
    return Decimal(f"{whole}.{end}")  # ".6", too


def _joined(written: str, sign: str) -> Decimal | None:
    return Decimal(written.replace(sign, "")) if _GROUPED[sign].fullmatch(written) else None


@lru_cache(maxsize=256)
def read_roman(written: str) -> int:
    """The value of a Roman numeral of two letters or more up to XXXIX; 0 for what is none."""
    if not ROMAN.match(written):
        return 0
    values = [_ROMAN[letter] for letter in written]
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))


class Spelled:
    """A number in words, put together word by word: "two hundred and five thousand", "quatre-vingt-dix", "две тысячи"."""

    def __init__(self, *, french: bool = False) -> None:
        self._french = french
        self._done = 0  # thousands and above
        self._open = 0  # under a thousand
        self._least = 10**18  # the next word must be smaller than this
        self._scale = 10**18  # and the next power of a thousand than this

    def take_cardinal(self, value: int) -> bool:
        """Add a word under a thousand; False where it belongs to another number."""
        if value == 20 and self._open == 4:  # quatre-vingt
            self._open, self._least = 80, 20
            return True
        if value >= self._least or (self._french and self._open % 100 in (10, 70, 90) and self._least == 10 and value < 7):
            return False
        self._open += value
        self._least = 10 if self._french and value == 10 else _room(self._open, value)  # dix-sept
        return True

    def take_scale(self, value: int) -> bool:
        """Multiply by hundred, a dozen or a power of a thousand; False where it belongs to another number."""
        if value in (12, 100):
            if self._open >= 100 or (self._done and not self._open and value == 12):
                return False
            self._open = (self._open or 1) * value
            self._least = 100 if value == 100 else 0
            return True
        if value >= self._scale:
            if self._open or not self._done:
                return False
            self._done, self._scale = self._done * value, value  # "mil millones"
            return True
        if self._done and not self._open:
            self._done *= value  # "hundred thousand million"
        else:
            self._done += (self._open or 1) * value
        self._open, self._least, self._scale = 0, 1000, value
        return True

    @property
    def value(self) -> int:
        """What the words say so far."""
        return self._done + self._open


def _room(number: int, value: int) -> int:
    if value >= 100:
        return 100
    if number % 100 in (60, 80):  # soixante-dix, quatre-vingt-onze
        return 20
    return 10 if value >= 20 and value % 10 == 0 else 0

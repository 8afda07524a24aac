"""Texts as they look: what cannot be seen left out, and one sign for those that look alike."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Wide and narrow forms, ligatures, fonts, the small digits of CO₂: the same sign in another dress. Not superscripts: 10² is no
# 102.
DRESS = ("<sub>", "<wide>", "<narrow>", "<compat>", "<font>", "<noBreak>", "<initial>", "<medial>", "<final>", "<isolated>")
QUOTES = "«»„“”‟″❝❞〝〞＂"
APOSTROPHES = "’‘‚‛ʼ`´′"
DASHES = "‐‑‒–—―−﹘﹣－"
# Letters of Cyrillic and Greek that look like Latin ones (Unicode's confusables), for words in which scripts are mixed.
LOOKS = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеѕіјорсухԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",
    "ABESIJKMHOPCTYXaesijopcyxdqwABEZHIKMNOPTYXo",
)


STRAIGHT = {
    **dict.fromkeys(QUOTES, '"'),
    **dict.fromkeys(APOSTROPHES, "'"),
    **dict.fromkeys(DASHES, "-"),
    **dict.fromkeys("⁄∕", "/"),
    "…": "...",
}


@lru_cache(maxsize=8192)
def _plain_sign(sign: str) -> str:
    category = unicodedata.category(sign)
    if category == "Cf" or (category == "Mn" and "VARIATION SELECTOR" in unicodedata.name(sign, "")):
        return ""  # zero width, soft hyphen, writing direction
    if category == "Nd":
        return str(unicodedata.digit(sign))
    if sign not in STRAIGHT and unicodedata.decomposition(sign).startswith(DRESS):
        return "".join(map(_plain_sign, unicodedata.normalize("NFKC", sign)))
    return " " if category == "Zs" else STRAIGHT.get(sign, sign)


def plain(text: str) -> str:
    """A text with straight quotes and short dashes, ASCII digits, and without what cannot be seen; composed (NFC)."""
    if text.isascii():
        return text
    signs = {ord(sign): _plain_sign(sign) for sign in set(text) if not sign.isascii()}
    return unicodedata.normalize("NFC", text.translate(signs))


def looks(word: str) -> str:
    """A word by its looks: equal for words that differ by look-alike letters of other scripts alone."""
    return word if word.isascii() else word.translate(LOOKS)

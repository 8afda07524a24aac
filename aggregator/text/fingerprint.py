"""Words and fingerprints: what is compared when texts are compared."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

from aggregator.text.storable import one_line

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
TYPOGRAPHY = {
    "’": "'",
    "‘": "'",
    "‛": "'",
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "–": "-",
    "—": "-",
    "‐": "-",
    "‑": "-",
    "…": "...",
}
INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]+")


def words(text: str) -> tuple[str, ...]:
    """The words of a text in order, casefolded, with straight apostrophes: `("russia's", "12th", "package")`."""
    if "\u200c" in text or "\u200d" in text:  # joiners, which stand within words
        text = INVISIBLE.sub("", text)
    return tuple(word.replace("’", "'") for word in WORD.findall(unicodedata.normalize("NFC", text).casefold()))


def fingerprint(*parts: str) -> str:
    """SHA-256 in hex over texts, so that white space and typography alone make no difference; letters and digits do."""
    return _digest(_plain(part) for part in parts)


def fingerprints(title: str, text: str) -> tuple[str, str]:
    """`fingerprint(title, text)` and `fingerprint(text)`, with the text read once."""
    plain = _plain(text).encode("utf-8", "surrogatepass")
    both = hashlib.sha256(_plain(title).encode("utf-8", "surrogatepass") + b"\x00")
    both.update(plain)
    return both.hexdigest(), hashlib.sha256(plain).hexdigest()


def _digest(plain: Iterable[str]) -> str:
    return hashlib.sha256("\x00".join(plain).encode("utf-8", "surrogatepass")).hexdigest()


def _plain(text: str) -> str:
    line, printable = one_line(text.replace("\n\n", " "))
    if not printable:
        line, _ = one_line(INVISIBLE.sub("", line))
    line = _straight(line)
    composed = line if line.isascii() else unicodedata.normalize("NFKC", line)
    return line if composed == line else one_line(_straight(composed))[0]


def _straight(text: str) -> str:
    if text.isascii():
        return text
    for sign, plain in TYPOGRAPHY.items():
        text = text.replace(sign, plain)
    return text

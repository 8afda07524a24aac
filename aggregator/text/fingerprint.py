"""Words and fingerprints: what is compared when texts are compared."""

from __future__ import annotations

import hashlib
import re
import unicodedata

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
TYPOGRAPHY = str.maketrans(
    {
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
        "‑": "-",
        "…": "...",
    }
)
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


def words(text: str) -> tuple[str, ...]:
    """The words of a text in order, casefolded, with straight apostrophes: `("russia's", "12th", "package")`."""
    return tuple(word.replace("’", "'") for word in WORD.findall(unicodedata.normalize("NFC", text).casefold()))


def fingerprint(*parts: str) -> str:
    """SHA-256 in hex over texts, so that white space and typography alone make no difference; letters and digits do."""
    plain = "\x00".join(_plain(part) for part in parts)
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text.translate(INVISIBLE)).translate(TYPOGRAPHY).split())

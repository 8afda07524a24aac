"""Bytes of a page, a sitemap or a JSON answer as text, whatever encoding they claim to be in."""

from __future__ import annotations

import re

from aggregator.text.encodings import BEGINNINGS, UTF_8_MARK, codec

# What web servers call ISO 8859-1 is Windows's (Encoding Standard, section 4.2): it has the same signs and the quotation marks.
WINDOWS = "cp1252"
MEANT = {"ascii": WINDOWS, "iso8859-1": WINDOWS}
CYRILLIC = "cp1251"
GAP = "\ufffd"
MARKUP = re.compile(rb"<[^<>]{0,2000}>")
ASCII_LETTERS = bytes(sign for sign in range(128) if chr(sign).isalpha())
HIGH_LETTERS = bytes(range(0xC0, 0x100))  # letters of Windows's encodings; nearly all there are in Cyrillic, few in others
FEW = 3  # letters, which tell nothing
ENOUGH = 50_000  # bytes that tell in which encoding a text is


def as_text(body: bytes, *said: str) -> str:
    """The text of the bytes; `said` are the names of encodings that header and document give, the more trusted ones first.

    Bytes that are UTF-8 and no ASCII are read as that, whatever is said: by chance nothing else is. What fits no encoding that
    is said is read all the same, in the likeliest, with U+FFFD for what cannot be.
    """
    for beginning, encoding in BEGINNINGS:
        if body.startswith(beginning):
            return body.decode(encoding, "replace").removeprefix("\ufeff")
    body = body.removeprefix(UTF_8_MARK)
    names = [MEANT.get(name, name) for name in map(codec, said) if name is not None]
    if not body.isascii():
        text = body.decode("utf-8", "replace")
        if GAP not in text or _is_damaged(text):
            return text
    for name in [*names, "utf-8"]:
        try:
            return body.decode(name)
        except UnicodeError:
            continue
    others = [name for name in names if name != "utf-8"]
    return body.decode(others[0] if others else _old_encoding(body), "replace")


def _old_encoding(body: bytes) -> str:
    """Which of Windows's encodings bytes are in that name none, or say UTF-8 and are not."""
    text = MARKUP.sub(b"", body[:ENOUGH])
    ascii_letters = len(text) - len(text.translate(None, ASCII_LETTERS))
    high_letters = len(text) - len(text.translate(None, HIGH_LETTERS))
    return CYRILLIC if high_letters > max(ascii_letters, FEW) else WINDOWS


def _is_damaged(text: str) -> bool:
    """Whether what could not be read as UTF-8 is little beside what could: a cut in a letter, a byte that went wrong."""
    gaps = text.count(GAP)
    return 2 * gaps < len(text) - len(text.encode("ascii", "ignore")) - gaps

"""Bytes of a page, a sitemap or a JSON answer as text, whatever encoding they claim to be in."""

from __future__ import annotations

import re

from aggregator.text.encodings import BEGINNINGS, UTF_8_MARK, charset, codec, declared, undeclared

# What web servers call ISO 8859-1 is Windows's (Encoding Standard, section 4.2): it has the same signs and the quotation marks.
WINDOWS = "cp1252"
MEANT = {"ascii": WINDOWS, "iso8859-1": WINDOWS, "koi8-r": "koi8-u"}  # which has more letters where the other draws lines
# Encodings of Cyrillic, the likelier ones first, and the letters that make up more than half of any text in it. Capitals count
# less: one encoding has them where another has small letters.
CYRILLIC = ("cp1251", "koi8-u", "iso8859-5", "cp866")
FREQUENT = dict.fromkeys("оеаинтрсвлкі", 3) | dict.fromkeys("ОЕАИНТРСВЛКІ", 2)
GAP = "\ufffd"
MARKUP = re.compile(rb"<[^<>]{0,2000}>")
HIGH_WORD = re.compile(rb"[\x80-\xff]{3,}")  # whole words of other scripts; in a Latin one accents stand alone
FEW = 3  # bytes, which tell nothing
HIGH = bytes(range(0x80, 0x100))
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
            return body.decode(_old_encoding(body, name) if name in (WINDOWS, *CYRILLIC) else name)
        except UnicodeError:
            continue
    others = [name for name in names if name not in ("utf-8", WINDOWS)]
    return body.decode(others[0] if others else _old_encoding(body), "replace")


def in_utf8(body: bytes, content_type: str | None) -> tuple[bytes, str | None]:
    """XML as UTF-8, with the header that came with it: both without the name of an encoding where it is none of the bytes'.

    Only bytes that are no ASCII are looked at; of those that are, nothing but a declaration tells the encoding.
    """
    if body.isascii():
        return body, content_type
    text = as_text(body, charset(content_type), declared(body))
    return undeclared(text.encode("utf-8", "replace")), (content_type or "").partition(";")[0] or None


def _old_encoding(body: bytes, said: str = WINDOWS) -> str:
    """In which old encoding bytes are that are not UTF-8; `said` where nothing speaks against that."""
    high = re.search(rb"[\x80-\xff]", body)
    start = high.start() if high else 0
    text = MARKUP.sub(b"", body[start : start + ENOUGH])
    words = b" ".join(HIGH_WORD.findall(text))
    highest = len(text) - len(text.translate(None, HIGH))
    if len(words) <= FEW or 2 * len(words) <= highest:
        return said
    likely = {name: sum(FREQUENT.get(sign, 0) for sign in words.decode(name, "replace")) for name in CYRILLIC}
    best = max(CYRILLIC, key=likely.__getitem__)
    return best if 2 * likely[best] > 3 * likely.get(said, -1) else said


def _is_damaged(text: str) -> bool:
    """Whether what could not be read as UTF-8 is little beside what could: a cut in a letter, a byte that went wrong."""
    gaps = text.count(GAP)
    return 2 * gaps < len(text) - len(text.encode("ascii", "ignore")) - gaps

"""Feeds as they are sent: what is refused before it is parsed, what is put right first, and where one was cut off.

All of it looks at bytes, so that the parser never meets what it would be slow at or would misread.
"""

from __future__ import annotations

import re

from aggregator.sources.errors import SourceFormatError

ENTITY = re.compile(rb"<!ENTITY\s", re.IGNORECASE)
MOST_ENTITIES = 50  # a feed of a government declares none; a bomb needs a ladder of them
# A start tag with its quoted values apart: a picture inside a value may be long, thousands of attributes are an attack.
TAG = re.compile(rb"""<[a-zA-Z](?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+""")
QUOTED = re.compile(rb""""[^"]*"|'[^']*'""")
MOST_TAG = 20_000  # bytes of one start tag beside its quoted values: the parser's time grows with their square
OPENED = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]")
CLOSED = re.compile(rb"</(?:\w+:)?(?:item|entry|rss|feed|RDF|channel)\s*>", re.IGNORECASE)
MOST_ENTRIES = 50_000  # about ten seconds of work; real feeds list up to a few hundred

UTF_16 = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))
SAYS_UTF_16 = re.compile(rb"""^(\s*<\?xml[^>]*?)\s+encoding\s*=\s*["']utf-?16(?:le|be)?["']""", re.IGNORECASE)
CDATA = re.compile(rb"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
BARE_AMPERSAND = re.compile(rb"&(?!#?\w+;)")
NUMBER = re.compile(rb"&#(?:(\d+)|[xX]([0-9a-fA-F]+));")


def refuse_attacks(body: bytes, url: str) -> None:
    """Raise `SourceFormatError` for bytes that would take the parser long and that no honest feed holds."""
    if len(ENTITY.findall(body[:100_000])) > MOST_ENTITIES:
        raise SourceFormatError(f"{url}: declares more than {MOST_ENTITIES} entities, which no feed needs")
    if any(_is_attack(tag.group()) for tag in TAG.finditer(body)):
        raise SourceFormatError(f"{url}: has a tag of more than {MOST_TAG:,} bytes, which no feed needs")
    if len(OPENED.findall(body)) > MOST_ENTRIES:
        raise SourceFormatError(f"{url}: lists more than {MOST_ENTRIES:,} entries, the most that are read from one feed")


def _is_attack(tag: bytes) -> bool:
    return len(tag) > MOST_TAG and len(QUOTED.sub(b"", tag)) > MOST_TAG


def as_utf8(body: bytes) -> bytes:
    """UTF-16 as UTF-8; and a declaration of UTF-16 taken out where the bytes are none. Other encodings are left as they are."""
    for mark, encoding in UTF_16:
        if body.startswith(mark):
            body = body.decode(encoding, "replace").encode("utf-8", "replace")
            break
    return SAYS_UTF_16.sub(rb"\1", body, count=1)


def mend_references(body: bytes) -> bytes:
    """`Q&A` as `Q&amp;A`, of which the parser would make `Q&A;`; numbers that no character has, which end it, as U+FFFD.

    CDATA sections stay, and well-formed XML is not changed.
    """
    parts = CDATA.split(body)
    parts[::2] = (NUMBER.sub(_mended, BARE_AMPERSAND.sub(b"&amp;", part)) for part in parts[::2])
    return b"".join(parts)


def _mended(found: re.Match[bytes]) -> bytes:
    decimal, hexadecimal = found.groups()
    digits = (decimal or hexadecimal).lstrip(b"0")
    # Seven digits hold every character (U+10FFFF is 1114111); Python refuses to read numbers of thousands of digits.
    number = int(digits or b"0", 10 if decimal else 16) if len(digits) <= 7 else 0x110000
    return b"&#xFFFD;" if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF else found.group()


def is_cut_off(body: bytes) -> bool:
    """Whether the bytes end inside an entry, as a broken connection leaves them: the last one read is then not whole."""
    starts = [opened.end() for opened in OPENED.finditer(body)]
    return bool(starts) and CLOSED.search(body, starts[-1]) is None

"""In which encoding bytes of a feed or a page are (XML 1.0, section 4.3.3 and appendix F; RFC 7303, section 3)."""

from __future__ import annotations

import codecs
import re

UTF_8_MARK = b"\xef\xbb\xbf"
WHITE = b" \t\r\n"
# How bytes begin whose signs of XML are not those of ASCII; the longer beginnings first.
FIRST = (b"<", b"{", b"[")  # of XML and HTML, and of JSON
BEGINNINGS = (
    *((b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"), *((sign + b"\0\0\0", "utf-32-le") for sign in FIRST)),
    *((b"\0\0\0" + sign, "utf-32-be") for sign in FIRST),
    *((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), *((sign + b"\0", "utf-16-le") for sign in FIRST)),
    *((b"\0" + sign, "utf-16-be") for sign in FIRST),
    (b"\x4c\x6f\xa7\x94", "cp037"),  # EBCDIC
)
LONGEST_DECLARATION = 300  # bytes; a real one has about forty
DECLARATION = re.compile(rb"<\?xml\s[^<>?]{0,%d}\?>" % LONGEST_DECLARATION)
ENCODING = re.compile(rb"""encoding\s{0,9}=\s{0,9}["']([^"']{0,60})["']""")
SAYS_ANY = re.compile(rb"""\s{1,9}encoding\s{0,9}=\s{0,9}["'][^"']{0,60}["']""")
SAYS_WIDE = re.compile(rb"""\s{1,9}encoding\s{0,9}=\s{0,9}["']utf-?(?:16|32)(?:le|be)?["']""", re.IGNORECASE)
META_CHARSET = re.compile(rb"""<meta[^<>]{0,300}?charset\s{0,9}=\s{0,9}["']?([\w.:-]{1,60})""", re.IGNORECASE)
HEAD = 4_096  # bytes in which a page says its encoding (HTML Standard, section 4.2.5.4: 1,024; some are late)
CHARSET = re.compile(r""";\s{0,9}charset\s{0,9}=\s{0,9}["']?([^;"'\s]{1,60})""", re.IGNORECASE)
# What Python offers besides these is no encoding of a text (idna) or takes quadratic time for long ones (punycode).
TEXT = re.compile(
    r"utf-[78]|iso2022_\w+|hz|ascii|iso8859-\d+|cp125\d|cp(?:437|7\d\d|8\d\d|9\d\d|1125)|koi8-[rtu]|mac-\w+|gb18030|gbk|big5|euc_(?:jp|kr)|shift_jis|tis-620"
)
WIDER = {"gb2312": "gb18030"}  # what says the one is often the other, which holds all of it


def as_utf8(body: bytes) -> bytes:
    """UTF-16 and UTF-32 as UTF-8; a declaration of them taken out where the bytes are none. Others stay as they are."""
    says = SAYS_WIDE
    for beginning, encoding in BEGINNINGS:
        if body.startswith(beginning):
            body, says = body.decode(encoding, "replace").encode("utf-8", "replace"), SAYS_ANY
            break
    return undeclared(body, says)


def undeclared(body: bytes, says: re.Pattern[bytes] = SAYS_ANY) -> bytes:
    """XML without what its declaration says of the encoding."""
    start = len(body) - len(body.lstrip(UTF_8_MARK + WHITE))
    declaration = DECLARATION.match(body, start)
    if declaration is None:
        return body
    return body[:start] + says.sub(b"", declaration.group()) + body[declaration.end() :]


def codec(name: str) -> str | None:
    """Python's name of an encoding that a feed may have; None for any other."""
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):  # ValueError: a NUL in the name
        return None
    found = WIDER.get(found, found)
    return found if TEXT.fullmatch(found) else None


def declared(body: bytes) -> str:
    """The encoding in the XML declaration at the very start of the bytes, as written; "" where none is."""
    declaration = DECLARATION.match(body, len(UTF_8_MARK) if body.startswith(UTF_8_MARK) else 0)
    found = ENCODING.search(declaration.group()) if declaration else None
    return found.group(1).decode("latin-1") if found else ""


def declared_in_html(body: bytes) -> str:
    """The encoding that a page names in its head, as written; "" where none is."""
    meta = META_CHARSET.search(body[:HEAD])
    return meta.group(1).decode("ascii") if meta else ""


def charset(content_type: str | None) -> str:
    """The `charset` of a Content-Type header, as written; "" where none is."""
    found = CHARSET.search(content_type or "")
    return found.group(1) if found else ""


def certain_utf8(body: bytes, content_type: str | None) -> bytes | None:
    """The bytes as UTF-8, where declaration and header leave no doubt about their encoding and they can be read in it."""
    inside, outside = codec(declared(body) or "utf-8"), charset(content_type)
    if inside is None or (outside and codec(outside) != inside and not body.isascii()):
        return None
    if inside in ("utf-8", "ascii"):  # the XML parser checks the bytes itself
        return body if inside == "utf-8" or body.isascii() else None
    if body.startswith(UTF_8_MARK):
        return None  # says two things
    try:
        return body.decode(inside).encode()
    except UnicodeError:
        return None

"""Numbers that name a document, a law or a make: IP/26/1166, S/RES/2231, 2024/1689, H.R. 1234, EO 14067, F-16."""

from __future__ import annotations

import re

from aggregator.text.numberwords import word_set

_PATTERNS = (
    r"[A-Z]{1,12}(?:[-_][A-Z]{1,8})?(?:/[\w().-]{1,24}){1,6}",
    r"(?:COM|SWD|JOIN|SEC|C)\s?\(\d{4}\)\s?\d{1,5}",
    r"[A-Z]{2,4}(?:-[A-Z]{2,6})?\s\d{1,5}/\d{2,4}(?![\d/])",
    r"\d{4}/\d{1,5}(?:/[A-Z]{2,8})?(?![\d/])",
    r"\d{1,5}/\d{4}(?:/[A-Z]{2,8})?(?![\d/])",
    r"(?:H\.?\s?R\.?|[HS]\.?\s?(?:J\.?\s?|Con\.?\s?)?Res\.?|S\.)\s?\d{1,5}(?![\d.,]\d)",
    r"(?:E\.?\s?O\.?|Executive\sOrder)\s(?:No\.\s?)?\d{4,5}(?!\d)",
    r"(?:P\.?\s?L\.?|Public\sLaw)\s(?:No\.\s?)?\d{2,3}-\d{1,3}(?!\d)",
    r"[A-ZА-ЯЁІЇЄҐ]{1,6}-?\d{1,4}(?!\d)[A-Z]?(?=s?(?![\w%]|[.,]\d))",
    r"\d[GD](?!\w)",
)
REFERENCE = re.compile("|".join(f"(?:{one})" for one in _PATTERNS))
# Where one can begin: by its first two signs, so that the patterns are tried at few places of a text.
START = re.compile(
    r"[A-ZА-ЯЁІЇЄҐ\d](?<![\w/.$€£-].)"
    r"(?:(?<=\d)(?=\d{0,4}/|[GD])|(?<=\D)(?=[A-ZА-ЯЁІЇЄҐ\d/_(.\s-]|xecutive\s|ublic\s))",
    re.DOTALL,
)
TAIL = ".,;:)(-"
NO_DESIGNATION = word_set("EUR USD US GBP RUB UAH PLN CHF JPY CNY AM PM UTC GMT NO NR P PP")
DESIGNATION = re.compile(r"([^\W\d_]+)-?(\d+\w?)")
# Cyrillic capitals by the Latin ones that a make is known by: С-300 is S-300.
LETTERS = str.maketrans("АБВГДЕЗИКЛМНОПРСТУФХЯ", "ABVGDEZIKLMNOPRSTUFHY")
SHORT = re.compile(r"Executive Order|Public Law|[.\s]|No\.")
_SHORT = {"Executive Order": "EO", "Public Law": "PL"}


def find_references(text: str) -> list[tuple[str, int, int]]:
    """(value, start, end) of each, in order. The value has no white space but one space before a number of a series."""
    found = []
    free = 0
    for start in START.finditer(text):
        match = REFERENCE.match(text, start.start()) if start.start() >= free else None
        if match is None:
            continue
        free = match.end()
        written = match[0].rstrip(TAIL) if "(" not in match[0] else match[0].rstrip(".,;:-")
        value = _value(written)
        if value:
            found.append((value, match.start(), match.start() + len(written)))
    return found


def _value(written: str) -> str:
    if not any(sign.isdigit() for sign in written):
        return ""
    if "/" in written:
        return " ".join(written.split())
    if "(" in written:
        return "".join(written.split())
    made = DESIGNATION.fullmatch(written)
    if made is not None:
        return "" if made[1] in NO_DESIGNATION else (made[1].translate(LETTERS) + made[2]).upper()
    head = re.match(r"[^\d]+", written)
    if head is None:
        return written.upper()
    name = re.sub(r"\bNo\b\.?", "", head[0])
    name = _SHORT.get(" ".join(name.split()), re.sub(r"[.\s]", "", name).upper())
    return f"{name} {written[head.end() :]}"

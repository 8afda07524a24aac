"""The lines of a text as a digest sees them: running text, headings, lists and furniture."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from aggregator.text.boilerplate import is_furniture
from aggregator.text.facts import PHONE, FactKind, facts

MOST_READ = 200_000  # characters of one text; what is news stands before
SHORTEST_WRAPPED = 40  # characters of a line that was wrapped, so that the next one goes on
MOST_LINES = 4_000
MOST_OF_A_HEADING = 14  # words
FEW_WORDS = 3  # of a heading between a list and a paragraph
MOST_OF_AN_ITEM = 60  # words of a list's entry
LONGEST_NOTE = 25  # words of a line of contacts, credits or the like
MOST_BESIDE_A_DATE = 12  # letters: "Published", "Moscow"

LINE = re.compile(r"[^\n]+")
CLOSED = re.compile(r"[.!?…]['\"”’“»)\]]*(?:\[\d{1,3}\])*\s*$")
SEMICOLON = re.compile(r"[;,]\s*(?:and|or|et|und|и|та|і)?\s*$")
ITEM = re.compile(r"\s*(?:[•·▪◦●*–—-]\s|[-*•](?=\w)|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s)")
LETTER = re.compile(r"[^\W\d_]")
WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.\w")
NOTE = re.compile(
    r"""\W*(?:(?:photo|photos|image|images|picture|video|caption|credits?|watch|listen|read\smore|read\salso|see\salso|related|source
    |sources|tags|topics|categor(?:y|ies)|share|contacts?|(?:media|press|news|for\smedia)\s(?:contacts?|inquiries|enquiries|office)
    |for\s(?:more|further)\sinformation|phone|tel|telephone|fax|e-?mail|website|notes?\sto\s(?:editors?|the\seditors?)|editors?['’]?\snotes?
    |фото|видео|відео|источник|джерело|тел|телефон|контакты|контакти|теги|читайте\sтакже|читайте\sтакож|bild|foto|quelle|kontakt
    |pressekontakt|crédits?|légende|lire\saussi|contact\spresse|fuente|leer\smás|contacto)\s*[:|]
    |(?:photo|image|фото)\s(?:by|courtesy|credit)\b|©|copyright\b
    |for\simmediate\srelease|for\srelease\b|embargoed?\b|(?:media|press)\s(?:contacts?|enquir(?:y|ies)|inquir(?:y|ies)|office)\b|switchboard|(?:call|text|phone|tel)\s[\d(+]|click\shere|view\sonline)""",
    re.IGNORECASE | re.VERBOSE,
)
BYLINE = re.compile(r"(?:By|Par|Von|Por|Автор:?) [A-ZА-ЯЁ][\w.’'-]+(?: (?:and |[A-ZА-ЯЁ])[\w.’'-]*){1,6}\W*$")
REMARK = re.compile(r"\s*[(\[<][^()\[\]<>]{1,60}[)\]>][.\s]*$")
ADDRESS = re.compile(r"\W*(?:https?://|www\.)\S+\W*$")
WHEN = frozenset({FactKind.DATE, FactKind.WEEKDAY, FactKind.TIME})
LONGEST_DATELINE = 140  # characters
LENGTH_OF_A_DAY = 10  # of a date that says day, month and year: 2026-09-03
# What a date stands behind in a dateline: names, and what kind of text it is; no sentence, that has other small words.
DATELINE = re.compile(
    r"""(?:(?:[^\W\d_a-zà-ÿа-яіїєґ][\w.’'-]*|of|the|and|for|de|du|des|la|le|der|den|die|von|press|release|statement|remarks|news
    |speech|presse|и|в|за|для|та),?\s){1,14}""",
    re.VERBOSE,
)
RULED = re.compile(r"(?:[*•·#_=~]\s*){3,}")  # "* * *", which a page sets between two parts


class LineKind(StrEnum):
    """What a line is to a reader."""

    TEXT = "text"
    HEADING = "heading"
    ITEM = "item"  # an entry of a list, or a row of a table
    FURNITURE = "furniture"


@dataclass(slots=True)
class Line:
    """A line of a text, or several that were one before they were wrapped."""

    start: int
    end: int
    kind: LineKind
    gap: bool = True  # a blank line stands before it


def lines_of(text: str, title: str = "") -> list[Line]:
    """The lines of a text that say something, and what each is. Reads the first 200,000 characters."""
    found = islice(_unwrapped(text[:MOST_READ]), MOST_LINES)
    lines = [Line(start, end, LineKind.TEXT, gap=gap) for start, end, gap in found]
    same = _bare(title)
    for line in lines:
        said = text[line.start : line.end]
        line.kind = _kind(said, same)
    _mark_lists(lines, text)
    return lines


def _unwrapped(text: str) -> Iterator[tuple[int, int, bool]]:
    start, end, gap = -1, -1, True
    blank = True
    for found in LINE.finditer(text):
        said = found.group()
        if not said.strip():
            blank = True
            continue
        begin, stop = found.start() + len(said) - len(said.lstrip()), found.start() + len(said.rstrip())
        wrapped = not blank and found.start() == end_of(text, end) and _goes_on(text, start, end, begin)
        if start >= 0 and not wrapped:
            yield start, end, gap
        if not wrapped:
            start, gap = begin, blank
        end, blank = stop, False
    if start >= 0:
        yield start, end, gap


def end_of(text: str, end: int) -> int:
    """Where the line after the one that ends here begins."""
    found = text.find("\n", end)
    return len(text) if found < 0 else found + 1


def start_of(said: str, *, is_first: bool) -> int:
    """Where a line begins to say something: behind a rule; in the first line of a text, behind where and when it was given out.

    "European Commission Press release Brussels, 03 Sep 2026 The Commission has …" begins with "The Commission".
    """
    ruled = RULED.match(said)
    start = ruled.end() if ruled else 0
    if not is_first:
        return start
    head = said[start : start + LONGEST_DATELINE]
    for fact in facts(head):
        before, behind = head[: fact.start], head[fact.end :]
        if fact.kind is FactKind.DATE and len(fact.value) == LENGTH_OF_A_DAY:
            given = DATELINE.fullmatch(before) is not None and "," in before
            return start + fact.end + 1 if given and behind[:1] == " " and behind[1:2].isupper() else start
    return start


def _goes_on(text: str, start: int, end: int, begin: int) -> bool:
    """Whether a line goes on in the next: it is long and open, and the next begins with a small letter."""
    return end - start >= SHORTEST_WRAPPED and text[begin].islower() and text[end - 1] not in ".!?…:;”»"


def _kind(said: str, title: str) -> LineKind:
    words = said.split(None, 2 * MOST_OF_AN_ITEM)
    closed = CLOSED.search(said[-40:]) is not None
    if is_furniture(said) or _is_note(said, words) or (not closed and len(words) <= 40 and _bare(said) == title):
        return LineKind.FURNITURE
    if ITEM.match(said) or _is_row(said, words):
        return LineKind.ITEM
    if not closed and not said.endswith(":") and _is_heading(words):
        return LineKind.HEADING
    return LineKind.TEXT


def _bare(said: str) -> str:
    return " ".join(WORD.findall(said[:400])).casefold()


def _is_heading(words: Sequence[str]) -> bool:
    great = sum(word[:1].isupper() or not word[:1].isalpha() for word in words)
    return len(words) <= MOST_OF_A_HEADING or (len(words) <= 2 * MOST_OF_A_HEADING and great >= 0.6 * len(words))


def _is_note(said: str, words: Sequence[str]) -> bool:
    """A line of contacts, credits or dates, a remark in brackets, a bare address, or one without a letter."""
    if len(words) > LONGEST_NOTE:
        return False
    if not LETTER.search(said) or REMARK.match(said) or ADDRESS.match(said) or NOTE.match(said) or BYLINE.match(said):
        return True
    if MAIL.search(said) or (PHONE.search(said) and len(words) < LONGEST_NOTE):
        return True
    return len(words) <= 12 and not CLOSED.search(said) and _is_date(said)


def _is_date(said: str) -> bool:
    rest = said
    found = [one for one in facts(said) if one.kind in WHEN]
    for one in reversed(found):
        rest = rest[: one.start] + rest[one.end :]
    return bool(found) and len(LETTER.findall(rest)) <= MOST_BESIDE_A_DATE


def _is_row(said: str, words: Sequence[str]) -> bool:
    """A row of a table: cells, or mostly figures."""
    if said.count("|") >= 2 or len(re.findall(r"\S(?:\t| {3,})(?=\S)", said[:400])) >= 2:
        return True
    figures = sum(any(map(str.isdigit, word)) for word in words)
    return len(words) >= 3 and 2 * figures >= len(words)


def _mark_lists(lines: Sequence[Line], text: str) -> None:
    """What follows a line with a colon at its end, without full stops, is a list."""
    inside = False
    for at, line in enumerate(lines):
        said = text[line.start : line.end]
        if line.kind is LineKind.FURNITURE:
            continue
        if inside and line.kind is LineKind.HEADING and end_words(said) <= FEW_WORDS and _is_text(lines, at + 1):
            inside = False  # the heading of what follows the list
            continue
        if inside and line.kind in {LineKind.HEADING, LineKind.TEXT} and not said.endswith(":"):
            short = end_words(said) <= MOST_OF_AN_ITEM
            if short and (line.kind is LineKind.HEADING or SEMICOLON.search(said[-20:]) or said[:1].islower()):
                line.kind = LineKind.ITEM
                continue
        inside = said.endswith(":") or (inside and line.kind is LineKind.ITEM)


def _is_text(lines: Sequence[Line], at: int) -> bool:
    return at < len(lines) and lines[at].kind is LineKind.TEXT


def end_words(said: str) -> int:
    """How many words a line has, counted no further than is asked."""
    return len(said.split(None, MOST_OF_AN_ITEM + 1))

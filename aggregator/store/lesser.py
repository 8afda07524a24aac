"""Lines that say less than is known of them by a fault of their listing: without their text, with a notice to readers in its
place, or cut short.

A feed that goes over from whole texts to teasers, or whose template breaks, does not say that its source took anything out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import Connection, bindparam, select

from aggregator.model import SourceKey
from aggregator.store.bulk import Ask, Row
from aggregator.store.deciding import Line
from aggregator.store.schema import listings, revisions
from aggregator.text.boilerplate import is_furniture
from aggregator.text.fingerprint import words

BARE = "it comes without the text that it had: what was read before stays"
CUT = "it is cut short: what was read before stays"
MARK = re.compile(r"\[?(?:…|\.\.\.)\]?")
MOST_AFTER = 60  # characters after the mark: "Read more", in whichever language
BETWEEN = frozenset(",;-–—(")  # signs that no sentence ends with
MOST_NOTICE = 500  # characters of a text that may say nothing
FEWEST = 5  # words before it
LESS = 0.9  # of the words: a text that ends with the mark by itself is as long as before

_NEWEST = Ask(
    select(listings.c.entry_id, revisions.c.language, revisions.c.title, revisions.c.text)
    .join(revisions, revisions.c.statement_id == listings.c.statement_id)
    .where(
        listings.c.source == bindparam("source"),
        listings.c.entry_id.in_(bindparam("ids", expanding=True)),
        listings.c.mirrors,
    )
    .order_by(revisions.c.id)
)


def lesser_lines(tx: Connection, lines: Sequence[Line], source: SourceKey, *, known: Collection[str]) -> dict[str, str]:
    """Why lines with a `known` id are no edits, by their ids. What says of itself that it was taken back is none of them."""
    some = {line.entry.id: line for line in lines if line.entry.id in known and _may_be(line)}
    if not some:
        return {}
    newest: dict[str, Row] = {}
    for row in _NEWEST.all(tx, "ids", some, source=source):  # the newest last
        if row.language == some[row.entry_id].language or row.entry_id not in newest:
            newest[row.entry_id] = row
    found = ((key, _why(some[key], row.title, row.text)) for key, row in newest.items())
    return {key: why for key, why in found if why}


def _may_be(line: Line) -> bool:
    if line.entry.note or line.entry.withdrawn:
        return False
    return _is_bare(line) or _breaks_off(line.text) or (not line.on_page and any(_beginnings(line.text)))


def _is_bare(line: Line) -> bool:
    """Whether a line has no text but its title, or what pages say to their readers: "Subscribe to continue reading"."""
    if line.text == line.title:
        return not line.on_page
    return len(line.text) <= MOST_NOTICE and all(is_furniture(one) for one in line.text.splitlines())


def _why(line: Line, title: str, text: str) -> str:
    if _is_bare(line):
        return BARE if text not in (title, line.text) else ""
    begins = [] if line.on_page else list(_beginnings(line.text))
    if _breaks_off(line.text) and not _ends_a_paragraph(line.text, text):
        begins.append(line.text)
    whole = words(text)
    for beginning in begins:
        said = words(beginning)[:-1]  # the last one may be half a word
        if FEWEST <= len(said) < LESS * len(whole) and said == whole[: len(said)]:
            return CUT
    return ""


def _breaks_off(text: str) -> bool:
    """Whether a text ends within a sentence, as what is left of an answer that was cut off on its way does."""
    return text[-1:].isalnum() or text[-1:] in BETWEEN


def _ends_a_paragraph(text: str, before: str) -> bool:
    """Whether a text ends where a paragraph of the one before ends, be it without a full stop: the others may be taken out."""
    ours, theirs = ([words(one) for one in some.splitlines() if one.strip()] for some in (text, before))
    return len(ours) <= len(theirs) and ours[-1:] == theirs[len(ours) - 1 : len(ours)]


def _beginnings(text: str) -> Iterator[str]:
    """What stands before the marks near the end of a text."""
    start = max(0, len(text) - MOST_AFTER - len("[...]"))
    return (text[: found.start()] for found in MARK.finditer(text, start))

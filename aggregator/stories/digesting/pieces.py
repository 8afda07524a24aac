"""The sentences of some texts, each with where it stands, what it is, and which others it cannot stand without."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from aggregator.model import Citation, RevisionId, Sentence, Text
from aggregator.stories.digesting.lines import CLOSED, Line, LineKind, lines_of, start_of
from aggregator.stories.digesting.speaking import is_speech, names_speaker, outside, points_back, quoted_parts
from aggregator.stories.digesting.turns import is_asking, speakers_of
from aggregator.stories.saying import Said, read
from aggregator.text.sentences import split_sentences

MOST_PIECES = 1_500  # sentences of one text that are read
MOST_TEXTS = 50
FEWEST_WORDS = 5  # shorter sentences are calls, places and times
LONGEST_WORDS = 110  # a longer "sentence" is a list or a table
LONGEST = 2_000  # characters of anything that is told
MOST_WORDS = 400  # of a digest
LONGEST_CLOSING = 100  # words of a quotation behind a sentence that are told with it
LONGEST_QUESTION = 60  # words of a question that are told before its answer
FEWEST_ANSWERED = 25  # words of an answer that says something without its question
FEWEST_BEGUN = 9  # words of a turn's first sentence that says something without the others: not "Well, two things, Lester."
LONGEST_LIST = 90  # words of a list that is told whole, where the statement is not
FAR = 6  # sentences that are looked through for who speaks
MARKUP = re.compile(
    r"<\s*[/!?]?\s*[a-z!-]|(?:java|vb)script\s*:|data\s*:\s*text/html|&(?:lt|#0*60|#x0*3c)\b|\]\(", re.IGNORECASE
)
# Control signs, halves of signs, what turns the writing, and a hidden alphabet: no sentence with these may be published.
HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
CUT = re.compile(r"(?:…|\.\.\.|\[[^\[\]]{0,12}\])[\"”»')\s]*$")
REMARK = re.compile(r"\s*[(\[][^()\[\]]{1,40}[)\]]\W*$")
# "Read the letter to the President", "The full text can be found here."
LINK = re.compile(r"(?:read|view|watch|download|click|listen|see)\b[^.!?]*$", re.IGNORECASE)
LINKED = re.compile(r"\b(?:here|below|online)\W*$", re.IGNORECASE)
OFFERED = re.compile(
    r"\b(?:found|available|read|view(?:ed)?|click|download(?:ed)?|watch(?:ed)?|full text|text of)\b", re.IGNORECASE
)
LETTER = re.compile(r"[^\W\d_]")


@dataclass(slots=True, eq=False, kw_only=True)
class Piece:
    """One sentence of a text."""

    revision: RevisionId
    source: int  # which of the texts it is from
    place: int  # its position among all sentences of all texts
    order: int  # its position in its text
    block: int  # its line, counted over all texts
    start: int
    end: int
    text: str
    kind: LineKind
    length: int  # in words
    said: Said
    is_speech: bool = False  # words of somebody stand in it, in quotation marks or in a turn of a transcript
    is_attributed: bool = False  # it names who speaks
    is_asked: bool = False  # a question of the press
    is_within: bool = False  # another sentence stands before it in its line
    is_last: bool = False  # it ends its text
    is_cut: bool = False  # what belongs to it cannot be told with it
    needs: list[Piece] = field(default_factory=list)  # without these it cannot be understood
    closing: list[Piece] = field(default_factory=list)  # the rest of the quotation that it leaves open
    opens: list[Piece] = field(default_factory=list)  # what stands behind its colon, or its few words: without, it says nothing

    _says: bool | None = field(default=None, init=False)  # what `says_something` found: it is asked often

    @property
    def says_something(self) -> bool:
        """Whether it is more than a heading, furniture, a remark, or what its source or its page cut off."""
        if self._says is None:
            self._says = self._has_to_say()
        return self._says

    def _has_to_say(self) -> bool:
        if self.kind in {LineKind.HEADING, LineKind.FURNITURE} or len(self.text) > LONGEST:
            return False
        if REMARK.match(self.text) or _is_link(self.text):
            return False
        if self.is_last and CUT.search(self.text[-40:]):
            return False
        return not (self.is_last and self.order > 2 and self.is_within and not CLOSED.search(self.text[-40:]))

    @property
    def tellable(self) -> bool:
        """Whether a digest may choose it for itself."""
        if not self.says_something or self.is_asked or self.is_cut or self.length > LONGEST_WORDS:
            return False
        if self.length < FEWEST_WORDS and self.kind is not LineKind.ITEM:
            return False
        return self.is_attributed or not self.text.endswith("?")

    def cited(self) -> Sentence:
        """The sentence as it is published, with its span."""
        return Sentence(text=self.text, citations=(Citation(revision=self.revision, start=self.start, end=self.end),))


def _is_link(said: str) -> bool:
    """Whether a sentence only leads to another page."""
    if LINK.match(said) is not None:
        return True
    return len(said) < 250 and LINKED.search(said[-20:]) is not None and OFFERED.search(said) is not None


def pieces_of(texts: Iterable[Text]) -> list[Piece]:
    """The sentences of some texts in their order, without markup, hidden signs and what has no letter or figure."""
    pieces: list[Piece] = []
    block = 0
    for number, text in enumerate(islice(texts, MOST_TEXTS)):
        lines = lines_of(text.text, text.title)
        mine = list(islice(_of_text(text, lines, number, len(pieces), block), MOST_PIECES))
        if mine:
            mine[-1].is_last = True
            _link(mine, text.language)
        block += len(lines)
        pieces += mine
    return pieces


def _of_text(text: Text, lines: Sequence[Line], number: int, place: int, block: int) -> Iterator[Piece]:
    order = 0
    for at, line in enumerate(lines):
        said = text.text[line.start : line.end]
        begin = start_of(said, is_first=order == 0)
        for first, end in split_sentences(said):
            start = max(first, begin)
            shown = " ".join(said[start:end].split())
            if not any(map(str.isalnum, shown)) or MARKUP.search(shown) or HIDDEN.search(shown):
                continue
            yield Piece(
                revision=text.key,
                source=number,
                place=place + order,
                order=order,
                block=block + at,
                start=line.start + start,
                end=line.start + end,
                text=shown,
                kind=line.kind,
                length=len(shown.split()),
                is_within=start > begin,
                said=read(shown),
            )
            order += 1


def _link(pieces: Sequence[Piece], language: str) -> None:
    """Find who speaks, what points back, and what is one list."""
    _mark_quotations(pieces)
    _mark_turns(pieces)
    for at, piece in enumerate(pieces):
        if piece.is_speech and not piece.is_attributed and not piece.needs:
            piece.needs += _speaker(pieces, at)
        elif at and not piece.is_attributed and piece.kind is LineKind.TEXT and points_back(piece.text, language):
            piece.needs.append(pieces[at - 1])
    _link_lists(pieces)


def _mark_quotations(pieces: Sequence[Piece]) -> None:
    is_open, block = False, -1
    within: list[Piece] = []
    for at, piece in enumerate(pieces):
        if piece.block != block:
            within = []
            # A quotation goes on in the next paragraph only where that begins with a quotation mark, too.
            is_open = is_open and piece.text[:1] in '“«"„'
            said = piece.text[1:] if is_open else piece.text
            block = piece.block
        else:
            said = piece.text
        if is_open and at:
            piece.needs.append(pieces[at - 1])  # what stands in one pair of quotation marks is told from its beginning
        parts, is_open = quoted_parts(said, is_open=is_open)
        rest = outside(said, parts)
        piece.is_speech = any(is_speech(said[start:end]) for start, end in parts) or (bool(parts) and not LETTER.search(rest))
        piece.is_attributed = names_speaker(rest)
        if is_open:
            within.append(piece)
        else:
            _close([*within, piece])
            within = []


def _close(quoted: Sequence[Piece]) -> None:
    """Let each sentence of a quotation know the rest of it; and the first one who speaks, where the last one says so."""
    rest = 0
    for at in range(len(quoted) - 1, 0, -1):
        rest += quoted[at].length
        if rest > LONGEST_CLOSING:
            return
        quoted[at - 1].closing = [*quoted[at:]]
    first, last = quoted[0], quoted[-1]
    if last.is_attributed and not first.is_attributed and not first.needs:
        first.needs.append(last)


def _mark_turns(pieces: Sequence[Piece]) -> None:
    """In a transcript, each sentence of a turn is speech, and needs the one with the speaker's name before it."""
    # A headline ("Kyiv: talks go on") and an address ("Contact: the press office") open no turn.
    said = ["" if piece.kind is LineKind.FURNITURE else piece.text for piece in pieces]
    turns: list[tuple[str, list[Piece]]] = []
    for piece, label in zip(pieces, speakers_of(said), strict=True):
        if label:
            turns.append((label, [piece]))
            if label == piece.text:
                piece.kind = LineKind.TEXT  # and no heading: it is told with what is said
        elif turns and piece.kind is LineKind.TEXT:
            turns[-1][1].append(piece)
    asks = [is_asking(speaker) for speaker, _ in turns]
    for at, (_, turn) in enumerate(turns):
        for piece in turn:
            piece.is_speech, piece.is_attributed, piece.is_asked = True, piece is turn[0], asks[at]
            piece.needs = [] if piece is turn[0] else [turn[0]]
        if turn[0].length < FEWEST_BEGUN:
            turn[0].opens = turn[1:]
        if asks[at]:
            continue
        if at and asks[at - 1]:
            _link_answer(turn, turns[at - 1][1])
        elif asks[at + 1 : at + 2] == [True] and _length(turn) < FEWEST_ANSWERED:
            _cut(turn)  # "We'll turn to Ms. Berg": who leads through the questions


def _link_answer(turn: Sequence[Piece], asked: Sequence[Piece]) -> None:
    """Tell an answer with what was asked: "I have no idea" says nothing without. Of a long question nothing is told, and of
    what is no question, or was broken off; a few words in answer to that are not told either."""
    question = next((piece for piece in reversed(asked) if piece.text.endswith("?")), None)
    if question is not None and asked[0].says_something and question.says_something:
        # The first sentence of the question says that it is one; it comes along.
        if _length({asked[0], question}) <= LONGEST_QUESTION:
            turn[0].needs = [question]
    elif _length(turn) < FEWEST_ANSWERED:
        _cut(turn)


def _length(some: Iterable[Piece]) -> int:
    return sum(piece.length for piece in some)


def _cut(turn: Iterable[Piece]) -> None:
    for piece in turn:
        piece.is_cut = True


def _speaker(pieces: Sequence[Piece], at: int) -> list[Piece]:
    """The nearest sentence that names who speaks: before it in the paragraph, behind it there, or before the paragraph."""
    piece = pieces[at]
    before = [one for one in pieces[max(0, at - FAR) : at][::-1] if one.is_attributed]
    behind = [one for one in pieces[at + 1 : at + FAR] if one.is_attributed and one.block == piece.block]
    if before and before[0].block == piece.block:
        return before[:1]
    return (behind or before)[:1]


def _link_lists(pieces: Sequence[Piece]) -> None:
    """A line with a colon needs what follows, and an entry of a list the line that it belongs to."""
    is_brief = sum(piece.length for piece in pieces if piece.says_something) <= MOST_WORDS
    for at, piece in enumerate(pieces):
        if not piece.text.endswith(":") or at + 1 == len(pieces):
            continue
        entries = []
        for then in pieces[at + 1 :]:
            if then.kind is not LineKind.ITEM:
                break
            entries.append(then)
        for entry in entries:
            entry.needs = [piece]
        piece.opens = entries or [pieces[at + 1]]
        if is_brief or sum(entry.length for entry in entries) <= LONGEST_LIST:
            piece.needs += piece.opens
        else:
            piece.is_cut = piece.order > 0  # the list is too long to be told with its head
        if not entries:
            _link_said(pieces, at)


def _link_said(pieces: Sequence[Piece], at: int) -> None:
    """What follows "The minister said:" as a paragraph, in quotation marks or without, is not told without that."""
    intro, block = pieces[at], pieces[at + 1].block
    for piece in pieces[at + 1 :]:
        if piece.block != block or piece.kind is not LineKind.TEXT:
            break
        if piece is not pieces[at + 1]:  # which stands there already
            intro.opens.append(piece)
        if not piece.is_attributed and intro not in piece.needs:
            piece.needs.append(intro)
            piece.is_speech = piece.is_speech or intro.is_attributed

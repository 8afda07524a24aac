"""Which sentences of some texts a digest tells, so that each can be understood."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from heapq import heappop, heapreplace

from aggregator.stories.digesting.lines import LineKind
from aggregator.stories.digesting.pieces import MOST_WORDS, Piece
from aggregator.stories.novelty import Telling

BRIEF = 9  # words of a sentence that mostly says little
HEAD = 5  # sentences that may be the first paragraph
MOST_TYPICAL = 0.6  # more is a form that repeats itself
ASKED = 1.0  # what a sentence weighs more that holds a whole term of the story
MOST_NEEDED = 4  # sentences that come along so that one can be understood
REPEATING = 1.5  # what a sentence weighs less all of whose words others have said
MOST_TRIED = 40
MOST_RANKED = 400  # sentences that are weighed against each other

BROKEN = re.compile(r"\w[-–]{1,2} [—–-]")  # "That has to sh- — this is going to take time."

Room = int  # words


def weights(pieces: Sequence[Piece], theme: Collection[str], phrases: Collection[frozenset[str]] = ()) -> dict[Piece, float]:
    """What speaks for each sentence: its place, how typical its words are of the texts, the story's words, figures, names.

    After H. P. Edmundson, New Methods in Automatic Extracting, JACM 16 (1969): place, key words, words of the title; with the
    spread of words for his key words, as in SumBasic (Nenkova and Vanderwende, 2005). A sentence that holds all words of one
    of the `phrases` is what the story asks for, however long it is and wherever it stands.
    """
    spread = Counter(word for piece in pieces for word in piece.said.stems)
    often = max(spread.values(), default=1)
    places = _places(pieces)
    return {
        piece: _weight(piece, places[piece], spread, often, theme)
        + ASKED * any(phrase <= piece.said.stems for phrase in phrases)
        for piece in pieces
    }


def _places(pieces: Sequence[Piece]) -> dict[Piece, tuple[int, int]]:
    """For each sentence, how many paragraphs and sentences of its text stand before it, furniture and headings left out."""
    found: dict[Piece, tuple[int, int]] = {}
    source, block, paragraph, place = -1, -1, -1, 0
    for piece in pieces:
        if piece.source != source:
            source, block, paragraph, place = piece.source, -1, -1, 0
        if piece.says_something and piece.block != block:
            block, paragraph = piece.block, paragraph + 1
        found[piece] = (max(paragraph, 0), place)
        place += piece.says_something
    return found


def _weight(piece: Piece, at: tuple[int, int], spread: Mapping[str, int], often: int, theme: Collection[str]) -> float:
    paragraph, place = at
    stems = piece.said.stems
    # A page without paragraphs is one block: not all of it is early.
    block = 2.0 / (1 + paragraph) * min(1.0, HEAD / (1 + place))
    early = (block + 1.0 / (1 + place)) / (1 + 0.25 * piece.source)
    typical = min(MOST_TYPICAL, sum(spread[word] for word in stems) / (max(len(stems), 4) * often))
    on_theme = sum(word in theme for word in stems) / max(len(stems), 6)
    facts = min(piece.said.figures, 4) / 4 + min(len(piece.said.names), 6) / 12
    spoken = 0.4 if piece.is_speech and piece.is_attributed and piece.length > BRIEF else 0.0
    brief = 0.7 if piece.length < BRIEF else 0.0
    half = 0.7 if piece.text.count("(") != piece.text.count(")") else 0.0
    broken = 0.5 if BROKEN.search(piece.text) else 0.0
    outer = 0.5 if piece.kind is LineKind.ITEM or (piece.is_last and piece.order > 3) else 0.0
    return early + 2 * typical + 2 * on_theme + facts + spoken - brief - half - broken - outer


def choose(
    pieces: Sequence[Piece],
    weight: Mapping[Piece, float],
    *,
    along: Iterable[Piece] = (),
    first: Iterable[Piece] = (),
    room: Room = MOST_WORDS,
    alone: bool = False,
) -> list[Piece]:
    """The sentences to tell, in their order: those of `first`, then the weightiest that fit and say something else.

    A sentence brings those that it needs along; where one of them is not among `pieces` or `along`, it stays away, unless
    it may stand `alone` and quotes nobody. In all no more words than `room`.
    """
    allowed = {*pieces, *along}
    chosen: dict[Piece, None] = {}
    told = Telling()
    for piece in first:
        if piece.length <= room or not chosen:
            chosen[piece] = None
            told.add(piece.text)
            room -= piece.length
    for piece in _ranked(pieces, weight, room):
        group = _together(piece, allowed, chosen, alone=alone)
        again = [one for one in group if one is not piece and _is_told(one, told)]
        if again and piece.is_speech:  # who speaks is named beside the words
            continue
        group = [one for one in group if one not in again]
        group += _closing(group, allowed, chosen)
        length = sum(one.length for one in group)
        if not group or length > room or told.has(piece.text):
            continue
        for one in group:
            chosen[one] = None
            told.add(one.text)
        room -= length
    return sorted(chosen, key=lambda piece: piece.place)


def _closing(group: Iterable[Piece], allowed: Collection[Piece], chosen: Collection[Piece]) -> list[Piece]:
    """The rest of the quotations that some sentences leave open, where none of it was told."""
    rest = dict.fromkeys(one for piece in group for one in piece.closing if one not in group and one not in chosen)
    return [*rest] if all(one in allowed for one in rest) else []


def _is_told(along: Piece, told: Telling) -> bool:
    """Whether a sentence that comes along was told. "Holm said:" is told each time: who spoke is no news, but needed."""
    if along.opens:
        return False
    return told.says(along.text) if along.length <= BRIEF else told.has(along.text)


def _ranked(pieces: Sequence[Piece], weight: Mapping[Piece, float], room: Room) -> Iterator[Piece]:
    """The sentences as they are tried: in their order, where all fit; else the weightiest first, less what others say already.

    As in maximal marginal relevance (Carbonell and Goldstein, 1998). What needs much may fit once that was chosen for itself:
    so all are tried twice.
    """
    if sum(piece.length for piece in pieces) <= room:
        yield from pieces
        return
    left = sorted(pieces, key=lambda piece: (-weight[piece], piece.place))[:MOST_RANKED]
    tried: dict[Piece, None] = {}
    covered: set[str] = set()
    # A weight only falls as others are tried: the one on top that keeps its weight when it is weighed again is the best.
    heap = [(-weight[piece], piece.place, piece) for piece in left]
    while heap and len(tried) < MOST_TRIED:
        was, place, piece = heap[0]
        now = -(weight[piece] - _said_by(piece, covered))
        if now > was:
            heapreplace(heap, (now, place, piece))
            continue
        heappop(heap)
        tried[piece] = None
        covered |= piece.said.stems
        yield piece
    left = [piece for piece in left if piece not in tried]
    yield from (*left, *tried, *left)


def _said_by(piece: Piece, covered: set[str]) -> float:
    stems = piece.said.stems
    return REPEATING * len(stems & covered) / max(len(stems), 4)


def _together(piece: Piece, allowed: Collection[Piece], chosen: Collection[Piece], *, alone: bool) -> list[Piece]:
    """A sentence and what it cannot be understood without and is not chosen; nothing where that is not to be had.

    Of what stands behind a colon, that comes along which is to be had, and something must.
    """
    if piece in chosen:
        return []
    group = {piece: None}
    queue = [(needed, piece) for needed in piece.needs]
    most = MOST_NEEDED + len(piece.needs) + len(piece.closing)
    while queue:
        needed, by = queue.pop()
        if needed in group or needed in chosen:
            continue
        if needed not in allowed:
            if by.opens or (alone and not piece.is_speech):
                continue
            return []
        group[needed] = None
        queue += [(one, needed) for one in needed.needs]
        most += len(needed.opens) + len(needed.closing)
        if len(group) > most:
            return []
    here = {*group, *chosen}
    return [] if any(one.opens and here.isdisjoint(one.opens) for one in group) else list(group)

"""Which sentences of some texts a digest tells, so that each can be understood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from aggregator.stories.digesting.lines import LineKind
from aggregator.stories.digesting.pieces import Piece
from aggregator.stories.novelty import Telling

MOST_WORDS = 400
BRIEF = 9  # words of a sentence that mostly says little
MOST_NEEDED = 4  # sentences that come along so that one can be understood
PASSES = 2
MOST_RANKED = 400  # sentences that are weighed against each other

Room = int  # words


def weights(pieces: Sequence[Piece], theme: Collection[str]) -> dict[Piece, float]:
    """What speaks for each sentence: its place, how typical its words are of the texts, the story's words, figures, names.

    After H. P. Edmundson, New Methods in Automatic Extracting, JACM 16 (1969): place, key words, words of the title; with the
    spread of words for his key words, as in SumBasic (Nenkova and Vanderwende, 2005).
    """
    spread = Counter(word for piece in pieces for word in piece.said.stems)
    often = max(spread.values(), default=1)
    first: dict[int, int] = {}
    for piece in pieces:
        first.setdefault(piece.source, piece.block)
    return {piece: _weight(piece, spread, often, theme, first[piece.source]) for piece in pieces}


def _weight(piece: Piece, spread: Mapping[str, int], often: int, theme: Collection[str], first: int) -> float:
    stems = piece.said.stems
    early = (2.0 / (1 + piece.block - first) + 1.0 / (1 + piece.order)) / (1 + 0.25 * piece.source)
    typical = sum(spread[word] for word in stems) / (max(len(stems), 4) * often)
    on_theme = sum(word in theme for word in stems) / max(len(stems), 6)
    facts = min(piece.said.figures, 4) / 4 + min(len(piece.said.names), 6) / 12
    spoken = 0.4 if piece.is_speech and piece.is_attributed and piece.length > BRIEF else 0.0
    brief = 0.7 if piece.length < BRIEF else 0.0
    half = 0.7 if piece.text.count("(") != piece.text.count(")") else 0.0
    outer = 0.5 if piece.kind is LineKind.ITEM or (piece.is_last and piece.order > 3) else 0.0
    return early + 2 * typical + 2 * on_theme + facts + spoken - brief - half - outer


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

    A sentence brings those that it needs along; where one of them is not among `pieces` or `along`, it stays away, unless it may stand
    `alone` and quotes nobody. In all no more words than `room`.
    """
    allowed = {*pieces, *along}
    chosen: dict[Piece, None] = {}
    told = Telling()
    for piece in first:
        if piece.length <= room or not chosen:
            chosen[piece] = None
            told.add(piece.text)
            room -= piece.length
    ranked = sorted(pieces, key=lambda piece: (-weight[piece], piece.place))[:MOST_RANKED]
    if sum(piece.length for piece in pieces) <= room:
        ranked.sort(key=lambda piece: piece.place)  # all of it
    for _ in range(PASSES):  # what needs much may fit once that was chosen for itself
        before = len(chosen)
        for piece in ranked:
            group = _together(piece, allowed, chosen, alone=alone)
            length = sum(one.length for one in group)
            if not group or length > room or told.has(piece.text) or any(told.says(one.text) for one in group):
                continue
            for one in group:
                chosen[one] = None
                told.add(one.text)
            room -= length
        if len(chosen) == before:
            break
    return sorted(chosen, key=lambda piece: piece.place)


def _together(piece: Piece, allowed: Collection[Piece], chosen: Collection[Piece], *, alone: bool) -> list[Piece]:
    """A sentence and what it cannot be understood without and is not chosen; nothing where that is not to be had."""
    if piece in chosen:
        return []
    group = {piece: None}
    queue = list(piece.needs)
    while queue:
        needed = queue.pop()
        if needed in group or needed in chosen:
            continue
        if needed not in allowed:
            if alone and not piece.is_speech:
                continue
            return []
        group[needed] = None
        queue += needed.needs
        if len(group) > MOST_NEEDED + len(piece.needs):
            return []
    return list(group)

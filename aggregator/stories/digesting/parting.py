"""Where the paragraphs of a digest end: not between a quotation and who speaks, nor before a sentence that points back."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise

from aggregator.stories.digesting.pieces import Piece

MOST_PARAGRAPHS = 3
SHORT = 60  # words of a paragraph that need not be parted
ENOUGH_FOR_THREE = 130
WITHIN = 0.15  # what it costs to part where the source does not, in shares of a paragraph
MOST_PLACES = 60  # that are tried


def parted(chosen: Sequence[Piece]) -> list[list[Piece]]:
    """The chosen sentences in up to three paragraphs of about one length, parted where the source parts if that can be."""
    if not chosen:
        return []
    words = [0]
    for piece in chosen:
        words.append(words[-1] + piece.length)
    total = words[-1]
    blocks = len({piece.block for piece in chosen})
    wanted = 1 if total <= SHORT and blocks == 1 else 2 if total < ENOUGH_FOR_THREE and blocks != 3 else MOST_PARAGRAPHS
    if total < SHORT:
        wanted = min(wanted, blocks)
    places = _places(chosen)
    if len(places) > MOST_PLACES:
        places = [at for at in places if chosen[at].block != chosen[at - 1].block][:MOST_PLACES] or places[:MOST_PLACES]
    breaks: tuple[int, ...] = ()
    if count := min(wanted - 1, len(places)):
        breaks = min(combinations(places, count), key=lambda at: (_cost(chosen, words, at), at))
    edges = [0, *breaks, len(chosen)]
    return [list(chosen[a:b]) for a, b in pairwise(edges)]


def _places(chosen: Sequence[Piece]) -> list[int]:
    """Where a paragraph may begin: no sentence before it is needed by one behind it, or the other way round."""
    index = {piece: at for at, piece in enumerate(chosen)}
    tied = [0] * (len(chosen) + 1)
    for at, piece in enumerate(chosen):
        for needed in piece.needs:
            there = index.get(needed)
            # What only points back may begin a paragraph where it does so in the source.
            if there is not None and (piece.is_speech or piece.block == needed.block):
                low, high = sorted((at, there))
                tied[low + 1] += 1
                tied[high + 1] -= 1
    free, ties = [], 0
    for at in range(1, len(chosen)):
        ties += tied[at]
        if not ties:
            free.append(at)
    return free


def _cost(chosen: Sequence[Piece], words: Sequence[int], breaks: Sequence[int]) -> float:
    part = words[-1] / (len(breaks) + 1)
    edges = [0, *breaks, len(chosen)]
    uneven = sum(((words[b] - words[a]) / part - 1) ** 2 for a, b in pairwise(edges))
    return uneven + WITHIN * sum(chosen[at].block == chosen[at - 1].block for at in breaks)

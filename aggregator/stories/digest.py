"""Up to three paragraphs from a statement's own sentences, each with the span that it comes from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from aggregator.model import Paragraph, Sentence, Text
from aggregator.stories.digesting.choosing import choose, weights
from aggregator.stories.digesting.lines import LineKind
from aggregator.stories.digesting.parting import MOST_PARAGRAPHS, parted
from aggregator.stories.digesting.pieces import LONGEST, LONGEST_WORDS, MOST_WORDS, Piece, pieces_of
from aggregator.stories.novelty import Novelty, Telling
from aggregator.stories.saying import read

__all__ = ["MOST_PARAGRAPHS", "MOST_WORDS", "Theme", "digest", "opening_of"]

WHOLE_WORDS = 200  # a statement of so many words is given to its last short sentence
REPRINT = 0.4  # share of what a text would be given with, were it the first, that the story has told: it is that text again
SURE = 0.6  # of a digest's room: what stands first in a reprint would have stood in the digest of the text that it repeats
FULL = 1.1  # times a digest's room: where the story told so much of one text, it told all of an earlier version
ADDED = 1.0  # what a sentence weighs less that only adds a fact to one that was told
NEWS = 2  # facts and names that the story has not: so many make a sentence of a reprint news
LEAD = 2  # sentences at the head of a text, of which one such fact makes news


class Theme(Protocol):
    """What the digest must know of a story."""

    @property
    def title(self) -> str: ...
    @property
    def lead(self) -> str: ...
    @property
    def terms(self) -> Sequence[str]: ...


def digest(
    texts: Iterable[Text], *, story: Theme, earlier: Iterable[str], known: Iterable[Text] = (), reprint: bool = True
) -> list[Paragraph]:
    """Tell what is new in some texts, in their own words.

    `texts` are revisions (an update tells one; several are read in order, primary text first), `story` gives title, lead and
    terms, `earlier` the sentences that the story has told, `known` texts that it has told from: of a text that repeats them,
    what they do not hold is news wherever it stands, and what they hold is none though it was not told. `reprint`: whether a
    text that for the most part says what was told may be the one that was told, so that only new facts and names are news.

    Returns at most three paragraphs of at most 400 words; none where nothing is new. A statement that fits is given whole,
    but for furniture; of a longer one the sentences are chosen that stand early, that hold the story's words and that are
    typical of the text, and stay in their order. A sentence that quotes comes with the one that names the speaker. A sentence
    that was changed since it was told is always told again; one that was told, where another with news points back at it or
    stands behind "Holm said:".
    """
    pieces = pieces_of(texts)
    earlier = list(earlier)
    told = Telling(earlier)
    stood = [piece.text for piece in pieces_of(known)]
    heard = Telling([*earlier, *stood]) if stood else None
    theme = read(" ".join([story.title, story.lead, *story.terms])).stems
    asked = [words for term in story.terms if len(words := read(term).stems) > 1]  # one word is of the theme, and no more
    chosen = _chosen(pieces, told, weights(pieces, theme, asked), heard, reprint=reprint)
    return [Paragraph(sentences=tuple(piece.cited() for piece in group)) for group in parted(chosen)]


def opening_of(text: Text) -> list[Sentence]:
    """The first sentence of a text, behind what stands before it with a colon: "The spokesperson said:". [] where it is a
    quotation, or no sentence that may be told."""
    opening = []
    for piece in pieces_of([text]):
        if not piece.says_something:
            continue
        if piece.is_speech or piece.kind is not LineKind.TEXT or piece.length > LONGEST_WORDS:
            return []
        opening.append(piece.cited())
        if not piece.opens:
            return opening
    return []


def _chosen(
    pieces: Sequence[Piece], told: Telling, weight: Mapping[Piece, float], heard: Telling | None = None, *, reprint: bool = True
) -> list[Piece]:
    tellable = _tellable(pieces)
    # Where a told sentence stands in the text as well, none took its place: the two are entries of a list, or alike by chance.
    standing = {piece.said.words for piece in pieces}
    verdicts = {piece: told.judge(piece.text, standing) for piece in pieces}
    weight = {piece: weight[piece] - ADDED * (verdicts[piece].more is not None) for piece in pieces}
    fresh = [piece for piece in tellable if not verdicts[piece].told]
    changed, again = _each_change_once(pieces, verdicts)
    fresh = [piece for piece in fresh if piece not in again]
    beside = [piece for piece in pieces if piece.says_something and not piece.is_cut]
    along = [piece for piece in beside if not verdicts[piece].told or piece.opens]
    if reprint and len(told) and _is_reprint(choose(tellable, weight, along=pieces), verdicts):
        if heard is None:
            fresh = _news_of_a_reprint(fresh, tellable, weight, verdicts, told)
        else:
            fresh = [piece for piece in fresh if _is_unheard(piece, heard, standing)]
    needed = {
        need
        for piece in fresh
        for need in piece.needs
        if verdicts[need].told and (need.is_attributed or not reprint or told.news(piece.text))
    }
    chosen = choose(fresh, weight, along=[*along, *(piece for piece in beside if piece in needed)], first=changed)
    # Where nothing else is to be told, what points back at a told sentence is, and that sentence again.
    return chosen or choose([piece for piece in fresh if not piece.is_speech], weight, along=beside, alone=True)


def _tellable(pieces: Sequence[Piece]) -> list[Piece]:
    """Of a short statement all that says something; else what a digest may choose; of a headline alone, that."""
    whole = [piece for piece in pieces if piece.says_something]
    if sum(piece.length for piece in whole) > WHOLE_WORDS:
        whole = [piece for piece in whole if piece.tellable] or whole
    return whole or [piece for piece in pieces if piece.kind is not LineKind.FURNITURE and len(piece.text) <= LONGEST][:1]


def _each_change_once(pieces: Sequence[Piece], verdicts: Mapping[Piece, Novelty]) -> tuple[list[Piece], set[Piece]]:
    """The sentences that stand in the place of told ones with another fact; and those whose other fact one of them tells."""
    every = [piece for piece in pieces if verdicts[piece].instead is not None and piece.says_something]
    told = Counter(swap for piece in every for swap in verdicts[piece].swaps)
    again: set[Piece] = set()
    # Of two that tell one change, the one stays that tells more changes; of equals, the first.
    for piece in sorted(every, key=lambda piece: (len(verdicts[piece].swaps), -piece.place)):
        if all(told[swap] > 1 for swap in verdicts[piece].swaps):
            again.add(piece)
            told.subtract(verdicts[piece].swaps)
    return [piece for piece in every if piece not in again], again


def _is_reprint(whole: Sequence[Piece], verdicts: Mapping[Piece, Novelty]) -> bool:
    """Whether a text would be given with what the story told, for the most part."""
    total = sum(piece.length for piece in whole)
    known = sum(piece.length for piece in whole if not _is_all_new(verdicts[piece]))
    return known >= REPRINT * total > 0


def _is_unheard(piece: Piece, heard: Telling, standing: Collection[tuple[str, ...]]) -> bool:
    verdict = heard.judge(piece.text, standing)
    return not verdict.told and (verdict.instead is not None or heard.news(piece.text) > 0)


def _is_all_new(verdict: Novelty) -> bool:
    return not verdict.told and verdict.instead is None and verdict.more is None


def _news_of_a_reprint(
    fresh: list[Piece],
    tellable: Sequence[Piece],
    weight: Mapping[Piece, float],
    verdicts: Mapping[Piece, Novelty],
    told: Telling,
) -> list[Piece]:
    """What a text that repeats another one adds to it.

    The other text itself is not at hand. What the story did not tell of it, its digest left out for want of room: that is no
    news now. News is what would have been chosen, had it stood there, and holds names and figures that are new to the story.
    Where the story knows more of the text than a digest has room for, it told an earlier version, and all that is new is news.
    """
    known = sum(piece.length for piece in tellable if verdicts[piece].told)
    if known > FULL * MOST_WORDS:
        return fresh
    if sum(piece.length for piece in tellable) <= MOST_WORDS:  # the digest of the other text had room for all of it
        return [piece for piece in fresh if told.news(piece.text)]
    sure = set(choose(tellable, weight, room=int(SURE * MOST_WORDS)))
    return [piece for piece in fresh if piece in sure and told.news(piece.text) >= (1 if piece.order < LEAD else NEWS)]

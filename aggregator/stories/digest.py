"""Up to three paragraphs from a statement's own sentences, each with the span that it comes from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from aggregator.model import Citation, Paragraph, RevisionId, Sentence, Text
from aggregator.text.fingerprint import words
from aggregator.text.sentences import split_sentences

WHOLE_WORDS = 130  # a statement of so many words is given whole
MOST_WORDS = 300
MOST_SENTENCES = 9
MOST_PARAGRAPHS = 3
TOLD = 0.8  # share of a sentence's words that an earlier one holds: it was told
FEWEST_WORDS = 5  # shorter lines are speakers, times and places
LONGEST_WORDS = 90  # a longer "sentence" is a list or a table

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
FACT = re.compile(r"(?<=[\w,;] )(?:[A-ZА-ЯЁІЇЄҐ][\w’'-]+|\d[\d.,]*)")  # a name inside the sentence, or a figure
MARKUP = re.compile(r"<\s*/?\s*[a-z!]|javascript:", re.IGNORECASE)
_BACKWARD = """he she it they this these that those his her their but and so"""
BACKWARD = frozenset(_BACKWARD.split())
_COMMON = """the a an and or of to in on at by for with from as is are was were be been that this it its his her their has have
had will would not but said who which he she they we i you our also after before over than there all any can do"""
COMMON = frozenset(_COMMON.split())


class Theme(Protocol):
    """What the digest must know of a story."""

    @property
    def title(self) -> str: ...
    @property
    def lead(self) -> str: ...
    @property
    def terms(self) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One sentence of a text, and what speaks for it."""

    revision: RevisionId
    place: int  # its position among all sentences of all texts
    block: int  # its paragraph, counted over all texts
    start: int
    end: int
    text: str
    bag: frozenset[str]  # its words that carry meaning
    length: int  # in words


def digest(texts: Iterable[Text], *, story: Theme, earlier: Iterable[str]) -> list[Paragraph]:
    """Tell what is new in some texts, in their own words.

    `texts` are revisions (an update tells one; several are read in order), `story` gives title, lead and terms, `earlier`
    the sentences that the story has told. Returns at most three paragraphs; none where nothing is new. A short statement
    is given whole; of a longer one the sentences that stand early, that hold the story's words and that are typical of the
    text are chosen, and stay in their order.
    """
    pieces = list(_pieces(texts))
    fresh = _not_told(pieces, earlier)
    if sum(piece.length for piece in pieces) <= WHOLE_WORDS:
        chosen = fresh
    else:
        chosen = _choose([p for p in fresh if _tellable(p)] or fresh, _theme_words(story))
    return _paragraphs(chosen)


def _pieces(texts: Iterable[Text]) -> Iterable[Piece]:
    place = block = 0
    for text in texts:
        for line in re.finditer(r"[^\n]+", text.text):
            block += 1
            for start, end in split_sentences(line.group()):
                piece = _piece(text, line.start() + start, line.start() + end, place=place, block=block)
                if piece.bag and not MARKUP.search(piece.text):
                    yield piece
                place += 1


def _piece(text: Text, start: int, end: int, *, place: int, block: int) -> Piece:
    said = text.text[start:end]
    said_words = words(said)
    return Piece(
        revision=text.key,
        place=place,
        block=block,
        start=start,
        end=end,
        text=" ".join(said.split()),
        bag=frozenset(said_words) - COMMON or frozenset(said_words),
        length=len(said_words),
    )


def _not_told(pieces: Sequence[Piece], earlier: Iterable[str]) -> list[Piece]:
    told = [(frozenset(words(sentence)), frozenset(NUMBER.findall(sentence))) for sentence in earlier]
    fresh = []
    for piece in pieces:
        numbers = frozenset(NUMBER.findall(piece.text))
        every = frozenset(words(piece.text))
        if not every or _was_told(every, numbers, told):
            continue
        told.append((every, numbers))
        fresh.append(piece)
    return fresh


def _was_told(every: frozenset[str], numbers: frozenset[str], told: Iterable[tuple[frozenset[str], frozenset[str]]]) -> bool:
    # The same words with another figure are news.
    return any(len(every & old) >= TOLD * len(every) and numbers <= old_numbers for old, old_numbers in told)


def _tellable(piece: Piece) -> bool:
    return FEWEST_WORDS <= piece.length <= LONGEST_WORDS and not piece.text.endswith((":", "…", "...", "?"))


def _theme_words(story: Theme) -> frozenset[str]:
    return frozenset(words(" ".join([story.title, story.lead, *story.terms]))) - COMMON


def _choose(pieces: Sequence[Piece], theme: Collection[str]) -> list[Piece]:
    spread = Counter(word for piece in pieces for word in piece.bag)
    ranked = sorted(pieces, key=lambda piece: (-_weight(piece, spread, theme, len(pieces)), piece.place))
    chosen: list[Piece] = []
    room = MOST_WORDS
    for piece in ranked:
        if len(chosen) < MOST_SENTENCES and piece.length <= room:
            chosen.append(piece)
            room -= piece.length
    return _without_danglers(sorted(chosen, key=lambda piece: piece.place))


def _weight(piece: Piece, spread: Counter[str], theme: Collection[str], total: int) -> float:
    """What speaks for a sentence: its place, how typical its words are of the text, the story's words, names and figures."""
    early = 2.0 / (1 + piece.block) + 1.0 / (1 + piece.place)
    typical = sum(spread[word] for word in piece.bag) / (len(piece.bag) * total)
    on_theme = sum(word in theme for word in piece.bag) / max(len(piece.bag), 6)
    facts = min(len(FACT.findall(piece.text)), 10) / 10
    return early + 3 * typical + 2 * on_theme + facts


def _without_danglers(chosen: Sequence[Piece]) -> list[Piece]:
    """Leave out sentences that point back ("He added …") at one that was not chosen."""
    places = {piece.place for piece in chosen}
    kept = [p for p in chosen if p.place - 1 in places or not BACKWARD.intersection(words(p.text)[:1])]
    return kept or list(chosen)


def _paragraphs(chosen: Sequence[Piece]) -> list[Paragraph]:
    """The source's own paragraphs, where they are few and short; else three of about one length, parted where it parts."""
    total = sum(piece.length for piece in chosen)
    groups: list[list[Piece]] = [list(block) for _, block in groupby(chosen, key=lambda piece: piece.block)]
    if len(groups) > MOST_PARAGRAPHS or total > WHOLE_WORDS:
        groups = _of_one_length(chosen, total)
    return [Paragraph(sentences=tuple(_sentence(piece) for piece in group)) for group in groups]


def _of_one_length(chosen: Sequence[Piece], total: int) -> list[list[Piece]]:
    groups: list[list[Piece]] = []
    told = 0
    for piece in chosen:
        due = len(groups) < MOST_PARAGRAPHS and told >= total * len(groups) / MOST_PARAGRAPHS
        if not groups or (due and (groups[-1][-1].block != piece.block or total > WHOLE_WORDS)):
            groups.append([])
        groups[-1].append(piece)
        told += piece.length
    return groups


def _sentence(piece: Piece) -> Sentence:
    return Sentence(text=piece.text, citations=(Citation(revision=piece.revision, start=piece.start, end=piece.end),))

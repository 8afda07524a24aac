"""What an edit of a source does to what was published of it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aggregator.model import Citation, Paragraph, Sentence, Text
from aggregator.text.fingerprint import words
from aggregator.text.sentences import split_sentences

ALIKE = 0.5  # below, a sentence of the new text is not the old one's successor
TYPO = 0.88  # a changed word of at least this likeness is a typing error put right ("million" and "billion" are 0.86 alike)
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A published sentence that its source no longer holds."""

    before: Sentence
    after: Sentence | None  # its successor in the new text, cited there; None where it was taken out


def changed_sentences(published: Iterable[Sentence], new: Text) -> list[Changed]:
    """The published sentences that the new text no longer holds in substance, each with its successor.

    White space, typography and typing errors put right are no change; a number, a name or a word of another meaning is.
    """
    stands = " ".join(_tokens(new.text))
    candidates = [(span, _tokens(new.text[slice(*span)])) for span in split_sentences(new.text)]
    changed = []
    for sentence in published:
        tokens = _tokens(sentence.text)
        if not tokens or f" {' '.join(tokens)} " in f" {stands} ":
            continue
        span = _successor(tokens, candidates)
        if span is not None and _same_in_substance(tokens, _tokens(new.text[slice(*span)])):
            continue
        changed.append(Changed(before=sentence, after=None if span is None else _cited(new, span)))
    return changed


def _tokens(text: str) -> list[str]:
    return list(words(text))


def _successor(tokens: Sequence[str], candidates: Iterable[tuple[tuple[int, int], list[str]]]) -> tuple[int, int] | None:
    best, best_ratio = None, ALIKE
    for span, other in candidates:
        matcher = difflib.SequenceMatcher(None, tokens, other, autojunk=False)
        if matcher.real_quick_ratio() > best_ratio and matcher.quick_ratio() > best_ratio:
            ratio = matcher.ratio()
            if ratio > best_ratio:
                best, best_ratio = span, ratio
    return best


def _same_in_substance(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether two sentences differ by typing errors alone: word for word, hardly another letter and never another digit."""
    if len(old) != len(new):
        return False
    pairs = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    return all(not NUMBER.search(a + b) and _is_typo(a, b) for a, b in pairs)


def _is_typo(a: str, b: str) -> bool:
    if a.endswith(b) or b.endswith(a):
        return False  # "responsible", "irresponsible"
    return len(a) >= 5 and difflib.SequenceMatcher(None, a, b, autojunk=False).ratio() >= TYPO


def _cited(text: Text, span: tuple[int, int]) -> Sentence:
    start, end = span
    said = " ".join(text.text[start:end].split())
    return Sentence(text=said, citations=(Citation(revision=text.key, start=start, end=end),))


def as_paragraphs(sentences: Sequence[Sentence]) -> list[Paragraph]:
    """Sentences as one paragraph, or none where there is no sentence."""
    return [Paragraph(sentences=tuple(dict.fromkeys(sentences)))] if sentences else []

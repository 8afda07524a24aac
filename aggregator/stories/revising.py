"""What an edit of a source does to what was published of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from aggregator.model import Citation, Paragraph, Sentence, Text
from aggregator.stories.edits import edit
from aggregator.stories.figures import MEASURES
from aggregator.stories.hunks import TOKEN
from aggregator.stories.pages import line_key
from aggregator.stories.weighing import NEGATIONS
from aggregator.text.plain import plain
from aggregator.text.sentences import split_sentences

ALIKE = 0.5  # below, a sentence of the new text is not the old one's successor
SIGN_OF_A_NUMBER = re.compile(r"(?<![\w)\]])[-+<>=~≈≤≥](?=\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A published sentence that its source no longer holds."""

    before: Sentence
    after: Sentence | None  # its successor in the new text, cited there; None where it was taken out


def changed_sentences(published: Iterable[Sentence], new: Text, template: Collection[int] = ()) -> list[Changed]:
    """The published sentences that the new text no longer holds in substance, each with its successor.

    What is a change of substance, `edit` says, as it does of whole texts. `template`: the keys of lines that went as the
    source's template changed; of those, none was taken back.
    """
    stands = f" {' '.join(_tokens(new.text))} "
    candidates = [(span, _tokens(new.text[slice(*span)])) for span in split_sentences(new.text)]
    changed = []
    for sentence in published:
        tokens = _tokens(sentence.text)
        if not tokens or line_key(f"-{sentence.text}") in template:
            continue
        if f" {' '.join(tokens)} " in stands and not _is_denied(tokens, candidates):
            continue
        span = _successor(tokens, candidates)
        said = "" if span is None else new.text[slice(*span)]
        if edit(sentence.text, said, context=new.text).quiet:
            continue
        changed.append(Changed(before=sentence, after=None if span is None else _cited(new, span)))
    return changed


def _is_denied(tokens: Sequence[str], candidates: Iterable[tuple[tuple[int, int], list[str]]]) -> bool:
    """Whether a sentence stands only behind a negation: "No sanctions are in force"."""
    said, denied = f" {' '.join(tokens)} ", False
    for _, other in candidates:
        before, found, _ = f" {' '.join(other)} ".partition(said)
        if found and NEGATIONS.isdisjoint(before.split()):
            return False
        denied = denied or bool(found)
    return denied


def _tokens(text: str) -> list[str]:
    """The words of a text in small letters, and the signs that change what is said."""
    line = SIGN_OF_A_NUMBER.sub(lambda sign: f" sign{ord(sign[0])} ", plain(text).casefold())
    return [word for word in TOKEN.findall(line) if word[0].isalnum() or word in MEASURES or word == "?"]


def _successor(tokens: Sequence[str], candidates: Iterable[tuple[tuple[int, int], list[str]]]) -> tuple[int, int] | None:
    best, best_ratio = None, ALIKE
    for span, other in candidates:
        ratio = Indel.normalized_similarity(tokens, other, score_cutoff=best_ratio)
        if ratio > best_ratio:
            best, best_ratio = span, ratio
    return best


def _cited(text: Text, span: tuple[int, int]) -> Sentence:
    start, end = span
    said = " ".join(text.text[start:end].split())
    return Sentence(text=said, citations=(Citation(revision=text.key, start=start, end=end),))


def as_paragraphs(sentences: Sequence[Sentence]) -> list[Paragraph]:
    """Sentences as one paragraph, or none where there is no sentence."""
    return [Paragraph(sentences=tuple(dict.fromkeys(sentences)))] if sentences else []

"""The citation gate: what has no source, or says more than its source, is not published. Nothing passes around it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aggregator.model import Paragraph, RevisionId, Sentence

NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
QUOTED = re.compile(r"“([^”]+)”|\"([^\"]+)\"|«([^»]+)»|„([^“]+)“")
NAME = re.compile(r"\b[^\W\d_a-zа-яёєіїґß-öø-ÿ][\w’'-]*")  # a word that starts with a capital
TYPOGRAPHY = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "„": '"', "–": "-", "—": "-"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A sentence that the gate did not let through."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """What the gate let through, and what it did not."""

    paragraphs: tuple[Paragraph, ...]
    refused: tuple[Refusal, ...]


def gate(paragraphs: Sequence[Paragraph], texts: Mapping[RevisionId, str]) -> Passed:
    """Let through the sentences that their cited spans hold; `texts` are the stored revisions by id.

    A sentence passes when it has a citation, every citation lies inside its revision, and every number, name and
    quotation of the sentence stands in the cited spans. A paragraph of which nothing is left falls away.
    """
    kept: list[Paragraph] = []
    refused: list[Refusal] = []
    for paragraph in paragraphs:
        good: list[Sentence] = []
        for sentence in paragraph.sentences:
            reason = why_refused(sentence, texts)
            if reason is None:
                good.append(sentence)
            else:
                refused.append(Refusal(text=sentence.text, reason=reason))
        if good:
            kept.append(Paragraph(sentences=tuple(good)))
    return Passed(paragraphs=tuple(kept), refused=tuple(refused))


def why_refused(sentence: Sentence, texts: Mapping[RevisionId, str]) -> str | None:
    """Why a sentence may not be published, or None where it may."""
    if not sentence.citations:
        return "no citation"
    if not sentence.text.strip():
        return "nothing said"
    spans: list[str] = []
    for citation in sentence.citations:
        text = texts.get(citation.revision)
        if text is None:
            return f"revision {citation.revision} is not stored"
        if not 0 <= citation.start < citation.end <= len(text):
            return f"its span {citation.start}–{citation.end} lies outside revision {citation.revision}"
        spans.append(text[citation.start : citation.end])
    return _says_more(_plain(sentence.text), _plain(" ".join(spans)))


def _says_more(said: str, span: str) -> str | None:
    if said in span:
        return None  # verbatim
    numbers = set(NUMBER.findall(said)) - set(NUMBER.findall(span))
    if numbers:
        return f"the number {min(numbers)} is not in its source"
    for groups in QUOTED.findall(said):
        if not any(quote and quote in span for quote in groups):
            return "a quotation is not in its source"
    names = set(NAME.findall(said)[_capital_start(said) :]) - set(NAME.findall(span))
    return f"the name {min(names)} is not in its source" if names else None


def _capital_start(said: str) -> int:
    # The first word of a sentence has a capital in any case; it is a name only where the source writes it so.
    return 1 if said[:1].isupper() else 0


def _plain(text: str) -> str:
    return " ".join(text.translate(TYPOGRAPHY).split())

"""The citation gate: what has no source, or says anything else than its source, is not published. Nothing passes around it.

It is closed by default. A sentence passes as the words of whole sentences of its source, or shortened in the few ways of
`wording`, none of which can change what is said. Lists of words only say why something was refused; they let nothing pass.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aggregator.model import Citation, Paragraph, RevisionId, Sentence
from aggregator.stories.objections import Objection, Reason, objection
from aggregator.stories.spans import whole_sentences
from aggregator.stories.wording import folded, is_own_wording

# A reader who follows a citation must see at a glance that it holds: some sentences, and no more than two pages of print.
MOST_CITED = 3  # sentences of the source behind one published sentence
WIDEST = 5_000  # characters of its span; what is longer and has no end is a list or a table
MARKUP = re.compile(r"<\s*[/!?]?\s*[a-z]|<!--|javascript:|&(?:lt|#0*60|#x0*3c);|\]\(", re.IGNORECASE)
STEERING = re.compile("[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")  # turns the writing, or is a hidden alphabet
SPACES = "\t\n\r"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A sentence that the gate did not let through."""

    text: str
    code: Reason
    reason: str  # in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """What the gate let through, and what it did not."""

    paragraphs: tuple[Paragraph, ...]
    refused: tuple[Refusal, ...]


def gate(paragraphs: Sequence[Paragraph], texts: Mapping[RevisionId, str]) -> Passed:
    """Let through the sentences that their cited spans hold; `texts` are the stored revisions by id.

    A sentence passes when it has a citation, and each of its citations is a run of whole sentences of a revision that holds
    it by itself. A paragraph of which nothing is left falls away.
    """
    kept: list[Paragraph] = []
    refused: list[Refusal] = []
    for paragraph in paragraphs:
        good: list[Sentence] = []
        for sentence in paragraph.sentences:
            found = objection_to(sentence, texts)
            if found is None:
                good.append(sentence)
            else:
                refused.append(Refusal(text=sentence.text, code=found[0], reason=found[1]))
        if good:
            kept.append(Paragraph(sentences=tuple(good)))
    return Passed(paragraphs=tuple(kept), refused=tuple(refused))


def why_refused(sentence: Sentence, texts: Mapping[RevisionId, str]) -> str | None:
    """Why a sentence may not be published, in words, or None where it may."""
    found = objection_to(sentence, texts)
    return None if found is None else found[1]


def why_unfounded(sentence: Sentence, texts: Mapping[RevisionId, str]) -> str | None:
    """Why a sentence that was published has no source any more, in words, or None where it has.

    What earlier versions let through stands: it is enough that its words stand in each of its spans.
    """
    found = _outside(sentence, texts)
    if found is None and not all(folded(sentence.text) in folded(_span(one, texts)) for one in sentence.citations):
        found = objection_to(sentence, texts)
    return None if found is None else found[1]


def objection_to(sentence: Sentence, texts: Mapping[RevisionId, str]) -> Objection | None:
    """Why a sentence may not be published, or None where it may."""
    found = _outside(sentence, texts) or _signs(sentence.text)
    if found is not None:
        return found
    for citation in sentence.citations:
        found = _against(sentence.text, texts[citation.revision], citation)
        if found is not None:
            return found
    return None


def _outside(sentence: Sentence, texts: Mapping[RevisionId, str]) -> Objection | None:
    """What is wrong with the citations of a sentence, whatever it says."""
    if not sentence.citations:
        return Reason.NO_CITATION, "no citation"
    if not folded(sentence.text):
        return Reason.EMPTY, "nothing said"
    for citation in sentence.citations:
        text = texts.get(citation.revision)
        if text is None:
            return Reason.NOT_STORED, f"revision {citation.revision} is not stored"
        if not 0 <= citation.start < citation.end <= len(text):
            place = f"its span {citation.start}–{citation.end}"
            return Reason.OUTSIDE, f"{place} lies outside revision {citation.revision}"
    return None


def _signs(text: str) -> Objection | None:
    """What no sentence may be or have, although its source is or has it."""
    if len(text) > WIDEST:
        return Reason.WIDE, f"it is longer than {WIDEST:,} characters"
    if MARKUP.search(text) or MARKUP.search(folded(text)):
        return Reason.MARKUP, "it has markup"
    if STEERING.search(text) or any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in SPACES for sign in text):
        return Reason.HIDDEN, "it has control signs"
    return None


def _against(text: str, revision: str, citation: Citation) -> Objection | None:
    """What is wrong with a sentence if this is all that it is cited from."""
    span = revision[citation.start : citation.end]
    if len(span) > WIDEST:
        return Reason.WIDE, f"its span is wider than {WIDEST:,} characters"
    pieces = whole_sentences(revision, citation.start, citation.end)
    if len(pieces) > MOST_CITED:
        return Reason.WIDE, f"its span holds more than {MOST_CITED} sentences"
    said, whole = folded(text), folded(span)
    if pieces and " ".join(text.split()) == " ".join(span.split()):
        return None
    if any(unicodedata.category(sign) == "Cf" for sign in text):
        return Reason.HIDDEN, "it has invisible signs that its source has not"
    if pieces and (said == whole or any(is_own_wording(said, folded(revision[slice(*piece)])) for piece in pieces)):
        return None
    return (Reason.CUT, "its span begins or ends inside a sentence") if said == whole else objection(said, whole)


def _span(citation: Citation, texts: Mapping[RevisionId, str]) -> str:
    return texts[citation.revision][citation.start : citation.end]

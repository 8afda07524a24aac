"""From a settled candidate to an update draft: kind, reason line, paragraphs with citations."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from aggregator.model import Paragraph, RevisionId, Sentence, Text, Update, UpdateKind
from aggregator.stories.digest import Theme, digest
from aggregator.stories.edits import edit_of_page
from aggregator.stories.gate import Refusal, gate
from aggregator.stories.pages import line_key
from aggregator.stories.reasons import reason_line
from aggregator.stories.revising import Changed, as_paragraphs, changed_sentences
from aggregator.text.sentences import split_sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a story has published so far."""

    first: bool  # nothing at all
    sentences: Sequence[str]  # of every update
    of_statement: Sequence[Update]  # the updates that tell this very statement, oldest first
    revisions: Mapping[int, Text]  # by the number of each of those updates: the revision that it tells
    template: Collection[int] = frozenset()  # keys of lines that came or went as the source's template changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """The inside of an update, or the reason why there is none."""

    kind: UpdateKind
    reason: str
    paragraphs: tuple[Paragraph, ...] = ()
    corrects: tuple[int, ...] = ()  # the numbers of the updates that it corrects
    refused: tuple[Refusal, ...] = ()
    set_aside: str = ""  # why nothing is to be published; "" where something is


def draft(text: Text, *, story: Theme, told: Told) -> Drafted:
    """Draft what one settled revision adds to its story, through the citation gate."""
    if told.of_statement:
        return _draft_edit(text, story=story, told=told)
    kind = UpdateKind.NEW if told.first else UpdateKind.ADDS
    paragraphs = digest([text], story=story, earlier=told.sentences)
    return _through_gate(kind, paragraphs, [text], nothing="says nothing that the story has not told")


def _draft_edit(text: Text, *, story: Theme, told: Told) -> Drafted:
    """An edit of a published statement: a correction where it touches what was told, else whatever it adds."""
    newest = told.revisions[max(told.revisions)]
    since = edit_of_page((newest.title, newest.text), (text.title, text.text))
    if since.quiet and newest.language == text.language:
        return Drafted(kind=UpdateKind.ADDS, reason="", set_aside=f"changes nothing that is said. {since.says}")
    found = {update.number: _fresh_changes(update, text, told) for update in told.of_statement}
    changes = [change for number in found for change in found[number]]
    if changes:
        after = [change.after for change in changes if change.after is not None]
        return _through_gate(
            UpdateKind.CORRECTED,
            as_paragraphs(after),
            [text],
            corrects=tuple(number for number in found if found[number]),
            removed=sum(change.after is None for change in changes),
        )
    before = [old.text[start:end] for old in told.revisions.values() for start, end in split_sentences(old.text)]
    paragraphs = digest([text], story=story, earlier=[*told.sentences, *before, *_of_template(text, told.template)])
    return _through_gate(UpdateKind.ADDS, paragraphs, [text], nothing="the edit touches nothing that was told")


def _of_template(text: Text, template: Collection[int]) -> Iterator[str]:
    """The lines of a text that its source's template put there."""
    if template:
        yield from (line for line in text.text.splitlines() if line_key(f"+{' '.join(line.split())}") in template)


def _fresh_changes(update: Update, text: Text, told: Told) -> list[Changed]:
    """What of an update the new text no longer holds, less what a later update has put right already."""
    changed = changed_sentences(_sentences(update), text, told.template)
    for later in told.of_statement:
        if changed and update.number in later.corrects:
            put_right = {c.before for c in changed_sentences(_sentences(update), told.revisions[later.number])}
            changed = [change for change in changed if change.before not in put_right]
    return changed


def _sentences(update: Update) -> list[Sentence]:
    return [sentence for paragraph in update.paragraphs for sentence in paragraph.sentences]


def _through_gate(
    kind: UpdateKind,
    paragraphs: Sequence[Paragraph],
    texts: Sequence[Text],
    *,
    nothing: str = "",
    corrects: tuple[int, ...] = (),
    removed: int = 0,
) -> Drafted:
    stored: dict[RevisionId, str] = {text.key: text.text for text in texts}
    passed = gate(paragraphs, stored)
    empty = not passed.paragraphs and not removed
    return Drafted(
        kind=kind,
        reason=reason_line(kind, source=texts[0].source, title=texts[0].title, corrects=corrects, removed=removed),
        paragraphs=passed.paragraphs,
        corrects=corrects,
        refused=passed.refused,
        set_aside=(nothing or "nothing passed the citation gate") if empty else "",
    )

"""From a settled candidate to an update draft: kind, reason line, paragraphs with citations."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from aggregator.model import Paragraph, Replaced, Sentence, Text, Update, UpdateKind
from aggregator.stories.digest import MOST_WORDS, Theme, digest, opening_of
from aggregator.stories.edits import edit_of_page
from aggregator.stories.gate import Refusal, gate
from aggregator.stories.novelty import new_in
from aggregator.stories.pages import line_key
from aggregator.stories.reasons import Spoken, adds_line, correction_line, first_line, late_words, more_line
from aggregator.stories.repeating import is_form, repeated
from aggregator.stories.revising import NewText, as_paragraphs, changed_sentences, cited, said_words, sentence_spans, slips
from aggregator.stories.standing import Place, Standing, standing, taken_out

BETWEEN = re.compile(r"[^\n]")
NOTHING_NEW = "says nothing that the story has not told"
IN_VAIN = "nothing passed the citation gate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What an update tells, and when it was said."""

    title: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a story has published so far."""

    first: bool  # nothing yet; a story that it continues may have
    sentences: Sequence[str]  # of every update
    of_statement: Sequence[Update]  # the updates that tell this very statement, oldest first
    revisions: Mapping[int, Text]  # by the number of each of those updates: the revision that it tells
    by_desk: Sequence[Update] = ()  # what the desk made of this statement's words
    replaced: Collection[Place] = frozenset()  # sentences of those updates that any update has replaced
    versions: Collection[int] = frozenset()  # the ids of all versions of the statement
    numbers: Sequence[int] = ()  # of each of `sentences`: the number of its update; 0: of a story that this one continues
    template: Collection[int] = frozenset()  # keys of lines that came or went as the source's template changed
    spoken: Sequence[Spoken] = ()  # when what each update tells was said
    known: Sequence[Text] = ()  # the texts behind the updates that tell most of what this statement says again
    day_only: bool = False  # of when this statement was said, the day is known
    own: Mapping[int, Occasion] = field(default_factory=dict)  # updates by which its family said something else: no copies


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """The inside of an update, or the reason why there is none."""

    kind: UpdateKind
    reason: str
    paragraphs: tuple[Paragraph, ...] = ()
    corrects: tuple[int, ...] = ()  # the numbers of the updates that it corrects
    replaces: tuple[Replaced, ...] = ()  # their sentences that it replaces, or that were taken out
    refused: tuple[Refusal, ...] = ()
    set_aside: str = ""  # why nothing is to be published; "" where something is
    further: Drafted | None = None  # the update after it: what the same edit added
    repeats: tuple[int, ...] = ()  # of what is set aside: the numbers of the updates that tell it in other words


def draft(text: Text, *, story: Theme, told: Told) -> Drafted:
    """Draft what one settled revision adds to its story, through the citation gate."""
    if told.of_statement:
        return _draft_edit(text, story=story, told=told)
    if told.first:
        kind, reason = UpdateKind.NEW, first_line(text.source, text.title)
    else:
        said = Spoken(number=0, kind=UpdateKind.ADDS, at=text.published, day_only=told.day_only)
        kind, reason = UpdateKind.ADDS, adds_line(text.source, text.title, late=late_words(said, told.spoken))
    form = bool(told.own) and is_form(text.text, told.sentences, told.numbers, told.own)
    chosen = digest([text], story=story, earlier=told.sentences, known=told.known, reprint=not form)
    paragraphs = _opened(text, chosen, told)
    drafted = _told_by(text, kind, reason, paragraphs, nothing=NOTHING_NEW)
    return drafted if paragraphs else replace(drafted, repeats=repeated(text.text, told.sentences, told.numbers))


def _opened(text: Text, paragraphs: Sequence[Paragraph], told: Told) -> Sequence[Paragraph]:
    """A digest with the sentence that says who met whom, though one of the same family's was told in the same words.

    Each of its calls with one president opens alike, and what follows speaks of "the presidents". Where nothing follows that
    was not told, a call of another day under the same title is news all the same.
    """
    alike = {number for number, one in told.own.items() if one.title == text.title and one.at.date() != text.published.date()}
    holding = told.own if paragraphs else alike
    own = [said for said, number in zip(told.sentences, told.numbers, strict=True) if number in holding]
    opening = opening_of(text) if own else []
    if not opening or not all(verdict.told for verdict in new_in([one.text for one in opening], own)):
        return paragraphs
    first = [*paragraphs[0].sentences] if paragraphs else []
    given = {sentence.text for paragraph in paragraphs for sentence in paragraph.sentences}
    whole = sorted([*first, *(one for one in opening if one.text not in given)], key=lambda one: one.citations[0].start)
    words = sum(len(sentence.text.split()) for sentence in (*whole, *(s for one in paragraphs[1:] for s in one.sentences)))
    return [Paragraph(sentences=tuple(whole)), *paragraphs[1:]] if words <= MOST_WORDS else paragraphs


def _told_by(text: Text, kind: UpdateKind, reason: str, paragraphs: Sequence[Paragraph], *, nothing: str) -> Drafted:
    passed = gate(paragraphs, {text.key: text.text})
    none = "" if passed.paragraphs else IN_VAIN if passed.refused else nothing
    return Drafted(kind=kind, reason=reason, paragraphs=passed.paragraphs, refused=passed.refused, set_aside=none)


# --- edits of what was told


def _draft_edit(text: Text, *, story: Theme, told: Told) -> Drafted:
    """An edit of a published statement: a correction of what was told, and then what it adds, as an update of its own.

    Readers of a correction want to see what was wrong, and nothing else.
    """
    newest = max(told.revisions.values(), key=lambda one: one.key)
    if newest.text == text.text and newest.title == text.title:
        return _nothing("is what was told last: what was changed meanwhile was taken back")
    since = edit_of_page((newest.title, newest.text), (text.title, text.text))
    if since.quiet and newest.language == text.language:
        return _nothing(f"changes nothing that is said. {since.says}")
    correction = _correction(text, newest, told)
    addition = _addition(text, correction, story=story, told=told)
    if correction is None:
        return addition
    if correction.set_aside:
        return replace(addition, refused=(*correction.refused, *addition.refused)) if not addition.set_aside else correction
    return replace(correction, further=None if addition.set_aside else addition)


def _nothing(why: str) -> Drafted:
    return Drafted(kind=UpdateKind.ADDS, reason="", set_aside=why)


def _correction(text: Text, newest: Text, told: Told) -> Drafted | None:
    """What of the published sentences the text no longer holds, or holds again; None where that is nothing."""
    stands = _standing(told)
    changes = changed_sentences([one.sentence for one in stands], text, told.template, old=newest.text)
    back = _put_back(text, taken_out(told.of_statement, stands))
    if not changes and not back:
        return None
    new = [change.after for change in changes if change.after is not None]
    passed = gate(as_paragraphs([*new, *(sentence for _, sentence in back)]), {text.key: text.text})
    published = {sentence.text for paragraph in passed.paragraphs for sentence in paragraph.sentences}
    replaces = tuple(
        stands[change.place].replaced("" if change.after is None else change.after.text)
        for change in changes
        if change.after is None or change.after.text in published
    )
    back = [(number, sentence) for number, sentence in back if sentence.text in published]
    parted = {update.number for update in (*told.of_statement, *told.by_desk) if len(update.paragraphs) > 1}
    return Drafted(
        kind=UpdateKind.CORRECTED,
        reason=correction_line(
            replaces,
            source=text.source,
            language=text.language,
            parted=parted,
            back=[(number, sentence.text) for number, sentence in back],
        ),
        paragraphs=passed.paragraphs,
        corrects=tuple(sorted({*(old.number for old in replaces), *(number for number, _ in back)})),
        replaces=replaces,
        refused=passed.refused,
        set_aside="" if replaces or back else IN_VAIN,
    )


def _standing(told: Told) -> list[Standing]:
    updates = [*told.of_statement, *told.by_desk]
    return standing(updates, revisions=told.revisions, replaced=told.replaced, own=told.versions)


def _put_back(text: Text, gone: Sequence[tuple[int, str]]) -> list[tuple[int, Sentence]]:
    """The sentences that were taken out and stand in the text again, each with the number of the update that says so."""
    if not gone:
        return []
    whole = NewText(text)
    found = ((number, whole.span_of(said_words(said))) for number, said in gone)
    return [(number, cited(text, span)) for number, span in found if span is not None]


def _addition(text: Text, correction: Drafted | None, *, story: Theme, told: Told) -> Drafted:
    """What the text says that neither the story nor the versions told before say."""
    before = [old.text[slice(*span)] for old in told.revisions.values() for span in sentence_spans(old.text)]
    put_right = [] if correction is None else [s.text for p in correction.paragraphs for s in p.sentences]
    gone = _replaced_by_its_source(told)
    known = [said for said in (*told.sentences, *before) if " ".join(said.split()) not in gone]
    earlier = [*known, *put_right, *slips(text.text, known), *_of_template(text, told.template)]
    number = min(update.number for update in told.of_statement)
    reason = more_line(text.source, text.title, number=number)
    paragraphs = digest([_less(text, earlier)], story=story, earlier=())
    return _told_by(text, UpdateKind.ADDS, reason, paragraphs, nothing="the edit touches nothing that was told")


def _replaced_by_its_source(told: Told) -> frozenset[str]:
    """What the source itself put right or took out, and what stands nowhere else: told again, it is news."""
    gone = {old.before for update in told.of_statement for old in update.replaces}
    return frozenset(gone - {one.sentence.text for one in _standing(told)})


def _less(text: Text, earlier: Sequence[str]) -> Text:
    """A text with spaces where it says what was said: the rest stands where it stood, and is news, though most is not."""
    spans = list(sentence_spans(text.text))
    pieces: list[str] = []
    done = 0
    for (start, end), verdict in zip(spans, new_in([text.text[a:b] for a, b in spans], earlier), strict=True):
        if verdict.told:
            pieces += (text.text[done:start], BETWEEN.sub(" ", text.text[start:end]))
            done = end
    return replace(text, text="".join([*pieces, text.text[done:]]))


def _of_template(text: Text, template: Collection[int]) -> Iterator[str]:
    """The lines of a text that its source's template put there."""
    if template:
        yield from (line for line in text.text.splitlines() if line_key(f"+{' '.join(line.split())}") in template)

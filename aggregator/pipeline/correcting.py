"""The desk takes an update back, or puts a sentence of it right in a source's own words: by a new update, never a change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from aggregator.model import Paragraph, RevisionId, Sentence, Update, UpdateKind
from aggregator.pipeline.acts import DeskError, Done, Given, UnknownError, kept
from aggregator.store.ledger import Draft, append
from aggregator.store.pages import attributions_for, updates_of
from aggregator.store.quoting import SaidVersion, version_of
from aggregator.store.summaries import StorySummary
from aggregator.stories.desk import WordsError, replaced, sentences_with
from aggregator.stories.gate import gate
from aggregator.stories.reasons import desk_corrects_line, desk_withdraws_line


def the_update(tx: Connection, given: Given) -> tuple[Update, Sequence[Update]]:
    """The update that an act speaks of, and all updates of its story. Raises `UnknownError`."""
    told = updates_of(tx, given.story)
    found = next((one for one in told if one.number == given.number), None)
    if found is None:
        there = f"it has Update.1 to Update.{len(told)}" if len(told) > 1 else "it has Update.1" if told else "it has none yet"
        advice = f"To keep a statement from being told: aggregator ledger hold {given.story} STATEMENT"
        raise UnknownError(f"{given.story} has no Update.{given.number}: {there}. {advice}")
    return found, told


def withdraw(tx: Connection, given: Given, story: StorySummary, now: datetime) -> Done:
    """Take an update back: it stays, marked, and a new one says so. Raises `DeskError`."""
    old, told = the_update(tx, given)
    _not_withdrawn(old, told, given)
    done = kept(tx, given, at=now)
    draft = Draft(
        story=story.key,
        kind=UpdateKind.WITHDRAWN,
        reason=desk_withdraws_line(old.number, why=given.why),
        title=old.title,
        statement=old.statement,
        revision=old.revision,
        said_at=old.said_at,
        paragraphs=(),
        attributions=old.attributions,
        corrects=(old.number,),
        desk=done.act,
    )
    return _published(tx, draft, done, now=now)


def _not_withdrawn(old: Update, told: Sequence[Update], given: Given) -> None:
    if old.kind is UpdateKind.WITHDRAWN:
        raise DeskError(f"Update.{old.number} of {given.story} is itself a withdrawal: it tells nothing that could be wrong.")
    by = next((one for one in told if one.kind is UpdateKind.WITHDRAWN and old.number in one.corrects), None)
    if by is not None:
        raise DeskError(f"Update.{old.number} of {given.story} is withdrawn already, by Update.{by.number}.")


def correct(tx: Connection, given: Given, story: StorySummary, now: datetime) -> Done:
    """Put one sentence or a whole paragraph of an update right, by the sentence of a source or by none. Raises `DeskError`."""
    old, told = the_update(tx, given)
    _not_withdrawn(old, told, given)
    paragraph, sentences = _sentences(old, given)
    _not_corrected(old, paragraph, sentences, told)
    version, new = _put_in(tx, given)
    if [one.text for one in new] == [one.text for _, one in sentences]:
        raise DeskError(f"Update.{old.number} says exactly this already.")
    done = kept(tx, given, at=now)
    draft = Draft(
        story=story.key,
        kind=UpdateKind.CORRECTED,
        reason=desk_corrects_line(old.number, paragraph=paragraph, removed=0 if new else len(sentences), why=given.why),
        title=old.title if version is None else version.title,
        statement=old.statement if version is None else version.statement,
        revision=old.revision if version is None else version.revision,
        said_at=old.said_at if version is None else version.said_at,
        paragraphs=[Paragraph(sentences=tuple(new))] if new else (),
        attributions=old.attributions if version is None else attributions_for(tx, version.statement, version.revision),
        corrects=(old.number,),
        replaces=replaced(old.number, paragraph, sentences, new),
        desk=done.act,
    )
    return _published(tx, draft, done, now=now)


def _sentences(old: Update, given: Given) -> tuple[int, list[tuple[int, Sentence]]]:
    """The paragraph that is put right, and the sentences of it, with their positions."""
    paragraph, sentence = int(given.detail["paragraph"]), given.detail.get("sentence")
    count = len(old.paragraphs)
    if not 1 <= paragraph <= count:
        raise UnknownError(f"Update.{old.number} of {given.story} has no paragraph {paragraph}: it has {count}.")
    there = list(enumerate(old.paragraphs[paragraph - 1].sentences, 1))
    if sentence is None:
        return paragraph, there
    if not 1 <= sentence <= len(there):
        what = f"no sentence {sentence} in paragraph {paragraph}: there are {len(there)}"
        raise UnknownError(f"Update.{old.number} of {given.story} has {what}.")
    return paragraph, [there[sentence - 1]]


def _not_corrected(old: Update, paragraph: int, sentences: Sequence[tuple[int, Sentence]], told: Sequence[Update]) -> None:
    wanted = {(old.number, paragraph, position) for position, _ in sentences}
    for later in told:
        if wanted & {(one.number, one.paragraph, one.position) for one in later.replaces}:
            advice = f"Put right what Update.{later.number} says instead, if it is wrong"
            raise DeskError(f"That sentence of Update.{old.number} was put right by Update.{later.number}. {advice}.")


def _put_in(tx: Connection, given: Given) -> tuple[SaidVersion | None, list[Sentence]]:
    """The version that is quoted, and its sentences, through the citation gate; none where sentences are taken out."""
    if given.detail.get("remove"):
        return None, []
    version = _version(tx, given)
    try:
        new = sentences_with(given.detail["words"], version.text, revision=version.revision)
    except WordsError as error:
        raise DeskError(f"--words: {error}. See it: aggregator statement {version.statement}") from error
    passed = gate([Paragraph(sentences=tuple(new))], {version.revision: version.text})
    if passed.refused:
        raise DeskError(f"“{passed.refused[0].text}” does not pass the citation gate: {passed.refused[0].reason}.")
    return version, new


def _version(tx: Connection, given: Given) -> SaidVersion:
    """The version whose words are given. It is named by its id where the act is done again."""
    if "revision_id" in given.detail:
        return version_of(tx, RevisionId(given.detail["revision_id"]))
    raise DeskError("name the statement whose words are right: --statement ID --words TEXT; or --remove")


def _published(tx: Connection, draft: Draft, done: Done, *, now: datetime) -> Done:
    number = append(tx, draft, at=now)
    update = next(one for one in updates_of(tx, draft.story, statement=draft.statement) if one.number == number)
    return Done(act=done.act, update=update, said=f"Update.{number} of {draft.story}: {draft.reason}")

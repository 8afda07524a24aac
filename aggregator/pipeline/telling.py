"""Settled candidates become numbered updates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from aggregator.config import Config, Story
from aggregator.model import StoryKey, UpdateKind
from aggregator.pipeline.echoing import echo_of, next_to_tell
from aggregator.store import Store, StoreError
from aggregator.store.edits import template_lines
from aggregator.store.ledger import Draft, append, corroborate, hold_stories
from aggregator.store.pages import attributions_for, same_body, told_so_far, updates_of
from aggregator.store.statements import revision_text
from aggregator.store.steps import StepKind, note_step
from aggregator.store.stories import PUBLISHED, SET_ASIDE, close_candidate, postpone, ready_stories, still_waits
from aggregator.stories.drafting import Told, draft
from aggregator.stories.settling import Candidate

TRY_AGAIN = timedelta(minutes=10)  # after an error of our own, which must not hold up the others

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """An update that got its number."""

    story: StoryKey
    number: int
    kind: UpdateKind
    title: str


def tell_ready(store: Store, config: Config, *, now: datetime, enough: Callable[[], bool] = bool) -> list[Published]:
    """Publish everything that has settled, each update in a transaction of its own, in the order in which it was said.

    `enough` is asked before each: once it is true, the rest waits for the next call.
    """
    published = []
    for story, candidate in ready_to_tell(store, config, now=now):
        if enough():
            break
        update = tell_one(store, story, candidate, now=now)
        if update is not None:
            log.info("published", story=update.story, number=update.number, kind=update.kind.value, title=update.title)
            published.append(update)
    return published


def ready_to_tell(store: Store, config: Config, *, now: datetime) -> list[tuple[Story, Candidate]]:
    """What has settled, in the order in which it is told."""
    with store.read() as tx:
        ready = [key for key in ready_stories(tx, now=now) if key in config.stories]
        return [(config.stories[key], one) for key in ready for one in next_to_tell(tx, config.stories[key], now=now)]


def tell_one(store: Store, story: Story, candidate: Candidate, *, now: datetime) -> Published | None:
    """Publish one candidate that has settled, or set it aside; an error of our own lets it wait."""
    try:
        return store.perform(lambda tx: _decide(tx, story, candidate, now=now), in_turn=True)
    except StoreError:
        raise
    except Exception as error:  # the edge of one job: logged, noted beside the candidate, and tried again
        log.exception("telling_broke", story=story.key, revision=candidate.revision)
        put_off(store, candidate.id, now=now, note=f"our own error: {type(error).__name__}: {error}"[:500])
        return None


def put_off(store: Store, candidate: int, *, now: datetime, note: str) -> None:
    """Let a candidate be tried again later, and say why."""
    with store.write(in_turn=True) as tx:
        postpone(tx, candidate, until=now + TRY_AGAIN, note=note)
        note_step(tx, StepKind.POSTPONE, at=now, candidate=candidate, note=note)


def _decide(tx: Connection, story: Story, candidate: Candidate, *, now: datetime) -> Published | None:
    hold_stories(tx, [story.key])  # so that what was told so far is all that was told, though others tell, too
    if not still_waits(tx, candidate.id):  # told or edited since it was looked up
        return None
    told = _tell(tx, story, candidate, now=now)
    note_step(tx, StepKind.TELL, at=now, candidate=candidate.id)
    return told


def _tell(tx: Connection, story: Story, candidate: Candidate, *, now: datetime) -> Published | None:
    echoed = same_body(tx, story.key, candidate.revision)
    if echoed is not None:
        corroborate(tx, echoed, candidate.statement, at=now)
        close_candidate(tx, candidate.id, state=SET_ASIDE, note="another family's copy of a published update")
        return None
    told = _told(tx, story, candidate)
    # An edit of what is told may correct it, whoever else says the same by now.
    echo = None if told.of_statement else echo_of(tx, story, candidate)
    if echo is not None:
        if echo.another_family:
            corroborate(tx, echo.update, candidate.statement, at=now)
        close_candidate(tx, candidate.id, state=SET_ASIDE, note=echo.note)
        return None
    text = revision_text(tx, candidate.revision)
    drafted = draft(text, story=story, told=told)
    for refusal in drafted.refused:
        log.warning("sentence_refused", story=story.key, reason=refusal.reason, revision=candidate.revision)
    if drafted.set_aside:
        close_candidate(tx, candidate.id, state=SET_ASIDE, note=drafted.set_aside)
        return None
    update = Draft(
        story=story.key,
        kind=drafted.kind,
        reason=drafted.reason,
        title=text.title,
        statement=candidate.statement,
        revision=candidate.revision,
        said_at=candidate.said_at,
        paragraphs=drafted.paragraphs,
        attributions=attributions_for(tx, candidate.statement, candidate.revision),
        corrects=drafted.corrects,
    )
    number = append(tx, update, at=now)
    close_candidate(tx, candidate.id, state=PUBLISHED)
    return Published(story=story.key, number=number, kind=drafted.kind, title=text.title)


def _told(tx: Connection, story: Story, candidate: Candidate) -> Told:
    # What the desk made of a statement's words does not tell the statement.
    of_statement = [one for one in updates_of(tx, story.key, statement=candidate.statement) if one.desk is None]
    sentences = told_so_far(tx, story.key)
    return Told(
        first=not sentences and not of_statement,
        sentences=sentences,
        of_statement=of_statement,
        revisions={update.number: revision_text(tx, update.revision) for update in of_statement},
        template=template_lines(tx, candidate.statement) if of_statement else frozenset(),
    )

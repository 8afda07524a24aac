"""Settled candidates become numbered updates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from aggregator.config import Config, Story
from aggregator.config.types import EXTRACTIVE
from aggregator.model import Text
from aggregator.pipeline.echoing import ToldKin, echo_of, next_to_tell, told_kin
from aggregator.pipeline.paraphrasing import Asking, retold
from aggregator.pipeline.published import Published
from aggregator.pipeline.trouble import TRY_AGAIN, own_error
from aggregator.pipeline.withdrawing import withdraw_ready
from aggregator.store import Store, StoreError
from aggregator.store.ledger import Draft, append, corroborate, hold_stories
from aggregator.store.pages import attributions_for, families_of, same_body
from aggregator.store.refusals import note_refusals
from aggregator.store.statements import revision_text
from aggregator.store.steps import StepKind, note_step
from aggregator.store.stories import PUBLISHED, SET_ASIDE, close_candidate, postpone, ready_stories, still_waits
from aggregator.store.takebacks import TAKEN_BACK, is_taken_back
from aggregator.store.told import texts_told, told_of, update_ids
from aggregator.store.watching import watch_told
from aggregator.stories.drafting import Drafted, Told, draft
from aggregator.stories.reasons import what_tells
from aggregator.stories.repeating import told_from
from aggregator.stories.settling import Candidate

WATCH_FOR = timedelta(days=60)

log = structlog.get_logger()


def tell_ready(store: Store, config: Config, *, now: datetime, enough: Callable[[], bool] = bool) -> list[Published]:
    """Publish everything that has settled, each update in a transaction of its own, in the order in which it was said.

    `enough` is asked before each: once it is true, the rest waits for the next call.
    """
    published = []
    ask = Asking(store=store, config=config)
    for story, candidate in ready_to_tell(store, config, now=now):
        if enough():
            break
        for update in tell_one(store, story, candidate, now=now, watch_for=config.service.watch_for, ask=ask):
            log.info(
                "published", story=update.story, number=update.number, kind=update.kind.value, title=update.title,
                lag_s=(now - candidate.seen_at).total_seconds(),
            )  # fmt: skip
            published.append(update)
    return published + withdraw_ready(store, config, now=now, enough=enough)


def ready_to_tell(store: Store, config: Config, *, now: datetime) -> list[tuple[Story, Candidate]]:
    """What has settled, in the order in which it is told."""
    with store.read() as tx:
        ready = [key for key in ready_stories(tx, now=now) if key in config.stories]
        return [(config.stories[key], one) for key in ready for one in next_to_tell(tx, config.stories[key], now=now)]


def tell_one(
    store: Store,
    story: Story,
    candidate: Candidate,
    *,
    now: datetime,
    watch_for: timedelta = WATCH_FOR,
    ask: Asking | None = None,
) -> list[Published]:
    """Publish one candidate that has settled, or set it aside; an error of our own lets it wait.

    An edit that corrects what was told and adds to it makes two updates, both or none. `watch_for`: how long its pages are
    looked at again. `ask` asks a digest engine before, if the story wants one; without it, only earlier answers are used.
    """
    try:
        if ask is not None:
            ask(story, candidate, now=now)
        return store.perform(lambda tx: _decide(tx, story, candidate, now=now, watch_for=watch_for), in_turn=True)
    except StoreError:
        raise
    except Exception as error:  # the edge of one job: logged, noted beside the candidate, and tried again
        log.exception("telling_broke", story=story.key, revision=candidate.revision)
        put_off(store, candidate.id, now=now, note=own_error(error))
        return []


def put_off(store: Store, candidate: int, *, now: datetime, note: str) -> None:
    """Let a candidate be tried again later, and say why."""
    with store.write(in_turn=True) as tx:
        postpone(tx, candidate, until=now + TRY_AGAIN, note=note)
        note_step(tx, StepKind.POSTPONE, at=now, candidate=candidate, note=note)


def _decide(tx: Connection, story: Story, candidate: Candidate, *, now: datetime, watch_for: timedelta) -> list[Published]:
    hold_stories(tx, [story.key])  # so that what was told so far is all that was told, though others tell, too
    if not still_waits(tx, candidate.id):  # told or edited since it was looked up
        return []
    told = _tell(tx, story, candidate, now=now)
    if told:
        watch_told(tx, candidate.statement, at=now, watch_for=watch_for)
    note_step(tx, StepKind.TELL, at=now, candidate=candidate.id)
    return told


def _tell(tx: Connection, story: Story, candidate: Candidate, *, now: datetime) -> list[Published]:
    if is_taken_back(tx, candidate.statement):
        close_candidate(tx, candidate.id, state=SET_ASIDE, note=TAKEN_BACK)
        return []
    told = told_of(tx, story.key, candidate.statement)
    # An edit of what is told may correct it, whoever else says the same by now.
    if not told.of_statement:
        if _is_same_body(tx, story, candidate, now=now):
            return []
        kin = told_kin(tx, story, candidate)
        if _is_echo(tx, candidate, kin, now=now):
            return []
        copied = {one.update.number for one in kin}
        told = replace(told, own={number: one for number, one in told.own.items() if number not in copied})
    text = revision_text(tx, candidate.revision)
    drafted: Drafted | None = _drafted(tx, story, candidate, text=text, told=told, now=now)
    published = []
    while drafted is not None:
        if drafted.set_aside:
            note = _repeats(tx, story, candidate, drafted.repeats, now=now) or drafted.set_aside
            close_candidate(tx, candidate.id, state=SET_ASIDE, note=note)
            return []
        published.append(_publish(tx, story, candidate, text, drafted, now=now))
        drafted = drafted.further
    close_candidate(tx, candidate.id, state=PUBLISHED)
    return published


def _drafted(tx: Connection, story: Story, candidate: Candidate, *, text: Text, told: Told, now: datetime) -> Drafted:
    """What to tell, in the words of the digest that the story wants; what the gate refused is kept."""
    if not told.of_statement:
        known = texts_told(tx, story.key, told_from(text.text, told.sentences, told.numbers))
        told = replace(told, known=known)
    drafted = draft(text, story=story, told=told)
    refused = [*drafted.refused, *(drafted.further.refused if drafted.further is not None else ())]
    note_refusals(tx, candidate.id, refused, digest=EXTRACTIVE, at=now)
    for refusal in refused:
        log.warning("sentence_refused", story=story.key, code=refusal.code.value, reason=refusal.reason, digest=EXTRACTIVE)
    return retold(tx, story, candidate, text=text, told=told, drafted=drafted, at=now)


def _is_same_body(tx: Connection, story: Story, candidate: Candidate, *, now: datetime) -> bool:
    """Set a candidate aside, as corroboration, that another family published word for word."""
    echoed = same_body(tx, story.key, candidate.revision)
    if echoed is None:
        return False
    corroborate(tx, echoed, candidate.statement, at=now)
    close_candidate(tx, candidate.id, state=SET_ASIDE, note="another family's copy of a published update")
    return True


def _is_echo(tx: Connection, candidate: Candidate, told: Sequence[ToldKin], *, now: datetime) -> bool:
    """Set a candidate aside that says what a published update tells; where another family says it, that is corroboration."""
    echo = echo_of(tx, candidate, told)
    if echo is None:
        return False
    if echo.another_family:
        corroborate(tx, echo.update, candidate.statement, at=now)
    close_candidate(tx, candidate.id, state=SET_ASIDE, note=echo.note)
    return True


def _repeats(tx: Connection, story: Story, candidate: Candidate, numbers: Sequence[int], *, now: datetime) -> str:
    """Note that a statement says some updates again in other words: as corroboration, where it is of another family."""
    if not numbers:
        return ""
    own = families_of(tx, [candidate.statement])[candidate.statement]
    told = update_ids(tx, story.key, numbers)
    others = [number for number in numbers if told[number][1] != own]
    for number in others:
        corroborate(tx, told[number][0], candidate.statement, at=now)
    whose = "in another family's words" if others else "once more"
    return f"says {whose} what {what_tells(others or numbers)}"


def _publish(tx: Connection, story: Story, candidate: Candidate, text: Text, drafted: Drafted, *, now: datetime) -> Published:
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
        replaces=drafted.replaces,
    )
    number = append(tx, update, at=now)
    return Published(story=story.key, number=number, kind=drafted.kind, title=text.title)

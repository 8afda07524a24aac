"""What a source took back becomes a `withdrawn` update of every story that told it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy import Connection, select

from aggregator.config import Config, Story
from aggregator.model import UpdateKind
from aggregator.pipeline.published import Published
from aggregator.pipeline.trouble import TRY_AGAIN, own_error
from aggregator.store import Store, StoreError
from aggregator.store.desk import shut_stories
from aggregator.store.ledger import Draft, append, hold_stories
from aggregator.store.pages import attributions_for, updates_of
from aggregator.store.schema import sources
from aggregator.store.steps import StepKind, note_step
from aggregator.store.stories import PUBLISHED, SET_ASIDE, WAITING
from aggregator.store.takebacks import Takeback, close_takeback, live_numbers, postpone_takeback, ready_takebacks, takeback
from aggregator.stories.reasons import gone_line, taken_back_line
from aggregator.stories.withdrawing import Basis

log = structlog.get_logger()


def withdraw_ready(store: Store, config: Config, *, now: datetime, enough: Callable[[], bool] = bool) -> list[Published]:
    """Publish what sources took back and has settled, each in a transaction of its own.

    `enough` is asked before each: once it is true, the rest waits for the next call.
    """
    published = []
    for story, one in ready_to_withdraw(store, config, now=now):
        if enough():
            break
        update = withdraw_one(store, story, one.id, now=now)
        if update is not None:
            log.info(
                "published", story=update.story, number=update.number, kind=update.kind.value, title=update.title,
                lag_s=(now - one.at).total_seconds(),
            )  # fmt: skip
            published.append(update)
    return published


def ready_to_withdraw(store: Store, config: Config, *, now: datetime) -> list[tuple[Story, Takeback]]:
    """What is to be taken back now, in the order in which it was noted, without that of stories that take no updates."""
    with store.read() as tx:
        ready = [(one.story, one) for one in ready_takebacks(tx, now=now) if one.story is not None]
        shut = shut_stories(tx, {key for key, _ in ready}) if ready else {}
    return [(config.stories[key], one) for key, one in ready if key in config.stories and key not in shut]


def withdraw_one(store: Store, story: Story, number: int, *, now: datetime) -> Published | None:
    """Take back what a story tells of a statement; an error of our own is tried again at the next call."""
    try:
        return store.perform(lambda tx: _withdraw(tx, story, number, now=now), in_turn=True)
    except StoreError:
        raise
    except Exception as error:  # the edge of one job: logged, noted, and tried again
        log.exception("withdrawing_broke", story=story.key, takeback=number)
        put_off_takeback(store, number, now=now, note=own_error(error))
        return None


def put_off_takeback(store: Store, number: int, *, now: datetime, note: str) -> None:
    """Let it be tried again later, and say why."""
    with store.write(in_turn=True) as tx:
        postpone_takeback(tx, number, until=now + TRY_AGAIN, note=note)
        note_step(tx, StepKind.PUT_OFF, at=now, note=f"{number} {note}")


def _withdraw(tx: Connection, story: Story, number: int, *, now: datetime) -> Published | None:
    hold_stories(tx, [story.key])
    found = takeback(tx, number, hold=True)
    if found is None or found.state != WAITING or shut_stories(tx, [story.key]):  # told meanwhile, or the source has it again
        return None
    note_step(tx, StepKind.WITHDRAW, at=now, note=str(number))
    live = live_numbers(tx, story.key, found.statement)
    if not live:
        close_takeback(tx, number, state=SET_ASIDE, note="nothing of it is told any more")
        return None
    told = {update.number: update for update in updates_of(tx, story.key, statement=found.statement)}
    newest = told[live[-1]]
    name = tx.execute(select(sources.c.name).where(sources.c.key == found.source)).scalar_one()
    update = Draft(
        story=story.key,
        kind=UpdateKind.WITHDRAWN,
        reason=gone_line(name, live, seen=found.words)
        if found.basis is Basis.GONE
        else taken_back_line(name, live, words=found.words),
        title=newest.title,
        statement=found.statement,
        revision=newest.revision,
        said_at=newest.said_at,
        paragraphs=(),
        attributions=attributions_for(tx, found.statement, newest.revision),
        corrects=live,
    )
    given = append(tx, update, at=now)
    close_takeback(tx, number, state=PUBLISHED)
    return Published(story=story.key, number=given, kind=UpdateKind.WITHDRAWN, title=newest.title)

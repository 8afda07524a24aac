"""Asking a digest engine before a candidate is told, and using what it answered while it is told.

The question is asked outside of every transaction. Its answer is kept by the hash of what was asked, and used only where the
same would be asked at the moment of telling; in any other case the extractive digest is what is published.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import Connection

from aggregator.config import Config, Story
from aggregator.config.types import EXTRACTIVE
from aggregator.engines.environment import BASE_URL, KEY, MODEL
from aggregator.model import Text
from aggregator.store import Store
from aggregator.store.answers import Asked, answer_for, last_failure, note_answer, spent_since
from aggregator.store.pages import same_body, told_so_far, updates_of
from aggregator.store.refusals import note_refusals
from aggregator.store.statements import revision_text
from aggregator.stories.drafting import Drafted, Told
from aggregator.stories.paraphrasing import Offer, accepted, offer
from aggregator.stories.settling import Candidate
from aggregator.text.storable import storable

if TYPE_CHECKING:
    from aggregator.engines.openai_compatible import OpenAICompatible

REST = timedelta(minutes=5)  # after a failure, in which nobody waits for the engine

log = structlog.get_logger()


@dataclass(kw_only=True)
class Asking:
    """Asks the engine for what is about to be told. For one round of telling: all questions of it share one time-out."""

    store: Store
    config: Config
    monotonic: Callable[[], float] = time.monotonic
    left: float = field(init=False)  # seconds

    def __post_init__(self) -> None:
        self.left = self.config.service.digest_timeout.total_seconds()

    def __call__(self, story: Story, candidate: Candidate, *, now: datetime) -> None:
        """Ask about a candidate, where that is wanted, and keep what came of it."""
        if (story.digest or EXTRACTIVE) == EXTRACTIVE or self.left <= 0:
            return
        engine = _engine(tuple(os.environ.get(name, "") for name in _names()))
        if engine is None:
            return
        asked = self._offer(story, candidate, now=now)
        if asked is None:
            return
        began = self.monotonic()
        answer = engine.ask(asked.messages, seconds=self.left)
        self.left -= self.monotonic() - began
        if answer.outcome != "answered":
            self.left = 0  # nobody else waits for it in this round
            log.warning("digest_engine_failed", story=story.key, outcome=answer.outcome, note=answer.note)
        kept = Asked(
            candidate=candidate.id,
            at=now,
            input=asked.hash,
            model=storable(engine.model),
            outcome=answer.outcome,
            sent=asked.signs,
            received=answer.received,
            answer=storable(answer.text),
        )
        with self.store.write() as tx:
            note_answer(tx, kept)

    def _offer(self, story: Story, candidate: Candidate, *, now: datetime) -> Offer | None:
        """What is to be asked, or None where nothing is: it was answered, nothing is new, or the budget is spent."""
        with self.store.read() as tx:
            if same_body(tx, story.key, candidate.revision) is not None or updates_of(
                tx, story.key, statement=candidate.statement
            ):
                return None  # a copy is not told, and a correction is made of what changed and of nothing else
            failed = last_failure(tx)
            if failed is not None and now - failed < REST:
                return None
            earlier = [text for _, text in told_so_far(tx, story.key)]
            asked = offer(revision_text(tx, candidate.revision), story=story, earlier=earlier)
            if asked is None or answer_for(tx, candidate.id, asked.hash) is not None:
                return None
            spent = spent_since(tx, now.replace(hour=0, minute=0, second=0, microsecond=0))
        service = self.config.service
        if spent.calls >= service.digest_calls or spent.characters + asked.signs > service.digest_characters:
            log.warning("digest_budget_spent", story=story.key, calls=spent.calls, characters=spent.characters)
            return None
        return asked


def _names() -> Sequence[str]:
    return BASE_URL, MODEL, KEY


@lru_cache(maxsize=4)  # what is wrong with an environment is said once
def _engine(values: tuple[str, ...]) -> OpenAICompatible | None:
    from aggregator.engines.openai_compatible import EngineError, from_environment  # noqa: PLC0415 - most services ask no engine

    try:
        return from_environment(dict(zip(_names(), values, strict=True)))
    except EngineError as error:
        log.error("digest_engine_unset", reason=str(error))
        return None


def retold(
    tx: Connection, story: Story, candidate: Candidate, *, text: Text, told: Told, drafted: Drafted, at: datetime
) -> Drafted:
    """A draft in the words of the engine, where one was asked the same and its answer holds; else the draft as it was.

    What the gate refused of the answer is kept.
    """
    by = story.digest or EXTRACTIVE
    if by == EXTRACTIVE or told.of_statement or not drafted.paragraphs:
        return drafted
    asked = offer(text, story=story, earlier=told.sentences)
    answer = answer_for(tx, candidate.id, asked.hash) if asked is not None else None
    if asked is None or answer is None:
        return drafted
    passed = accepted(answer, asked)
    note_refusals(tx, candidate.id, passed.refused, digest=by, at=at)
    for refusal in passed.refused:
        log.warning("sentence_refused", story=story.key, code=refusal.code.value, reason=refusal.reason, digest=by)
    return replace(drafted, paragraphs=passed.paragraphs) if passed.paragraphs else drafted

"""Revisions become candidates of the stories that want them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from aggregator.config import Story
from aggregator.model import RevisionId
from aggregator.store.stories import add_candidate, seen, seen_between, was_candidate
from aggregator.stories.matching import Seen, Wanted, why_it_matches


def consider(tx: Connection, stories: Iterable[Story], revisions: Iterable[RevisionId], *, now: datetime) -> int:
    """Match new revisions against the open stories; returns how many candidates that made."""
    open_stories = [(story, wanted(story)) for story in stories]
    made = 0
    for revision in revisions:
        found = seen(tx, revision)
        made += sum(_take_up(tx, story, what, found, now=now) for story, what in open_stories)
    return made


def consider_stored(tx: Connection, story: Story, *, now: datetime) -> None:
    """Match everything that is stored against a story that is new."""
    what = wanted(story)
    for found in list(seen_between(tx, what.start, what.end)):
        _take_up(tx, story, what, found, now=now)


def _take_up(tx: Connection, story: Story, what: Wanted, found: Seen, *, now: datetime) -> bool:
    why = why_it_matches(what, found)
    if why is None and was_candidate(tx, story.key, found.statement):
        why = "an edit of a statement of this story"  # that took the term out, perhaps: it must be seen all the same
    if why is None:
        return False
    add_candidate(tx, story.key, found, why=why, seen_at=now, settle=story.settle)
    return True


def wanted(story: Story) -> Wanted:
    """What a configured story takes up."""
    return Wanted(terms=story.terms, sources=story.sources, start=story.from_, end=story.until)

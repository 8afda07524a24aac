"""Revisions become candidates of the stories that want them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from aggregator.config import Story
from aggregator.model import StoryKey
from aggregator.pipeline.holding import expect
from aggregator.store.deciding import Verdict
from aggregator.store.desk import merges
from aggregator.store.statements import Settled
from aggregator.store.stories import Candidacies, seen_between
from aggregator.stories.matching import Matcher, Seen, Wanted


def consider(tx: Connection, stories: Iterable[Story], settled: Iterable[Settled], *, now: datetime) -> int:
    """Match the revisions that a listing made against the open stories; returns how many candidates that made."""
    made = [(one.decision.verdict, one.seen) for one in settled if one.seen is not None]
    edited = {seen.statement for verdict, seen in made if verdict is Verdict.REVISED}
    return _take_up(tx, list(stories), [seen for _, seen in made], Candidacies(tx, edited), now=now)


def consider_stored(tx: Connection, story: Story, *, now: datetime) -> None:
    """Match everything that is stored against a story that is new."""
    found = list(seen_between(tx, story.from_, story.until, language=story.language))
    _take_up(tx, [story], found, Candidacies(tx, {seen.statement for seen in found}), now=now)


def _take_up(
    tx: Connection, stories: Sequence[Story], found: Sequence[Seen], candidacies: Candidacies, *, now: datetime
) -> int:
    open_stories = [(story, wanted(story)) for story in stories]
    continued = {story: end for story, end in merges(tx).items() if end in {one.key for one in stories}} if found else {}
    by_key = {story.key: story for story in stories}
    for seen in found:
        matcher = Matcher(seen)
        takers: dict[StoryKey, str] = {}
        for story, what in open_stories:
            match = matcher.match(what)
            if match is not None:
                why = str(match)
            elif candidacies.know(story.key, seen.statement):  # that took the term out, perhaps: it must be seen all the same
                why = "an edit of a statement of this story"
            else:
                continue
            if story.key in continued:
                takers.setdefault(continued[story.key], f"{why} (as {story.key} has it, which is continued here)")
            else:
                takers[story.key] = why
        for key, why in takers.items():
            candidacies.add(by_key[key], seen, why=why, seen_at=now)
    made = candidacies.write(tx)
    if found:
        expect(tx, stories, found, candidacies.fresh, now=now)
    return made


def wanted(story: Story) -> Wanted:
    """What a configured story takes up."""
    return Wanted(
        terms=story.terms,
        none=story.none,
        forms=story.forms,
        min_score=story.min_score,
        sources=story.sources,
        lanes=story.lanes,
        lane_of=story.lane_of,
        start=story.from_,
        end=story.until,
    )

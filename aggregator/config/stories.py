"""What of a story only shows beside its other settings, or beside the sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from aggregator.config.addresses import Member
from aggregator.config.terms import Need, read_term
from aggregator.config.types import EXTRACTIVE, Digest, Source, Story
from aggregator.model import Lane

IN_TITLE = 2  # what a term counts at most


def with_members(story: Story, sources: Sequence[Member], *, digest: Digest = EXTRACTIVE) -> Story:
    """The story, following also the further addresses of the sources that it names; with the lane of each source, if asked,
    and with how long what it says settles.

    `digest`: what it is told by where it does not say so itself.
    """
    named = tuple(one.source.key for one in sources if {one.place[1], one.source.key} & set(story.sources))
    more = {"sources": named} if named else {}
    lanes = {"lane_of": {one.source.key: one.source.lane for one in sources}} if story.lanes else {}
    waits = {one.source.key: _time_to_settle(story, one.source) for one in sources}
    settle_of = {key: wait for key, wait in waits.items() if wait != story.settle.primary}
    return story.model_copy(update={**more, **lanes, "settle_of": settle_of, "digest": story.digest or digest})


def _time_to_settle(story: Story, source: Source) -> timedelta:
    """The most specific setting: of the source, else of its lane in the story, or of the story as a whole."""
    if source.settle is not None:
        return source.settle
    return story.settle.reporting if source.lane is Lane.REPORTING else story.settle.primary


def contradictions(story: Story) -> Iterator[tuple[str, str]]:
    """Settings of a story that leave nothing to take up: their names, each with a sentence."""
    followed = story.sources or tuple(story.lane_of)
    if story.lanes and not {story.lane_of.get(key) for key in followed} & set(story.lanes):
        yield "lanes", f"no source that the story follows is in the lane {' or '.join(story.lanes)}"
    most = IN_TITLE * len(set(story.terms))
    if story.min_score > most:
        yield "min_score", f"is {story.min_score}; {len(set(story.terms))} terms score {most} at most, each 2 in a title"
    for term in story.terms:
        for without in story.none:
            if _holds(term, without):
                yield "none", f"{without!r} leaves out whatever meets {term!r} of `terms`: that can never match"


def _holds(term: str, without: str) -> bool:
    """Whether a statement that meets a term meets another one, by the way in which they are written."""
    asked, other = read_term(term), read_term(without)
    return all(any(_is_one_of(need, wanted) for need in asked) for wanted in other)


def _is_one_of(need: Need, wanted: Need) -> bool:
    """Whether whatever meets a need is one of what is wanted."""
    choices = {_written(choice) for choice in _choices(wanted)}
    return all(_written(choice) in choices for choice in _choices(need))


def _choices(need: Need) -> Iterator[tuple[str, ...]]:
    yield from (tuple(chunk.text + "*" * chunk.begins for chunk in choice.chunks) for choice in need)


def _written(choice: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(chunk.casefold() for chunk in choice)

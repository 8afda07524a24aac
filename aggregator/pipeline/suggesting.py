"""Stories that might be followed, found in what is stored; and terms for what a story misses.

Everything is read in batches, twice: once to find what belongs together, once to see what the terms that are tried would catch.
Of a statement only its line is kept, of a term that is tried one bit for each statement.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aggregator.config import Config, Story
from aggregator.config.storydraft import StoryDraft, key_from_title, terms_line
from aggregator.config.writing import free_key
from aggregator.model import StatementId, StoryKey
from aggregator.pipeline.matching import wanted
from aggregator.store import Store
from aggregator.store.suggestible import how_many_said, in_open_stories, said_between, these
from aggregator.stories.explaining import judge
from aggregator.stories.matching import Matcher, Seen
from aggregator.stories.suggesting import (
    MOST_SAMPLED,
    Addition,
    Proposal,
    Said,
    Trial,
    additions,
    days_of,
    missed_by,
    proposal,
    worth_following,
)
from aggregator.stories.termchoice import Tally

MOST_NOTED = 12  # statements that a comment of the block names

Advance = Callable[[str, int, int], None]  # what is done, how much of it, of how much


class Stream(Protocol):
    """Puts texts that come one by one into stories."""

    def add(self, key: str, title: str, text: str, published: datetime, language: str) -> str:
        """Take a text; returns the label of its story."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A story that might be followed, and the text for `feeds.toml`."""

    key: str
    proposal: Proposal
    others: Sequence[Said]  # that its terms would catch, too
    block: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """What was found in a stretch of time."""

    start: datetime
    end: datetime
    read: int  # statements
    suggestions: Sequence[Suggestion]  # best first
    more: int  # clusters that are worth following, beyond those that were asked for
    without_terms: Sequence[str]  # titles of clusters for which no precise terms were found
    missing: Mapping[StoryKey, int]  # how many statements open stories may miss


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """What a story misses, and what would catch it."""

    story: StoryKey
    read: int
    missed: Sequence[Said]  # what terms might catch
    barred: Mapping[StatementId, Sequence[str]]  # what no term can: why not
    matching: Sequence[Said]  # what its terms catch, and came before they were written
    additions: Sequence[Addition]
    titles: Mapping[StatementId, Said]  # of all statements that these name
    line: str  # `terms` with these; "" where there are none


class _Window:
    """A stretch of time, read batch by batch."""

    def __init__(self, store: Store, start: datetime, end: datetime, *, language: str, advance: Advance) -> None:
        self.store, self.start, self.end = store, start, end
        self.language, self._advance = language, advance
        self.said: dict[StatementId, Said] = {}
        with store.read() as tx:
            self._total = how_many_said(tx, start, end)
            self.has = in_open_stories(tx, start, end)

    def clusters(self, stream: Stream) -> list[list[Said]]:
        """What belongs together, each in the order in which it was said."""
        found: dict[str, list[Said]] = {}
        for said, seen in said_between(self.store, self.start, self.end, language=self.language):
            label = stream.add(str(seen.statement), seen.title, seen.text, seen.said_at, seen.language)
            found.setdefault(label, []).append(said)
            self.said[said.statement] = said
            self._advance("grouping", len(self.said), self._total)
        return list(found.values())

    def trial(self, members: Iterable[Said]) -> Trial:
        """Terms to be tried for some statements; of very many, the newest are looked at."""
        newest = sorted(members, key=lambda one: (one.first, one.statement))[-MOST_SAMPLED:]
        return Trial.of(list(these(self.store, [one.statement for one in newest], language=self.language)))

    def tally(self, trials: Iterable[Trial]) -> Tally:
        """What the terms of trials would catch."""
        terms = dict.fromkeys(term for one in trials for term in (*one.words, *one.phrases))
        tally = Tally(terms, self.said)
        for done, (_, seen) in enumerate(said_between(self.store, self.start, self.end, language=self.language), 1):
            tally.add(seen)
            self._advance("trying terms", done, self._total)
        return tally


def suggest(
    store: Store, config: Config, stream: Stream, *, start: datetime, end: datetime, most: int, advance: Advance
) -> Suggested:
    """Propose stories out of what was said between two moments."""
    window = _Window(store, start, end, language=_language(config.stories.values()), advance=advance)
    clusters = window.clusters(stream)
    good = worth_following(clusters, window.has)
    trials = [window.trial(cluster) for cluster in good[:most]]
    tally = window.tally(trials)
    proposals = [_proposal(window, one, trial, tally) for one, trial in zip(good, trials, strict=False)]
    return Suggested(
        start=start,
        end=end,
        read=len(window.said),
        suggestions=_suggestions([one for one in proposals if one is not None], window.said, set(config.stories)),
        more=len(good[most:]),
        missing=_missing(clusters, window, config),
        without_terms=[cluster[0].title for cluster, one in zip(good, proposals, strict=False) if one is None],
    )


def _missing(clusters: Sequence[Sequence[Said]], window: _Window, config: Config) -> Mapping[StoryKey, int]:
    counts = {key: len(missed_by(clusters, window.has, key)) for key in config.stories}
    return {key: count for key, count in counts.items() if count}


def _proposal(window: _Window, cluster: Sequence[Said], trial: Trial, tally: Tally) -> Proposal | None:
    first, until = days_of(cluster)
    within = [one.statement for one in window.said.values() if one.last.date() >= first and one.first.date() <= until]
    return proposal(cluster, trial, tally, within=tally.mask(within))


def _suggestions(proposals: Iterable[Proposal], said: Mapping[StatementId, Said], taken: set[StoryKey]) -> Sequence[Suggestion]:
    suggestions, keys = [], {str(key) for key in taken}
    for one in proposals:
        key = free_key(key_from_title(one.title), keys)
        keys.add(key)
        others = [said[other] for other in one.others]
        draft = StoryDraft(
            key=key,
            title=one.title,
            from_=one.from_,
            until=one.until,
            terms=one.terms,
            language=one.language,
            notes=list(_notes(one, others)),
        )
        draft.story()  # raises where the file could not hold it
        suggestions.append(Suggestion(key=key, proposal=one, others=others, block=draft.block()))
    return suggestions


def _notes(one: Proposal, others: Sequence[Said]) -> Iterable[str]:
    families = len({member.family for member in one.members})
    count = f"{len(one.members)} statements of {families} famil{'ies' if families > 1 else 'y'}"
    yield f"{count}, the first said on {one.from_}:"
    yield from _named(one.members)
    if others:
        yield f"Its terms would also catch {len(others)}:"
        yield from _named(others)
    if one.left_out:
        yield f"Left out, as no precise term was found for them: {len(one.left_out)}:"
        yield from _named(one.left_out)


def _named(some: Sequence[Said]) -> Iterable[str]:
    yield from (f"  {one.statement} {one.source}: {one.title}" for one in some[:MOST_NOTED])
    if len(some) > MOST_NOTED:
        yield f"  and {len(some) - MOST_NOTED} more"


def _language(stories: Iterable[Story]) -> str:
    """In which language statements are looked at that have several: that of most stories."""
    languages = sorted(story.language for story in stories)
    return max(languages, key=languages.count, default="en")


def suggest_for(store: Store, story: Story, stream: Stream, *, start: datetime, end: datetime, advance: Advance) -> Missed:
    """Terms that would catch what a story misses: members of the clusters of its statements that it did not take up."""
    window = _Window(store, start, end, language=story.language, advance=advance)
    missed = missed_by(window.clusters(stream), window.has, story.key)
    matching, barred = _sorted_out(window, story, missed)
    open_ = [one for one in missed if one.statement not in barred and one.statement not in matching]
    found: Sequence[Addition] = ()
    if open_:
        trial = window.trial(open_)
        tally = window.tally([trial])
        own = [one for one, stories in window.has.items() if story.key in stories]
        found = additions(trial, tally, missed=[one.statement for one in open_], neutral=tally.mask([*own, *matching]))
    named = {*barred, *(other for one in found for other in (*one.adds, *one.others))}
    return Missed(
        story=story.key,
        read=len(window.said),
        missed=open_,
        barred=barred,
        matching=[window.said[one] for one in matching],
        additions=found,
        titles={one: window.said[one] for one in sorted(named)},
        line=terms_line([*story.terms, *(one.term for one in found)]) if found else "",
    )


def _sorted_out(
    window: _Window, story: Story, missed: Collection[Said]
) -> tuple[list[StatementId], dict[StatementId, Sequence[str]]]:
    """Of what a story misses: what its terms catch already, and what no term can, with the reasons."""
    what, matching, barred = wanted(story), [], {}
    for seen in these(window.store, [one.statement for one in missed], language=window.language):
        judgement = judge(what, Matcher(seen))
        if judgement.match is not None:
            matching.append(seen.statement)
        elif reasons := _without_terms(story, seen):
            barred[seen.statement] = reasons
    return matching, barred


def _without_terms(story: Story, seen: Seen) -> Sequence[str]:
    """What stands in the way of a statement whatever the terms are."""
    any_term = wanted(story.model_copy(update={"terms": ("",), "min_score": 1}))  # which everything meets
    return judge(any_term, Matcher(seen)).against

"""New stories, proposed from clusters of statements; and terms for what a story misses. Values in, values out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Self

from aggregator.model import SourceKey, StatementId, StoryKey
from aggregator.stories.matching import Seen, span
from aggregator.stories.termchoice import (
    MOST_PHRASES,
    Chosen,
    Tally,
    candidate_words,
    choose,
    options,
    phrase_of,
)
from aggregator.stories.terms import plain
from aggregator.text.fingerprint import words

LEAST_ALONE = 3  # statements of one family that make a story; of several families, two do
KEEPS_ON = timedelta(days=14)  # after its newest statement, a proposed story takes up what comes
MOST_TITLE = 120  # characters
MOST_SAMPLED = 60  # members of which words are sought


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A statement as a cluster keeps it: without its text."""

    statement: StatementId
    source: SourceKey
    family: str
    title: str
    first: datetime  # the first and the last moment at which it may have been said
    last: datetime
    language: str

    @classmethod
    def of(cls, seen: Seen, *, family: str) -> Self:
        """What a cluster keeps of a revision."""
        first, last = span(seen)
        return cls(
            statement=seen.statement,
            source=seen.source,
            family=family,
            title=_shortened(seen.title),
            first=first,
            last=last,
            language=seen.language,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A story that might be followed."""

    title: str
    language: str
    from_: date
    until: date
    terms: Sequence[str]
    members: Sequence[Said]  # that the terms catch, in the order in which they were said
    left_out: Sequence[Said]  # of the cluster: no precise term was found
    others: Sequence[StatementId]  # that the terms would catch, too


def worth_following(clusters: Iterable[Sequence[Said]], taken: Collection[StatementId]) -> list[list[Said]]:
    """The clusters that make a story, best first, without what an open story has: most families, then most statements.

    A cluster of which open stories have a third is theirs: what of it they miss, `missed_by` tells.
    """
    good = []
    for cluster in clusters:
        free = [one for one in cluster if one.statement not in taken]
        families = {one.family for one in free}
        if 3 * len(free) > 2 * len(cluster) and (len(families) > 1 or len(free) >= LEAST_ALONE):
            good.append(free)
    return sorted(good, key=lambda some: (-len({one.family for one in some}), -len(some), some[0].first, some[0].statement))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Terms that are tried for some statements, before it is known what else they catch."""

    words: Mapping[str, float]  # with their worth
    phrases: Sequence[str]

    @classmethod
    def of(cls, members: Sequence[Seen]) -> Self:
        """What may catch statements, found in their titles and texts."""
        phrases = dict.fromkeys(phrase for one in members if (phrase := phrase_of(one.title)))
        return cls(words=candidate_words(members), phrases=list(phrases)[:MOST_PHRASES])

    def chosen(self, tally: Tally, *, members: int, neutral: int = 0) -> list[Chosen]:
        """The best of them."""
        return choose(options(self.words, self.phrases, tally), members=members, neutral=neutral)


def proposal(cluster: Sequence[Said], trial: Trial, tally: Tally, *, within: int, neutral: int = 0) -> Proposal | None:
    """A story for a cluster, or None where no precise terms catch enough of it to make one: of which most have no term in
    common with another, no term will catch what comes.

    `within`: the statements that were said within the window of `days_of`, a bit for each. `neutral` are those that are neither
    wanted nor in the way.
    """
    members = tally.mask(one.statement for one in cluster)
    chosen = trial.chosen(tally, members=members, neutral=neutral | ~within)
    caught = 0
    for one in chosen:
        caught |= one.adds
    own = set(tally.statements(caught))
    kept = [one for one in cluster if one.statement in own]
    in_common = sum(one.adds.bit_count() for one in chosen if one.adds.bit_count() > 1)
    if 2 * in_common < len(kept) or not worth_following([kept], ()):
        return None
    others = 0
    for one in chosen:
        others |= one.others
    first, until = days_of(kept)
    return Proposal(
        title=title_of(kept),
        language=Counter(one.language for one in kept).most_common(1)[0][0],
        from_=first,
        until=until,
        terms=[one.term for one in chosen],
        members=kept,
        left_out=[one for one in cluster if one.statement not in own],
        others=tally.statements(others),
    )


def days_of(cluster: Sequence[Said]) -> tuple[date, date]:
    """The first and the last day of a story of these statements, in UTC."""
    last = max(one.last for one in cluster).astimezone(UTC).date()
    most = (date.max - last).days - 1  # what a source dates may lie at the end of time
    return min(one.first for one in cluster).astimezone(UTC).date(), last + min(KEEPS_ON, timedelta(days=max(most, 0)))


def title_of(members: Sequence[Said]) -> str:
    """The title that has most in common with the others: for each of its words, in how many titles it stands, on average."""
    there = [frozenset(words(plain(one.title))) for one in members]
    count = Counter(word for some in there for word in some)
    best = max(
        range(len(members)),
        key=lambda at: (sum(count[word] for word in there[at]) / (len(there[at]) + 1), -len(members[at].title), -at),
    )
    title = members[best].title
    return title if any(map(str.isalnum, title)) else "A story"


def _shortened(title: str) -> str:
    """A title in one line, cut behind a word."""
    line = " ".join(title[: 4 * MOST_TITLE].split())
    return line if len(line) <= MOST_TITLE else f"{line[:MOST_TITLE].rpartition(' ')[0] or line[:MOST_TITLE]} …"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A term that would catch what a story misses."""

    term: str
    adds: Sequence[StatementId]
    others: Sequence[StatementId]


def additions(trial: Trial, tally: Tally, *, missed: Iterable[StatementId], neutral: int) -> list[Addition]:
    """Terms that would catch what a story misses, the one that adds most first. `neutral`: what it has."""
    chosen = trial.chosen(tally, members=tally.mask(missed), neutral=neutral)
    return [Addition(term=one.term, adds=tally.statements(one.adds), others=tally.statements(one.others)) for one in chosen]


def missed_by(
    clusters: Iterable[Sequence[Said]], has: Mapping[StatementId, Collection[StoryKey]], story: StoryKey
) -> list[Said]:
    """The statements of a story's clusters that it did not take up. A cluster is its own if no other story has more of it."""
    missed = []
    for cluster in clusters:
        counts = Counter(key for one in cluster for key in has.get(one.statement, ()))
        if counts[story] and counts[story] == max(counts.values()):
            missed += [one for one in cluster if story not in has.get(one.statement, ())]
    return sorted(missed, key=lambda one: (one.first, one.statement))

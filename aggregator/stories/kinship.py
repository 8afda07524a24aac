"""Which statements say the same as one another, and which of them a story tells.

Likeness goes from statement to statement: the copy of a copy is a copy of the first. But a veto between two stands, whoever
stands between them: similar is not the same, and a missed merge is better than a false one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from aggregator.model import RevisionId, StatementId
from aggregator.stories.settling import Candidate
from aggregator.text.fingerprint import words

FARTHEST = 8  # steps from copy to copy
MOST_KIN = 200  # statements that are looked at: a text that goes round the world has fewer copies


RUN = 4  # words in a row by which it is seen that a text stands in another
# What a page puts around a copy, at most: less than this is no addition. (`near.verdict` allows as much of a frame.)
FRAME_WORDS, FRAME_SHARE = 40, 1 / 3
LONG_WORD = 5  # letters, at least, of a word that says what a paragraph is about
FOREIGN = 0.5  # share of these that the copied text has nowhere: with fewer, a paragraph is perhaps one of its own reworded


class KinKind(StrEnum):
    """What came of holding two versions against each other."""

    COPY = "copy"  # the same text, but for its looks
    TRANSLATION = "translation"  # the same in another language
    VETOED = "vetoed"  # alike, and yet not the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Two versions that were held against each other; `other` was there first."""

    statement: StatementId
    revision: RevisionId
    other: StatementId
    other_revision: RevisionId
    kind: KinKind

    def from_(self, statement: StatementId) -> tuple[RevisionId, StatementId, RevisionId]:
        """The same as one of the two sees it: its own version, the other statement, and that one's version."""
        if statement == self.statement:
            return self.revision, self.other, self.other_revision
        return self.other_revision, self.statement, self.revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """A statement that says the same as another."""

    statement: StatementId
    revision: RevisionId  # the version that was found to be the same
    kind: KinKind  # translation, where any step on the way is one
    steps: int  # 1: found directly; else by others between them


LinksOf = Callable[[Collection[StatementId]], Mapping[StatementId, Sequence[Link]]]


def kin_of(statement: StatementId, revision: RevisionId, links_of: LinksOf) -> list[Kin]:
    """The statements that say what one version of a statement says, nearest first.

    The first step goes from this very version: what an earlier one was like says nothing of an edit. `links_of` gives the
    links of some statements, and is asked once for each step.
    """
    own = links_of([statement]).get(statement, ())
    first = [one for one in own if one.from_(statement)[0] == revision]
    forbidden = {one.from_(statement)[1] for one in first if one.kind is KinKind.VETOED}
    found: dict[StatementId, Kin] = {}
    links: Mapping[StatementId, Sequence[Link]] = {statement: first}
    around = [Kin(statement=statement, revision=revision, kind=KinKind.COPY, steps=0)]
    while around and around[0].steps < FARTHEST and len(found) < MOST_KIN:
        nearest: dict[StatementId, Kin] = {}
        for kin in around:
            for link in links.get(kin.statement, ()):
                _, other, version = link.from_(kin.statement)
                if link.kind is KinKind.VETOED or other in forbidden or other == statement or other in found:
                    continue
                kind = KinKind.TRANSLATION if KinKind.TRANSLATION in (link.kind, kin.kind) else KinKind.COPY
                nearest.setdefault(other, Kin(statement=other, revision=version, kind=kind, steps=kin.steps + 1))
        around = sorted(nearest.values(), key=lambda one: one.statement)[: MOST_KIN - len(found)]
        found |= {one.statement: one for one in around}
        links = links_of([one.statement for one in around]) if around else {}
    return list(found.values())


def says_more(text: str, told: str) -> bool:
    """Whether a text goes on beyond one that it holds: a report of which only the first line was told before, say.

    Such a text is a near-copy, for the shorter stands in the longer; but to set it aside would be to miss what it adds. What is
    put around a copy may be the page's frame, so it must be a good part of the whole; what is put between two parts of it,
    about something else, is a paragraph of the reporter's own, however long the copy is.
    """
    own, there = words(text), words(told)
    known = {there[at : at + RUN] for at in range(len(there) - RUN + 1)}
    covered = [False] * len(own)
    for at in range(len(own) - RUN + 1):
        if own[at : at + RUN] in known:
            covered[at : at + RUN] = [True] * RUN
    new = covered.count(False)
    if new <= FRAME_WORDS:
        return False
    return new > FRAME_SHARE * len(own) or any(_is_foreign(own[start:end], there) for start, end in _between(covered))


def _between(covered: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """The stretches of words, longer than a frame, that are not covered and stand between such as are."""
    start = 0
    for is_covered, some in groupby(covered):
        end = start + len(list(some))
        if not is_covered and start > 0 and end < len(covered) and end - start > FRAME_WORDS:
            yield start, end
        start = end


def _is_foreign(stretch: Sequence[str], text: Sequence[str]) -> bool:
    """Whether most of the long words of a stretch stand nowhere in a text."""
    own = {word for word in stretch if len(word) >= LONG_WORD}
    return len(own - {*text}) > FOREIGN * len(own)


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """What decides which of several candidates that say the same is told."""

    candidate: Candidate
    told: bool  # the story tells an earlier version of its statement: this one puts that right
    fits: bool  # is in the story's language
    primary: bool  # speaks for itself

    @property
    def rank(self) -> tuple[bool, bool, bool, tuple[datetime, datetime, str, int]]:
        """The least goes first: an edit of what is told, the story's language, who speaks for itself, who said it first."""
        return not self.told, not self.fits, not self.primary, self.candidate.order


def in_turn(
    ready: Sequence[Candidate], waiting: Sequence[Candidate], voices: Mapping[int, Voice], kin: Mapping[int, Collection[int]]
) -> list[Candidate]:
    """The candidates to tell now, where of those that say the same the best goes first and the others follow it.

    `ready` are those that have settled, in their order, `waiting` all that wait; `kin` has for each ready one the others, by
    their numbers, that say the same. One is held back while a better one has not settled that was seen before the first was
    ready; as with `settled`, that holds it up no longer than once more the time to settle, or until an edit of what is told has
    settled, which it says again.
    """
    settled = {one.id for one in ready}
    unready = {one.id for one in waiting} - settled
    better = {one.id: _better(one, voices, kin) for one in ready}
    held = {one.id for one in ready if any(other.id in unready and other.seen_at <= one.settles_at for other in better[one.id])}
    told: dict[int, Candidate] = {}
    for one in ready:
        if one.id not in held:
            first = [other for other in better[one.id] if other.id in settled and other.id not in held]
            told |= {each.id: each for each in (*first, one) if each.id not in told}
    return list(told.values())


def _better(one: Candidate, voices: Mapping[int, Voice], kin: Mapping[int, Collection[int]]) -> list[Candidate]:
    """The candidates that say the same and go before one, the best first."""
    before = [voices[other] for other in kin.get(one.id, ()) if voices[other].rank < voices[one.id].rank]
    return [voice.candidate for voice in sorted(before, key=lambda voice: voice.rank)]

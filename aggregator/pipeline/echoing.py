"""Which candidates only say again what a story tells, or will: one of them is told, and the others stand beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from aggregator.config import Story
from aggregator.store.likenesses import KnownLinks
from aggregator.store.pages import TellingUpdate, families_of, updates_telling
from aggregator.store.statements import revision_text
from aggregator.store.stories import speakers, waiting
from aggregator.stories.kinship import Kin, KinKind, Voice, in_turn, kin_of, says_more
from aggregator.stories.settling import Candidate, settled


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldKin:
    """A published update that tells what a candidate says, too, and how near that is to it."""

    update: TellingUpdate
    kin: Kin


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo:
    """A candidate that says what a published update tells."""

    update: int  # its id
    another_family: bool  # else it is only set aside: a publisher is no second voice beside itself
    note: str


def next_to_tell(tx: Connection, story: Story, *, now: datetime) -> list[Candidate]:
    """What of a story has settled, in the order in which it is told: of those that say the same, the best first."""
    all_waiting = waiting(tx, story.key)
    ready = settled(all_waiting, now=now)
    if not ready:
        return []
    links = KnownLinks(tx)
    links.of({one.statement for one in ready})
    of_statement: dict[int, list[int]] = {}
    for one in all_waiting:
        of_statement.setdefault(one.statement, []).append(one.id)
    kin: dict[int, list[int]] = {}
    for one in ready:
        same = kin_of(one.statement, one.revision, links.of)
        others = [other for near in same for other in of_statement.get(near.statement, ())]
        if others:
            kin[one.id] = others
    among = kin.keys() | {other for others in kin.values() for other in others}
    return in_turn(ready, all_waiting, _voices(tx, story, [one for one in all_waiting if one.id in among]), kin)


def _voices(tx: Connection, story: Story, some: Sequence[Candidate]) -> dict[int, Voice]:
    if not some:
        return {}
    known = speakers(tx, story.key, [one.id for one in some])
    return {
        one.id: Voice(
            candidate=one,
            told=known[one.id].told,
            fits=known[one.id].language in ("", story.language.partition("-")[0].lower()),
            primary=known[one.id].primary,
        )
        for one in some
    }


def told_kin(tx: Connection, story: Story, candidate: Candidate) -> list[ToldKin]:
    """The published updates that say the same as a candidate in a copy, a copy of a copy or another language."""
    kin = {one.statement: one for one in kin_of(candidate.statement, candidate.revision, KnownLinks(tx).of)}
    told = updates_telling(tx, story.key, kin) if kin else []
    return [ToldKin(update=update, kin=kin[update.statement]) for update in told]


def echo_of(tx: Connection, candidate: Candidate, told: Sequence[ToldKin]) -> Echo | None:
    """The nearest of a candidate's `told_kin`, or None.

    None, too, where the candidate is a copy and goes on beyond what it copies: then what it adds is told.
    """
    if not told:
        return None
    nearest = min(told, key=_nearness)
    if nearest.kin.kind is KinKind.COPY and _says_more(tx, candidate, nearest.update):
        return None
    own = families_of(tx, [candidate.statement])[candidate.statement]
    another = nearest.update.family != own
    return Echo(update=nearest.update.id, another_family=another, note=_note(nearest.kin, nearest.update, another=another))


def _nearness(one: ToldKin) -> tuple[bool, int, int]:
    return one.update.revision != one.kin.revision, one.kin.steps, -one.update.number


def _says_more(tx: Connection, candidate: Candidate, told: TellingUpdate) -> bool:
    return says_more(revision_text(tx, candidate.revision).text, revision_text(tx, told.revision).text)


def _note(kin: Kin, update: TellingUpdate, *, another: bool) -> str:
    whose = "another family's" if another else "a"
    what = f"{whose} version in another language" if kin.kind is KinKind.TRANSLATION else f"{whose} copy"
    return f"{what} of statement {kin.statement}, which Update.{update.number} tells"

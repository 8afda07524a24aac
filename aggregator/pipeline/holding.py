"""Which candidates wait for what may still come: a second family, a version in the story's language.

Decided when a poll has stored what it brought, of that and of what is kin to it. So a hold follows from what is stored and from
the clock of the poll, a replay comes to the same, and nobody looks at what is held again and again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection

from aggregator.config import Story
from aggregator.model import StatementId
from aggregator.store.holding import Held, any_expecting, going_on, languages_in, same_texts
from aggregator.store.likenesses import KnownLinks
from aggregator.store.pages import said_of
from aggregator.store.stories import EXPECTING, WAITING, let_wait
from aggregator.stories.corroborating import also_reported
from aggregator.stories.kinship import kin_of
from aggregator.stories.matching import Seen
from aggregator.stories.settling import Prospect, Rules, fits, hold_of, time_to_settle


def expect(tx: Connection, stories: Iterable[Story], seen: Iterable[Seen], fresh: Collection[int], *, now: datetime) -> None:
    """Hold of the fresh candidates those that have to wait, and let go of the held ones what need not wait any longer.

    `seen`: the versions that came. A candidate that was never held, or was released, is not held later.
    """
    holding = {one.key: one for one in stories if one.hold_reporting or one.wait_language}
    if not holding:
        return
    links, came, new = KnownLinks(tx), list(seen), frozenset(fresh)
    near = {one.statement for one in came}
    if any_expecting(tx, holding.keys()):  # else nobody is let go: what is like the versions that came need not be known
        near |= {other for one in came for other in _same(tx, one, links)}
    for candidate in going_on(tx, holding.keys(), near):
        if candidate.state == EXPECTING or candidate.id in new:
            _look_at(tx, holding[candidate.story], candidate, links, now=now)


def _look_at(tx: Connection, story: Story, one: Held, links: KnownLinks, *, now: datetime) -> None:
    usual = time_to_settle(one.source, usual=story.settle.primary, settle_of=story.settle_of)
    ready = one.seen_at + usual
    # A new story takes up what was said long ago: nobody else will say it now.
    first = min(one.seen_at, one.stored_at)
    hold = hold_of(_prospect(tx, story, one, links), rules_of(story), seen_at=first, settles_at=ready)
    if hold is not None:
        let_wait(tx, one.id, state=EXPECTING, until=hold.until, note=hold.why)
    elif one.state == EXPECTING:
        let_wait(tx, one.id, state=WAITING, until=max(ready, now))


def _prospect(tx: Connection, story: Story, one: Held, links: KnownLinks) -> Prospect:
    same = _same(tx, one, links)
    languages = languages_in(tx, story.key, {one.statement, *same}) if story.wait_language else set()
    return Prospect(
        primary=one.primary,
        told=one.told,
        language=one.language,
        second_voice=not story.hold_reporting or _second_voice(tx, one.statement, same),
        fitting_version=any(fits(language, story.language) for language in languages),
    )


def _second_voice(tx: Connection, statement: StatementId, same: Collection[StatementId]) -> bool:
    """Whether another family says the same, and reprints nobody who was heard."""
    if not same:
        return False
    said = said_of(tx, {statement, *same})
    others = [said[other] for other in sorted(same)]
    return any(one.independent for one in also_reported(0, said[statement], others))


def _same(tx: Connection, one: Seen | Held, links: KnownLinks) -> set[StatementId]:
    """The statements that say the same as a version, in whatever language."""
    kin = {kin.statement for kin in kin_of(one.statement, one.revision, links.of)}
    return kin | same_texts(tx, one.revision)


def rules_of(story: Story) -> Rules:
    """How long a configured story lets a candidate wait."""
    return Rules(language=story.language, hold_reporting=story.hold_reporting, wait_language=story.wait_language)

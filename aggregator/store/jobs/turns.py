"""Turns at hosts, kept for all programs that ask them: one holder at a time, by the clock of the database."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from aggregator.store.jobs.link import Link

LONGEST_NAME = 200  # characters; an index takes no names of any length
FORGET_AFTER = "1 day"  # since a group was last asked, or its rest was over
COLLISIONS = 5  # two programs that each wait for a row of the other: the database lets one of them go

# In the order of the names, as two programs that want the same ones must not each hold what the other waits for.
# What is left and what is taken are never the same row in one question, which could not change it twice.
_TURN = """
WITH leaving AS (
    SELECT turns.name, l.rest FROM turns JOIN unnest(%s::text[], %s::float8[]) AS l (name, rest) ON turns.name = l.name
    WHERE turns.holder = %s ORDER BY turns.name FOR UPDATE OF turns
), gone AS (
    UPDATE turns SET holder = NULL, until = 'epoch',
        ready_at = greatest(ready_at, clock_timestamp() + make_interval(secs => leaving.rest))
    FROM leaving WHERE turns.name = leaving.name
), wanted AS (
    SELECT name FROM unnest(%s::text[]) AS w (name) ORDER BY name
), taken AS (
    INSERT INTO turns (name, holder, until) SELECT name, %s, clock_timestamp() + make_interval(secs => %s) FROM wanted
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
    WHERE turns.until <= clock_timestamp() AND turns.ready_at <= clock_timestamp()
    RETURNING name
)
SELECT wanted.name, taken.name IS NOT NULL,
    coalesce(extract(epoch FROM turns.ready_at - clock_timestamp())::float8, 0),
    coalesce(extract(epoch FROM turns.until - clock_timestamp())::float8, 0)
FROM wanted LEFT JOIN taken USING (name) LEFT JOIN turns USING (name)
"""
_RENEW = """
UPDATE turns SET until = clock_timestamp() + make_interval(secs => %s)
WHERE name = ANY(%s) AND holder = %s AND until > clock_timestamp() RETURNING name
"""
_FORGET = f"DELETE FROM turns WHERE greatest(until, ready_at) < now() - interval '{FORGET_AFTER}'"  # noqa: S608 - our own number


def name_of(group: str) -> str:
    """A group as its row is named: long addresses, and what no text of the database holds, by their hash."""
    if len(group) <= LONGEST_NAME and group.isprintable():
        return group
    return f"sha256 {hashlib.sha256(group.encode('utf-8', 'surrogatepass')).hexdigest()}"


class Turns:
    """The turns as one program sees them; `holder` is its name, which no other has."""

    def __init__(self, link: Link, *, holder: str, lease: float) -> None:
        """`lease`: for how many seconds a turn is held without being renewed."""
        self._link = link
        self._holder = holder
        self.lease = lease

    async def exchange(self, take: Sequence[str], leave: Mapping[str, float]) -> dict[str, tuple[bool, float, float]]:
        """Leave some groups, each with how many seconds it is to rest, and take others, which must not be among them.

        Returns for each that was wanted whether it is ours now, and else, in seconds, how long it rests, and for how long it
        is another's at most. Raises `StoreError`.
        """
        names = {name_of(group): group for group in take}
        left = {name_of(group): rest for group, rest in leave.items()}
        values = ([*left], [*left.values()], self._holder, sorted(names), self._holder, self.lease)
        rows = await self._link.ask(_TURN, values, tries=COLLISIONS)
        return {names[name]: (ours, max(0.0, rests), max(0.0, held)) for name, ours, rests, held in rows}

    async def renew(self, held: Sequence[str]) -> set[str]:
        """Hold some groups for another lease; returns those that are still ours. Raises `StoreError`."""
        names = {name_of(group): group for group in held}
        rows = await self._link.ask(_RENEW, (self.lease, sorted(names), self._holder), tries=COLLISIONS)
        return {names[name] for (name,) in rows}


async def forget_turns(link: Link) -> None:
    """Drop the rows of groups that nobody has asked for long. Raises `StoreError`."""
    await link.ask(_FORGET)


async def resting(link: Link, groups: Sequence[str], *, longer_than: float) -> set[str]:
    """Which of some groups rest for so many seconds yet. Raises `StoreError`."""
    names = {name_of(group): group for group in groups}
    asked = "SELECT name FROM turns WHERE name = ANY(%s) AND ready_at > clock_timestamp() + make_interval(secs => %s)"
    return {names[name] for (name,) in await link.ask(asked, (sorted(names), longer_than))}

"""What readers see does not depend on which source happens to be asked first at a moment."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import hypothesis
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import StoryKey
from aggregator.pipeline.sandbox import Sandbox
from aggregator.store.pages import updates_of
from tests.test_ledger_machine import EXAMPLES, SECOND
from tests.worlds import SOURCES, Life, World, feeds_toml, life

ANY = st.integers(0, 1000)
KEY = st.sampled_from(SOURCES)
FAMILY = {"a": "one", "b": "one", "c": "two", "f": "three", "p": "two"}  # as tests/worlds.py has it
HAPPENS = st.one_of(
    st.tuples(st.just("say"), KEY, st.sampled_from([0, 0, 30, 200])),
    st.tuples(st.just("say elsewhere"), KEY, st.sampled_from([0, 0, 30])),
    st.tuples(st.just("copy"), KEY, ANY),
    st.tuples(st.just("copy"), KEY, ANY),
    st.tuples(st.just("edit"), KEY, ANY),
)


@dataclass(frozen=True)
class Moment:
    """Some minutes later things happen, and some sources are asked."""

    minutes: int
    happens: Sequence[tuple[str, str, int]]
    asked: Sequence[str]  # in this order, or in another one


MOMENTS = st.lists(
    st.builds(
        Moment,
        minutes=st.sampled_from([1, 8, 20, 60, 120]),
        happens=st.lists(HAPPENS, max_size=5),
        asked=st.lists(KEY, min_size=2, unique=True),
    ),
    min_size=2,
    max_size=6,
)


@given(moments=MOMENTS, chance=st.randoms(use_true_random=False))
@hypothesis.settings(
    max_examples=EXAMPLES,
    suppress_health_check=list(hypothesis.HealthCheck),
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],  # to make an example small takes minutes
)
def test_another_order_of_asking_makes_the_same_ledger(moments: list[Moment], chance: Random, sandbox: Sandbox) -> None:
    others = [Moment(one.minutes, one.happens, in_another_order(one.asked, chance)) for one in moments]
    assert ledgers(others, sandbox) == ledgers(moments, sandbox)


def in_another_order(asked: Sequence[str], chance: Random) -> tuple[str, ...]:
    """The same sources, those of one family in their order among themselves: who of it brought a statement first is stored,
    and is named."""
    turns = iter(sorted((FAMILY[key] for key in asked), key=lambda _: chance.random()))
    of_family = {family: iter([key for key in asked if FAMILY[key] == family]) for family in set(FAMILY.values())}
    return tuple(next(of_family[family]) for family in turns)


def test_what_is_said_at_once_is_told_in_one_order(sandbox: Sandbox) -> None:
    at_once = (("say", "c", 0), ("say", "a", 0), ("say", "p", 0))
    told = [ledgers([Moment(1, at_once, asked), Moment(60, (), ())], sandbox) for asked in ("cap", "pac", "apc")]
    assert [names for *_, names in told[0]["talks"]] == [["Alpha"], ["Gamma"], ["Pi"]]
    assert told[0] == told[1] == told[2]


def ledgers(moments: Sequence[Moment], sandbox: Sandbox) -> dict[str, list[tuple[object, ...]]]:
    """What readers see in the end of a world in which these moments came to pass."""
    with tempfile.TemporaryDirectory() as folder, life(Path(folder), sandbox) as one:
        one.configure(feeds_toml(more=SECOND))
        one.world.dated = True
        for moment in moments:
            asyncio.run(pass_(one, moment))
        one.clock.forward(days=2)
        one.tick()
        return {key: seen(one, StoryKey(key)) for key in one.config.stories}


async def pass_(one: Life, moment: Moment) -> None:
    one.clock.forward(minutes=moment.minutes)
    for what in moment.happens:
        happen(one.world, *what)
    async with one.session() as road:
        for key in moment.asked:
            await one.poll(road, key)
    one.tick()


def happen(world: World, what: str, key: str, which: int) -> None:
    some = sorted({said.number: said for told in world.told.values() for said in told}.items())
    match what:
        case "say":
            world.say(key, minutes_ago=which)
        case "say elsewhere":
            world.say(key, about="match", minutes_ago=which)
        case "copy" if some:
            said = some[which % len(some)][1]
            if said not in world.told[key]:
                world.told[key].append(said)
                world.told[key].sort(key=lambda one: one.number)  # the sources of a family list alike
        case "edit" if some:
            some[which % len(some)][1].version += 1


def seen(one: Life, story: StoryKey) -> list[tuple[object, ...]]:
    """A ledger without what is the store's own: its ids."""
    with one.store.read() as tx:
        return [
            (
                update.number,
                update.kind.value,
                update.reason,
                update.title,
                [[sentence.text for sentence in paragraph.sentences] for paragraph in update.paragraphs],
                update.corrects,
                [(old.number, old.before, old.after) for old in update.replaces],
                [attribution.name for attribution in update.attributions],
            )
            for update in updates_of(tx, story)
        ]

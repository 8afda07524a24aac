"""Which statements say the same, and which of several candidates that do is told: decided from values."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import RevisionId, StatementId, StoryKey
from aggregator.stories.kinship import FARTHEST, Kin, KinKind, Link, Voice, in_turn, kin_of, says_more
from aggregator.stories.settling import Candidate
from tests.conftest import NOON

COPY, TRANSLATION, VETOED = KinKind.COPY, KinKind.TRANSLATION, KinKind.VETOED


def link(statement: int, other: int, kind: KinKind = COPY, *, versions: tuple[int, int] | None = None) -> Link:
    """Of statements of which the versions have ten times their number, where none are named."""
    mine, theirs = versions or (10 * statement, 10 * other)
    return Link(
        statement=StatementId(statement),
        revision=RevisionId(mine),
        other=StatementId(other),
        other_revision=RevisionId(theirs),
        kind=kind,
    )


def kin(links: Sequence[Link], statement: int, version: int | None = None) -> list[Kin]:
    asked: list[int] = []

    def of(wanted: Collection[StatementId]) -> Mapping[StatementId, Sequence[Link]]:
        asked.extend(wanted)
        return {one: [each for each in links if one in (each.statement, each.other)] for one in wanted}

    found = kin_of(StatementId(statement), RevisionId(version or 10 * statement), of)
    assert len(asked) == len(set(asked)), "each is asked for once"
    return found


def ids(found: Sequence[Kin]) -> list[int]:
    return [one.statement for one in found]


def test_the_copy_of_a_copy_is_a_copy_of_the_first_whichever_came_first() -> None:
    links = [link(2, 1), link(3, 2)]
    assert ids(kin(links, 3)) == [2, 1]
    assert ids(kin(links, 1)) == [2, 3]
    assert [one.steps for one in kin(links, 3)] == [1, 2]


def test_a_veto_between_two_stands_whoever_stands_between_them() -> None:
    assert ids(kin([link(2, 1), link(3, 2), link(3, 1, VETOED)], 3)) == [2]


def test_a_copy_of_a_translation_is_a_translation() -> None:
    found = kin([link(2, 1, TRANSLATION), link(3, 2)], 3)
    assert [(one.statement, one.kind) for one in found] == [(2, COPY), (1, TRANSLATION)]


def test_what_an_earlier_version_was_like_says_nothing_of_an_edit() -> None:
    links = [link(2, 1, versions=(20, 10)), link(2, 1, VETOED, versions=(21, 10))]
    assert ids(kin(links, 2, 20)) == [1]
    assert ids(kin(links, 2, 21)) == []


def test_the_version_that_is_the_same_is_named() -> None:
    (one,) = kin([link(2, 1, versions=(20, 11))], 2)
    assert (one.statement, one.revision) == (1, 11)


def test_a_chain_without_end_ends() -> None:
    assert len(kin([link(n + 1, n) for n in range(1, 100)], 1)) == FARTHEST


@given(st.lists(st.tuples(st.integers(1, 8), st.integers(1, 8)).filter(lambda two: two[0] != two[1]), max_size=20))
def test_without_vetoes_kinship_goes_both_ways(pairs: list[tuple[int, int]]) -> None:
    links = [link(max(two), min(two)) for two in dict.fromkeys(pairs)]
    for one in range(1, 9):
        for other in ids(kin(links, one)):
            assert one in ids(kin(links, other))


def candidate(number: int, *, said: int = 0, seen: int = 0, settle: int = 10) -> Candidate:
    return Candidate(
        id=number,
        story=StoryKey("talks"),
        statement=StatementId(number),
        revision=RevisionId(10 * number),
        said_at=NOON + timedelta(minutes=said),
        seen_at=NOON + timedelta(minutes=seen),
        settles_at=NOON + timedelta(minutes=seen + settle),
    )


def voice(one: Candidate, *, told: bool = False, fits: bool = True, primary: bool = True) -> Voice:
    return Voice(candidate=one, told=told, fits=fits, primary=primary)


def order(
    ready: Sequence[Candidate], unready: Sequence[Candidate], voices: Sequence[Voice], *kin: tuple[int, int]
) -> list[int]:
    near: dict[int, list[int]] = {}
    for a, b in kin:
        near.setdefault(a, []).append(b)
        near.setdefault(b, []).append(a)
    found = in_turn(ready, [*ready, *unready], {one.candidate.id: one for one in voices}, near)
    return [one.id for one in found]


def test_who_says_the_same_as_nobody_keeps_the_order() -> None:
    assert order([candidate(1), candidate(2)], [candidate(3)], []) == [1, 2]


def test_the_best_of_those_that_say_the_same_goes_first() -> None:
    late, early, other = candidate(1, said=5), candidate(2), candidate(3)
    assert order([early, other, late], [], [voice(early, primary=False), voice(late)], (1, 2)) == [1, 2, 3]
    assert order([early, other, late], [], [voice(early), voice(late, primary=False)], (1, 2)) == [2, 3, 1]
    assert order([early, other, late], [], [voice(early, fits=False), voice(late, primary=False)], (1, 2)) == [1, 2, 3]
    assert order([early, other, late], [], [voice(early), voice(late, primary=False, fits=False, told=True)], (1, 2)) == [
        1,
        2,
        3,
    ]


def test_one_waits_for_a_better_one_that_was_seen_in_time_and_no_longer() -> None:
    ready = candidate(1, seen=0)
    voices = [voice(ready, primary=False)]
    for seen, told in ((10, []), (11, [1])):
        better = candidate(2, seen=seen)
        assert order([ready], [better], [*voices, voice(better)], (1, 2)) == told


def test_nobody_waits_for_one_that_says_it_worse() -> None:
    ready, worse = candidate(1), candidate(2, seen=5)
    assert order([ready], [worse], [voice(ready), voice(worse, primary=False)], (1, 2)) == [1]


def test_a_text_that_goes_on_beyond_what_it_copies_says_more() -> None:
    alert = "The delegations signed the agreement on grain in Geneva on Thursday after a night of talks with the mediators."
    report = " ".join(
        f"Article {n} binds the parties to open harbour number {n} of the coast by the end of month {n}." for n in range(9)
    )
    assert says_more(f"{alert} {report}", alert)
    assert not says_more(alert, f"{alert} {report}"), "a shorter copy adds nothing"
    assert not says_more(f"Home > News > Statements {alert} Share this page Facebook Twitter", alert), "a frame is no addition"
    assert not says_more("", alert)


COPIED = tuple(
    f"Article {n} binds the parties to open harbour number {n} of the coast by the end of month {n}, and to keep it open."
    for n in range(20)
)
OWN = (
    "Fishermen in Marsaxlokk told our reporter that nobody had asked them: three trawlers were impounded last winter, "
    "insurance premiums doubled, younger crews emigrated towards Sicily, while refrigerators, engines and licences remain "
    "unsold. Their cooperative plans a protest outside parliament tomorrow morning."
)
REWORDED = " ".join(reversed(" ".join(COPIED[3:6]).split()))


@pytest.mark.parametrize(
    ("parts", "more"),
    [
        ((*COPIED[:9], OWN, *COPIED[9:]), True),
        ((*COPIED[:9], OWN.partition(":")[0], *COPIED[9:]), False),  # a line of advertising is as long
        ((OWN, *COPIED), False),  # may be the page's frame
        ((*COPIED, OWN), False),
        ((*COPIED[:3], REWORDED, *COPIED[6:]), False),  # its own paragraph in other words
    ],
    ids=["between", "short", "before", "behind", "reworded"],
)
def test_a_paragraph_of_ones_own_between_what_is_copied_says_more(parts: tuple[str, ...], more: bool) -> None:
    assert says_more("\n\n".join(parts), "\n\n".join(COPIED)) is more

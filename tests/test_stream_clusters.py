"""What a cluster says of all its members together is what each of them, looked at by itself, bears out."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.stories.streaming import clusters
from aggregator.stories.streaming.clusters import Centroid, Cluster
from aggregator.stories.streaming.likeness import Telling, all_of, compare
from aggregator.stories.streaming.vectors import Vector, vector

NONE: frozenset[str] = frozenset()
WEIGHTS = st.dictionaries(st.sampled_from("abcdefghijkl#"), st.integers(1, 5), min_size=1)


def heaviest_first(weights: Mapping[str, float]) -> Vector:
    return vector(dict(sorted(weights.items(), key=lambda item: (item[1], item[0]), reverse=True)))


def told(number: int, weights: Mapping[str, float]) -> Telling:
    """A text of some terms, of which two in three are names, too, half stand in its lead and a quarter in its title."""
    terms = heaviest_first(weights)
    lead = {term: weight for term, weight in terms.weights.items() if term < "g"}
    return Telling(number=number, key=f"k{number}", at=0.0, language="en", size=9, terms=terms, heaviest=(),
                   names=heaviest_first({term: weight for term, weight in weights.items() if term not in "behk"}),
                   lead=vector(lead), title=vector({term: weight for term, weight in lead.items() if term < "d"}),
                   weekdays=NONE, figures=NONE, measures=NONE, counted=NONE, ordinals=NONE, sums=NONE, dates=NONE, head="",
                   subject=NONE, call=False, seats=NONE, logits={})  # fmt: skip


@pytest.mark.parametrize("most", [600, 6])
@given(members=st.lists(WEIGHTS, min_size=1, max_size=5), text=WEIGHTS)
def test_a_member_has_no_more_of_a_text_than_its_cluster(
    most: int, members: list[dict[str, int]], text: dict[str, int]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clusters, "MOST_TERMS", most)  # a sum that is cut no longer says what a member has
        patch.setattr(clusters, "KEPT_TERMS", 3)
        cluster, new = Cluster(1), told(9, text)
        for number, weights in enumerate(members):
            cluster.add(told(number, weights), "k0")
        common = cluster.common(new, cluster.alike(new))
        for member in cluster.members:
            assert compare(new, member, common) == pytest.approx(compare(new, member, all_of(new)))


@given(members=st.lists(WEIGHTS, min_size=2, max_size=6), core=st.integers(0, 8))
def test_the_length_and_the_heaviest_of_a_sum_are_those_of_all_that_was_added(members: list[dict[str, int]], core: int) -> None:
    centroid, sums = Centroid(core), dict.fromkeys("abcdefghijkl#", 0.0)
    for member in map(heaviest_first, members):
        centroid.add(member)
        for term, weight in member.weights.items():
            sums[term] += weight / member.length
    assert centroid.vector.length == pytest.approx(sqrt(sum(weight * weight for weight in sums.values())))
    assert centroid.vector.total == pytest.approx(sum(sums.values()))
    weights = [centroid.vector.weights[term] for term in sums if sums[term]]
    assert [weight for weight, _ in centroid.core] == sorted(weights, reverse=True)[:core]

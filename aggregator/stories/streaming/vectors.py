"""Sparse vectors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from operator import mul


@dataclass(frozen=True, slots=True)
class Vector:
    """Weights by term, their length and their sum."""

    weights: Mapping[str, float]
    length: float
    total: float


def vector(weights: Mapping[str, float]) -> Vector:
    """The vector of some weights."""
    values = weights.values()
    return Vector(weights, sqrt(sum(map(mul, values, values))), sum(values))


def overlap(one: Vector, other: Vector) -> tuple[float, list[str]]:
    """The cosine, 0 where they share nothing and 1 where they are alike, and the terms of both as the shorter one has them."""
    if not one.length or not other.length:
        return 0.0, []
    few, many = one.weights, other.weights
    if len(few) > len(many):
        few, many = many, few
    both = [term for term in few if term in many]
    product = 0.0
    for term in both:
        product += few[term] * many[term]
    return product / (one.length * other.length), both


def cosine(terms: Iterable[str], one: Vector, other: Vector) -> float:
    """The same number, with what is known of the terms of both.

    `terms` are those of the first that the other may have, too: all, or fewer where it is known that it has no others. Their
    order is that of the sum, on which one of floats depends.
    """
    if not one.length or not other.length:
        return 0.0
    mine, theirs = one.weights, other.weights
    product = 0.0
    for term in terms:  # these are walked dozens of times for a text, so no list
        if term in theirs:
            product += mine[term] * theirs[term]
    return product / (one.length * other.length)


def likeness(terms: Iterable[str], one: Vector, other: Vector) -> tuple[float, float]:
    """The cosine, and the weighted Jaccard index (Ružička 1958): the share of all that either says which both say.

    A few heavy terms make the cosine, many light ones the share: each misses what the other sees. Weights are not negative.
    `terms` are as above.
    """
    if not one.length or not other.length:
        return 0.0, 0.0
    mine, theirs = one.weights, other.weights
    product = least = 0.0
    for term in terms:
        if term in theirs:
            here, there = mine[term], theirs[term]
            product += here * there
            least += here if here < there else there  # noqa: FURB136 - a call of `min` takes as long as all the rest of this
    return product / (one.length * other.length), least / (one.total + other.total - least)

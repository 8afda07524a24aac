"""Sparse vectors."""

from __future__ import annotations

from collections.abc import Mapping
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


def cosine(one: Vector, other: Vector) -> float:
    """0 where they share nothing, 1 where they are alike; 0 where one is empty."""
    if not one.length or not other.length:
        return 0.0
    few, many = one.weights, other.weights
    if len(few) > len(many):
        few, many = many, few
    product = 0.0
    for term in few:  # in the order of the terms: a sum of floats depends on it. Made dozens of times for a text, so no list
        if term in many:
            product += few[term] * many[term]
    return product / (one.length * other.length)


def likeness(one: Vector, other: Vector) -> tuple[float, float]:
    """The cosine, and the weighted Jaccard index (Ružička 1958): the share of all that either says which both say.

    A few heavy terms make the cosine, many light ones the share: each misses what the other sees. Weights are not negative.
    """
    if not one.length or not other.length:
        return 0.0, 0.0
    few, many = one.weights, other.weights
    if len(few) > len(many):
        few, many = many, few
    product = least = 0.0
    for term in few:
        if term in many:
            here, there = few[term], many[term]
            product += here * there
            least += here if here < there else there  # noqa: FURB136 - a call of `min` takes as long as all the rest of this
    return product / (one.length * other.length), least / (one.total + other.total - least)

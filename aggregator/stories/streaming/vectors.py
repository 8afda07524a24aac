"""Sparse vectors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True)
class Vector:
    """Weights by term, their length and their sum."""

    weights: Mapping[str, float]
    length: float
    total: float


def vector(weights: Mapping[str, float]) -> Vector:
    """The vector of some weights."""
    return Vector(weights, sqrt(sum(weight * weight for weight in weights.values())), sum(weights.values()))


def cosine(one: Vector, other: Vector) -> float:
    """0 where they share nothing, 1 where they are alike; 0 where one is empty."""
    if not one.length or not other.length:
        return 0.0
    few, many = (one.weights, other.weights) if len(one.weights) <= len(other.weights) else (other.weights, one.weights)
    # In the order of the terms: a sum of floats depends on it.
    product = sum([few[term] * many[term] for term in few if term in many])
    return product / (one.length * other.length)


def likeness(one: Vector, other: Vector) -> tuple[float, float]:
    """The cosine, and the weighted Jaccard index (Ružička 1958): the share of all that either says which both say.

    A few heavy terms make the cosine, many light ones the share: each misses what the other sees. Weights are not negative.
    """
    if not one.length or not other.length:
        return 0.0, 0.0
    few, many = (one.weights, other.weights) if len(one.weights) <= len(other.weights) else (other.weights, one.weights)
    both = [(few[term], many[term]) for term in few if term in many]
    product = sum([weight * there for weight, there in both])
    least = sum([min(pair) for pair in both])
    return product / (one.length * other.length), least / (one.total + other.total - least)

"""How likely a text tells of the same events as an earlier one, or as a cluster of them.

Both are logistic models of few features. Their weights were fitted once, on half of three labelled sets (look-alike news events,
one article in four languages, statements of two governments on visits and summits), with the other topics of the same half
held back in turn to choose the features. A weight says what a feature means; none is zero, and none was set by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from aggregator.stories.streaming.vectors import Vector, cosine

DAYS_AT_MOST = 10.0  # beyond, more days make no difference: the window does
SOON = 2.5  # days within which the statements on a visit or a summit follow each other


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A text with the weights that its words had when it came."""

    number: int  # of the text in the stream
    key: str
    at: float  # days
    language: str
    size: int
    terms: Vector
    names: Vector
    title: Vector
    weekdays: frozenset[str]
    measures: frozenset[str]
    logits: dict[int, float]  # log-odds that it tells of the same events as an earlier text, by that one's number


@dataclass(frozen=True, slots=True)
class Pair:
    """What two texts have in common."""

    terms: float  # cosine of words and figures
    names: float  # cosine of names and figures
    title: float  # cosine of the words of the titles
    figures: int
    other_day: bool  # both name weekdays in their leads, and none is the same
    other_measure: bool  # the same for figures with a decimal point, shares and sums
    days: float


def compare(one: Telling, other: Telling) -> Pair:
    """What two texts have in common."""
    return Pair(
        cosine(one.terms, other.terms),
        cosine(one.names, other.names),
        cosine(one.title, other.title),
        sum(1 for name in one.names.weights if name[0] == "#" and name in other.names.weights),
        bool(one.weekdays and other.weekdays and not one.weekdays & other.weekdays),
        bool(one.measures and other.measures and not one.measures & other.measures),
        min(abs(one.at - other.at), DAYS_AT_MOST),
    )


@dataclass(frozen=True, slots=True)
class Near:
    """What a text has in common with a cluster."""

    terms: float  # cosine of its words and figures with those of all members
    best_terms: float  # the best cosine with a member
    names: float
    best_names: float
    title: float
    core: float  # share of what most members say that it says too, 0 to 1
    figures: int
    other_day: float  # share of the members that name other weekdays in their leads
    other_measure: float
    days: float  # to the nearest member
    members: int
    size: int


# Log-odds for each feature, and where all are zero.
_PAIR = (10.85, 9.1, 2.93, 0.3, -0.82, -2.2, -0.69)
_PAIR_AT_ZERO = -5.7
_NEAR = (3.23, 1.02, 2.24, 4.16, 4.11, 5.14, 0.89, -2.03, -3.95, -0.48, -0.48, -1.29, -0.51)
_NEAR_AT_ZERO = -3.04


def pair_features(pair: Pair) -> tuple[float, ...]:
    """The features of the model of two texts, in the order of its weights."""
    return (pair.terms, pair.names, pair.title, log(1 + pair.figures), pair.other_day, pair.other_measure, pair.days)


def near_features(near: Near) -> tuple[float, ...]:
    """The features of the model of a text and a cluster, in the order of its weights."""
    return (
        near.terms,
        near.best_terms,
        near.names,
        near.best_names,
        near.title,
        near.core,
        log(1 + near.figures),
        near.other_day,
        near.other_measure,
        near.days,
        max(0.0, near.days - SOON),
        log(near.members),
        log(near.size + 5),
    )


def same_pair(pair: Pair) -> float:
    """Log-odds that two texts tell of the same events."""
    return _PAIR_AT_ZERO + _weigh(_PAIR, pair_features(pair))


def same_story(near: Near) -> float:
    """Log-odds that a text belongs to a cluster."""
    return _NEAR_AT_ZERO + _weigh(_NEAR, near_features(near))


def _weigh(weights: Sequence[float], features: Sequence[float]) -> float:
    return sum(weight * feature for weight, feature in zip(weights, features, strict=True))

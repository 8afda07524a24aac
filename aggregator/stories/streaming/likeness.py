"""How likely a text tells of the same events as an earlier one, or as a cluster of them.

Both are logistic models of few features. Their weights were fitted once, on half of three labelled sets (look-alike news
events, one article in four languages, statements of two governments on visits and summits). The features were chosen by how
the models did on topics that they were not fitted on; the figures move little when one is left out. No weight was set by hand.
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
    heaviest: Sequence[str]  # of terms and names: what it is looked up by
    weekdays: frozenset[str]
    figures: frozenset[str]
    logits: dict[int, float]  # log-odds that it tells of the same events as an earlier text, by that one's number


@dataclass(frozen=True, slots=True)
class Pair:
    """What two texts have in common."""

    terms: float  # cosine of words and figures
    names: float  # cosine of names and figures
    title: float  # cosine of the words of the titles
    figures: int
    other_day: bool  # both name weekdays in their leads, and none is the same
    other_measure: bool  # the same for figures with a decimal point
    lead_figures: int  # that stand in both leads
    days: float


def compare(one: Telling, other: Telling) -> Pair:
    """What two texts have in common."""
    return Pair(
        cosine(one.terms, other.terms),
        cosine(one.names, other.names),
        cosine(one.title, other.title),
        sum(1 for name in one.names.weights if name[0] == "#" and name in other.names.weights),
        bool(one.weekdays and other.weekdays and not one.weekdays & other.weekdays),
        _differ(one.figures, other.figures),
        len(one.figures & other.figures),
        min(abs(one.at - other.at), DAYS_AT_MOST),
    )


def _differ(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    """Do both have figures with a decimal point, and none in common? Counts grow while a story runs; a measure is one."""
    exact, other = ({figure for figure in figures if "." in figure} for figures in (mine, theirs))
    return bool(exact and other and not exact & other)


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
    lead_figures: int
    days: float  # to the nearest member
    members: int
    size: int


# Log-odds for each feature, and where all are zero.
_PAIR = (10.11, 9.62, 2.07, 0.57, -0.80, -2.64, 0.80, -0.78)
_PAIR_AT_ZERO = -5.67
_NEAR = (5.07, -1.72, 1.69, 5.83, 3.25, 4.80, 0.84, -1.88, -4.05, 0.48, -0.45, -0.50, -1.28, -0.55)
_NEAR_AT_ZERO = -2.89


def pair_features(pair: Pair) -> tuple[float, ...]:
    """The features of the model of two texts, in the order of its weights."""
    return (
        pair.terms,
        pair.names,
        pair.title,
        log(1 + pair.figures),
        pair.other_day,
        pair.other_measure,
        log(1 + pair.lead_figures),
        pair.days,
    )


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
        log(1 + near.lead_figures),
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

"""How likely a text tells of the same events as an earlier one, or as a cluster of them.

Both are logistic models of few features. Their weights were fitted once, on half of three labelled sets (look-alike news
events, one article in four languages, statements of two governments on visits and summits). The features were chosen by how
the models did on topics that they were not fitted on, a quarter at a time. Texts in one language and texts in two have models
of their own: across languages words say nothing, and one model for both made too little of them within one. What counts between
two texts of one language was fitted anew when texts came to be grouped by it; on topics it was not fitted on it does as well.
Other counts took the place of other figures of the leads: on topics that were not fitted on, they tell more of two texts.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import log
from operator import mul
from typing import NamedTuple

from aggregator.stories.streaming.vectors import Vector, cosine, likeness

DAYS_AT_MOST = 10.0  # beyond, more days make no difference: the window does
CALL_TOLD = 1.0  # days within which both sides tell of a call
# Rare words that titles share where they are about the same. Two tell nothing more of texts of one day, as look-alike events
# share them, too. Three do: of 177 pairs of news of one day that share so many, 169 are on one event.
SUBJECT, SUBJECT_AT_ONCE = 2, 3
LATER = 0.5  # days from which two are enough
SOON = 2.5  # days within which the statements on a visit or a summit follow each other


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)  # each is like itself only: it is looked for in lists
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
    measures: frozenset[str]  # those with a decimal point: counts grow while a story runs, a measure is one
    counted: frozenset[str]  # figures with what they count
    lead: Vector  # the words and figures of title and lead
    ordinals: frozenset[str]  # of the lead, as the two below
    sums: frozenset[str]
    dates: frozenset[str]
    head: str  # its heaviest name, "" where it has none
    subject: frozenset[str]  # rare words of the title that are no names
    call: bool  # it tells of a telephone call
    seats: frozenset[str]
    logits: dict[int, float]  # log-odds that it tells of the same events as an earlier text, by that one's number


class Pair(NamedTuple):  # made some thirty times for a text: a frozen dataclass takes three times as long
    """What two texts have in common."""

    terms: float  # cosine of words and figures
    names: float  # cosine of names and figures
    title: float  # cosine of the words of the titles
    figures: int
    other_day: bool  # both name weekdays in their leads, and none is the same
    other_measure: bool  # the same for figures with a decimal point
    lead_figures: int  # that stand in both leads
    days: float
    lead: float  # cosine of the words and figures of titles and leads
    other_seat: bool  # their leads place them in seats of governments, and none is the same
    one_language: bool
    shared_terms: float  # weighted share of words and figures that both say
    shared_names: float
    other_ordinal: bool  # both leads name ordinals, and none is the same
    other_counts: int  # what the one with fewer counts counts, where no count of both is the same and they are of one day
    same_sum: bool  # a sum of money stands in both leads
    same_date: bool
    other_call: bool  # one is a telephone call and the other is not, or another call
    same_subject: bool  # their titles share rare words that are no names
    other_head: bool  # neither names the heaviest name of the other


class Common(NamedTuple):
    """Those of a text's terms that another text may have, too. Where few of its words are left, it is soon compared."""

    terms: Collection[str]
    names: Collection[str]
    title: Collection[str]
    lead: Collection[str]


def all_of(text: Telling) -> Common:
    """What any other text may have in common with a text."""
    return Common(text.terms.weights, text.names.weights, text.title.weights, text.lead.weights)


def compare(one: Telling, other: Telling, common: Common) -> Pair:
    """What two texts have in common; `common` are terms of the first, among which are all that the other has, too."""
    terms, shared_terms = likeness(common.terms, one.terms, other.terms)
    names, shared_names = likeness(common.names, one.names, other.names)
    other_names = other.names.weights
    return Pair(
        terms,
        names,
        cosine(common.title, one.title, other.title),
        len([name for name in common.names if name[0] == "#" and name in other_names]),
        _none_same(one.weekdays, other.weekdays),
        _none_same(one.measures, other.measures),
        len(one.figures & other.figures),
        min(abs(one.at - other.at), DAYS_AT_MOST),
        cosine(common.lead, one.lead, other.lead),
        _none_same(one.seats, other.seats),
        one.language == other.language,
        shared_terms,
        shared_names,
        _none_same(one.ordinals, other.ordinals),
        _other_counts(one, other),
        not one.sums.isdisjoint(other.sums),
        not one.dates.isdisjoint(other.dates),
        _other_call(one, other),
        _same_subject(one, other),
        _other_head(one, other),
    )


def _none_same(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    return bool(mine and theirs and mine.isdisjoint(theirs))


def _other_counts(one: Telling, other: Telling) -> int:
    """The more two texts count without a count in common, the less they tell of the same: one of many is soon the same.

    Not where one is told later: by then there are other things to count.
    """
    if abs(one.at - other.at) > LATER or not one.counted.isdisjoint(other.counted):
        return 0
    return min(len(one.counted), len(other.counted))


def _other_call(one: Telling, other: Telling) -> bool:
    return one.call is not other.call or (one.call and abs(one.at - other.at) > CALL_TOLD)


def _same_subject(one: Telling, other: Telling) -> bool:
    """Not for calls: their titles are about a call, and who is called are names. Nor for two languages, whose words differ."""
    if one.call or other.call or one.language != other.language:
        return False
    return len(one.subject & other.subject) >= (SUBJECT if abs(one.at - other.at) >= LATER else SUBJECT_AT_ONCE)


def _other_head(one: Telling, other: Telling) -> bool:
    return bool(one.head and other.head and one.head not in other.names.weights and other.head not in one.names.weights)


class Near(NamedTuple):  # as above
    """What a text has in common with a cluster."""

    terms: float  # cosine of its words and figures with those of all members
    best_terms: float  # the best cosine with a member
    names: float
    best_names: float
    title: float
    core: float  # share of what most members say that it says too, 0 to 1; 0 where none is in its language
    figures: int
    other_day: float  # share of the members that name other weekdays in their leads
    other_measure: float
    lead_figures: int
    days: float  # to the nearest member
    members: int
    size: int
    lead: float  # the best with a member
    other_seat: float  # share that are in other seats, of the members that are in any
    other_call: float  # share of the members that are no call where it is one, or another call, or the other way round
    one_language: bool  # a member is in its language
    same_subject: bool  # with a member


# Log-odds for each feature, the last where all are zero; in one language and across two.
# The first was set by hand, as few texts name a seat. Where both of a pair do, 21 of 22 of one story share one, and 112 of 258
# others: log-odds of -2.5. It is more, as one guest's two visits are told in the same words.
_OTHER_SEAT = -4.0
# By hand, as much: "Telephone conversation with the President of France" has all names of his visit in the week after.
_OTHER_CALL = -4.0
# A day beyond SOON, in one language: a call of the same two a week on is another one. By hand, as the weight of the same for a
# cluster: next to no pairs on one story are so far apart, so that a fit says nothing of them.
_LATE = -0.8
# By hand, too. A matter that goes on for days is told with other events and people each time; what stays is its subject. Given
# all else, it is log-odds of 0.7 to 1.7 in news of look-alike events, set some days apart, and of 4 and more in statements.
_SAME_SUBJECT = 2.0
# Twice that for a story: that most of what its texts say is said once counts against each of them. From 3.5 to 5 it is all one.
_SUBJECT_OF_STORY = 4.0
# Half way between those that were fitted before there were counts, and a fit with them.
_PAIR = (4.46, 1.2, 3.92, 0.62, -0.8, -2.04, -0.22, 7.32, 10.83, -1.34, -0.84, 0.3, 2.42, 1.98, -0.6, -4.1)
_PAIR_ACROSS = (15.38, 2.16, 2.22, -0.58, -1.35, -0.43, -10.62)
_NEAR = (1.03, 0.88, 3.17, 2.78, 4.70, 1.72, 4.56, 1.11, -2.03, -4.15, -0.23, -0.80, -1.10, -0.67, -2.36)
_NEAR_ACROSS = (4.84, 4.71, 1.07, 1.17, -0.95, -2.55, 0.22, 0.00, -0.45, 0.16, -6.26)


def pair_features(pair: Pair) -> tuple[float, ...]:
    """The features of the model of two texts in one language, in the order of its weights."""
    return (
        pair.lead,
        pair.title,
        pair.names,
        log(1 + pair.figures),
        pair.other_day,
        pair.other_measure,
        pair.days,
        pair.shared_terms,
        pair.shared_names,
        pair.other_ordinal,
        log(1 + pair.other_counts),
        bool(pair.lead_figures),
        pair.same_sum,
        pair.same_date,
        pair.other_head,
    )


def pair_features_across(pair: Pair) -> tuple[float, ...]:
    """The same for two languages: what they share are names and figures."""
    return (
        pair.names,
        log(1 + pair.figures),
        log(1 + pair.lead_figures),
        pair.other_day,
        pair.other_measure,
        pair.days,
    )


def near_features(near: Near) -> tuple[float, ...]:
    """The features of the model of a text and a cluster with texts in its language, in the order of its weights."""
    return (
        near.terms,
        near.best_terms,
        near.lead,
        near.title,
        near.core,
        near.names,
        near.best_names,
        log(1 + near.figures),
        near.other_day,
        near.other_measure,
        near.days,
        max(0.0, near.days - SOON),
        log(near.members),
        log(near.size + 5),
    )


def near_features_across(near: Near) -> tuple[float, ...]:
    """The same for a cluster with none."""
    return (
        near.names,
        near.best_names,
        log(1 + near.figures),
        log(1 + near.lead_figures),
        near.other_day,
        near.other_measure,
        near.days,
        max(0.0, near.days - SOON),
        log(near.members),
        log(near.size + 5),
    )


def same_pair(pair: Pair) -> float:
    """Log-odds that two texts tell of the same events."""
    told = _OTHER_SEAT * pair.other_seat + _OTHER_CALL * pair.other_call + _SAME_SUBJECT * pair.same_subject
    if pair.one_language:
        return told + _LATE * max(0.0, pair.days - SOON) + _weigh(_PAIR, pair_features(pair))
    return told + _weigh(_PAIR_ACROSS, pair_features_across(pair))


def same_story(near: Near) -> float:
    """Log-odds that a text belongs to a cluster."""
    told = _OTHER_SEAT * near.other_seat + _OTHER_CALL * near.other_call + _SUBJECT_OF_STORY * near.same_subject
    if near.one_language:
        return told + _weigh(_NEAR, near_features(near))
    return told + _weigh(_NEAR_ACROSS, near_features_across(near))


def _weigh(weights: Sequence[float], features: Sequence[float]) -> float:
    weighed: float = sum(map(mul, weights, features))
    return weights[-1] + weighed

"""Who says a published update again, and who of them is a voice of their own.

Families are counted, never feeds; and of these not who only reprints: a report that credits Reuters and one by Reuters are one
voice, and what a state's agency tells of its own government is that government's voice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from aggregator.model import AlsoReported, SourceKey, StatementId
from aggregator.text.credits import AGENCIES, wire_credits

# The hosts of those whose mouth a state's agency is. A host counts with all below it.
SPEAKS_FOR = {
    "TASS": ("kremlin.ru", "government.ru", "mid.ru", "mil.ru"),
    "RIA Novosti": ("kremlin.ru", "government.ru", "mid.ru", "mil.ru"),
    "Ukrinform": ("president.gov.ua", "kmu.gov.ua", "mfa.gov.ua"),
    "BelTA": ("president.gov.by", "government.by", "mfa.gov.by"),
    "Xinhua": ("gov.cn", "fmprc.gov.cn", "mfa.gov.cn"),
    "Anadolu": ("tccb.gov.tr", "mfa.gov.tr"),
    "IRNA": ("president.ir", "mfa.gov.ir", "leader.ir"),
}
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A statement as it is weighed: who says it, and the text, of which the credits are read."""

    statement: StatementId
    family: str
    source: SourceKey
    name: str  # of the source, as readers see it
    url: str
    text: str


@dataclass(frozen=True, slots=True)
class _Origin:
    """Whose voice a statement is."""

    voices: tuple[str, ...]  # any of these being heard already, it adds none
    citing: tuple[str, ...] = ()  # agencies that it reprints
    speaks_for: str = ""  # of whom it is the mouth


def also_reported(number: int, told: Said, others: Sequence[Said]) -> tuple[AlsoReported, ...]:
    """Each other family that says what the update of a number tells, once: voices of their own first, each with the reason.

    `others` are in the order in which they were noted. The family of the update itself is none of them.
    """
    heard = set(_origin(told, told).voices)
    first: dict[str, Said] = {}
    origins = {one.statement: _origin(one, told) for one in others}
    # Of a family, the statement that credits nobody speaks; and agencies are heard before those who cite them.
    in_turn = sorted(others, key=lambda one: bool(origins[one.statement].citing or origins[one.statement].speaks_for))
    shown = []
    for one in in_turn:
        if one.family == told.family or one.family in first:
            continue
        first[one.family] = one
        origin = origins[one.statement]
        independent = heard.isdisjoint(origin.voices)
        shown.append(_shown(number, one, origin, independent=independent))
        heard.update(origin.voices)
    return tuple(sorted(shown, key=lambda one: not one.independent))


def _origin(one: Said, told: Said) -> _Origin:
    agency = agency_of(one)
    mouth = _mouth_of(agency, told) if one is not told else ""
    if mouth:
        return _Origin((*_origin(told, told).voices, agency), speaks_for=told.name)
    cited = tuple(name for name in wire_credits(one.text) if name != agency)
    if agency or not cited:
        return _Origin((agency or f"family {one.family}",))
    return _Origin(cited, citing=cited)


def agency_of(one: Said) -> str:
    """The news agency that a source is, or "": by its family, or by its name."""
    words = {one.family.casefold(), *_WORD.findall(one.family.casefold()), one.name.casefold()}
    return next((name for name, forms in AGENCIES.items() if words & {form.casefold() for form in forms}), "")


def _mouth_of(agency: str, told: Said) -> str:
    host = _host(told.url)
    return next((one for one in SPEAKS_FOR.get(agency, ()) if host == one or host.endswith(f".{one}")), "")


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").casefold()
    except ValueError:
        return ""


def _shown(number: int, one: Said, origin: _Origin, *, independent: bool) -> AlsoReported:
    if origin.speaks_for:
        why = f"{one.name} is an agency of the same state as {origin.speaks_for}: no second voice"
    elif origin.citing and independent:
        why = f"credits {_listed(origin.citing)}, which is heard here alone"
    elif origin.citing:
        why = f"credits {_listed(origin.citing)}: no further voice"
    elif independent:
        why = "credits nobody else"
    else:
        why = "is heard already: the update, or another report, is its own"
    return AlsoReported(
        number=number,
        name=one.name,
        url=one.url,
        source=one.source,
        statement=one.statement,
        citing=origin.citing,
        speaks_for=origin.speaks_for,
        independent=independent,
        why=why,
    )


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

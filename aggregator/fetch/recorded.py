"""Answers of one poll from its own record, in place of the network: what was heard then is heard again, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from urllib.parse import urljoin

from aggregator.fetch.client import PERMANENT, REDIRECTS, judged
from aggregator.fetch.exchange import Ask, Exchange, Reply
from aggregator.fetch.freshness import freshness, variant
from aggregator.model import Outcome, OutcomeKind

FOR_ROBOTS = "text/plain"  # how the Accept of a question for robots.txt begins; no other one does
NOT_RECORDED = "its answer is not in the record"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedExchange(Exchange):
    """An exchange of which the body is known by its hash; `body` is empty until it is needed."""

    sha256: str | None = None


class RecordedFetcher:
    """Stands where a `Fetcher` stands, for one poll. `missing` lists the addresses that were asked and have no answer."""

    def __init__(self, exchanges: Sequence[RecordedExchange], body_of: Callable[[RecordedExchange], bytes]) -> None:
        """`exchanges` are those of the poll, in their order; `body_of` reads the bytes of one, and may raise."""
        self._left = [one for one in exchanges if not one.request.get("accept", "").startswith(FOR_ROBOTS)]
        self._body_of = body_of
        self.first_url = self._left[0].url if self._left else None  # of the listing
        self.missing: list[str] = []
        self.loaded: dict[bytes, str] = {}  # bodies that were read, and their hashes

    async def ask(self, ask: Ask, *, now: datetime) -> Reply:
        """What was answered then, judged again. An address that is not in the record fails."""
        return self.answer(ask, now=now)

    def answer(self, ask: Ask, *, now: datetime, outcome: Outcome | None = None) -> Reply:
        """As `ask`; with an outcome that is known, nothing is judged and no bytes are read."""
        hops = self._hops(ask)
        if not hops:
            if outcome is None:
                self.missing.append(ask.url)
            nothing = Outcome(kind=OutcomeKind.FAILED, reason=NOT_RECORDED)
            return Reply(url=ask.moved_to or ask.url, outcome=outcome or nothing, at=now, ms=0)
        if outcome is None and hops[-1].status is not None and not hops[-1].error:
            hops = [*hops[:-1], self._loaded(hops[-1])]
        last = hops[-1]
        outcome = outcome or _judged(hops, listing=ask.listing)
        moved_to = _moved_to(ask, hops) if outcome.kind.good else None
        return Reply(
            url=last.url,
            outcome=outcome,
            at=now,
            ms=sum(one.ms for one in hops),
            headers=last.headers,
            body=last.body,
            freshness=freshness(last.headers, asked=last.at, now=last.at + timedelta(milliseconds=last.ms)),
            variant=variant(last.headers, last.request),
            moved_to=moved_to,
            exchanges=tuple(hops),
        )

    @property
    def addresses(self) -> frozenset[str]:
        """The addresses of which there is an answer that nobody has asked for yet."""
        return frozenset(one.url for one in self._left)

    def hops(self, ask: Ask) -> list[RecordedExchange]:
        """The requests that a question came to, without taking them."""
        left = list(self._left)
        try:
            return self._hops(ask)
        finally:
            self._left = left

    def _loaded(self, one: RecordedExchange) -> RecordedExchange:
        body = self._body_of(one)
        if one.sha256 is not None:
            self.loaded[body] = one.sha256
        return replace(one, body=body)

    def _hops(self, ask: Ask) -> list[RecordedExchange]:
        """The requests that the question came to, along its redirects; each answers one question only."""
        url, hops = ask.moved_to or ask.url, list[RecordedExchange]()
        for _ in range(ask.max_redirects + 1):
            found = next((one for one in self._left if one.url == url), None)
            if found is None:
                break
            self._left.remove(found)
            hops.append(found)
            target = found.headers.get("location")
            if found.status not in REDIRECTS or not target:
                break
            url = urljoin(url, target)
        return hops


def _judged(hops: Sequence[Exchange], *, listing: bool) -> Outcome:
    last = hops[-1]
    if last.error or last.status is None:
        return Outcome(kind=OutcomeKind.FAILED, reason=f"no answer that can be read: {last.error}")
    if last.status in REDIRECTS and last.headers.get("location"):
        return Outcome(kind=OutcomeKind.FAILED, reason=f"it led on to where nothing is recorded ({last.url[:200]})")
    return judged(hops, listing=listing)


def _moved_to(ask: Ask, hops: Sequence[Exchange]) -> str | None:
    """Where permanent redirects alone have led, as the client has it."""
    moved = ask.moved_to
    for one, following in pairwise(hops):
        if one.status not in PERMANENT:
            break
        moved = following.url
    downgrade = ask.url.startswith("https:") and not (moved or "https:").startswith("https:")
    return None if downgrade else moved

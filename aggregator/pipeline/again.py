"""One recorded poll, read again: the road of a poll with the record in place of the network."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable
from dataclasses import replace

from aggregator.config import Source
from aggregator.fetch import Ask, Reply
from aggregator.fetch.recorded import RecordedExchange, RecordedFetcher
from aggregator.model import Outcome, OutcomeKind
from aggregator.pipeline.asking import question
from aggregator.pipeline.polling import is_back, known_outcome, read_whole, unread_outcome, with_warnings
from aggregator.pipeline.remembering import is_known_body
from aggregator.pipeline.road import Road
from aggregator.pipeline.sandbox import TooMuch
from aggregator.pipeline.storing import Done, Kept
from aggregator.pipeline.watching import look_again
from aggregator.sources import SourceFormatError
from aggregator.store import Store
from aggregator.store.record import RecordedPoll
from aggregator.store.sources import SourceState

NETWORK_BLAMED = "the network here seems to be down"  # how the reason of such a poll begins
DAMAGE = (OSError, ValueError, EOFError, zlib.error)  # what reading a snapshot that is gone or torn raises


class BytesGoneError(RuntimeError):
    """The bytes of an answer are not there, or are not those that were stored."""


class Again:
    """One poll that is done again: like `poll_source`, with the record in place of the network."""

    def __init__(
        self,
        road: Road,
        fetcher: RecordedFetcher,
        poll: RecordedPoll,
        source: Source,
        state: SourceState,
        *,
        same: bool,
    ) -> None:
        """`fetcher` is the road's, `state` what the rebuilt store has of the source. With `same`, it is read as it was then."""
        self.fetcher, self._road = fetcher, road
        self._poll, self._source, self._state, self._same = poll, source, state, same

    async def again(self) -> Done:
        """The poll with its answer, read where there is something to read, and with what was looked at beside its listing.
        Raises `BytesGoneError`."""
        done = await self._listing()
        before = set(self.fetcher.loaded)
        looks = await look_again(self._road, self._source, self._state, done.reply, done.read, recorded=self.fetcher.addresses)
        if looks is None:
            return done
        kept = {body: self._kept(sha256) for body, sha256 in self.fetcher.loaded.items() if body not in before}
        return replace(done, looks=looks, kept={**done.kept, **{body: one for body, one in kept.items() if one is not None}})

    async def _listing(self) -> Done:
        poll, state = self._poll, self._state
        if poll.outcome.kind is not OutcomeKind.CHANGED and (self._same or self._is_known()):
            return self._as_recorded(poll.outcome)
        if not self._was_answered():
            return self._as_recorded(poll.outcome)
        reply = replace(self.fetcher.answer(self._ask(), now=poll.at), ms=poll.ms)
        if reply.outcome.kind is not OutcomeKind.CHANGED:
            return self._plain(reply, known=reply.outcome.kind is OutcomeKind.UNCHANGED)
        sha256 = hashlib.sha256(reply.body).hexdigest()
        if is_known_body(state, sha256) and not is_back(self._road.store, state, reply, sha256):
            reply = replace(reply, outcome=known_outcome(state, reply, sha256))
            return replace(self._plain(reply, known=True), sha256=sha256)
        try:
            read, _ = await read_whole(self._road, self._source, state, reply)
        except (SourceFormatError, TooMuch) as error:
            return self._plain(replace(reply, outcome=unread_outcome(reply, error)))
        reply = with_warnings(reply, read, self._exchanges())
        return replace(self._plain(reply), sha256=sha256, read=read)

    def failed(self, reason: str) -> Done:
        """The poll as one that brought nothing."""
        return self._as_recorded(Outcome(kind=OutcomeKind.FAILED, reason=reason, status=self._poll.outcome.status))

    def _ask(self) -> Ask:
        """The question as it was; one that leads elsewhere by now is asked as it was asked then."""
        ask, first = question(self._road.config, self._source, self._state), self.fetcher.first_url
        return ask if first is None or first == (ask.moved_to or ask.url) else replace(ask, url=first, moved_to=None)

    def _is_known(self) -> bool:
        """Whether nothing new came, by these rules either."""
        last = self._last()
        heard = last.sha256 if last is not None else None
        return self._poll.outcome.kind is OutcomeKind.UNCHANGED and (heard is None or is_known_body(self._state, heard))

    def _was_answered(self) -> bool:
        """Whether there is an answer that can be judged again, and was not a failure on the way."""
        last = self._last()
        return last is not None and (self._poll.outcome.kind is OutcomeKind.CHANGED or not last.error)

    def _last(self) -> RecordedExchange | None:
        """The answer to the listing itself, as it was."""
        hops = self.fetcher.hops(self._ask())
        return hops[-1] if hops else None

    def _as_recorded(self, outcome: Outcome) -> Done:
        """A poll that brought no listing, as it is written down. No bytes are read."""
        poll = self._poll
        reply = replace(self.fetcher.answer(self._ask(), now=poll.at, outcome=outcome), ms=poll.ms)
        last = reply.exchanges[-1] if reply.exchanges else None
        sha256 = last.sha256 if isinstance(last, RecordedExchange) else None
        reply = replace(reply, body=_token(sha256))
        known = sha256 if outcome.kind is OutcomeKind.UNCHANGED else None
        return replace(self._plain(reply, known=not poll.kept), sha256=known)

    def _plain(self, reply: Reply, *, known: bool = False) -> Done:
        """The poll with its exchanges; the bytes of the answer count as kept before where they are `known`."""
        kept = {}
        for one in self._poll.exchanges:
            if one.sha256 is not None and one.sha256 in self._poll.sizes:
                kept[_token(one.sha256)] = self._kept_as(one.sha256)
        for body, sha256 in self.fetcher.loaded.items():
            if _token(sha256) in kept:
                kept[body] = kept[_token(sha256)]
        if known:
            gone = kept.pop(reply.body, None)
            kept = {body: one for body, one in kept.items() if gone is None or one.sha256 != gone.sha256}
        return Done(
            source=self._source,
            state=self._state,
            reply=replace(reply, exchanges=self._exchanges()),
            snapshots=self._road.store.snapshots,
            blame_network=self._poll.outcome.reason.startswith(NETWORK_BLAMED),
            kept=kept,
        )

    def _kept(self, sha256: str) -> Kept | None:
        return self._kept_as(sha256) if sha256 in self._poll.sizes else None

    def _kept_as(self, sha256: str) -> Kept:
        size, stored_size, crc32 = self._poll.sizes[sha256]
        return Kept(sha256=sha256, size=size, stored_size=stored_size, stored_crc32=crc32)

    def _exchanges(self) -> tuple[RecordedExchange, ...]:
        """All that was exchanged for this poll, each with a stand-in for its body."""
        return tuple(replace(one, body=_token(one.sha256)) for one in self._poll.exchanges)


def _token(sha256: str | None) -> bytes:
    """What stands for bytes that need not be read."""
    return b"" if sha256 is None else sha256.encode()


def reader(store: Store) -> Callable[[RecordedExchange], bytes]:
    """Reads the bytes of an exchange from a store's snapshots, and raises `BytesGoneError` where they are not there."""

    def read(exchange: RecordedExchange) -> bytes:
        if exchange.sha256 is None:
            return b""
        try:
            return store.snapshots.get(exchange.sha256)
        except FileNotFoundError as error:
            raise BytesGoneError(f"the bytes of {exchange.url} are no longer kept (snapshot {exchange.sha256})") from error
        except DAMAGE as error:
            raise BytesGoneError(f"the bytes of {exchange.url} are damaged (snapshot {exchange.sha256}: {error})") from error

    return read

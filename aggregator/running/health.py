"""How the service is: whether it runs, whether it can work, and what its readers may miss."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, func, select

from aggregator.config import Config, service_in
from aggregator.model import OutcomeKind
from aggregator.running.heart import Beat, beats_of_workers, last_beat
from aggregator.running.machine import Health, Looked, disk
from aggregator.service import RUNNING, holder_of, open_for
from aggregator.store import Store, StoreError
from aggregator.store.jobs.queue import Standing, standing
from aggregator.store.maintaining import entries
from aggregator.store.postgresql import moment
from aggregator.store.schema import outbox
from aggregator.store.sources import SourceState, all_sources
from aggregator.store.tending import is_large, readers, wal_bytes
from aggregator.web.standing import AGAIN_EVERY

MOST_NAMED = 5
LATE = timedelta(minutes=10)  # that a message of the outbox may wait


def health(config: Config, *, now: datetime, mistakes: Sequence[str] = ()) -> Iterator[Looked]:
    """Look at everything. Nobody is asked, and nothing is changed. `mistakes` are those of the configuration's file."""
    sign = last_beat(config.service.storage)
    yield _process(config, sign, now=now)
    yield _configuration(config, sign, mistakes)
    yield from _site(sign)
    yield disk(config)
    if config.service.database is None and not (config.service.storage / "aggregator.sqlite").exists():
        return
    try:
        store = open_for(config, create=False)
    except StoreError as error:
        yield Looked(what="store", health=Health.BAD, says=str(error), do="Mend that, or put a backup back: aggregator restore")
        return
    with closing(store), store.read() as tx:
        yield Looked(what="store", health=Health.GOOD, says=f"{store.name} can be read")
        yield _sources([one for one in all_sources(tx) if one.active and not one.rests])
        yield _outbox(tx, now=now)
        yield _care(tx)
        if store.is_sqlite:
            yield _wal(store)
        elif (queue := standing(tx)) is not None:
            yield _queue(queue)
            yield from _workers(beats_of_workers(config.service.storage, now=moment(tx)))


def under_the_one_before(path: Path) -> Config | None:
    """What can be known of the configuration that a service works under, where its file has mistakes or is gone.

    None where no service runs in the storage that the file names, or would name if it said nothing of that.
    """
    config = Config.model_construct(path=path, service=service_in(path), sources={})
    try:
        return config if RUNNING in holder_of(config.service.storage) else None
    except OSError:
        return None


def _process(config: Config, sign: Beat | None, *, now: datetime) -> Looked:
    storage = config.service.storage
    try:
        who = holder_of(storage)
    except OSError as error:
        return Looked(
            what="service", health=Health.BAD, says=f"{storage}: {error.strerror}", do="Look at it: aggregator doctor"
        )
    if not who:
        return Looked(what="service", health=Health.BAD, says="it does not run", do="Start it: aggregator run")
    if RUNNING not in who:
        return Looked(
            what="service", health=Health.BAD, says=f"it does not run; {who} is at work on its store", do="Wait for that."
        )
    return _of_its_sign(sign, now=now)


def _of_its_sign(sign: Beat | None, *, now: datetime) -> Looked:
    """What a service that runs says of itself."""
    if sign is None or sign.lasts_until < now:
        since = f"since {sign.at:%Y-%m-%d %H:%M:%S} UTC" if sign else "yet"
        says, do = f"it runs, and gave no sign of life {since}", "Look at its log; stop it and start it again."
    elif sign.trouble:
        says, do = f"it cannot use its store: {sign.trouble}", "Mend that; it tries again by itself."
    elif sign.network_down:
        says, do = "most hosts do not answer: the network is down", "Check the network of this machine; it goes on by itself."
    else:
        return Looked(what="service", health=Health.GOOD, says=f"it runs (process {sign.pid})")
    return Looked(what="service", health=Health.BAD, says=says, do=do)


def _configuration(config: Config, sign: Beat | None, mistakes: Sequence[str]) -> Looked:
    refused = (sign.refused if sign else ()) or mistakes
    if not refused:
        return Looked(what="configuration", health=Health.GOOD, says=f"{config.path} is in effect, or will be")
    more = f" (and {len(refused) - 1} more)" if len(refused) > 1 else ""
    do = "Mend it: aggregator check. Until then the one before is in effect."
    return Looked(what="configuration", health=Health.DOUBTFUL, says=f"refused: {refused[0]}{more}", do=do)


def _site(sign: Beat | None) -> Iterator[Looked]:
    """The site, where it should be served and is not; readers have no other way to be told."""
    if sign is not None and sign.site:
        do = f"Mend that; it is tried again every {AGAIN_EVERY:g} s."
        yield Looked(what="site", health=Health.DOUBTFUL, says=sign.site, do=do)


def _sources(asked: Sequence[SourceState]) -> Looked:
    bad = [one for one in asked if one.last_outcome is not None and not OutcomeKind(one.last_outcome).good]
    if not bad:
        return Looked(what="sources", health=Health.GOOD, says=f"all {len(asked)} answer")
    named = ", ".join(one.key for one in bad[:MOST_NAMED]) + (
        f" and {len(bad) - MOST_NAMED} more" if len(bad) > MOST_NAMED else ""
    )
    how = Health.BAD if len(bad) == len(asked) else Health.DOUBTFUL
    says = f"{len(bad)} of {len(asked)} did not give what was asked for: {named}"
    return Looked(what="sources", health=how, says=says, do="See why: aggregator sources")


def _queue(queue: Standing) -> Looked:
    """How the polls of workers are: who takes them, how many wait, and which could not be stored."""
    says = f"{queue.waiting} polls wait, {queue.running} are under way, {queue.workers} workers"
    if not queue.workers and queue.waiting:
        return Looked(what="workers", health=Health.BAD, says=f"{says}: nobody polls", do="Start one: aggregator worker")
    if queue.failed:
        named = ", ".join(
            f"{one.source} ({one.attempts} tries, last {one.at:%Y-%m-%d %H:%M} UTC)" for one in queue.failed[:MOST_NAMED]
        )
        more = f" and {len(queue.failed) - MOST_NAMED} more" if len(queue.failed) > MOST_NAMED else ""
        do = "See the log of the workers, mend that; each is polled again at its next turn."
        says = f"{says}; no worker could store {len(queue.failed)} of them: {named}{more}"
        return Looked(what="workers", health=Health.DOUBTFUL, says=says, do=do)
    return Looked(what="workers", health=Health.GOOD, says=says)


def _workers(signs: Sequence[Beat]) -> Iterator[Looked]:
    """Workers that share this storage, where one of them has something to say."""
    said = [(one, one.trouble or f"refused: {one.refused[0]}") for one in signs if one.trouble or one.refused]
    if said:
        named = "; ".join(f"process {one.pid} on {one.host}: {why}" for one, why in said[:MOST_NAMED])
        more = f" and {len(said) - MOST_NAMED} more" if len(said) > MOST_NAMED else ""
        do = "Mend that file there (aggregator check), or bring the leader's; a worker reads it at once, and needs no start."
        yield Looked(what="workers' files", health=Health.DOUBTFUL, says=named + more, do=do)


def _outbox(tx: Connection, *, now: datetime) -> Looked:
    waits = outbox.c.delivered_at.is_(None)
    query = select(func.count(), func.min(outbox.c.created_at), func.max(outbox.c.last_error)).where(waits)
    count, oldest, error = tx.execute(query).one()
    if count and oldest + LATE < now:
        says = f"{count} updates wait to be brought to readers, since {oldest:%Y-%m-%d %H:%M} UTC"
        why = f": {error}" if error else ""
        return Looked(what="readers", health=Health.DOUBTFUL, says=says + why, do="Mend that; it is tried again by itself.")
    return Looked(what="readers", health=Health.GOOD, says="nothing waits for long")


def _care(tx: Connection) -> Looked:
    """Whether what is done for the store by and by was done well, the last time that something was."""
    failed = next((one for one in entries(tx, limit=1) if one.failed), None)
    if failed is None:
        return Looked(what="care", health=Health.GOOD, says="nothing went wrong with it")
    says, do = f"{failed.chore}, {failed.at:%Y-%m-%d %H:%M} UTC: {failed.says}", "See: aggregator maintenance"
    return Looked(what="care", health=Health.DOUBTFUL, says=says, do=do)


def _wal(store: Store) -> Looked:
    """Whether somebody keeps SQLite's write-ahead log from being emptied."""
    size = wal_bytes(store)
    says = f"{size / 1e6:,.0f} MB"
    if not is_large(size):
        return Looked(what="write-ahead log", health=Health.GOOD, says=says)
    who = ", ".join(f"process {pid}" for pid in readers(store)) or "some program"
    do = f"End the transaction of {who}: while it reads an old state, the log grows."
    return Looked(what="write-ahead log", health=Health.DOUBTFUL, says=says, do=do)

"""The sign of life that a running service leaves in its storage, for whoever asks how it is."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from aggregator.service import HANGS_AFTER, Service

FILE = "health.json"
OF_WORKERS = "health-*.json"
BEAT_EVERY = 5.0  # seconds
FORGOTTEN_AFTER = timedelta(hours=1)  # since a worker heard the database
MOST_SAID = 20  # mistakes of a configuration

if TYPE_CHECKING:
    from aggregator.service.working import Worker

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """How the service was, a moment ago."""

    pid: int
    at: datetime  # of its last tick; of a worker, when it heard the database last, by the clock of that
    host: str = ""
    trouble: str = ""  # why the store cannot be used
    network_down: bool = False
    refused: tuple[str, ...] = ()  # mistakes of a configuration that is not in effect
    site: str = ""  # why it is not served, though it should be

    @property
    def lasts_until(self) -> datetime:
        """When it would be a bad sign that there is no later one."""
        return self.at + HANGS_AFTER


async def beat(service: Service, *, clock: Callable[[], datetime]) -> None:
    """Leave a sign of life every few seconds, until cancelled; it is taken away at the end."""
    # By this machine's clock, as whoever asks has no other; that of the service may be the database's.
    await _beat(
        service.config.service.storage / FILE,
        lambda: _sign(service, at=clock() - service.since_tick, site=service.site.trouble),
    )


async def beat_of_worker(worker: Worker) -> None:
    """The same of a worker, in a file of its own beside those of others that share the storage."""
    path = worker.config.service.storage / OF_WORKERS.replace("*", f"{socket.gethostname()}-{os.getpid()}")
    await _beat(path, lambda: None if worker.looked_at is None else _sign(worker, at=worker.looked_at))


async def _beat(path: Path, sign: Callable[[], Beat | None]) -> None:
    try:
        while True:
            if (one := sign()) is not None:
                _write(path, one)
            await asyncio.sleep(BEAT_EVERY)
    finally:
        _take_away(path)


def _take_away(path: Path) -> None:
    path.unlink(missing_ok=True)


def _sign(living: Service | Worker, *, at: datetime, site: str = "") -> Beat:
    return Beat(
        pid=os.getpid(),
        at=at,
        host=socket.gethostname(),
        trouble=living.trouble,
        network_down=living.network_down,
        refused=tuple(living.refused[:MOST_SAID]),
        site=site,
    )


def _write(path: Path, sign: Beat) -> None:
    """A disk that takes nothing is told elsewhere; the old sign then grows old, which says it, too."""
    new = path.with_suffix(".new")
    try:
        new.write_text(json.dumps(asdict(sign), default=datetime.isoformat, ensure_ascii=False), encoding="utf-8")
        new.replace(path)
    except OSError as error:
        log.warning("no_sign_of_life", file=str(path), reason=error.strerror)


def last_beat(storage: Path) -> Beat | None:
    """The newest sign of life of the service; None where there is none that can be read."""
    return _read(storage / FILE)


def beats_of_workers(storage: Path, *, now: datetime) -> list[Beat]:
    """The newest signs of life of workers that share a storage. `now` is by the database's clock.

    A worker that does not hear the database is told as long as it may come back; then its file is one that a crash left.
    """
    found = [one for path in sorted(storage.glob(OF_WORKERS)) if (one := _read(path)) is not None]
    return [one for one in found if now < one.at + FORGOTTEN_AFTER]


def _read(path: Path) -> Beat | None:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return Beat(**{**told, "at": datetime.fromisoformat(told["at"]), "refused": tuple(told["refused"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None

"""The sign of life that a running service leaves in its storage, for whoever asks how it is."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import structlog

from aggregator.service import HANGS_AFTER, Service

FILE = "health.json"
BEAT_EVERY = 5.0  # seconds
MOST_SAID = 20  # mistakes of a configuration

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """How the service was, a moment ago."""

    pid: int
    at: datetime  # of its last tick
    trouble: str = ""  # why the store cannot be used
    network_down: bool = False
    refused: tuple[str, ...] = ()  # mistakes of a configuration that is not in effect

    @property
    def lasts_until(self) -> datetime:
        """When it would be a bad sign that there is no later one."""
        return self.at + HANGS_AFTER


async def beat(service: Service, *, clock: Callable[[], datetime]) -> None:
    """Leave a sign of life every few seconds, until cancelled; it is taken away at the end."""
    path = service.config.service.storage / FILE
    try:
        while True:
            _write(path, service, clock())
            await asyncio.sleep(BEAT_EVERY)
    finally:
        path.unlink(missing_ok=True)


def _write(path: Path, service: Service, now: datetime) -> None:
    """A disk that takes nothing is told elsewhere; the old sign then grows old, which says it, too."""
    sign = Beat(
        pid=os.getpid(),
        at=service.ticked_at or now,
        trouble=service.trouble,
        network_down=service.network_down,
        refused=tuple(service.refused[:MOST_SAID]),
    )
    new = path.with_suffix(".new")
    try:
        new.write_text(json.dumps(asdict(sign), default=datetime.isoformat, ensure_ascii=False), encoding="utf-8")
        new.replace(path)
    except OSError as error:
        log.warning("no_sign_of_life", file=str(path), reason=error.strerror)


def last_beat(storage: Path) -> Beat | None:
    """The newest sign of life; None where there is none that can be read."""
    try:
        told = json.loads((storage / FILE).read_text(encoding="utf-8"))
        return Beat(**{**told, "at": datetime.fromisoformat(told["at"]), "refused": tuple(told["refused"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None

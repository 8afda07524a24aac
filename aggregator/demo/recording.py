"""The shipped recording: what each address answered, and when."""

from __future__ import annotations

import gzip
import hashlib
import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files


class RecordingError(RuntimeError):
    """The recording is damaged; the text names the part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One answer of one address."""

    at: datetime  # UTC
    url: str
    headers: Mapping[str, str]
    sha256: str
    body: bytes
    made: str  # "recorded", "rebuilt", or "recorded, served again"


class Recording:
    """All answers, by address and time."""

    def __init__(self, exchanges: Sequence[Exchange]) -> None:
        self._by_url: dict[str, list[Exchange]] = defaultdict(list)
        for exchange in sorted(exchanges, key=lambda exchange: exchange.at):
            self._by_url[exchange.url].append(exchange)

    @property
    def urls(self) -> list[str]:
        """Every address that answers."""
        return list(self._by_url)

    @property
    def times(self) -> list[datetime]:
        """Every moment at which some address was asked, in order."""
        return sorted({exchange.at for exchanges in self._by_url.values() for exchange in exchanges})

    def at(self, url: str, moment: datetime) -> Exchange | None:
        """What an address answers at a moment: its latest exchange that is not after it."""
        exchanges = self._by_url.get(url, [])
        place = bisect_right(exchanges, moment, key=lambda exchange: exchange.at)
        return exchanges[place - 1] if place else None


def load_recording() -> Recording:
    """Read the recording that ships with the package. Raises `RecordingError` where a body is not the one recorded."""
    folder = files("aggregator.demo") / "recorded"
    bodies: dict[str, bytes] = {}
    exchanges = []
    for row in json.loads((folder / "manifest.json").read_text(encoding="utf-8")):
        sha256 = row["sha256"]
        if sha256 not in bodies:
            bodies[sha256] = gzip.decompress((folder / "bodies" / f"{sha256[:16]}.xml.gz").read_bytes())
            if hashlib.sha256(bodies[sha256]).hexdigest() != sha256:
                raise RecordingError(f"recorded/bodies/{sha256[:16]}.xml.gz is damaged. Install the package anew.")
        exchanges.append(
            Exchange(
                at=datetime.fromisoformat(row["at"]),
                url=row["url"],
                headers=row["headers"],
                sha256=sha256,
                body=bodies[sha256],
                made=row["made"],
            )
        )
    return Recording(exchanges)

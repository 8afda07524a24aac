"""The shipped recording: what each address answered, and when."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from aggregator import fetch
from aggregator.fetch import replay as fetch_replay

FOLDER = "recorded"  # beside this file


class RecordingError(RuntimeError):
    """The recording is damaged; the text names the part and the next step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange(fetch.Exchange):
    """One answer of one address."""

    sha256: str  # of `body`, hex
    made: str  # "recorded", "rebuilt", "recorded, served again" or "recorded, unchanged"


class Recording(fetch_replay.Recording[Exchange]):
    """All answers, by address and time."""

    @property
    def times(self) -> list[datetime]:
        """Every moment at which some address was asked, in order."""
        return sorted({exchange.at for exchanges in self.by_url.values() for exchange in exchanges})


def load_recording(folder: Traversable | None = None) -> Recording:
    """Read the recording that ships with the package, or the one in `folder`.

    Raises `RecordingError` where the list or a body is missing, cannot be read or is not the one recorded.
    """
    folder = folder if folder is not None else files("aggregator.demo") / FOLDER
    bodies: dict[str, bytes] = {}
    try:
        rows = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return Recording([_exchange(row, folder, bodies) for row in rows])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged("manifest.json") from error


def _exchange(row: Mapping[str, Any], folder: Traversable, bodies: dict[str, bytes]) -> Exchange:
    file = row["body"]
    if file not in bodies:
        bodies[file] = _body(folder, file)
    if hashlib.sha256(bodies[file]).hexdigest() != row["sha256"]:
        raise _damaged(file)
    return Exchange(
        at=datetime.fromisoformat(row["at"]),
        url=row["url"],
        status=row["status"],
        headers=row["headers"],
        sha256=row["sha256"],
        body=bodies[file],
        made=row["made"],
    )


def _body(folder: Traversable, file: str) -> bytes:
    try:
        return gzip.decompress(folder.joinpath(*file.split("/")).read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise _damaged(file) from error


def _damaged(file: str) -> RecordingError:
    return RecordingError(f"{FOLDER}/{file} is damaged or missing. Install the package anew.")

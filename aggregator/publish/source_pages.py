"""The pages of the sources, of which each poll changes one: looked at by and by, and made where they changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from aggregator.publish import places
from aggregator.publish.folder import Folder
from aggregator.publish.html import source_page
from aggregator.publish.places import Site
from aggregator.store import Store
from aggregator.store.fingerprints import source_marks
from aggregator.store.health import count_sources, source_keys, source_reports

EVERY = timedelta(minutes=10)  # in which all are looked at, as often as the list of sources is written
EACH = timedelta(milliseconds=360)  # for every source, where that is longer: 10,000 in an hour
SLICE = 20  # sources that are looked at in one pass
STATE = "sources"  # the name of the notes on how far it is


class SourcePages:
    """Writes them into the folder of a site, at a moment."""

    def __init__(self, store: Store, folder: Folder, site: Site, *, now: datetime, look: str) -> None:
        """`look` is a mark of what pages are made by beside the store."""
        self._store, self._folder, self._site, self._now, self._look = store, folder, site, now, look

    def write_some(self) -> None:
        """Look at some sources, where it is time for it. Raises OSError and `StoreError`.

        Where their number has changed, those that have no page yet come first, some in each pass, so that no link to them leads
        nowhere for long; after that all of them, round after round.
        """
        state = self._folder.notes(STATE)
        with self._store.read() as tx:
            count = count_sources(tx)
        if state.get("count") != count or not state.keys() >= {"new", "slice", "next"}:
            state = {"count": count, "new": 0, "slice": 0, "next": self._now.isoformat()}
        round_takes = max(EVERY, EACH * count)
        if state["new"] is not None:
            looked = self._look_at(state["new"], only_new=True)
            state["new"] = state["new"] + 1 if looked == SLICE else None
        elif self._is_due(state["next"], round_takes):
            looked = self._look_at(state["slice"])
            state["slice"] = state["slice"] + 1 if looked == SLICE else 0
            state["next"] = (self._now + round_takes * looked / max(1, count)).isoformat()
        else:
            return
        self._folder.note(STATE, state)

    def _is_due(self, written: str, round_takes: timedelta) -> bool:
        """Also where the clock was set back, and the next slice would come much later."""
        wait = datetime.fromisoformat(written).astimezone(UTC) - self._now
        return wait <= timedelta() or wait > round_takes

    def _look_at(self, number: int, *, only_new: bool = False) -> int:
        """Write what has changed of a slice, or what has no page at all; returns how many sources are in it."""
        name = f"{STATE}-{number}"
        known = self._folder.notes(name)
        with self._store.read() as tx:
            keys = source_keys(tx, first=number * SLICE, most=SLICE)
            wanted = {key: f"{mark}{self._look}" for key, mark in source_marks(tx, keys).items()}
            changed = [
                key
                for key in keys
                if not self._folder.has(places.source_file(key)) or (known.get(key) != wanted[key] and not only_new)
            ]
            found = source_reports(tx, changed)
        self._folder.write((places.source_file(one.state.key), f"{source_page(one, self._site).rstrip()}\n") for one in found)
        if changed or known.keys() != wanted.keys():
            self._folder.note(name, {key: wanted[key] if key in changed else known.get(key, "") for key in keys})
        return len(keys)

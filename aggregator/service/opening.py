"""The store that a configuration names, opened."""

from __future__ import annotations

import structlog

from aggregator.config import Config
from aggregator.store import Store, open_store
from aggregator.store.polls import has_snapshots

log = structlog.get_logger()


def open_for(config: Config, *, create: bool = True) -> Store:
    """The store that a configuration names. Raises `StoreError`.

    A store that is to be written to, and whose snapshot folder is gone, is told in the log and no error: no snapshot is ever
    changed, so what is stored from now on and the old ones go together later, and to stop would lose what is said meanwhile.
    """
    store = open_store(config.service.database_url, snapshots=config.service.snapshot_place, create=create)
    if create and not store.snapshots.is_there():
        with store.read() as tx:
            known = has_snapshots(tx)
        if known:
            advice = "is its disk mounted? put it back from a backup; a new one is begun meanwhile, and the two go together"
            log.error("snapshot_folder_missing", folder=store.snapshots.place, advice=advice)
    return store

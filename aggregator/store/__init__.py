"""The store: everything that was seen, and the ledger. The only room that speaks SQL."""

from aggregator.store.engine import Store
from aggregator.store.errors import StoreError
from aggregator.store.opening import open_store

__all__ = ["Store", "StoreError", "open_store"]

"""The store: everything that was seen, and the ledger. The only room that speaks SQL."""

from aggregator.store.engine import Store, open_store
from aggregator.store.errors import StoreError

__all__ = ["Store", "StoreError", "open_store"]

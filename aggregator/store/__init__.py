"""The store: everything that was seen, and the ledger. The only room that speaks SQL."""

from typing import TYPE_CHECKING

from aggregator import later
from aggregator.store.errors import StoreError

if TYPE_CHECKING:
    from aggregator.store.engine import Store
    from aggregator.store.opening import open_store
else:  # SQLAlchemy: whoever reads an answer needs a few of the values that are stored, and no database
    __getattr__ = later(__name__, {"Store": "engine", "open_store": "opening"})

__all__ = ["Store", "StoreError", "open_store"]

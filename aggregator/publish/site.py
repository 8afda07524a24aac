"""Where the site of a store stands."""

from __future__ import annotations

from sqlalchemy import select

from aggregator.config import Config
from aggregator.publish.places import Site
from aggregator.store import Store
from aggregator.store.schema import identity


def site_of(store: Store, config: Config, *, live: bool = False) -> Site:
    """The site that a store makes under a configuration. `live`: the service itself serves its pages, so that they may ask it
    for what is new, and search. Raises `StoreError`."""
    with store.read() as tx:
        known = str(tx.execute(select(identity.c.id)).scalar_one())
    url = f"{config.web.url.rstrip('/')}/" if config.web.url else ""
    return Site(url=url, live=live, hub=config.web.hub, identity=known)

"""Every configuration that the store has worked under, kept each time that it was another one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from aggregator.store.engine import Store
from aggregator.store.schema import configurations
from aggregator.store.sealing import with_seals
from aggregator.store.steps import StepKind, note_step

_NEWEST = select(configurations.c.text).order_by(configurations.c.id.desc()).limit(1)


def newest_configuration(store: Store) -> tuple[int, str]:
    """The number and the text of the configuration that is in effect; 0 and "" where there was none yet."""
    query = select(configurations.c.id, configurations.c.text).order_by(configurations.c.id.desc()).limit(1)
    with store.look() as tx:
        row = tx.execute(query).first()
    return (row.id, row.text) if row is not None else (0, "")


def keep_configuration(tx: Connection, text: str, *, at: datetime) -> None:
    """Keep the text of the configuration that takes effect now, unless it is the one that is in effect already."""
    if not text or tx.execute(_NEWEST).scalar_one_or_none() == text:
        return
    (row,) = with_seals(tx, configurations, [{"at": at, "text": text}])
    tx.execute(configurations.insert(), row)
    note_step(tx, StepKind.CONFIGURE, at=at, configuration=row["id"])

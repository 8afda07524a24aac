"""Says in the log when an alarm of a source is opened and when it is closed, each once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime

import structlog

from aggregator.fetch.alarms import Alarm
from aggregator.service import Service
from aggregator.store import Store, StoreError
from aggregator.store.lookout import Conditions, Lookout

LOOK_EVERY = 30.0  # seconds
MOST_TOLD = 50  # alarms of one look, each in a line; the others are counted in one

log = structlog.get_logger()

Alarms = Mapping[tuple[str, str], Alarm]  # by source and kind


async def watch_alarms(service: Service, lookout: Lookout) -> None:
    """Look at all sources again and again, by the service's own clock, until cancelled. Those that are open at the start are
    told as opened.

    What the store has of a source was written by that clock; where workers poll, it is the database's.

    The broad catch is the edge of one look: the next one tries again.
    """
    known: Alarms = {}
    while True:
        try:
            found = await asyncio.to_thread(_look, service.store, lookout, service.clock())
        except StoreError:
            pass  # the service says it
        except Exception:  # logged with its traceback
            log.exception("alarms_not_looked_at")
        else:
            tell(known, found)
            known = found
        await asyncio.sleep(LOOK_EVERY)


def _look(store: Store, lookout: Lookout, now: datetime) -> Alarms:
    with store.read() as tx:
        return by_kind(lookout.look(tx, now=now))


def by_kind(found: Conditions) -> Alarms:
    """The open alarms of all sources."""
    return {(key, alarm.kind.value): alarm for key, seen in found.sources.items() for alarm in seen.alarms}


def tell(known: Alarms, found: Alarms) -> None:
    """What has changed between two looks, a line for each."""
    opened = sorted(found.keys() - known.keys())
    closed = sorted(known.keys() - found.keys())
    for source, kind in opened[:MOST_TOLD]:
        alarm = found[source, kind]
        log.warning("alarm_opened", source=source, kind=kind, says=alarm.says, do=alarm.do)
    for source, kind in closed[:MOST_TOLD]:
        log.info("alarm_closed", source=source, kind=kind)
    more = [max(0, len(some) - MOST_TOLD) for some in (opened, closed)]
    if any(more):
        log.warning("alarms_untold", opened=more[0], closed=more[1], advice="aggregator sources")

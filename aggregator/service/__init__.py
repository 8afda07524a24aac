"""The running service, and what is done with the same parts where none runs."""

from typing import TYPE_CHECKING

from aggregator import later

if TYPE_CHECKING:
    from aggregator.service.holding import LEADING, RUNNING, FolderHeld, StoreHeld, hold, holder_of, prepare, utc_now
    from aggregator.service.once import TELLING_SECONDS, bring_out, notify_all, poll_all, poll_with_stand_ins, publish_ready
    from aggregator.service.opening import open_for
    from aggregator.service.serving import State, serve
    from aggregator.service.sole import LeadLost, alone
    from aggregator.service.ticking import (
        CARE_EVERY,
        CHANGE_SECONDS,
        DRAIN_SECONDS,
        HANGS_AFTER,
        PICTURES_EVERY,
        RECOVERY,
        SITE_REST,
        STORE_REST,
        TICK_SECONDS,
        Service,
    )
    from aggregator.service.wiring import fetcher_for, hosts_of, looking, road
else:  # most commands only open the store
    __getattr__ = later(
        __name__,
        {
            "LeadLost": "sole",
            "alone": "sole",
            "LEADING": "holding",
            "RUNNING": "holding",
            "FolderHeld": "holding",
            "StoreHeld": "holding",
            "hold": "holding",
            "holder_of": "holding",
            "open_for": "opening",
            "prepare": "holding",
            "utc_now": "holding",
            "TELLING_SECONDS": "once",
            "bring_out": "once",
            "notify_all": "once",
            "poll_all": "once",
            "poll_with_stand_ins": "once",
            "publish_ready": "once",
            "State": "serving",
            "serve": "serving",
            "CARE_EVERY": "ticking",
            "CHANGE_SECONDS": "ticking",
            "DRAIN_SECONDS": "ticking",
            "HANGS_AFTER": "ticking",
            "PICTURES_EVERY": "ticking",
            "RECOVERY": "ticking",
            "SITE_REST": "ticking",
            "STORE_REST": "ticking",
            "TICK_SECONDS": "ticking",
            "Service": "ticking",
            "fetcher_for": "wiring",
            "hosts_of": "wiring",
            "looking": "wiring",
            "road": "wiring",
        },
    )

__all__ = [
    "CARE_EVERY",
    "CHANGE_SECONDS",
    "DRAIN_SECONDS",
    "HANGS_AFTER",
    "LEADING",
    "PICTURES_EVERY",
    "RECOVERY",
    "RUNNING",
    "SITE_REST",
    "STORE_REST",
    "TELLING_SECONDS",
    "TICK_SECONDS",
    "FolderHeld",
    "LeadLost",
    "Service",
    "State",
    "StoreHeld",
    "alone",
    "bring_out",
    "fetcher_for",
    "hold",
    "holder_of",
    "hosts_of",
    "looking",
    "notify_all",
    "open_for",
    "poll_all",
    "poll_with_stand_ins",
    "prepare",
    "publish_ready",
    "road",
    "serve",
    "utc_now",
]

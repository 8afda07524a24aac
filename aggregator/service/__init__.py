"""The running service, and what is done with the same parts where none runs."""

from aggregator.service.alone import LeadLost, alone
from aggregator.service.holding import LEADING, RUNNING, StoreHeld, hold, holder_of, open_for, prepare, utc_now
from aggregator.service.once import TELLING_SECONDS, bring_out, notify_all, poll_all, poll_with_stand_ins, publish_ready
from aggregator.service.serving import State, serve
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
from aggregator.service.wiring import LEFT_BEHIND, fetcher_for, hosts_of, looking, road

__all__ = [
    "CARE_EVERY",
    "CHANGE_SECONDS",
    "DRAIN_SECONDS",
    "HANGS_AFTER",
    "LEADING",
    "LEFT_BEHIND",
    "PICTURES_EVERY",
    "RECOVERY",
    "RUNNING",
    "SITE_REST",
    "STORE_REST",
    "TELLING_SECONDS",
    "TICK_SECONDS",
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

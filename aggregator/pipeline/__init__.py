"""The road of a statement, from the question to the ledger: the only room that knows the whole of it."""

from typing import TYPE_CHECKING

from aggregator import later

if TYPE_CHECKING:
    from aggregator.pipeline.picturing import fetch_pictures
    from aggregator.pipeline.polling import PollReport, poll_source
    from aggregator.pipeline.published import Published
    from aggregator.pipeline.retaining import prune
    from aggregator.pipeline.road import Clock, Road, sync
    from aggregator.pipeline.telling import tell_ready
else:  # a process that reads an answer imports its part of the road, not the whole
    __getattr__ = later(
        __name__,
        {
            "fetch_pictures": "picturing",
            "PollReport": "polling",
            "poll_source": "polling",
            "prune": "retaining",
            "Clock": "road",
            "Road": "road",
            "sync": "road",
            "Published": "published",
            "tell_ready": "telling",
        },
    )

__all__ = [
    "Clock",
    "PollReport",
    "Published",
    "Road",
    "fetch_pictures",
    "poll_source",
    "prune",
    "sync",
    "tell_ready",
]

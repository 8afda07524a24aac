"""The road of a statement, from the question to the ledger: the only room that knows the whole of it."""

from aggregator.pipeline.polling import PollReport, poll_source
from aggregator.pipeline.retaining import prune, prune_beside
from aggregator.pipeline.road import Clock, Road, sync
from aggregator.pipeline.telling import Published, tell_ready

__all__ = ["Clock", "PollReport", "Published", "Road", "poll_source", "prune", "prune_beside", "sync", "tell_ready"]

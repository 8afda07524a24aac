"""The road of a statement, from the question to the ledger: the only room that knows the whole of it."""

from aggregator.pipeline.polling import PollReport, poll_source
from aggregator.pipeline.preview import Preview, preview
from aggregator.pipeline.road import Clock, Road, sync
from aggregator.pipeline.telling import Published, tell_ready

__all__ = ["Clock", "PollReport", "Preview", "Published", "Road", "poll_source", "preview", "sync", "tell_ready"]

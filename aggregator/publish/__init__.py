"""A story as its readers get it: one function per format, and the site that they are written to."""

from aggregator.publish.formats import FORMATS, render
from aggregator.publish.outbox import Delivered, drain

__all__ = ["FORMATS", "Delivered", "drain", "render"]

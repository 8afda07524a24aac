"""A story as its readers get it: one function per format, and the site that they are written to."""

from typing import TYPE_CHECKING

from aggregator import later

if TYPE_CHECKING:
    from aggregator.publish.formats import FORMATS, render
    from aggregator.publish.outbox import Delivered, drain
else:  # who tells a number or writes one line needs no pages
    __getattr__ = later(__name__, {"FORMATS": "formats", "render": "formats", "Delivered": "outbox", "drain": "outbox"})

__all__ = ["FORMATS", "Delivered", "drain", "render"]

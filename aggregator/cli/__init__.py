"""The commands. The only room that prints."""

from typing import TYPE_CHECKING

from aggregator import later
from aggregator.cli.main import main

if TYPE_CHECKING:
    from aggregator.cli.main import app
else:  # all commands, with all that they need: whoever calls one needs less
    __getattr__ = later(__name__, {"app": "main"})

__all__ = ["app", "main"]

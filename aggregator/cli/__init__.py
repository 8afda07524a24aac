"""The commands. The only room that prints."""

from aggregator.cli.main import app, main

__all__ = ["app", "main"]

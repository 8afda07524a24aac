"""Who we say that we are."""

from __future__ import annotations

from aggregator import __version__


def user_agent(own: str | None, contact: str) -> str:
    """The User-Agent of every request: the operator's own, else ours with whom to write to, where that is known."""
    return own or f"update-aggregator/{__version__}{f' ({contact})' if contact else ''}"

"""Asking sources: politely, safely, within limits; and judging what came back."""

from aggregator.fetch.client import Ask, Fetcher, Reply
from aggregator.fetch.guard import AddressRefused, check_address
from aggregator.fetch.judge import judge

__all__ = ["AddressRefused", "Ask", "Fetcher", "Reply", "check_address", "judge"]

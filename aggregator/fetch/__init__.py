"""Asking sources: politely, safely, within limits; and judging what came back."""

from aggregator.fetch.client import Fetcher
from aggregator.fetch.exchange import Ask, Exchange, Manners, Reply
from aggregator.fetch.guard import AddressRefused, check_address
from aggregator.fetch.judge import judge
from aggregator.fetch.robots import robots_allows

__all__ = [
    "AddressRefused",
    "Ask",
    "Exchange",
    "Fetcher",
    "Manners",
    "Reply",
    "check_address",
    "judge",
    "robots_allows",
]

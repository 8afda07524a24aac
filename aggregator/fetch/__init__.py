"""Asking sources: politely, safely, within limits; and judging what came back."""

from typing import TYPE_CHECKING

from aggregator import later
from aggregator.fetch.exchange import Ask, Exchange, Manners, Reply
from aggregator.fetch.judge import judge
from aggregator.fetch.robots import robots_allows

if TYPE_CHECKING:
    from aggregator.fetch.client import Fetcher
    from aggregator.fetch.guard import AddressRefused, check_address
else:  # the libraries that speak HTTP: whoever reads an answer needs none
    __getattr__ = later(__name__, {"Fetcher": "client", "AddressRefused": "guard", "check_address": "guard"})

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

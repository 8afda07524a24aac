"""Telling others of updates, through the outbox: webhooks, people by Apprise, WebSub hubs.

At least once and in order; what does not arrive is tried again, given up at last, and shown by `aggregator outbox`.
"""

from aggregator.publish.notify.delivering import Notifier, Tally, begin_recipients

__all__ = ["Notifier", "Tally", "begin_recipients"]

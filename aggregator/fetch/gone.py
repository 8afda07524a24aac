"""Whether an answer says that its page is no longer there: by its status, or, as a soft 404, by what stands in its place."""

from __future__ import annotations

import re
from collections.abc import Mapping

from aggregator.fetch.judge import HOME, LED, WALL_HEADERS
from aggregator.fetch.walls import GONE
from aggregator.model import Outcome, OutcomeKind

GONE_STATUSES = (404, 410)
_TO_AN_ERROR_PAGE = re.compile(rf"sent on to \S+: {re.escape(LED['gone'])}")


def says_gone(outcome: Outcome, headers: Mapping[str, str]) -> bool:
    """Whether an outcome is that of a page that is gone; `headers` are those of the answer.

    A wall, a login, a consent page, a server in trouble and silence say nothing of the page, whatever their status.
    """
    if any(name in headers and headers[name].lower().startswith(start) for name, start, _ in WALL_HEADERS):
        return False
    if outcome.status in GONE_STATUSES:
        return outcome.kind is OutcomeKind.FAILED
    if outcome.kind is not OutcomeKind.NOT_THE_PAGE:
        return False
    return outcome.reason.startswith((GONE, HOME)) or _TO_AN_ERROR_PAGE.match(outcome.reason) is not None

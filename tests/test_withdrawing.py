"""What a source took back, in its words; whether a page is still the one told; and which answers say that a page is gone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.fetch.gone import says_gone
from aggregator.model import Outcome, OutcomeKind
from aggregator.stories.withdrawing import MOST_QUOTED, quotable, resembles

FAILED, ELSE = OutcomeKind.FAILED, OutcomeKind.NOT_THE_PAGE


@given(st.text(max_size=2_000))
def test_a_quotation_is_one_bounded_line_that_nothing_can_break_out_of(text: str) -> None:
    line = quotable(text)
    assert len(line) <= MOST_QUOTED
    assert line == " ".join(line.split())
    assert not set(line) & set('“”„«»"\n\u202e\u200b\x00')
    assert quotable(line) == line


def test_a_long_notice_is_cut_between_words() -> None:
    assert quotable("withdrawn " * 10_000_0).endswith("withdrawn…")
    assert quotable("x" * 1_000_000) == "x" * (MOST_QUOTED - 1) + "…"


OLD = "The delegations met in Geneva on Thursday and spoke for four hours. They agreed on twelve measures and a commission."


@pytest.mark.parametrize(
    ("new", "alike"),
    [
        (OLD, True),
        (f"Menu. Home. {OLD} Share this.", True),
        (OLD.replace("twelve", "eleven"), True),
        ("A walk in the park, and the measures of a commission for benches.", False),
        ("", False),
        ("Sorry, this page was removed.", False),
    ],
)
def test_a_page_is_the_one_told_where_enough_of_it_stands_there(new: str, *, alike: bool) -> None:
    assert resembles(OLD, new) is alike
    assert not resembles("", new)
    assert resembles("Talks", f"The Talks. {OLD}")


@pytest.mark.parametrize(
    ("kind", "status", "reason", "headers", "gone"),
    [
        (FAILED, 404, "HTTP 404", {}, True),
        (FAILED, 410, "HTTP 410", {}, True),
        (FAILED, 404, "HTTP 404", {"cf-mitigated": "challenge"}, False),
        (FAILED, 500, "HTTP 500: not found", {}, False),
        (FAILED, None, "no answer", {}, False),
        (ELSE, 403, "HTTP 403: the page is not there", {}, False),
        (ELSE, 200, "the page is not there, though the server does not say so: has the address moved?", {}, True),
        (ELSE, 200, "sent on to e.org/404: the page is not there: has the address moved?", {}, True),
        (ELSE, 200, "sent on to the home page of e.org: the page is not there any more", {}, True),
        (ELSE, 200, "a wall (“the page is not there, though the server does not say so”)", {}, False),
        (ELSE, 200, "sent on from e.org to another site, f.org: has the page moved?", {}, False),
        (OutcomeKind.CHANGED, 200, "a new copy", {}, False),
        (OutcomeKind.UNCHANGED, 304, "unchanged", {}, False),
    ],
)
def test_only_a_page_that_is_gone_is_gone(
    kind: OutcomeKind, status: int | None, reason: str, headers: dict[str, str], *, gone: bool
) -> None:
    assert says_gone(Outcome(kind=kind, reason=reason, status=status), headers) is gone

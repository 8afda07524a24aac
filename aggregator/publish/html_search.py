"""The page on which statements are searched: of the served site alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from aggregator.publish import places
from aggregator.publish.places import Site
from aggregator.publish.templating import page_of
from aggregator.store.search import Hit, Page
from aggregator.text.highlight import Marked

FILTERS = ("source", "story", "lane", "language", "since", "until")  # the names of the form's fields beside `q`


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for, as the form sends it, and what it offers to choose from."""

    query: str = ""  # field `q`
    chosen: Mapping[str, str] = field(default_factory=dict)  # of `FILTERS`, those that were given
    sources: Sequence[tuple[str, str]] = ()  # key and name of each
    stories: Sequence[tuple[str, str]] = ()  # key and title of each
    error: str = ""  # why nothing was searched

    @property
    def names(self) -> Mapping[str, str]:
        """The names of the sources by their keys."""
        return dict(self.sources)

    def further(self, cursor: str) -> str:
        """The query string of the next page (field `after`)."""
        return urlencode({"q": self.query, **self.chosen, "after": cursor})


def search_page(asked: Asked, found: Page[Hit] | None, site: Site) -> str:
    """The form, and what was found; None: nothing was searched yet."""
    following = asked.further(found.next) if found is not None and found.next is not None else ""
    return page_of(
        "search.html", site, places.SEARCH, asked=asked, found=found, next=following, cut=lambda one: list(_cut(one))
    )


def _cut(one: Marked) -> Iterator[tuple[str, bool]]:
    """A text in pieces, each with whether it is what was looked for."""
    at = 0
    for start, end in one.spans:
        yield one.text[at:start], False
        yield one.text[start:end], True
        at = end
    yield one.text[at:], False

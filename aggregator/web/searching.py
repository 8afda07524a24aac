"""The page on which statements are searched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection

from aggregator.publish.html import Asked, search_page
from aggregator.publish.html_search import FILTERS
from aggregator.publish.places import Site
from aggregator.publish.wellformed import whole
from aggregator.store.browsing import source_names
from aggregator.store.search import CursorError, Search, search
from aggregator.store.summaries import all_stories
from aggregator.text.query import QueryError, parse_query

HITS = 20  # of a page


def searched_page(tx: Connection, given: Mapping[str, str], site: Site) -> tuple[str, bool]:
    """The page for the fields of its form, and whether they could be read: where not, it says why."""
    chosen = {name: given[name] for name in FILTERS if given.get(name)}
    asked = Asked(
        query=given.get("q", ""),
        chosen=chosen,
        sources=list(source_names(tx).items()),
        stories=[(one.key, one.title) for one in all_stories(tx)],
    )
    if not given.keys() & {"q", *FILTERS}:
        return whole(search_page(asked, None, site)), True
    from pydantic import ValidationError  # noqa: PLC0415 - as for `api.Question.model`

    from aggregator.web.asked import Statements  # noqa: PLC0415 - the same

    try:
        read = Statements.model_validate(chosen | ({"cursor": given["after"]} if given.get("after") else {}))
        wanted = Search(
            query=parse_query(asked.query),
            source=read.source,
            lane=read.lane and read.lane.value,
            language=read.language,
            story=read.story,
            since=read.since,
            until=read.until,
        )
        found = search(tx, wanted, limit=HITS, after=read.cursor)
    except ValidationError as error:
        first = error.errors()[0]
        why = f"{first['loc'][0]}: {str(first['msg']).removeprefix('Value error, ')}."
    except (QueryError, CursorError) as error:
        why = str(error)
    else:
        return whole(search_page(asked, found, site)), True
    return whole(search_page(replace(asked, error=why), None, site)), False

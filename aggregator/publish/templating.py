"""What the pages of this room are made with."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from aggregator.model import Update
from aggregator.publish import shown
from aggregator.publish.links import web_address
from aggregator.publish.text import also_reported

if TYPE_CHECKING:
    from jinja2 import Environment

LANGUAGE = "en"  # of what the pages themselves say


def lang(language: str) -> str:
    """A language as an attribute says it; "" where it is that of the page itself, or not known."""
    return "" if language.casefold().partition("-")[0] == LANGUAGE else language


@cache
def environment() -> Environment:
    """What the pages of this room are made with: it escapes everything."""
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape  # noqa: PLC0415 - for the first page

    environment = Environment(
        loader=PackageLoader("aggregator.publish"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        written_date=shown.written_date,
        written_said=shown.written_said,
        written_time=shown.written_time,
        web=web_address,
        lang=lang,
    )
    environment.globals.update(shown=shown, also_reported=also_reported)
    environment.tests["update"] = lambda one: isinstance(one, Update)
    return environment

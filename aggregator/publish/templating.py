"""What every page of the site is made with: one look, one policy of what a browser may load, everything escaped."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from aggregator.model import Update
from aggregator.publish import places, shown
from aggregator.publish.links import web_address
from aggregator.publish.places import Site
from aggregator.publish.text import also_reported

if TYPE_CHECKING:
    from jinja2 import Environment

LANGUAGE = "en"  # of what the pages themselves say
NOWHERE = Site()
SHEETS = ("style.css", "more.css")
PIECES = 500  # of a template that make one of a page
STORY_SHEETS = SHEETS[:1]  # a story is read most, often on a slow line
PARTS = {places.INDEX: "Stories", places.SOURCES: "Sources", places.ABOUT: "About"}
LAST_PART = (places.MISSED, "What we may have missed")  # the longest name: on a phone, the others stand in one line


def page_of(template: str, site: Site, path: str, *, sheets: Sequence[str] = SHEETS, **values: object) -> str:
    """A page from one of the templates. `path`: its own place in the site, from which its links lead on."""
    return environment().get_template(template).render(**_given(site, path, sheets), **values)


def pieces_of(template: str, site: Site, path: str, *, sheets: Sequence[str] = SHEETS, **values: object) -> Iterator[str]:
    """The same page piece by piece, each made when it is asked for: one that tells of all sources may be of some MB."""
    stream = environment().get_template(template).stream(**_given(site, path, sheets), **values)
    stream.enable_buffering(PIECES)
    return stream


def _given(site: Site, path: str, sheets: Sequence[str]) -> dict[str, object]:
    """What every template is given."""
    style = styles(*sheets)
    return {"site": site, "path": path, "policy": policy(site, style), "styles": style, "parts": parts_of(site)}


def parts_of(site: Site) -> Sequence[tuple[str, str]]:
    """Where the site can be entered: each place with its name. Only what is served can search."""
    search = [(places.SEARCH, "Search")] if site.live else []
    return [*PARTS.items(), *search, LAST_PART]


def policy(site: Site, style: str) -> str:
    """The Content-Security-Policy (level 3) of a page: nothing is loaded but pictures of the site itself, and the style sheet
    that stands in the page, known by its hash. A served page may also run the site's script, ask the site, and search it."""
    allowed = {
        "default-src": "'none'",
        "style-src": f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'",
        "img-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    if site.live:
        allowed |= {"script-src": "'self'", "connect-src": "'self'", "form-action": "'self'"}
    return "; ".join(f"{what} {where}" for what, where in allowed.items())


def icon() -> str:
    """The site's icon, an SVG picture: a browser asks for one in any case."""
    return (files("aggregator.publish") / "templates" / places.ICON).read_text(encoding="utf-8")


@cache
def styles(*sheets: str) -> str:
    """Style sheets as they stand in a page, without comments and needless space: with a page saved, its look is saved."""
    folder = files("aggregator.publish") / "templates"
    text = "".join((folder / sheet).read_text(encoding="utf-8") for sheet in sheets)
    text = " ".join(re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL).split())
    for sign in "{};":
        text = text.replace(f" {sign}", sign).replace(f"{sign} ", sign)
    return text.replace(": ", ":").replace(", ", ",").replace(";}", "}")


def lang(language: str) -> str:
    """A language as an attribute says it; "" where it is that of the page itself, or not known."""
    return "" if language.casefold().partition("-")[0] == LANGUAGE else language


@cache
def environment() -> Environment:
    """What the pages of this room are made with: it escapes everything, and a name that is not known is an error."""
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape  # noqa: PLC0415 - for the first page

    environment = Environment(
        loader=PackageLoader("aggregator.publish"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # A release that is installed over this one while it runs brings templates that want other values; nor is the disk asked
        # for each template of each page whether it has changed.
        auto_reload=False,
    )
    environment.filters.update(
        written_date=shown.written_date,
        written_day=shown.written_day,
        written_said=shown.written_said,
        written_short=shown.written_short,
        written_time=shown.written_time,
        web=web_address,
        lang=lang,
    )
    environment.globals.update(shown=shown, places=places, also_reported=also_reported)
    environment.tests["update"] = lambda one: isinstance(one, Update)
    return environment

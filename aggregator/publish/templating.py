"""What every page of the site is made with: one look, one policy of what a browser may load, everything escaped."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
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
PARTS = {places.INDEX: "Stories", places.SOURCES: "Sources", places.MISSED: "What we may have missed", places.ABOUT: "About"}


def page_of(template: str, site: Site, path: str, **values: object) -> str:
    """A page from one of the templates. `path`: its own place in the site, from which its links lead on."""
    more = {"site": site, "path": path, "policy": policy(site), "styles": styles(), "parts": parts_of(site)}
    return environment().get_template(template).render(**more, **values)


def parts_of(site: Site) -> Sequence[tuple[str, str]]:
    """Where the site can be entered: each place with its name. Only what is served can search."""
    search = [(places.SEARCH, "Search")] if site.live else []
    return [*PARTS.items(), *search]


def policy(site: Site) -> str:
    """The Content-Security-Policy (level 3) of a page: nothing is loaded but pictures of the site itself, and the style sheet
    that stands in the page, known by its hash. A served page may also run the site's script, ask the site, and search it."""
    allowed = {
        "default-src": "'none'",
        "style-src": f"'sha256-{_hash_of(styles())}'",
        "img-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    if site.live:
        allowed |= {"script-src": "'self'", "connect-src": "'self'", "form-action": "'self'"}
    return "; ".join(f"{what} {where}" for what, where in allowed.items())


@cache
def styles() -> str:
    """The style sheet, as it stands in each page: with a page saved, its look is saved."""
    lines = (files("aggregator.publish") / "templates" / "style.css").read_text(encoding="utf-8").splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())


def _hash_of(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


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

"""How a source is read, as `feeds.toml` says it: CSS selectors of pages, paths into JSON, what is left out."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

from aggregator.config.tables import AfterValidator, BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    import soupsieve

MOST_SELECTOR = 500  # characters
ATTRIBUTE = re.compile(r"(?:^|\s)@([A-Za-z_][\w:.-]{0,100})$")  # behind a selector: take this attribute, not the text
PLACE = re.compile(r"\{([^{}]*)\}")
HOST_FIRST = re.compile(r"\{url\}|https?://[^/{}\s?#]+(?:/|\{path\})")
PLACES = ("url", "path", "id", "reference", "language")  # what the address of an item's own page may be made of
FILTERS = ("lower", "upper", "slug", "slashes")  # what may change a value on its way into a template; `sources.paths` does


def compiled_selector(written: str) -> tuple[soupsieve.SoupSieve | None, str]:
    """What `SELECTOR`, `SELECTOR @NAME` or `@NAME` means: the selector, None for the element itself; and the name of the
    attribute that is taken, "" for the text. Raises ValueError where it means nothing."""
    import soupsieve  # noqa: PLC0415 - brings a parser of HTML with it, which few configurations need

    if len(written) > MOST_SELECTOR:
        raise ValueError(f"longer than {MOST_SELECTOR} characters")
    attribute = ATTRIBUTE.search(written)
    css = written[: attribute.start()].strip() if attribute is not None else written.strip()
    try:
        return soupsieve.compile(css) if css else None, attribute[1] if attribute is not None else ""
    except (soupsieve.SelectorSyntaxError, NotImplementedError, ValueError) as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ValueError(f"no CSS selector ({why})") from error


def _selector(written: str) -> str:
    compiled_selector(written)
    return written


def template(value: str) -> str:
    """An http(s) address with places in braces, or "" for none. No place may decide which host is asked, but for {url}."""
    if not value:
        return ""
    places = [place.split("|") for place in PLACE.findall(value)]
    if not places or not {name for name, *_ in places} <= set(PLACES) or set(PLACE.sub("", value)) & set("{}"):
        raise ValueError(f"write at least one place, and of these only: {', '.join('{' + name + '}' for name in PLACES)}")
    if not {name for _, *filters in places for name in filters} <= set(FILTERS):
        raise ValueError(f"behind a place, write filters, and of these only: {', '.join(FILTERS)}")
    if not HOST_FIRST.match(value):
        raise ValueError("write a whole address that starts with http:// or https:// and a host, or with {url}")
    return value


Selector = Annotated[str, AfterValidator(_selector)]
Template = Annotated[str, AfterValidator(template)]


class Rules(BaseModel):
    """A table of rules."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    def by_name(self) -> dict[str, Any]:
        """Its fields."""
        return {name: getattr(self, name) for name in type(self).model_fields}

    def as_json(self) -> str:
        """The same of a table of texts, to the letter as pydantic would write it: by a hash of this, stores know the rules."""
        return json.dumps(self.by_name(), ensure_ascii=False, separators=(",", ":"))


class Selectors(Rules):
    """Where a listing page holds what. CSS selectors within one entry; `SELECTOR @NAME` takes an attribute, not the text."""

    entry: Selector = Field(examples=["article.news"], description="Each entry of the listing.")
    link: Selector = Field("a @href", examples=["h2 a @href"], description="Address of the entry's own page.")
    title: Selector = Field(
        "", examples=["h2"], description="Its title; else the first sentence of `text`, or the text of the link."
    )
    time: Selector = Field("", examples=["time"], description="When it was said: `datetime` of a time element, else its text.")
    id: Selector = Field(
        "", examples=["@data-id"], description="The source's own id, such as `@data-id`; its address if none is named."
    )
    summary: Selector = Field("", examples=["p.teaser"], description="A short text.")
    text: Selector = Field("", examples=["div.body"], description="The whole text, where the listing holds it.")
    next: Selector = Field(
        "", examples=["a[rel=next] @href"], description="Within the page: address of the next page of the listing."
    )


class Mapping(Rules):
    """Where a JSON answer holds what.

    Dotted paths: a number is a place in a list (`a.b.0.c`; -1 is the last), `*` all of it; `a or b` is the first that says
    something. A value with braces is a template (`https://example.org/{a.b|slug}`; filters: lower, upper, slug, slashes).
    """

    entries: str = Field("", examples=["result.items"], description="Path to the list of entries; the whole answer if empty.")
    id: str = Field("", examples=["uuid"], description="The source's own id.")
    url: str = Field(
        "",
        examples=["https://example.org/news/{slug}"],
        description="Address for readers; a path, or a template such as https://example.org/{slug}.",
    )
    title: str = Field("", examples=["headline or title"], description="Its title.")
    published: str = Field("", examples=["dates.published"], description="When it was said.")
    updated: str = Field("", examples=["dates.changed"], description="When it was last changed.")
    summary: str = Field("", examples=["teaser"], description="A short text.")
    html: str = Field("", examples=["body.*.html"], description="The whole text, as HTML or plain text.")
    language: str = Field("", examples=["locale"], description="Its language.")
    reference: str = Field("", examples=["number"], description="The source's own number, the same in every language.")
    note: str = Field("", examples=["change_note"], description="What the source says of its last change.")
    withdrawn: str = Field(
        "", examples=["withdrawn.reason"], description="What the source says where it took the statement back."
    )
    left_out: str = Field(
        "",
        examples=["machine_translated"],
        description="An entry of which this says something, or true, is left out: a machine translation.",
    )
    alternates: str = Field("", examples=["translations"], description="Path to the list of its other languages.")
    alternate_url: str = Field("url", examples=["href"], description="Within one of these: its address.")
    alternate_language: str = Field("language", examples=["lang"], description="Within one of these: its language.")


class ArticleRules(Rules):
    """Where an item's own page holds what. CSS selectors; what is not named is found as on any page."""

    title: Selector = Field("", examples=["h1"], description="Its heading.")
    lead: Selector = Field("", examples=["p.lead"], description="The paragraph above the text.")
    body: Selector = Field(
        "", examples=["div.text p"], description="All elements that hold the text, in the order of the page."
    )
    time: Selector = Field(
        "", examples=["time"], description="When it was said; several elements are read together (day and time of day)."
    )
    drop: tuple[Selector, ...] = Field((), examples=[[".share"]], description="Parts of the text that are left out.")


class Item(Rules):
    """How each entry's own page is read."""

    url: Template = Field(
        "",
        examples=["https://example.org/api/{id}"],
        description="Template of its address: {url}, {path}, {id}, {reference}, {language}, with filters; the link if empty.",
    )
    kind: Literal["page", "json_api"] = Field("page", description="How it is read.")
    article: ArticleRules = ArticleRules()
    mapping: Mapping | None = Field(None, description="For kind json_api.")

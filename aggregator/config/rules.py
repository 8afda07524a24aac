"""How a source is read, as `feeds.toml` says it: CSS selectors of pages, paths into JSON, what is left out."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Rules(BaseModel):
    """A table of rules."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Selectors(Rules):
    """Where a listing page holds what. CSS selectors within one entry; `SELECTOR @NAME` takes an attribute, not the text."""

    entry: str = Field(description="Each entry of the listing.")
    link: str = Field("a @href", description="Address of the entry's own page.")
    title: str = Field("", description="Its title; else the first sentence of `text`, or the text of the link.")
    time: str = Field("", description="When it was said: `datetime` of a time element, else its text.")
    id: str = Field("", description="The source's own id, such as `@data-id`; its address if none is named.")
    summary: str = Field("", description="A short text.")
    text: str = Field("", description="The whole text, where the listing holds it.")
    next: str = Field("", description="Within the page: address of the next page of the listing.")


class Mapping(Rules):
    """Where a JSON answer holds what.

    Dotted paths: a number is a place in a list (`a.b.0.c`; -1 is the last), `*` all of it; `a or b` is the first that says
    something. A value with braces is a template (`https://example.org/{a.b|slug}`; filters: lower, upper, slug).
    """

    entries: str = Field("", description="Path to the list of entries; the whole answer if empty.")
    id: str = Field("", description="The source's own id.")
    url: str = Field("", description="Address for readers; a path, or a template such as https://example.org/{slug}.")
    title: str = Field("", description="Its title.")
    published: str = Field("", description="When it was said.")
    updated: str = Field("", description="When it was last changed.")
    summary: str = Field("", description="A short text.")
    html: str = Field("", description="The whole text, as HTML or plain text.")
    language: str = Field("", description="Its language.")
    reference: str = Field("", description="The source's own number, the same in every language.")
    note: str = Field("", description="What the source says of its last change.")
    withdrawn: str = Field("", description="What the source says where it took the statement back.")
    alternates: str = Field("", description="Path to the list of its other languages.")
    alternate_url: str = Field("url", description="Within one of these: its address.")
    alternate_language: str = Field("language", description="Within one of these: its language.")


class ArticleRules(Rules):
    """Where an item's own page holds what. CSS selectors; what is not named is found as on any page."""

    title: str = Field("", description="Its heading.")
    lead: str = Field("", description="The paragraph above the text.")
    body: str = Field("", description="All elements that hold the text, in the order of the page.")
    time: str = Field("", description="When it was said; several elements are read together (day and time of day).")
    drop: tuple[str, ...] = Field((), description="Parts of the text that are left out.")


class Item(Rules):
    """How each entry's own page is read."""

    url: str = Field("", description="Template of its address: {url}, {path}, {id}, {reference}; the entry's link if empty.")
    kind: Literal["page", "json_api"] = Field("page", description="How it is read.")
    article: ArticleRules = ArticleRules()
    mapping: Mapping | None = Field(None, description="For kind json_api.")

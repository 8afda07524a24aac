"""What search engines, previews and other pages read of a story: JSON-LD, Open Graph, oEmbed, as their own readers see it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import extruct
import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment

from aggregator.model import DeskAct, DeskKind, StoryKey, StoryPage
from aggregator.publish import render
from aggregator.publish.linked_data import json_ld
from aggregator.publish.meta import LONGEST_DESCRIPTION, description, head
from aggregator.publish.places import Site
from aggregator.publish.wellformed import xml_text
from tests.conftest import NOON
from tests.told import CORRECTED, HOSTILE, PICTURED, SITE, WITHDRAWN, an_update, pages, story

ADDRESS = "https://news.example.org/talks.html"


def document(page: StoryPage, site: Site) -> str:
    """Nothing but a head and our data, as a template writes them."""
    written = "{% for name, attributes in head %}<{{ name }}{{ attributes | xmlattr }}>{% endfor %}"
    tags = Environment(autoescape=True).from_string(written).render(head=head(page, site))
    data = f'<script type="application/ld+json">{json_ld(page, site)}</script>'
    return f"<!DOCTYPE html><html><head><title>x</title>{tags}{data}</head><body><p>the end</p></body></html>"


def read(page: StoryPage, *syntaxes: str, site: Site = SITE) -> dict[str, list[dict[str, Any]]]:
    """What others find in the page itself."""
    return dict(extruct.extract(render(page, "html", site=site), base_url=ADDRESS, syntaxes=list(syntaxes), uniform=False))


def data_of(page: StoryPage, site: Site = SITE) -> dict[str, Any]:
    (found,) = read(page, "json-ld", site=site)["json-ld"]
    return found


# --- linked data


def test_a_story_is_a_live_blog_with_a_posting_for_each_update() -> None:
    told = data_of(PICTURED)
    assert (told["@context"], told["@type"]) == ("https://schema.org", "LiveBlogPosting")
    assert told["@id"] == SITE.story_id(StoryKey("talks"))
    assert (told["headline"], told["description"], told["inLanguage"]) == ("Talks in Geneva", "Before the talks", "en")
    assert (told["url"], told["mainEntityOfPage"]) == (ADDRESS, ADDRESS)
    assert told["coverageStartTime"] == told["datePublished"] == "2025-08-14T13:00:00Z"
    assert told["dateModified"] == "2025-08-14T16:00:00Z"
    assert "coverageEndTime" not in told
    assert told["publisher"] == {"@type": "Organization", "name": "news.example.org", "url": SITE.url}
    picture = told["image"]
    assert picture["url"] == f"https://news.example.org/pictures/{'ab' * 32}.webp"
    assert (picture["width"], picture["caption"], picture["creditText"]) == (1280, "a lake", "J. Doe")
    postings = told["liveBlogUpdate"]
    assert [one["@type"] for one in postings] == ["BlogPosting"] * 4
    assert [one["@id"] for one in postings] == [SITE.update_id(StoryKey("talks"), n) for n in (4, 3, 2, 1)]
    oldest = postings[-1]
    assert oldest["url"] == f"{ADDRESS}#update-1"
    assert (oldest["headline"], oldest["articleBody"]) == ("Update.1: Title 1", "This is said as number 1.")
    assert (oldest["datePublished"], oldest["dateModified"]) == ("2025-08-14T13:00:00Z", "2025-08-14T15:00:00Z")
    assert oldest["citation"] == [{"@type": "CreativeWork", "name": "Alpha", "url": "https://alpha.example/1"}]
    assert oldest["isBasedOn"] == ["https://alpha.example/1"]


def test_a_correction_stands_at_what_it_corrects() -> None:
    postings = {one["position"]: one for one in data_of(WITHDRAWN)["liveBlogUpdate"]}
    (told,) = postings[1]["correction"]
    assert (told["@type"], told["url"], told["datePublished"]) == (
        "CorrectionComment",
        f"{ADDRESS}#update-3",
        "2025-08-14T15:00:00Z",
    )
    assert told["text"] == (
        "Update.3: Corrects Update.1: Alpha changed its text. "
        "Before: “This is said as number 1.” After: “This is said as number one.”"
    )
    assert postings[2]["correction"][0]["text"] == "Update.4: Takes Update.2 back."
    assert "correction" not in postings[3]


def act(kind: DeskKind, hours: int, **changed: Any) -> DeskAct:
    values = {"id": hours, "kind": kind, "at": NOON + timedelta(hours=hours), "by": "A. Person", "why": "over"}
    return DeskAct(**{**values, "story": StoryKey("talks"), **changed})


@pytest.mark.parametrize(
    ("acts", "ended"),
    [
        ([act(DeskKind.NOTE, 5)], None),
        ([act(DeskKind.CLOSE, 5)], "2025-08-14T17:00:00Z"),
        ([act(DeskKind.CLOSE, 5), act(DeskKind.REOPEN, 6)], None),
        ([act(DeskKind.MERGE, 5, other=StoryKey("grain"))], "2025-08-14T17:00:00Z"),
        ([act(DeskKind.MERGE, 5, story=StoryKey("grain"), other=StoryKey("talks"))], None),  # this one goes on
    ],
)
def test_the_coverage_ends_when_the_desk_closes_the_story(acts: list[DeskAct], ended: str | None) -> None:
    told = data_of(replace(CORRECTED, acts=tuple(acts)))
    assert told.get("coverageEndTime") == ended
    assert "Person" not in str(told)


def test_a_story_without_an_update_begins_with_its_window() -> None:
    told = data_of(story(0))
    assert told["coverageStartTime"] == told["dateModified"] == "2025-08-14T12:00:00Z"
    assert "liveBlogUpdate" not in told


@given(page=pages(), site=st.sampled_from([SITE, Site()]))
@settings(max_examples=60)
def test_nothing_that_a_source_wrote_ends_the_script_element(page: StoryPage, site: Site) -> None:
    shown = json_ld(page, site)
    assert not re.search("[<>&\u2028\u2029\ud800-\udfff]", shown)
    told = json.loads(shown)
    page_read = BeautifulSoup(document(page, site), "lxml")
    assert len(page_read.find_all("script")) == 1
    assert page_read.p is not None
    assert page_read.p.get_text() == "the end"
    assert json.loads(str(page_read.script.string)) == told  # type: ignore[union-attr]  # fails loudly
    for posting in told.get("liveBlogUpdate", []):
        assert datetime.fromisoformat(posting["datePublished"]) <= datetime.fromisoformat(posting["dateModified"])


@pytest.mark.parametrize("text", HOSTILE)
def test_a_headline_arrives_as_it_is(text: str) -> None:
    told = json.loads(json_ld(replace(story(1), title=f"Talks {text}"), SITE))
    assert told["headline"] == " ".join(xml_text(" ".join(f"Talks {text}".split())).split())


# --- the head


def test_others_find_the_preview_and_the_other_forms() -> None:
    (graph,) = read(PICTURED, "opengraph")["opengraph"]
    picture = f"https://news.example.org/pictures/{'ab' * 32}.webp"
    told = dict(graph["properties"])
    assert told == {
        "og:type": "article",
        "og:title": "Talks in Geneva",
        "og:description": "Before the talks",
        "og:site_name": "news.example.org",
        "og:url": ADDRESS,
        "og:image": picture,
        "og:image:type": "image/webp",
        "og:image:width": "1280",
        "og:image:height": "720",
        "og:image:alt": "a lake",
        "article:published_time": "2025-08-14T13:00:00Z",
        "article:modified_time": "2025-08-14T16:00:00Z",
    }
    soup = BeautifulSoup(render(PICTURED, "html", site=SITE), "lxml")
    named = {str(one["name"]): one["content"] for one in soup.select("meta[name]")}
    assert named["description"] == "Before the talks"
    assert (named["twitter:card"], named["twitter:image"]) == ("summary_large_image", picture)
    assert [one["href"] for one in soup.select("link[rel=canonical]")] == [ADDRESS]
    assert {str(one["type"]): one["href"] for one in soup.select("link[rel=alternate]")} == {
        "application/atom+xml": "https://news.example.org/talks.atom",
        "application/feed+json": "https://news.example.org/talks.feed.json",
        "application/json": "https://news.example.org/talks.json",
        "application/json+oembed": "https://news.example.org/talks.oembed.json",
        "text/markdown": "https://news.example.org/talks.md",
    }


def test_without_an_address_nothing_claims_to_be_a_whole_one() -> None:
    soup = BeautifulSoup(render(PICTURED, "html"), "lxml")
    assert soup.select("link[rel=canonical], meta[property='og:url'], meta[property^='og:image']") == []
    assert [one["href"] for one in soup.select("link[type='application/atom+xml']")] == ["talks.atom"]
    assert "publisher" not in data_of(PICTURED, Site())


def test_a_language_with_a_country_is_a_locale() -> None:
    tags = [attributes for _, attributes in head(replace(story(1), language="en-GB"), SITE)]
    assert {"property": "og:locale", "content": "en_GB"} in tags


def test_a_story_without_a_lead_is_described_by_its_newest_update() -> None:
    assert description(replace(story(2), lead=" ")) == "Adds a statement by Alpha: “Title 2”."
    assert description(replace(story(0), lead="")) == "Talks in Geneva"
    assert len(description(replace(story(0), lead="word " * 100_000))) <= LONGEST_DESCRIPTION


@given(page=pages())
@settings(max_examples=40)
def test_the_head_stays_a_head_whatever_a_source_wrote(page: StoryPage) -> None:
    soup = BeautifulSoup(document(page, SITE), "lxml")
    assert {one.name for one in soup.find_all(True)} == {"html", "head", "title", "meta", "link", "script", "body", "p"}
    assert all(str(one["href"]).startswith("https://news.example.org/") for one in soup.select("link"))
    document(page, SITE).encode()  # no half of a surrogate pair


# --- oEmbed


def test_another_page_may_show_what_oembed_says() -> None:
    told = json.loads(render(PICTURED, "oembed", site=SITE))
    assert (told["version"], told["type"]) == ("1.0", "link")
    assert (told["title"], told["provider_name"], told["provider_url"]) == ("Talks in Geneva", "news.example.org", SITE.url)
    assert told["thumbnail_url"].startswith("https://news.example.org/pictures/")
    assert (told["thumbnail_width"], told["thumbnail_height"]) == (1280, 720)
    assert (
        not {"thumbnail_url", "thumbnail_width", "thumbnail_height"} & json.loads(render(story(1), "oembed", site=SITE)).keys()
    )


@given(page=pages())
@settings(max_examples=20)
def test_oembed_is_json_whatever_a_source_wrote(page: StoryPage) -> None:
    assert json.loads(render(page, "oembed", site=SITE).encode())["type"] == "link"


def test_long_titles_are_cut_everywhere() -> None:
    page = replace(story(1), title="x" * 1_000_000, updates=(an_update(1, title="y " * 500_000),))
    assert len(json_ld(page, SITE)) < 3_000
    assert len(document(page, SITE)) < 6_000
    assert len(render(page, "oembed", site=SITE)) < 1_000

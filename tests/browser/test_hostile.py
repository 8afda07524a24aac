"""What sources write, in the browser: nothing of it runs, nothing of it is an element, and all of it can be read as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.config import load_config
from aggregator.model import StoryPage
from aggregator.pipeline.sandbox import Sandbox
from aggregator.publish import render
from aggregator.publish.places import Site
from aggregator.store import open_store
from aggregator.store.pages import story_page
from aggregator.text import clean_html
from tests.browser.folders import every_page, of_one_page, one_of_each_kind, served
from tests.browser.hostile import BREAKERS, payloads, publish, rendered
from tests.browser.reader import Reader, strange
from tests.conftest import Web, be_quiet

WHITE = re.compile(r"\s+")


def plain(text: str) -> str:
    """A text without what a page may lose of it: control signs, and white space."""
    return WHITE.sub("", re.sub("[\x00-\x1f\x7f\ufffd\ufeff]", "", text))


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Iterator[Path]:
    """The site that was made of hostile sources, by the ordinary road."""
    be_quiet()
    web = Web()
    yield publish(tmp_path_factory.mktemp("hostile"), web, sandbox)
    web.close()


@pytest.fixture(scope="module")
def demo_page(demo_storage: Path) -> StoryPage:
    """The page of the demo's story."""
    store = open_store(f"sqlite:///{demo_storage}/aggregator.sqlite", snapshots=demo_storage, create=False)
    with store.read() as tx:
        page = story_page(tx, next(iter(load_config(demo_storage / "feeds.toml").stories)))
    store.close()
    assert page is not None
    return page


@pytest.mark.parametrize("without_csp", [False, True], ids=["as it is", "were there no policy"])
def test_nothing_that_hostile_sources_write_runs(reader: Reader, hostile_site: Path, without_csp: bool) -> None:
    # What the pages hold is the same; their policy is tried on one of each kind.
    files = every_page(hostile_site) if without_csp else one_of_each_kind(hostile_site)
    assert {"talks.html", "talks.newest.html", "empty.html", "index.html", "sources/rss.html"} <= {*every_page(hostile_site)}
    with served(hostile_site) as url:
        page = reader.opens(url + "talks.html", without_csp=without_csp)
        for file in files:
            page.goto(url + file)
            assert strange(page) == [], file
    assert reader.troubles == []


def test_their_markup_can_be_read_as_text(reader: Reader, hostile_site: Path) -> None:
    with served(hostile_site) as url:
        page = reader.opens(url + "talks.html")
        assert BREAKERS[0] in page.title()
        assert page.inner_text("h1") == "Talks " + " ".join(BREAKERS)
        assert " ".join(BREAKERS) in page.inner_text("#update-1")  # the name of its source


@pytest.mark.parametrize("start", range(0, 2450, 500))
def test_nothing_runs_from_whatever_field_of_a_story(reader: Reader, tmp_path: Path, demo_page: StoryPage, start: int) -> None:
    page = rendered(demo_page, start)
    with served(of_one_page(tmp_path, render(page, "html", site=Site(url="http://127.0.0.1/")))) as url:
        shown = reader.opens(url + "page.html", without_csp=True)
        assert strange(shown) == []
        text = plain(shown.inner_text("body"))
    told = [sentence.text for update in page.updates for part in update.paragraphs for sentence in part.sentences]
    assert len(told) > 40
    assert [one for one in told if plain(one) not in text] == []


def test_nothing_runs_from_cleaned_html(reader: Reader, tmp_path: Path) -> None:
    cleaned = [clean_html(one, base_url="http://127.0.0.1/") for one in payloads()]
    # A picture may stand in it, and asks another host: that is for whoever shows it; here only its place is kept.
    body = "".join(f"<div>{re.sub('<img [^>]*>', '<b>picture</b>', one)}</div>" for one in cleaned)
    with served(of_one_page(tmp_path, f"<!DOCTYPE html><html><head><title>x</title></head><body>{body}")) as url:
        page = reader.opens(url + "page.html", without_csp=True)
        wrong = page.evaluate(
            """() => [...document.querySelectorAll("body *")].flatMap(one => [...one.attributes]
                .filter(at => at.name.startsWith("on") || at.name == "style"
                    || (at.name == "href" && !/^(https?|mailto):/.test(new URL(at.value, location).href)))
                .map(at => one.localName + " " + at.name + "=" + at.value))"""
        )
        assert wrong == []
        assert page.locator("body > div").count() == len(cleaned)
        assert page.evaluate("window.__ran") is None

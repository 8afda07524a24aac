"""feeds.toml: how a source is read, where it goes on, and what stands in for it."""

from __future__ import annotations

import json
import time
import tomllib
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.config import Config, ConfigError, Item, Source, json_schema, load_config, starter
from aggregator.config.rules import FILTERS, PLACE
from aggregator.model import Entry, SourceKey, StoryKey
from aggregator.pipeline.choosing import item_address, why_left_out, with_reference
from aggregator.sources import paths
from tests.conftest import write_feeds
from tests.test_config import T, mistakes_of

A = '[sources.a]\nname = "A"\nurl = "https://e.org/"\nfamily = "a"\n'  # lines 1 to 4
F = "fetch_pages = true\n"
L = "[sources.a.listings]\n"
KREMLIN = """
[sources.kremlin]
name = "Kremlin"
url = "http://en.kremlin.ru/events/president/news/feed"
family = "kremlin"
zone = "Europe/Moscow"
language = "en"
reference = '/events/.*/(\\d+)'
fetch_pages = true

[sources.kremlin.item.article]
body = "div.entry-content"
drop = [".masha-ignore"]

[sources.kremlin.listings]
transcripts = "http://en.kremlin.ru/events/president/transcripts/feed"
ru = { url = "http://kremlin.ru/events/president/news/feed", language = "ru", name = "Кремль", interval = "1h" }

[[sources.kremlin.fallback]]
kind = "page"
url = "https://t.me/s/kremlin"
fetch_pages = false

[sources.kremlin.fallback.selectors]
entry = "div.message"
link = "a.date @href"

[[sources.kremlin.fallback]]
proxy = "http://proxy.example.org:3128"
"""


def loaded(folder: Path, text: str) -> Config:
    return load_config(write_feeds(folder, text))


def source_of(folder: Path, more: str = "", *, key: str = "a") -> Source:
    return loaded(folder, A + more).sources[SourceKey(key)]


def test_a_source_of_several_addresses_becomes_several_sources(tmp_path: Path) -> None:
    sources = loaded(tmp_path, KREMLIN).sources
    assert list(sources) == [
        "kremlin", "kremlin-transcripts", "kremlin-ru", "kremlin-fallback-1", "kremlin-fallback-2",
    ]  # fmt: skip
    first, transcripts, russian, open_page, by_proxy = sources.values()
    said = {"url": transcripts.url, "key": SourceKey("kremlin-transcripts")}
    assert transcripts == first.model_copy(update=said)  # everything else is as the source has it
    assert (russian.name, russian.language, russian.family, russian.item) == ("Кремль", "ru", "kremlin", first.item)
    assert (open_page.kind, open_page.fetch_pages, open_page.zone) == ("page", False, first.zone)
    assert open_page.selectors is not None
    assert (by_proxy.kind, by_proxy.url, by_proxy.selectors) == ("feed", first.url, None)
    assert [one.instead_of for one in sources.values()] == [None, None, None, "kremlin", "kremlin"]


def test_rules_of_another_kind_do_not_carry_over(tmp_path: Path) -> None:
    text = A + 'kind = "page"\nselectors = { entry = "li" }\n[[sources.a.fallback]]\nkind = "feed"\nurl = "https://e.org/f"\n'
    assert loaded(tmp_path, text).sources[SourceKey("a-fallback-1")].selectors is None


def test_the_starters_example_of_a_listing_page_loads(tmp_path: Path) -> None:
    lines = starter().split("# [sources.assembly]")[1].split("\n\n")[0].splitlines()
    text = "[sources.assembly]" + "\n".join(line.removeprefix("# ") for line in lines)
    sources = loaded(tmp_path, text).sources
    assert list(sources) == ["assembly", "assembly-speeches", "assembly-fr", "assembly-fallback-1"]
    assert sources[SourceKey("assembly")].item == Item.model_validate({"article": {"body": "div.text", "drop": [".share"]}})


@pytest.mark.parametrize(
    ("named", "followed"),
    [
        ('["kremlin"]', ["kremlin", "kremlin-transcripts", "kremlin-ru", "kremlin-fallback-1", "kremlin-fallback-2"]),
        ('["kremlin-ru"]', ["kremlin-ru"]),
        ("[]", []),
    ],
)
def test_a_story_follows_a_source_with_all_its_addresses(named: str, followed: list[str], tmp_path: Path) -> None:
    config = loaded(tmp_path, KREMLIN + T + f"sources = {named}\n")
    assert list(config.stories[StoryKey("s")].sources) == followed


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('kind = "page"', '1: selectors: missing: kind = "page" needs this table'),
        ('kind = "json_api"', '1: mapping: missing: kind = "json_api" needs this table'),
        ('selectors = { entry = "li" }', '5: selectors: is for kind = "page", and this is of kind "feed"'),
        ('mapping = { id = "x" }', '5: mapping: is for kind = "json_api", and this is of kind "feed"'),
        ('kind = "page"\n[sources.a.selectors]\nentry = "div["', "7: selectors.entry: is 'div['; no CSS selector"),
        ('kind = "page"\n[sources.a.selectors]\nentry = ""', "7: selectors.entry: is ''; write what an entry is"),
        ('kind = "page"\n[sources.a.selectors]\nlink = "a"', "6: selectors.entry: missing"),
        ('kind = "page"\n[sources.a.selectors]\nentry = "a"\nenrty = "b"', "8: selectors.enrty: unknown key"),
        ('kind = "page"\nselectors = "li"', "6: selectors: is 'li'; write a table"),
        ("kind = 'page'\nselectors = { entry = 'li', time = 3 }", "6: selectors.time: is 3; write it in quotes"),
        ('kind = "json_api"\n[sources.a.mapping]\nentries = ["x"]', "7: mapping.entries: is ['x']; write it in quotes"),
        ("pages = 21", "5: pages: is 21; write 20 or less"),
        ("pages = 0", "5: pages: is 0; write 1 or more"),
        ("reference = '-(\\d+'", "5: reference: is '-(\\\\d+'; not a regular expression of RE2 (missing ): -(\\d+)"),
        ("reference = '-\\d+$'", "5: reference: is '-\\\\d+$'; it has 0 groups; write one"),
        ("reference = '(\\w+)-(\\d+)$'", "5: reference: is '(\\\\w+)-(\\\\d+)$'; it has 2 groups; write one"),
        ("reference = '(?<=x)(\\d)'", "5: reference: is '(?<=x)(\\\\d)'; not a regular expression of RE2"),
        ('only = "/news/"', "5: only: is '/news/'; write a list in square brackets"),
        ('without = ["Agenda", ""]', "5: without: entry 2 is ''; write at least one word"),
        ("[sources.a.item]\nkind = 'page'", "5: item: says how each item's own page is read, and none"),
        (F + "item = { url = 'https://e.org/{slug}' }", "6: item.url: is 'https://e.org/{slug}'; write at least one"),
        (F + "item = { url = 'https://e.org/{id' }", "6: item.url: is 'https://e.org/{id'; write at least one"),
        (F + "item = { url = 'https://{id}/x' }", "6: item.url: is 'https://{id}/x'; write a whole address"),
        (F + "item = { url = 'https://e.org{id}' }", "6: item.url: is 'https://e.org{id}'; write a whole address"),
        (F + "item = { kind = 'json_api' }", "6: item.mapping: missing"),
        (F + "item = { mapping = { id = 'x' } }", '6: item.mapping: is for kind = "json_api"'),
        (
            F + "[sources.a.item]\nkind = 'json_api'\nmapping = { html = 'b' }\n[sources.a.item.article]\nbody = 'p'",
            '9: item.article: is for kind = "page", and this is of kind "json_api"',
        ),
        (
            F + "[sources.a.item.article]\ndrop = ['p', 'p[']",
            "7: item.article.drop: entry 2 is 'p['; no CSS selector",
        ),
        ("listings = 'https://e.org/2'", "5: listings: is 'https://e.org/2'; write a table"),
        ("listings = { RU = 'https://e.org/2' }", "5: listings.RU: is 'RU'; write the key in small letters"),
        (L + "ru = 'e.org'", "6: listings.ru: is 'e.org'; write a whole address"),
        (L + "ru = 3", "6: listings.ru: is 3; write a table"),
        ("[sources.a.listings.ru]\nlanguage = 'ru'", "5: listings.ru.url: missing"),
        (L[:-2] + ".ru]\nurl = 'https://e.org/2'\nfamily = 'b'", "7: listings.ru.family: unknown key"),
        (L[:-2] + ".ru]\nurl = 'https://e.org/2'\ninterval = '9d'", "7: listings.ru.interval: is 9d; write one between"),
        (L + "ru = 'https://e.org/'", "6: listings.ru: the same address as sources.a (line 3)"),
        (L + f"{'x' * 63} = 'https://e.org/2'", f"6: listings.{'x' * 63}: becomes a source 'a-{'x' * 63}', longer than 64"),
        (
            L + "b = 'https://e.org/2'\n[sources.a-b]\nname = 'B'\nurl = 'https://e.org/3'\nfamily = 'a'",
            "6: listings.b: becomes a source 'a-b', and so is sources.a-b (line 7): give one another name",
        ),
        ("[[sources.a.fallback]]", "5: fallback.1: says nothing of its own: write at least one key"),
        ("fallback = ['https://e.org/1', 'ftp://e.org']", "5: fallback.2: is 'ftp://e.org'; write a whole address"),
        ("fallback = [" + "'https://e.org/1'," * 10 + "]", "5: fallback: is ['https://e.org/1', "),
        (
            "[[sources.a.fallback]]\nurl = 'https://e.org/1'\n[[sources.a.fallback]]\nkind = 'page'\nurl = 'https://e.org/2'",
            '7: fallback.2.selectors: missing: kind = "page" needs this table',
        ),
        (
            "[[sources.a.fallback]]\nkind = 'page'\n[sources.a.fallback.selectors]\nentry = 'p['",
            "8: fallback.1.selectors.entry: is 'p['; no CSS selector",
        ),
        ("[[sources.a.fallback]]\ninstead_of = 'b'", "6: fallback.1.instead_of: unknown key"),
        ("instead_of = 'b'", "5: instead_of: unknown key"),
    ],
)
def test_a_mistake_within_a_source_names_its_full_key_and_line(more: str, said: str, tmp_path: Path) -> None:
    told = mistakes_of(tmp_path, f"{A}{more}\n")
    assert len(told) == 1, told
    line, _, rest = said.partition(": ")
    assert told[0].startswith(f"feeds.toml:{line}: sources.a.{rest}"), told
    assert "Input should" not in told[0]


def test_a_mistake_of_a_source_is_no_second_one_of_the_story_that_follows_its_listing(tmp_path: Path) -> None:
    told = mistakes_of(tmp_path, A + "x = 1\nlistings = { b = 'https://e.org/b' }\n" + T + 'sources = ["a-b"]\n')
    assert [line.partition(": ")[0] for line in told] == ["feeds.toml:5"]


def test_a_line_that_is_not_toml_is_no_missing_table(tmp_path: Path) -> None:
    told = mistakes_of(tmp_path, A + 'kind = "page"\nselectors = { entry = }\n')
    assert [line.partition(": ")[0] for line in told] == ["feeds.toml:6"]


SCHEMA_CASES = [
    (KREMLIN, True),
    (A + 'kind = "page"\n', False),
    (A + 'kind = "page"\nselectors = { entry = "li" }\n', True),
    (A + 'kind = "page"\nselectors = { lnk = "li" }\n', False),
    (A + 'selectors = { entry = "li" }\n', False),
    (A + 'kind = "json_api"\nmapping = {}\n', True),
    (A + "pages = 21\n", False),
    (A + "listings = { B = 'https://e.org/b' }\n", False),
    (A + "listings = { b = 3 }\n", False),
    (A + "listings = { b = { language = 'ru' } }\n", False),
    (A + "fallback = ['https://e.org/b', { proxy = 'http://e.org' }]\n", True),
    (A + "fetch_pages = true\nitem = { kind = 'json_api' }\n", False),
]


@pytest.mark.parametrize(("text", "good"), SCHEMA_CASES)
def test_the_schema_and_the_file_agree(text: str, good: bool, tmp_path: Path) -> None:
    try:
        loaded(tmp_path, text)
        loads = True
    except ConfigError:
        loads = False
    errors = list(jsonschema.Draft202012Validator(json_schema()).iter_errors(tomllib.loads(text)))
    assert (loads, not errors) == (good, good), errors


def test_the_schema_promises_no_default_where_the_sources_own_value_holds() -> None:
    parts = json.loads(json.dumps(json_schema()))["$defs"]
    assert not any("default" in form for name in ("FurtherListing", "Fallback") for form in parts[name]["properties"].values())
    assert "instead_of" not in parts["Source"]["properties"]


def entry(url: str = "", title: str = "T", *, ident: str = "x", reference: str = "", language: str = "") -> Entry:
    return Entry(id=ident, url=url, title=title, published=None, updated=None, reference=reference, language=language)


@pytest.mark.parametrize(
    ("more", "url", "title", "reason"),
    [
        (
            "only = ['/government/news/', '/government/speeches/']",
            "https://www.gov.uk/government/news/x?utm_source=y",
            "T",
            None,
        ),
        ("only = ['/government/news/']", "https://www.gov.uk/foreign-travel-advice/x", "T", "begins with '/government/news/'"),
        ("only = ['/government/news/']", "https://www.gov.uk/a/government/news/x", "T", "left out by `only`"),
        ("only = ['/government/news/']", "", "T", "left out by `only`"),
        ("only = ['/x/', 'Statement']", "", "STATEMENT on x", None),
        ("without = ['Agenda', 'Décret']", "https://e.org/", "Agenda de la semaine", "begins with 'Agenda'"),
        ("without = ['Agenda', 'Décret']", "https://e.org/", "Un agenda", None),
        ("without = ['Compte\u00a0rendu  du Conseil']", "https://e.org/", "Compte rendu du conseil des ministres", "left out"),
        ("without = ['/a/']", "https://e.org/a/b", "T", "begins with '/a/'"),
        ("only = ['/a/']\nwithout = ['/a/b']", "https://e.org/a/b", "T", "`without`"),
    ],
)
def test_what_is_left_out(more: str, url: str, title: str, reason: str | None, tmp_path: Path) -> None:
    why = why_left_out(entry(url, title), source_of(tmp_path, more))
    assert (why is None) == (reason is None)
    assert reason is None or reason in str(why)


@pytest.mark.parametrize(
    ("pattern", "url", "ident", "found"),
    [
        (r"-(\d+)$", "https://www.president.gov.ua/en/news/zustrich-94505", "x", "94505"),
        (r"-(\d+)$", "https://www.president.gov.ua/en/news/zustrich-94505?utm_source=x#y", "x", "94505"),
        (r"/events/.*/(\d+)", "http://en.kremlin.ru/events/president/news/63945", "x", "63945"),
        (r"/events/.*/(\d+)", "", "http://kremlin.ru/events/president/transcripts/63945", "63945"),
        (r"-(\d+)$", "https://e.org/none", "none", "own"),
        ("", "https://e.org/none-1", "none", "own"),
    ],
)
def test_the_sources_own_number(pattern: str, url: str, ident: str, found: str, tmp_path: Path) -> None:
    source = source_of(tmp_path, f"reference = '{pattern}'")
    assert with_reference(entry(url, ident=ident, reference="own"), source).reference == found


def test_no_address_makes_an_expression_slow(tmp_path: Path) -> None:
    source = source_of(tmp_path, "reference = '(?:(?:a+)+)+b-(\\d+)$'")
    began = time.process_time()
    with_reference(entry("https://e.org/" + "a" * 100_000), source)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("template", "address"),
    [
        ("https://www.gov.uk/api/content{path}", "https://www.gov.uk/api/content/government/news/x%20y"),
        (
            "https://e.org/documents?reference={reference}&language=en",
            "https://e.org/documents?reference=IP/26/433&language=en",
        ),
        ("{url}&format=json", "https://www.gov.uk/government/news/x%20y?a=1&format=json"),
        (
            "https://e.org/get?page={url}",
            "https://e.org/get?page=https%3A%2F%2Fwww.gov.uk%2Fgovernment%2Fnews%2Fx%2520y%3Fa%3D1",
        ),
        ("https://e.org/{id}", "https://e.org/a%3Fb%23c%26d"),
        ("https://e.org/{language}/{reference|slug}", "https://e.org/fr/ip_26_433"),
        ("https://e.org/{reference|slug|upper|slashes}", "https://e.org/IP/26/433"),
    ],
)
def test_the_address_of_an_items_own_page(template: str, address: str, tmp_path: Path) -> None:
    source = source_of(tmp_path, f'fetch_pages = true\nitem = {{ url = "{template}" }}')
    known = entry("https://www.gov.uk/government/news/x%20y?a=1", ident="a?b#c&d", reference="IP/26/433", language="fr")
    assert item_address(known, source) == address
    assert item_address(entry(ident="x"), source) == ("https://e.org/x" if "{id}" in template else "")


def test_the_language_of_an_items_page_is_that_of_its_source(tmp_path: Path) -> None:
    source = source_of(tmp_path, 'language = "uk"\nfetch_pages = true\nitem = { url = "https://e.org/{language}/{id}" }')
    assert item_address(entry(ident="7", language="fr"), source) == "https://e.org/uk/7"


def test_every_filter_is_known_where_it_is_used() -> None:
    assert tuple(paths.FILTERS) == FILTERS


@given(
    st.text(max_size=50),
    st.sampled_from(["https://e.org/{id|slashes}", "https://e.org/x?y={reference}", "https://e.org/{id}/{reference}"]),
)
def test_no_entry_decides_which_host_is_asked(text: str, template: str) -> None:
    source = Source(key=SourceKey("a"), name="A", url="https://e.org/", family="a", item=Item(url=template))
    address = item_address(entry(ident=text or "x", reference=text), source)
    assert not address or address.startswith("https://e.org/")
    assert not PLACE.search(address)
    assert "\n" not in address


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("api_key=0123456789abcdef", "api_key"),
        ("lang=en&Access-Token=0123456789abcdef", "Access-Token"),
        ("token=news", ""),
        ("keyword=sanctions-on-grain", ""),
        ("id=0123456789abcdef", ""),
    ],
)
def test_an_address_that_seems_to_hold_a_key_is_warned_of_as_readers_see_it(query: str, named: str, tmp_path: Path) -> None:
    advice = load_config(write_feeds(tmp_path, A.replace("https://e.org/", f"https://e.org/feed?{query}"))).advice
    assert len(advice) == bool(named)
    assert all(f"feeds.toml:3: sources.a.url: `{named}` in it looks like a secret" in one for one in advice)
    assert not any("0123456789abcdef" in one for one in advice)

"""JSON answers: paths, templates, documents, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.config.rules import Mapping
from aggregator.model import Alternate
from aggregator.sources import READERS, SourceFormatError, parse_json, read_document, read_json
from aggregator.sources.jsontext import load_json
from aggregator.sources.languages import language_tag
from aggregator.sources.paths import Rule

URL = "https://e.org/api"
MAPPING = {"entries": "items", "id": "id", "title": "title", "published": "at"}
ITEM = {
    "id": 7,
    "title": "T",
    "ref": "IP/26/433",
    "path": "/news/a b",
    "evil": "@evil.org/",
    "yes": True,
    "none": None,
    "words": {"en": "Words", "fr": None},
    "notes": [{"note": "new"}, {"note": "old"}],
    "texts": ["One", "Two"],
}


def value(written: str) -> str:
    return Rule.of("title", written, url=URL).value(json.loads(json.dumps(ITEM), parse_int=str))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("title", "T"),
        ("id", "7"),
        ("words.en", "Words"),
        ("notes.0.note", "new"),
        ("notes.-1.note", "old"),
        ("notes.2.note", ""),
        ("notes.*.note", "new\n\nold"),
        ("texts.*", "One\n\nTwo"),
        ("words.fr or words.en", "Words"),
        ("nothing or title", "T"),
        ("{words.fr or ref|lower}", "ip/26/433"),
        ("title.more", ""),
        ("words", ""),  # an object is no text
        ("yes", ""),
        ("none", ""),
        ("{title}: {words.en}", "T: Words"),
        ("{title} {nothing}", "T"),
        ("{nothing}: {none}", ""),
        ("https://e.org/{ref|slug}", "https://e.org/ip_26_433"),
        ("https://e.org/{ref|lower|slug}?l={words.en|upper}", "https://e.org/ip_26_433?l=WORDS"),
        ("https://e.org{path}", "https://e.org/news/a%20b"),
        ("https://e.org{evil}", ""),  # would be another host
        ("https://e.org{title}", ""),
        ("https://e.org/{nothing}", ""),
        ("https://e.org/{ref|slug}/{nothing}", ""),
        ("ref|slug", "ip_26_433"),
    ],
)
def test_a_path_or_template_says(written: str, expected: str) -> None:
    assert value(written) == expected


@pytest.mark.parametrize("written", ["{ref|slgu}", "ref|slgu"])
def test_a_filter_that_there_is_none_of_is_named(written: str) -> None:
    with pytest.raises(SourceFormatError, match=r'mapping\.title .* no filter "slgu", but lower, upper, slug'):
        value(written)


def answer(*items: Any) -> bytes:
    return json.dumps({"items": items}).encode()


def test_a_table_and_a_plain_mapping_mean_the_same() -> None:
    body = answer({"id": "1", "title": "T", "at": "2026-10-09"})
    assert parse_json(body, url=URL, mapping=Mapping.model_validate(MAPPING)) == parse_json(body, url=URL, mapping=MAPPING)


@pytest.mark.parametrize(
    ("body", "entries"),
    [
        ({"items": [{"id": "1", "title": "T"}]}, "items"),
        ({"items": {"id": "1", "title": "T"}}, "items"),  # one object is the only item
        ([{"id": "1", "title": "T"}], ""),
        ({"id": "1", "title": "T"}, ""),
        ({"days": [{"items": [{"id": "1", "title": "T"}]}]}, "days.0.items"),
        ({"days": [{"item": {"id": "1", "title": "T"}}]}, "days.*.item"),
    ],
)
def test_the_items_lie_where_the_path_leads(body: Any, entries: str) -> None:
    found = parse_json(json.dumps(body).encode(), url=URL, mapping=MAPPING | {"entries": entries})
    assert [(entry.id, entry.title) for entry in found] == [("1", "T")]


def test_an_empty_list_is_an_answer() -> None:
    assert read_json(answer(), url=URL, mapping=MAPPING).entries == ()


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ("text", "not an object"),
        ({"title": "T"}, "neither an id nor an address nor a reference"),
        ({"id": "1"}, "neither a title nor a text"),
        ({"id": "x" * 5_000, "title": "T"}, "neither an id nor an address nor a reference"),
    ],
)
def test_an_item_without_identity_or_words_is_told_apart(item: Any, reason: str) -> None:
    listing = read_json(answer(item, {"id": "2", "title": "Good"}), url=URL, mapping=MAPPING)
    assert [entry.title for entry in listing.entries] == ["Good"]
    assert [line.reason for line in listing.broken] == [reason]


def test_what_a_machine_translated_is_left_out() -> None:
    items = [
        {"id": f"n{number}", "title": "T", "machine": machine}
        for number, machine in enumerate([True, False, None, "", "eTranslation"])
    ]
    body = json.dumps({"items": [*items, {"id": "last", "title": "T"}]}).encode()
    listing = read_json(body, url=URL, mapping=MAPPING | {"left_out": "machine"})
    assert [entry.id for entry in listing.entries] == ["n1", "n2", "n3", "last"]
    assert {(one.ref, one.reason) for one in listing.broken} == {
        (ref, "left out by `mapping.left_out`: machine") for ref in ("n0", "n4")
    }
    assert dict(listing.matched)["left_out"] == 2
    assert read_json(
        b'{"items": [{"id": "1", "title": "T", "at": "2026"}]}', url=URL, mapping=MAPPING | {"left_out": "x"}
    ).warnings == (read_json(b'{"items": [{"id": "1", "title": "T", "at": "2026"}]}', url=URL, mapping=MAPPING).warnings)


def test_paths_that_are_in_no_item_are_named_and_empty_ones_are_not() -> None:
    items = [{"id": "1", "title": "T", "published": "2026-10-09", "lead": None}]
    listing = read_json(answer(*items), url=URL, mapping=MAPPING | {"summary": "lead", "note": "note", "published": "publishd"})
    assert listing.warnings == ('mapping.published "publishd" finds nothing in any of 1 items. Near: published.',)
    assert dict(listing.matched) == {"entries": 1, "id": 1, "title": 1, "published": 0, "summary": 0, "note": 0}


def test_times_that_cannot_be_read_are_told() -> None:
    listing = read_json(answer({"id": "1", "title": "T", "at": "soon"}), url=URL, mapping=MAPPING)
    assert listing.warnings == ('mapping.published "at" finds no time that can be read, but “soon”.',)


DOCUMENT = {
    "head": {"title": "T", "lead": "Lead.", "text": "<p>One &amp; two.</p><p>Three.</p>"},
    "at": "2026-10-09T10:00:00+02:00",
    "others": [
        {"url": "/fr", "language": "FR"},
        {"url": "/self", "language": "en"},
        {"url": "//[", "language": "de"},
        "x",
        {"url": 7},
    ],
    "back": "<p>Taken back.</p>\n<p>Sorry.</p>",
}
READ = {"url": "https://e.org/self", "title": "head.title", "summary": "head.lead", "html": "head.text", "published": "at"}
READ |= {"alternates": "others", "withdrawn": "back"}


def test_a_document_is_read_to_the_paragraph() -> None:
    article = read_document(json.dumps(DOCUMENT).encode(), url=URL, mapping=READ | {"url": "https://e.org/{head.title}"})
    assert article.paragraphs == ("Lead.", "One & two.", "Three.")
    assert article.text == "Lead.\n\nOne & two.\n\nThree."
    assert (article.title, article.lead, article.withdrawn) == ("T", "Lead.", "Taken back. Sorry.")
    assert article.published is not None
    assert article.published.isoformat() == "2026-10-09T08:00:00+00:00"
    assert article.url == "https://e.org/T"
    assert article.alternates == (
        Alternate(language="fr", url="https://e.org/fr"),
        Alternate(language="en", url="https://e.org/self"),
    )


@pytest.mark.parametrize("lead", ["T", "One & two.", None, ""])
def test_a_lead_that_is_a_copy_is_none(lead: str | None) -> None:
    body = DOCUMENT | {"head": {"title": "T", "lead": lead, "text": "<p>One &amp; two.</p>"}}
    article = read_document(json.dumps(body).encode(), url=URL, mapping=READ)
    assert (article.lead, article.paragraphs) == ("", ("One & two.",))


@pytest.mark.parametrize(
    ("head", "why"),
    [
        ({"title": "T", "lead": "L", "txt": "x"}, 'mapping.html "head.text" finds nothing in the document. Near: txt'),
        (None, 'mapping.title "head.title" finds nothing in the document: `head` is null'),
        ([], 'mapping.title "head.title" finds nothing'),
    ],
)
def test_a_document_without_a_place_for_its_words_is_an_error(head: Any, why: str) -> None:
    with pytest.raises(SourceFormatError, match=why):
        read_document(json.dumps(DOCUMENT | {"head": head}).encode(), url=URL, mapping=READ)


def test_a_document_whose_text_is_null_has_no_paragraphs() -> None:
    body = json.dumps(DOCUMENT | {"head": {"title": "T", "lead": "L", "text": None}}).encode()
    assert read_document(body, url=URL, mapping=READ).paragraphs == ()


def test_a_list_is_no_document() -> None:
    with pytest.raises(SourceFormatError, match="2 items, where one document is expected"):
        read_document(b'[{"title": "a"}, {"title": "b"}]', url=URL, mapping={"title": "title"})


def test_an_answer_needs_a_mapping() -> None:
    with pytest.raises(SourceFormatError, match="read by a mapping"):
        READERS["json_api"](b"{}", url=URL, content_type=None, zone=None, rules=None)


REFUSED = {
    "entries": (b'{"item": []}', r'mapping\.entries "items" finds nothing in the answer\. Near: item\.'),
    "entries of text": (b'{"items": "x"}', r'mapping\.entries "items" finds nothing'),
    "lists": (b"[" * 200_000, "nested deeper"),
    "objects": (b'{"a":' * 200_000, "nested deeper"),
    "200,000 items": (answer(*[{"id": "1", "title": "x"}] * 200_000), "lists more than 20,000 entries"),
    "parts": (b"[" + b"0," * 1_100_000 + b"0]", "JSON of more than 1,000,000 parts"),
    "twice": (b'{"items": [{"title": "a", "id": 1, "title": "b"}]}', 'says "title" twice'),
    "NaN": (b'{"items": NaN}', "NaN is no number"),
    "infinite": (b'{"items": -Infinity}', "-Infinity is no number"),
    "page": (b"<html>", "not JSON"),
    "cut": (b'{"items": [{"id": "1"', "not JSON"),
    "empty": (b" ", "an empty answer"),
}


@pytest.mark.parametrize(("body", "why"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_trusted_is_refused_with_its_address(body: bytes, why: str) -> None:
    with pytest.raises(SourceFormatError, match=f"^https://e.org/api: .*{why}"):
        read_json(body, url=URL, mapping=MAPPING)


def test_a_text_is_neither_an_object_nor_a_list() -> None:
    with pytest.raises(SourceFormatError, match="neither an object nor a list"):
        read_json(b'"x"', url=URL, mapping={"title": "title"})


def test_a_number_of_a_million_digits_is_no_burden() -> None:
    listing = read_json(b'{"items": [{"id": ' + b"9" * 1_000_000 + b', "title": "T"}]}', url=URL, mapping=MAPPING)
    assert [line.reason for line in listing.broken] == ["neither an id nor an address nor a reference"]


def test_json_is_read_in_the_encoding_that_it_has() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32"):
        assert load_json('{"a": "Свет"}'.encode(encoding), url=URL) == {"a": "Свет"}
    assert load_json('{"a": "Свет"}'.encode("cp1251"), url=URL, content_type="application/json; charset=windows-1251") == {
        "a": "Свет"
    }


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("EN", "en"),
        ("pt_BR", "pt-BR"),
        ("zh-Hant-TW", "zh-Hant-TW"),
        ("", ""),
        ("English", ""),
        ("x-default", ""),
        ("en;q=1", ""),
    ],
)
def test_languages_are_named_as_bcp_47_does(written: str, tag: str) -> None:
    assert language_tag(written) == tag


VALUES = st.recursive(
    st.none() | st.booleans() | st.text(max_size=5) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["items", "id", "title", "at", "a"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=100)
@given(VALUES)
def test_whatever_the_answer_is_it_is_read_or_refused(found: Any) -> None:
    mapping = {
        "entries": "items",
        "id": "id",
        "title": "title or a.*",
        "published": "at",
        "alternates": "a",
        "url": "https://e.org/{a}",
    }
    for body in (found, {"items": found}):
        try:
            listing = read_json(json.dumps(body).encode(), url=URL, mapping=mapping)
        except SourceFormatError:
            continue
        for entry in listing.entries:
            (entry.id + entry.title).encode()  # can be stored

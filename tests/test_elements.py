"""XML that we write ourselves is what a library writes, byte for byte, whatever stands in it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from aggregator.publish.elements import XML_LANG, Element, add, document_of, xml_document
from aggregator.publish.wellformed import xml_text

DEFAULT, OTHER = "http://www.w3.org/2005/Atom", "http://purl.org/syndication/history/1.0"
NAMES = {"title": f"{{{DEFAULT}}}title", "link": f"{{{DEFAULT}}}link", "fh:archive": f"{{{OTHER}}}archive"}
ATTRIBUTES = {"href": "href", XML_LANG: "{http://www.w3.org/XML/1998/namespace}lang"}
ANYTHING = st.text(st.characters(exclude_categories=()) | st.sampled_from("&<>\"'\r\n\t\0]\u2028\ufffe\ud800"), max_size=12)
LEAF = st.tuples(st.sampled_from([*NAMES]), st.dictionaries(st.sampled_from([*ATTRIBUTES]), ANYTHING), ANYTHING)
TREE = st.recursive(LEAF, lambda inner: st.tuples(st.sampled_from([*NAMES]), st.just({}), st.lists(inner, max_size=3)))


def build(parent: Element, tree: tuple[str, dict[str, str], str | list[object]]) -> None:
    name, attributes, inner = tree
    child = add(parent, name, inner if isinstance(inner, str) else "", **attributes)
    for one in inner if isinstance(inner, list) else ():
        build(child, one)  # type: ignore[arg-type]  # a recursive type


def build_as_others(parent: etree._Element, tree: tuple[str, dict[str, str], str | list[object]]) -> None:
    name, attributes, inner = tree
    child = etree.SubElement(parent, NAMES[name], {ATTRIBUTES[key]: xml_text(one) for key, one in attributes.items() if one})
    if isinstance(inner, str):
        child.text = xml_text(inner) or None
        return
    for one in inner:
        build_as_others(child, one)  # type: ignore[arg-type]  # a recursive type


@given(trees=st.lists(TREE, max_size=4))
@settings(max_examples=200)
def test_what_we_write_is_what_a_library_writes(trees: list[tuple[str, dict[str, str], str | list[object]]]) -> None:
    root = document_of("feed", DEFAULT, fh=OTHER)
    root.set(XML_LANG, "en")
    theirs = etree.Element(f"{{{DEFAULT}}}feed", nsmap={None: DEFAULT, "fh": OTHER})  # type: ignore[dict-item]  # no prefix
    theirs.set(ATTRIBUTES[XML_LANG], "en")
    for tree in trees:
        build(root, tree)
        build_as_others(theirs, tree)
    written = xml_document(root)
    etree.indent(theirs, space=" ")
    assert written == f'<?xml version="1.0" encoding="utf-8"?>\n{etree.tostring(theirs, encoding="unicode")}\n'
    assert etree.fromstring(written.encode()).tag == f"{{{DEFAULT}}}feed"

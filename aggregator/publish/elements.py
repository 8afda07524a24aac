"""XML, written: elements with texts and attributes that may hold anything."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from aggregator.publish.wellformed import xml_text

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def xml_document(root: etree._Element) -> str:
    """A document with its declaration, in UTF-8, one element a line where no text stands between them."""
    etree.indent(root, space=" ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{etree.tostring(root, encoding="unicode")}\n'


def add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    """A new child in its parent's namespace, with a text and attributes that may hold anything."""
    namespace = str(parent.tag).partition("}")[0] + "}"
    return add_named(parent, f"{namespace}{name}", text, attributes)


def add_named(parent: etree._Element, name: str, text: str, attributes: Mapping[str, str]) -> etree._Element:
    """A new child of any name; attributes that are empty are left out."""
    child = etree.SubElement(parent, name, {key: xml_text(value) for key, value in attributes.items() if value})
    if text:
        child.text = xml_text(text)
    return child

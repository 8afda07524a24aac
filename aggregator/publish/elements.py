"""XML, written: elements whose texts and attributes may hold anything, and a document of them.

What a poll hands to other processes is parsed with lxml there; the service itself only ever writes, and would hold 4 MB for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from aggregator.publish.wellformed import xml_text

XML_LANG = "xml:lang"
# What would end a text or an attribute, or come back as another sign (XML 1.0, sections 2.4, 2.11 and 3.3.3).
_TEXT = {ord(sign): there for sign, there in {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}.items()}
_ATTRIBUTE = _TEXT | {ord(sign): there for sign, there in {'"': "&quot;", "\t": "&#9;", "\n": "&#10;"}.items()}


@dataclass(slots=True, eq=False)
class Element:
    """An element: either a text or children stand in it. Names are written as they are, a prefix included.

    A child that is a text is what `inside` gave: it stands there as it is.
    """

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list[Element | str] = field(default_factory=list)

    def set(self, name: str, value: str) -> None:
        """Give it an attribute."""
        self.attributes[name] = xml_text(value)


def document_of(name: str, namespace: str, **prefixes: str) -> Element:
    """The first element of a document: its namespace is that of every name without a prefix; `prefixes` have others."""
    return Element(name, {"xmlns": namespace} | {f"xmlns:{prefix}": other for prefix, other in prefixes.items()})


def add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    """A new child, with a text and attributes that may hold anything; attributes that are empty are left out."""
    child = Element(name, {key: xml_text(value) for key, value in attributes.items() if value}, xml_text(text))
    parent.children.append(child)
    return child


def xml_document(root: Element) -> str:
    """A document with its declaration, in UTF-8, one element a line where no text stands between them."""
    return f'<?xml version="1.0" encoding="utf-8"?>\n{"".join(_written(root, 0))}\n'


def inside(one: Element, depth: int) -> str:
    """The children of an element as they are written where it stands at a depth (0: the document's own): to be kept, and put in
    their place another time."""
    return f"\n{' ' * (depth + 1)}".join("".join(_written(child, depth + 1)) for child in one.children)


def _written(one: Element | str, depth: int) -> Iterator[str]:
    if isinstance(one, str):
        yield one
        return
    said = "".join(f' {name}="{value.translate(_ATTRIBUTE)}"' for name, value in one.attributes.items())
    if one.children:
        yield f"<{one.name}{said}>"
        for child in one.children:
            yield f"\n{' ' * (depth + 1)}"
            yield from _written(child, depth + 1)
        yield f"\n{' ' * depth}</{one.name}>"
    elif one.text:
        yield f"<{one.name}{said}>{one.text.translate(_TEXT)}</{one.name}>"
    else:
        yield f"<{one.name}{said}/>"

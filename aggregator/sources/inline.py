"""XHTML inside a feed (RFC 4287, section 3.1.1.3), written out as the HTML that it means."""

from __future__ import annotations

from html import escape

from lxml import etree

# Elements that HTML knows without an end (HTML Standard, 13.1.2): `</br>` would be read as a second break.
_VOID = "area base br col embed hr img input link meta param source track wbr"
VOID = frozenset(_VOID.split())
FOREIGN = {"http://www.w3.org/2000/svg": "svg", "http://www.w3.org/1998/Math/MathML": "math"}


def inner_html(element: etree._Element, *, without_div: bool) -> str:
    """What stands between an element's tags; `without_div` leaves out the `div` that Atom asks for around all of it."""
    around = _only_div(element) if without_div else None
    root = element if around is None else around
    pieces = [_text(root.text)]
    for event, part in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if part is root:
            continue
        if event == "start":
            pieces += (_start(part), _text(part.text))
            continue
        if event == "end" and (name := _name(part)) not in VOID:
            pieces.append(f"</{name}>")
        pieces.append(_text(part.tail))
    return "".join(pieces)


def _only_div(element: etree._Element) -> etree._Element | None:
    parts = [part for part in element if isinstance(part.tag, str)]
    if len(parts) != 1 or _name(parts[0]) != "div":
        return None
    outside = [element.text, *(part.tail for part in element)]
    return None if any(text and text.strip() for text in outside) else parts[0]


def _start(element: etree._Element) -> str:
    attributes = [f' {_attribute(str(name))}="{_value(str(value))}"' for name, value in element.items()]
    name = _name(element)
    namespace = etree.QName(element).namespace or ""
    own = [f' xmlns="{namespace}"'] if FOREIGN.get(namespace) == name else []
    return "".join((f"<{name}", *own, *attributes, ">"))


def _attribute(name: str) -> str:
    namespace, _, local = name.rpartition("}")
    return f"xml:{local}" if namespace == "{http://www.w3.org/XML/1998/namespace" else local.lower()


def _value(value: str) -> str:
    return escape(value, quote=False).replace('"', "&quot;")


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname.lower()


def _text(text: str | None) -> str:
    return escape(text, quote=False) if text else ""

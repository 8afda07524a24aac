"""What a machine must be able to read: XML that is well formed and JSON in UTF-8, whatever a source wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime

# What has no place in XML 1.0 (section 2.2), not even as a reference; half a surrogate pair has no UTF-8 form either.
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
SURROGATES = re.compile("[\ud800-\udfff]")
# BCP 47, as far as `xml:lang`, `lang` and JSON Feed need it: what a source gave may be anything.
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,8}")


def whole(text: str) -> str:
    """The text with U+FFFD for each half of a surrogate pair, so that it can be written as UTF-8."""
    return text if text.isascii() else SURROGATES.sub("\ufffd", text)


def xml_text(text: str) -> str:
    """The text without what XML 1.0 cannot hold."""
    return NO_XML.sub("", whole(text))


def json_text(value: object) -> str:
    """A value as JSON in UTF-8; times are ISO 8601 in UTC. Raises TypeError for what JSON has no form for."""
    return whole(json.dumps(value, ensure_ascii=False, indent=2, default=plain))


def json_list(values: Mapping[str, object], name: str, items: Sequence[str]) -> str:
    """What `json_text` makes of `values` and then, under `name`, a list of items, each of which `json_text` has written."""
    inner = ",\n".join(items).replace("\n", "\n    ")  # a line break stands between values alone: in a text it is an escape
    head = json_text(dict(values)).removesuffix("\n}")
    return f"{head},\n  {json_text(name)}: [\n    {inner}\n  ]\n}}" if items else json_text({**values, name: []})


def plain(value: object) -> str:
    """What JSON cannot write by itself: times. Raises TypeError for anything else."""
    if isinstance(value, datetime):
        return moment(value)
    raise TypeError(f"{value!r} cannot be written as JSON")


def moment(at: datetime) -> str:
    """`2025-08-14T12:10:00Z` (RFC 3339) of an aware time in UTC."""
    return at.isoformat().replace("+00:00", "Z")


def language_tag(language: str) -> str:
    """The language where it is written as BCP 47 has it, else ""."""
    return language if LANGUAGE.fullmatch(language) else ""


def bounded(text: str, most: int) -> str:
    """The text on one line, without what XML cannot hold; no longer than `most` characters, cut with "…", between words where
    that is possible."""
    line = " ".join(text[: 4 * most].split())  # a title may be a megabyte
    if not line.isprintable():
        line = " ".join(xml_text(line).split())
    if len(line) <= most and len(text) <= 4 * most:
        return line
    cut = line[: most - 1]
    head, _, _ = cut.rpartition(" ")
    return f"{head if len(head) > most // 2 else cut}…"

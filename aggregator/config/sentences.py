"""Mistakes in plain words: what was found, what is allowed, what is near. Nothing here repeats a password."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from pydantic_core import ErrorDetails

from aggregator.config.values import nearest

UNFINISHED_LOGIN = re.compile(r"://[^/\s\"'@]*:(?![0-9]+(?:[/\s\"']|$))[^/\s\"']*")  # name:password, and no port number
PLAIN = {
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
    "string_type": "write it in quotes",
    "too_short": "write at least one",
    "tuple_type": "write a list in square brackets",
    "int_type": "write a whole number, without quotes",
    "string_too_short": "write something",
    "dict_type": "write a table",
    "model_type": "write a table",
}
LIMITS = {
    "greater_than_equal": "write {ge} or more",
    "less_than_equal": "write {le} or less",
    "too_long": "write at most {max_length}",
}
UNSHOWN = frozenset({"snapshots"})  # the address of an object store may hold a secret in any part of it
FORMS = {  # of a field, what its pattern means
    "allow": "write a host name or an IP address, such as 127.0.0.1",
    "database": "write the address of a database, such as postgresql+psycopg://HOST/NAME",
    "family": "write small letters, digits and hyphens, at most 64",
    "language": "write a language tag such as en or pt-BR",
    "group": 'write "host", "url" or a name of letters, digits, dots and hyphens',
    "[key]": "write the key in small letters, digits and hyphens, at most 64",
    "user_agent": "write at least three plain letters or signs of ASCII, in one line",
}


def without_secret(text: str) -> str:
    """The text without what may be a name and password: all before an @, or behind :// where the @ is lost.

    The key before a = stays.
    """
    head, sign, tail = text.rpartition("@")
    if not head:
        return UNFINISHED_LOGIN.sub("://…", text)
    key, equals, _ = head.partition("=")
    return f"{key}{equals} …@{tail}" if equals else f"…{sign}{tail}"


def shown(value: object) -> str:
    """A value much as TOML writes it, short."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    try:
        text = repr(without_secret(value)) if isinstance(value, str) else without_secret(repr(value))
    except (ValueError, RecursionError):  # Python writes no number of 4,300 digits, and no table of a thousand levels
        return "too large to show"
    return text if len(text) <= 60 else text[:57] + "…"


def sentence(detail: ErrorDetails, fields: list[str]) -> str:
    """One of pydantic's errors in plain words."""
    name, kind = next(part for part in reversed(detail["loc"]) if isinstance(part, str)), detail["type"]
    if kind == "missing":
        return "missing: it must be given"
    if kind == "extra_forbidden":
        return f"unknown key. Allowed: {', '.join(fields)}.{nearest(name, fields)}"
    if name in UNSHOWN:
        return _allowed(name, detail)
    return f"is {shown(detail['input'])}; {_allowed(name, detail)}"


def _allowed(name: str, detail: ErrorDetails) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind in ("literal_error", "enum"):
        allowed = re.findall(r"'([^']+)'", str(context.get("expected", "")))
        return f"allowed: {', '.join(map(repr, allowed))}.{nearest(str(detail['input']), allowed)}"
    if kind == "string_pattern_mismatch" and name in FORMS:
        return FORMS[name]
    if kind in LIMITS:
        return LIMITS[kind].format(**context)
    return PLAIN.get(kind, f"it should be {detail['msg'].removeprefix('Input should be ')}")

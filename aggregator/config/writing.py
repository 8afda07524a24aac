"""Tables of `feeds.toml` as text. What a stranger wrote stays inside its quotes, whatever it holds."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import TypeAlias

Value: TypeAlias = "str | bool | int | date | Sequence[str]"
Table: TypeAlias = "Mapping[str, Value | Table]"

BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
SHORT = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
KEY_SIGNS = re.compile(r"[^a-z0-9]+")
MOST_KEY = 64
MOST_COMMENT = 200  # characters


def toml_string(text: str) -> str:
    """A basic string (TOML 1.0). Signs that steer a terminal or editor are written as escapes; half a surrogate is U+FFFD."""
    return f'"{"".join(map(_sign, text))}"'


def _sign(sign: str) -> str:
    if sign in SHORT:
        return SHORT[sign]
    if sign.isprintable():
        return sign
    code = ord(sign)
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def toml_comment(text: str) -> str:
    """One line of comment: white space folded, nothing in it that is not printable."""
    line = " ".join(text.split())
    return "# " + "".join(sign for sign in line if sign.isprintable())[:MOST_COMMENT]


def toml_table(name: Sequence[str], values: Table, *, comments: Mapping[str, str] | None = None) -> str:
    """A table with its inner tables after it. `comments` stand behind the keys of the outermost one."""
    inner = {key: value for key, value in values.items() if isinstance(value, Mapping)}
    lines = [f"[{'.'.join(map(_key, name))}]"]
    for key, value in values.items():
        if not isinstance(value, Mapping):
            comment = f"  {toml_comment(comments[key])}" if comments and key in comments else ""
            lines.append(f"{_key(key)} = {_value(value)}{comment}")
    text = "\n".join(lines) + "\n"
    return text + "".join(toml_table((*name, key), value) for key, value in inner.items())


def _key(key: str) -> str:
    return key if BARE_KEY.fullmatch(key) else toml_string(key)


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return toml_string(value)
    if isinstance(value, int | date):
        return str(value)
    return toml_list(value)


def toml_list(values: Sequence[str]) -> str:
    """A list of strings."""
    return f"[{', '.join(map(toml_string, values))}]"


def key_from_host(host: str) -> str:
    """A key for the sources of a host: `www.gov.uk` is gov-uk."""
    key = KEY_SIGNS.sub("-", host.lower().removeprefix("www.")).strip("-")
    return key[:MOST_KEY].strip("-") or "source"


def free_key(wanted: str, taken: Collection[str]) -> str:
    """The wanted key, or the first like it that is free: gov-uk-2."""
    key, number = wanted, 2
    while key in taken:
        tail = f"-{number}"
        key, number = wanted[: MOST_KEY - len(tail)].rstrip("-") + tail, number + 1
    return key

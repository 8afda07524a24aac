"""The two references of the handbook, made from what they tell of: the keys of feeds.toml from its types, the commands from the
command line itself. `make docs` writes them; tests/test_handbook.py says when they are out of date."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main

from aggregator.cli import app
from aggregator.config import json_schema
from aggregator.config.values import DURATION, ROOM, SIZE, WRITTEN_FOREVER, duration
from aggregator.config.values import written as duration_shown

DOCS = Path(__file__).parents[1] / "docs"
MADE = "It is made by `make docs`: change what it tells of, not this page."
KEYS_BEGIN = f"""# Every key of feeds.toml

What `feeds.toml` may hold: each table, each key, what it is where it is left out, and an example that can be pasted. {MADE}
`aggregator check` names every mistake with its line, and an editor that reads [the schema](../feeds.schema.json) completes and
explains the keys while one types (`aggregator init` names it in the first line). How sources are described, step by step:
[sources](sources.md).

A duration is written such as `90s`, `10m`, `2h`, `1d` or `1h30m`; a size such as `10 MB`, or as a number of bytes. A day
stands without quotes and means the whole day in UTC. A value that begins with `$` is read from a variable of the
environment: no secret stands in the file. **needed** marks what may not be left out.
"""
COMMANDS_BEGIN = f"""# Every command

What `aggregator COMMAND --help` says, in one page. {MADE}

Results go to stdout, everything else to stderr: a table on a terminal, lines with tabs in a pipe, JSON with `--json`.
Exit codes: 0 done, 1 the work failed, 2 wrong usage or configuration. A command that takes `--config` also reads the variable
`AGGREGATOR_CONFIG`; else it takes `feeds.toml` in the folder where it is called.

`aggregator --version` prints the version. `aggregator --install-completion` teaches the shell that it is called in (bash,
zsh or fish) to complete commands, options and the keys of `feeds.toml`: `aggregator story ` and Tab offers the stories.
`aggregator --show-completion` prints what it would install.
"""
SCHEMA: dict[str, Any] = json_schema()
TABLES = {  # of feeds.toml, as one writes them, with the type that checks each
    "[service]": "Service",
    "[web]": "Web",
    '[hosts."www.example.org"]': "Host",
    "[sources.KEY]": "Source",
    "[sources.KEY.listings.NAME]": "FurtherListing",
    "[[sources.KEY.fallback]]": "Fallback",
    "[sources.KEY.selectors]": "Selectors",
    "[sources.KEY.mapping]": "Mapping",
    "[sources.KEY.item]": "Item",
    "[sources.KEY.item.article]": "ArticleRules",
    "[stories.KEY]": "Story",
    "[stories.KEY.settle]": "Settle",
    "[notify.KEY]": "Notify",
}
LIKE_A_SOURCE = {"FurtherListing", "Fallback"}
USUAL = "15m"  # the example of a duration that is none where it is left out
DAY = "^[0-9]{4}-"
ESCAPED = "\\|"  # a bar within a cell
PATTERNS = {  # the types that are written as text: what they are called, and their unit
    DURATION: ("duration", "d, h, m, s"),
    f"^{WRITTEN_FOREVER}$|{DURATION}": (f"duration, or `{WRITTEN_FOREVER}`", "d, h, m, s"),
    SIZE: ("size", "B, KB, MB, GB"),
    ROOM: ("size", "B, KB, MB, GB, TB"),
    "^https?://": ("address", "http(s)"),
    "^$|^https?://": ("address, or empty", "http(s)"),
    "^\\$.": ("name of a variable", ""),
}


def reference() -> str:
    """docs/reference.md."""
    lines = [KEYS_BEGIN.rstrip("\n")]
    for heading, name in TABLES.items():
        lines += ["", f"## {heading}", "", *_table(name)]
    return "\n".join(lines) + "\n"


def _table(name: str) -> Iterator[str]:
    told = SCHEMA["$defs"][name]
    yield " ".join(told["description"].split())
    keys = dict(told["properties"])
    if name in LIKE_A_SOURCE:
        yield ""
        yield "It may also have the keys of its source from `kind` to `note`, which say how an address is asked and read."
        shared = SCHEMA["$defs"]["Source"]["properties"]
        keys = {key: form for key, form in keys.items() if key in ("url", "name") or key not in shared}
    yield ""
    yield "| key | type | unit | if left out | meaning | example |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for key, form in keys.items():
        kind, unit = type_of(form)
        left_out = "**needed**" if key in told.get("required", ()) else _default(form)
        cells = (f"`{key}`", kind, unit, left_out, form.get("description", _described(form)), f"`{example(key, form)}`")
        yield f"| {' | '.join(cell.replace('|', ESCAPED) for cell in cells)} |"


def type_of(form: dict[str, Any]) -> tuple[str, str]:
    """What a value is, in words, and its unit, "" for none."""
    match _resolved(form):
        case {"anyOf": [{"pattern": pattern}, *_]} if pattern in (SIZE, ROOM):
            told = PATTERNS[pattern]
        case {"anyOf": kinds}:
            told = _either([one for one in kinds if one.get("type") != "null"])
        case {"enum": allowed}:
            told = "one of " + ", ".join(f"`{one}`" for one in allowed), ""
        case {"type": "array", "items": items}:
            kind, unit = type_of(items)
            told = f"list: {kind}", unit
        case {"type": "integer", "minimum": least, "maximum": most}:
            told = f"whole number, {least:,} to {most:,}", ""
        case {"type": "string", "pattern": pattern}:
            told = ("day, or time with its offset", "UTC") if pattern.startswith(DAY) else PATTERNS.get(pattern, ("text", ""))
        case {"type": kind}:
            told = {"boolean": "`true` or `false`", "object": "table", "string": "text"}[kind], ""
        case other:
            raise ValueError(f"say in tests/handbook.py how this is told: {other}")
    return told


def _either(kinds: list[dict[str, Any]]) -> tuple[str, str]:
    told = [type_of(one) for one in kinds]
    return " or ".join(dict.fromkeys(kind for kind, _ in told)), next((unit for _, unit in told if unit), "")


def _resolved(form: dict[str, Any]) -> dict[str, Any]:
    return SCHEMA["$defs"][form["$ref"].rpartition("/")[2]] if "$ref" in form else form


def _described(form: dict[str, Any]) -> str:
    return " ".join(_resolved(form).get("description", "").split())


def _default(form: dict[str, Any]) -> str:
    default = form.get("default")
    if default is None or isinstance(default, dict):
        return ""
    return f"`{written(default)}`"


def examples(form: dict[str, Any]) -> list[Any]:
    """Values that a key may have, the best to show first; none where the type does not say."""
    found: list[Any] = []
    match form if "examples" in form else _resolved(form):
        case {"examples": [*given]} | {"enum": [*given]}:
            found = given
        case {"anyOf": kinds}:
            found = [value for one in kinds for value in examples(one)]
        case {"type": "boolean"}:
            found = [True, False]
        case {"type": "array", "items": items}:
            found = [[value] for value in examples(items)]
        case {"patternProperties": kinds}:
            found = [{"ru": value} for kind in kinds.values() for value in examples(kind)]
        case {"properties": keys, **rest}:
            found = [{key: examples(keys[key])[0] for key in rest.get("required") or list(keys)[:1]}]
    return found


def example(key: str, form: dict[str, Any]) -> str:
    """A line of feeds.toml, with a value that is not what it is anyway. Raises ValueError where the type gives none."""
    if DURATION in (form.get("pattern"), *(one.get("pattern") for one in form.get("anyOf", ()))):
        return f'{key} = "{duration_shown(2 * duration(form.get("default") or USUAL) or duration(USUAL))}"'
    found = sorted(examples(form), key=lambda one: one == form.get("default"))
    if not found:
        raise ValueError(f"{key}: give its Field(…) in aggregator/config an example: examples=[…]")
    is_day = form.get("pattern", "").startswith(DAY) or any(
        one.get("pattern", "").startswith(DAY) for one in form.get("anyOf", ())
    )
    return f"{key} = {found[0] if is_day else written(found[0])}"


def written(value: object) -> str:
    """A value as TOML has it."""
    if isinstance(value, str) and "\\" in value:
        return f"'{value}'"
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {written(one)}' for key, one in value.items())} }}"
    return json.dumps(value, ensure_ascii=False)


def commands() -> str:
    """docs/commands.md."""
    lines = [COMMANDS_BEGIN.rstrip("\n")]
    root: Any = typer.main.get_command(app)
    for name, command in root.commands.items():
        lines += _command(f"aggregator {name}", command)
    return "\n".join(lines) + "\n"


def _command(name: str, command: Any) -> Iterator[str]:
    yield from ("", f"## {name}")
    if hasattr(command, "commands"):
        yield from ("", " ".join((command.help or "").split()))
        for inner, one in command.commands.items():
            yield from (line.replace("## ", "### ", 1) for line in _command(f"{name} {inner}", one))
        return
    told, called = _help(command.help or "")
    for paragraph in told:
        yield from ("", _escaped(paragraph))
    yield from ("", "```sh", *called, "```")
    shown = [one for one in command.params if not getattr(one, "hidden", False)]
    arguments = [one for one in shown if one.param_type_name == "argument"]
    options = [one for one in shown if one.param_type_name == "option"]
    if arguments or options:
        yield from ("", "| | |", "| --- | --- |")
    for one in (*arguments, *options):
        yield f"| `{_form(one)}` | {_escaped(_meaning(one))} |"


def _help(text: str) -> tuple[list[str], list[str]]:
    """The paragraphs of a help text, and the command lines that it gives as examples."""
    told, called = [], []
    for paragraph in text.replace("\b", "").split("\n\n"):
        plain = " ".join(paragraph.split())
        before, colon, line = plain.partition(": ")
        if colon and line.startswith("aggregator "):
            if before != "Example":
                called.append(f"# {before}:")
            called.append(line)
        elif plain:
            told.append(plain)
    return told, called


def _form(one: Any) -> str:
    name = one.metavar or one.name.upper()
    if one.param_type_name == "argument":
        return name if one.required or name.startswith("[") else f"[{name}]"
    if getattr(one, "is_flag", False):
        return ", ".join([*one.opts, *one.secondary_opts])
    return f"{', '.join(one.opts)} {name}"


def _meaning(one: Any) -> str:
    """The help of an argument or option, with what it is where it is left out."""
    said = " ".join((one.help or "").split())
    if one.required:
        return f"{said} Needed." if one.param_type_name == "option" else said
    plain = isinstance(one.default, str | int | float | Path) and not isinstance(one.default, bool) and one.default != ""
    return f"{said} If left out: `{one.default}`." if plain else said


def _escaped(text: str) -> str:
    """Words that would mean something to Markdown, as they are."""
    for sign in "\\|<*_[":
        text = text.replace(sign, f"\\{sign}")
    return text


PAGES = {DOCS / "reference.md": reference, DOCS / "commands.md": commands}

if __name__ == "__main__":
    for page, make in PAGES.items():
        page.write_text(make(), encoding="utf-8")

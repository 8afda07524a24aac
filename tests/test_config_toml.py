"""Reading TOML past its first mistake, and the line of each key: laws that hold for any text."""

from __future__ import annotations

import re
import tempfile
import tomllib
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aggregator.config import ConfigError, load_config
from aggregator.config.positions import key_lines
from aggregator.config.syntax import read_toml
from aggregator.config.values import DURATION, SIZE, duration, size
from tests.conftest import write_feeds
from tests.test_config import MISTAKES

TRICKY = '''\
a = 1 # x
b.c = [ # [no]
  "d = 2", # e = 3
]
text = """
f = 4
[g]
"""
[ h . "i j" ]
k = { l = 1, m = [ 2 ] }
"n o" = 'p = ['
[["q]"]]
"r\\u0041" = """s \\""" ["""
t = """"u = [""""
'''


def test_lines_of_keys_in_a_tricky_file() -> None:
    tomllib.loads(TRICKY)
    assert key_lines(TRICKY) == {
        ("a",): 1,
        ("b",): 2,
        ("b", "c"): 2,
        ("text",): 5,
        ("h",): 9,
        ("h", "i j"): 9,
        ("h", "i j", "k"): 10,
        ("h", "i j", "n o"): 11,
        ("q]",): 12,
        ("q]", "1"): 12,
        ("q]", "1", "rA"): 13,
        ("q]", "1", "t"): 14,
    }


def test_tables_of_a_list_are_told_apart() -> None:
    text = "[[a.b]]\nc = 1\n[a.b.d]\ne = 1\n[[a.b.f]]\n[[a.b]]\nc = 2\n[a.b.d]\ne = 2\n[[a.b.f]]\ng = 1\n[[a.b.f]]\ng = 2\n"
    lines = key_lines(text)
    first, second = ("a", "b", "1"), ("a", "b", "2")
    assert [lines[*first, "c"], lines[*first, "d", "e"], lines[*first, "f", "1"]] == [2, 4, 5]
    assert [lines[second], lines[*second, "c"], lines[*second, "d", "e"]] == [6, 7, 9]
    assert [lines[*second, "f", "1", "g"], lines[*second, "f", "2", "g"]] == [11, 13]


VALUES = [
    "1",
    "2026-01-01",
    '"a # b [ \\" "',
    "'c:\\'",
    '"""\nk1 = [\n[t]\n\\""" \\\n"""',
    "'''\n# \"\"\" [\n'''",
    '""""q"""""',
    '[ # [\n "]", [1,\n 2], # ]\n]',
    "{ x = [ '}' ] }",
]
KEYS = ["k{}", '"k {}"', "'k.{}'", "k{}.m", 'k{} . "m n"']


@given(
    st.lists(
        st.tuples(st.sampled_from(["", "# [x] = '''\n", "\n"]), st.sampled_from(KEYS), st.sampled_from(VALUES), st.booleans())
    )
)
def test_each_key_of_any_document_is_found_on_its_line(pieces: list[tuple[str, str, str, bool]]) -> None:
    text = ""
    table: list[str] = []
    expected: dict[tuple[str, ...], int] = {}
    for number, (before, form, value, opens_table) in enumerate(pieces):
        text += before
        key = form.format(number)
        path = [part.strip().strip("\"'") for part in ([key] if key[0] in "\"'" else key.split("."))]
        full = tuple(path if opens_table else [*table, *path])
        for length in range(1, len(full) + 1):
            expected.setdefault(full[:length], text.count("\n") + 1)
        table = path if opens_table else table
        text += f"[{key}] # ]\n" if opens_table else f"{key} = {value} # '\n"
    tomllib.loads(text)
    assert key_lines(text) == expected


@example("\f")
@given(st.text(alphabet="ab[]{}=.\"'#\\\n\r\f\x00 ,1", max_size=200) | st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    count = text.count("\n") + 1
    assert all(1 <= line <= count for line in key_lines(text).values())
    try:
        document = read_toml(text, "feeds.toml")
    except ConfigError as error:
        mistakes = error.mistakes
    else:
        mistakes = tuple(document.mistakes)
        assert mistakes or document.raw == tomllib.loads(text)
    assert all(mistake.line is None or 1 <= mistake.line <= count for mistake in mistakes)


@given(
    st.integers(0, len(MISTAKES)),
    st.sampled_from(["", "[", "]", '"', "'", "=", "\n", '"""', "{", "#", "\\", "0"]),
    st.integers(0, 12),
)
def test_a_damaged_file_ends_in_mistakes_and_nothing_else(at: int, put: str, gone: int) -> None:
    text = MISTAKES[:at] + put + MISTAKES[at + gone :]
    with tempfile.TemporaryDirectory() as folder, pytest.raises(ConfigError) as error:
        load_config(write_feeds(Path(folder), text))
    assert "secret" not in str(error.value)


@example("999999999d999999999h")
@given(st.from_regex(DURATION, fullmatch=True) | st.text(alphabet="0123dhms ", max_size=8))
def test_what_a_duration_may_be_is_the_same_in_the_schema(text: str) -> None:
    fits = re.fullmatch(DURATION, text) is not None
    try:
        duration(text)
        said = ""
    except ValueError as error:
        said = str(error)
    assert fits == (not said or "too long" in said)


@given(st.text(alphabet="0123.KMGb ", max_size=8))
def test_what_a_size_may_be_is_the_same_in_the_schema(text: str) -> None:
    found = re.fullmatch(SIZE, text)
    try:
        fits = size(text) > 0
    except ValueError:
        fits = False
    if fits:
        assert found
    elif found:  # the schema cannot say that it must be a whole byte at least, and no more than can be
        assert float(found[1]) < 1 or float(found[1]) > 999

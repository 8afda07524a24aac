"""JSON (RFC 8259) from others: read with limits, and refused where it says two things at once."""

from __future__ import annotations

import json
from typing import Any

from aggregator.sources.errors import SourceFormatError
from aggregator.text.decoding import as_text
from aggregator.text.encodings import charset

MOST_PARTS = 1_000_000  # of one body, by the signs that begin one: each takes about 60 bytes of memory


class _RefusedError(ValueError):
    """The text says why."""


def refuse_many_parts(body: bytes, url: str) -> None:
    """Raise `SourceFormatError` for JSON that would fill the memory."""
    if len(body) > MOST_PARTS and sum(body.count(sign) for sign in (b"{", b"[", b",")) > MOST_PARTS:
        raise SourceFormatError(f"{url}: JSON of more than {MOST_PARTS:,} parts, the most that are read")


def load_json(body: bytes, *, url: str, content_type: str | None = None) -> Any:
    """The value of a JSON text; numbers stay as they are written. Raises `SourceFormatError`.

    Refused are a name twice in one object (RFC 8259, section 4: what that means is not known) and NaN and Infinity, which are
    no JSON.
    """
    if not body.strip():
        raise SourceFormatError(f"{url}: an empty answer. There may be no such document, or not in this language.")
    refuse_many_parts(body, url)
    text = as_text(body, charset(content_type))
    try:
        # Python refuses to read numbers of thousands of digits, and none is counted with.
        return json.loads(text, parse_int=str, parse_float=str, parse_constant=_constant, object_pairs_hook=_object)
    except RecursionError as error:
        raise SourceFormatError(f"{url}: JSON nested deeper than any answer for people is") from error
    except ValueError as error:
        raise SourceFormatError(
            f"{url}: not JSON ({str(error)[:200]}). Open it in a browser: is it still an answer?"
        ) from error


def _constant(name: str) -> str:
    raise _RefusedError(f"{name} is no number of JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise _RefusedError(f'it says "{twice[:100]}" twice in one object')
    return found

"""What can be stored and shown everywhere."""

from __future__ import annotations

# Control characters that are no white space (Unicode category Cc): PostgreSQL refuses U+0000, and SQLite's substr stops at it.
_CONTROLS = [sign for sign in (*range(0x20), *range(0x7F, 0xA0)) if not chr(sign).isspace()]
# Half a surrogate pair, as broken JSON escapes leave it, has no UTF-8 form.
_UNSTORABLE: dict[int, str | None] = {**dict.fromkeys(_CONTROLS), **dict.fromkeys(range(0xD800, 0xE000), "\ufffd")}


def storable(text: str) -> str:
    """The text without control characters other than white space; a lone surrogate becomes U+FFFD. Nothing else changes."""
    return text.translate(_UNSTORABLE)

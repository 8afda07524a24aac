"""Names of languages, as sources write them."""

from __future__ import annotations

import re

TAG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,4}")


def language_tag(written: str) -> str:
    """A BCP 47 tag, the language itself in small letters: "EN" is en, "pt_BR" pt-BR; "" for what is none."""
    first, dash, rest = written.strip().replace("_", "-").partition("-")
    tag = first.lower() + dash + rest
    return tag if TAG.fullmatch(tag) else ""

"""Adding sources to a `feeds.toml` that people edit: what is there stays as it is, to the byte."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from aggregator.config.errors import ConfigError
from aggregator.config.load import load_config


class AddingError(RuntimeError):
    """The file was left as it was; the text says why."""


def add_blocks(path: Path, blocks: Sequence[str]) -> None:
    """Append tables to a configuration file that loads, and put the longer file in its place at once.

    The new file is checked before that; the old one is left alone where it would not load, or where it was edited meanwhile.
    It keeps its rights, and a link stays a link. Raises `AddingError`, `ConfigError` where the file does not load as it is, and
    OSError.
    """
    load_config(path)
    target = path.resolve()
    before = target.read_bytes()
    text = "".join(f"\n{block}" for block in blocks)
    line_end = b"\r\n" if b"\r\n" in before else b"\n"
    gap = b"" if before.endswith(b"\n") else line_end
    after = before + gap + text.encode("utf-8").replace(b"\n", line_end)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".new", dir=target.parent)
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        _check(new, path)
        shutil.copymode(target, new)
        if target.read_bytes() != before:
            raise AddingError(f"{path}: was edited meanwhile, and was left alone. Run the command again.")
        new.replace(target)
    finally:
        new.unlink(missing_ok=True)


def _check(new: Path, path: Path) -> None:
    try:
        load_config(new)
    except ConfigError as error:
        said = str(error).replace(new.name, f"{path.name} with what would be added")
        raise AddingError(f"{path}: was left as it was, since it would not load:\n{said}") from error

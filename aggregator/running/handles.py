"""How a configuration gets from one process of ours to another."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path


def hidden_file() -> int:
    """A file without a name: in memory where the system can, as a configuration may hold passwords."""
    with suppress(AttributeError, OSError):
        return os.memfd_create("configuration")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def safe_path() -> list[str]:
    """The option that keeps Python from putting the present folder before all libraries, for `-m`: unless it stands there."""
    return [] if str(Path.cwd()) in map(os.path.abspath, sys.path) else ["-P"]

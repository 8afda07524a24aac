"""What tests make once and copy, by name: it stays when the modules of a test are loaded anew."""

from __future__ import annotations

from pathlib import Path

FOLDERS: dict[str, Path] = {}

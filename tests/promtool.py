"""Prometheus's own tool, which says whether metrics, rules and their tests are good."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.patience import WAIT

MISSING = "no promtool here; on Debian: apt-get install --no-install-recommends prometheus"


def promtool(*arguments: str | Path, given: bytes = b"") -> str:
    """What it says; the test fails where it finds a fault, and is skipped where it is missing (never where CI is set)."""
    if shutil.which("promtool") is None:
        if os.environ.get("CI"):
            pytest.fail(f"{MISSING}. CI never goes without these tests; .ci/run installs it.")
        pytest.skip(MISSING)
    done = subprocess.run(["promtool", *map(str, arguments)], input=given, capture_output=True, timeout=WAIT, check=False)
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == 0, said
    return said

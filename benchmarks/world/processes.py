"""What processes hold and how they are served by the kernel, from /proc. Linux only."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path


def resident() -> int:
    """KiB that this process has in memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


def shared_out(pid: int) -> int:
    """KiB of a process in memory, its share of what several have together; 0 where it is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def descendants(pid: int) -> Iterator[int]:
    """Every process that it started, and those that these did."""
    for folder in os.scandir("/proc"):
        if folder.name.isdigit() and parent(int(folder.name)) == pid:
            yield int(folder.name)
            yield from descendants(int(folder.name))


def parent(pid: int) -> int:
    """Who started a process; -1 where it is gone."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    except (OSError, ValueError):
        return -1

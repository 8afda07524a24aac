"""Imports point down the table of rooms, and only pure rooms stay pure."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "aggregator"
# Top to bottom: a room may import itself and what stands below it.
ROOMS = [
    "cli",
    "demo",
    "running",
    "service",
    "web",
    "publish",
    "pipeline",
    "store",
    "engines",
    "fetch",
    "stories",
    "sources",
    "text",
    "config",
    "model",
]
PURE = {"stories", "sources", "text", "model"}
# What would read a clock, a file or the network, or start something.
OUTSIDE = {
    "asyncio",
    "httpx",
    "io.open",
    "os",
    "pathlib",
    "random",
    "socket",
    "sqlalchemy",
    "subprocess",
    "threading",
    "time",
    "aiohttp",
}


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def files() -> list[Path]:
    return [path for path in sorted(ROOT.rglob("*.py")) if room_of(path) not in ("__init__", "__main__")]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides its room"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down_the_table(path: Path) -> None:
    allowed = ROOMS[ROOMS.index(room_of(path)) :]
    ours = [name.split(".")[1] for name in imports(path) if name.startswith("aggregator.")]
    assert [name for name in ours if name not in allowed and name not in ("__version__", "later")] == []


@pytest.mark.parametrize("path", [path for path in files() if room_of(path) in PURE], ids=lambda path: path.name)
def test_pure_rooms_do_not_reach_outside(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert [name for name in imports(path) if name in OUTSIDE or name.split(".")[0] in OUTSIDE] == []
    assert "datetime.now(" not in source
    assert "date.today(" not in source


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_imports_its_own_package(path: Path) -> None:
    package = ".".join(["aggregator", *path.relative_to(ROOT).parent.parts])
    if path.name == "__init__.py" or package == "aggregator":
        return
    offered = {part.removesuffix(".py") for part in (child.name for child in path.parent.iterdir())}
    own = [name for name in imports(path) if name.startswith(f"{package}.")]
    assert [name for name in own if name.removeprefix(f"{package}.").split(".")[0] not in offered] == []


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_process_of_the_service_does_not_find_in_a_package_is_imported_from_its_module(path: Path) -> None:
    if path != ROOT / "stories" / "__init__.py":
        assert {"aggregator.stories.digest", "aggregator.stories.gate"} & {*imports(path)} == set()


def test_every_room_is_in_the_table() -> None:
    there = {room_of(path) for path in files()}
    assert there == set(ROOMS)

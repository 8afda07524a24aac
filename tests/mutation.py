"""Break every line of the citation gate and of the numbering, one at a time, and list what no test notices.

    .venv/bin/python -m tests.mutation [GROUP…] [--only TEXT]

Each mutant runs in a process of its own; nothing is written. Those that cannot be noticed, because they change nothing that
can be seen, stand in tests/mutants.toml, each with its reason. Exit code 1: a mutant survived that is not listed there.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

from aggregator.text import facts, names, sentences  # noqa: F401 - what is not broken is loaded once
from tests.mutants import Mutant, mutants

ROOT = Path(__file__).parents[1]
LISTED = Path(__file__).with_name("mutants.toml")
# The profile "ci" of hypothesis tries the same examples each time.
ARGUMENTS = (
    "-x",
    "-q",
    "-o",
    "addopts=",
    "-p",
    "no:cacheprovider",
    "-p",
    "_hypothesis_pytestplugin",
    "--hypothesis-profile=ci",
)
SECONDS = 120  # a mutant that runs longer is one that never ends: noticed
NOTICED, SURVIVED = 1, 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A module, and what of it is broken: these functions, or all."""

    file: str
    functions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Modules, and the tests that are meant for them."""

    targets: tuple[Target, ...]
    tests: tuple[str, ...]
    alone: bool = False  # they need nothing of conftest.py, which takes its time


GROUPS = {
    "gate": Group(
        targets=tuple(
            Target(file=f"aggregator/stories/{name}.py") for name in ("gate", "spans", "wording", "objections", "polarity")
        ),
        tests=("tests/test_gate.py",),
        alone=True,
    ),
    "numbering": Group(
        targets=(
            Target(file="aggregator/store/ledger.py", functions=("append",)),
            Target(file="aggregator/store/numbering.py"),
            Target(file="aggregator/stories/settling.py"),
        ),
        tests=("tests/test_numbering.py",),
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the groups that are named, or all; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("group", nargs="*", help=f"of {', '.join(GROUPS)}; all if none is named")
    parser.add_argument("--only", default="", help="mutants whose description has this text")
    asked = parser.parse_args(arguments)
    listed = tomllib.loads(LISTED.read_text(encoding="utf-8"))
    survivors = [one for name in asked.group or GROUPS for one in _run(name, listed, only=asked.only)]
    print("\n".join(survivors) or "no mutant survived that is not listed")  # noqa: T201 - a command
    return 1 if survivors else 0


def _run(name: str, listed: dict[str, Any], *, only: str) -> list[str]:
    group = GROUPS[name]
    if _noticed(None, "", group):
        sys.exit(f"{name}: its tests fail as they are")
    survivors, counts = [], [0, 0, 0]
    for target in group.targets:
        known = listed.get(target.file, {})
        source = (ROOT / target.file).read_text(encoding="utf-8")
        for mutant in mutants(source, target.functions):
            if only not in mutant.what:
                continue
            counts[0] += 1
            if _noticed(mutant, target.file, group):
                counts[1] += 1
            elif mutant.what in known:
                counts[2] += 1
            else:
                survivors.append(f"{target.file}:{mutant.line}: {mutant.what}")
                print("survived:", survivors[-1], flush=True)  # noqa: T201 - a command
    made, noticed, equal = counts
    print(f"{name}: {made} mutants, {noticed} noticed, {equal} listed as equal, {len(survivors)} survived", flush=True)  # noqa: T201
    return survivors


def _noticed(mutant: Mutant | None, file: str, group: Group) -> bool:
    """Whether a test fails with this mutant, in a process that knows nothing of ours yet."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] != 0
    try:
        signal.alarm(SECONDS)
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        if mutant is not None:
            _replace(str(ROOT / file), compile(mutant.tree, str(ROOT / file), "exec"))
        code = pytest.main([*ARGUMENTS, *(["--noconftest"] if group.alone else []), *(str(ROOT / one) for one in group.tests)])
        os._exit(SURVIVED if code == pytest.ExitCode.OK else NOTICED)
    except BaseException:  # noqa: BLE001 - whatever it was, it showed
        os._exit(NOTICED)


def _replace(path: str, code: CodeType) -> None:
    whole = SourceFileLoader.get_code

    def get_code(loader: SourceFileLoader, fullname: str) -> CodeType | None:
        return code if loader.path == path else whole(loader, fullname)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign,assignment]  # in a process that ends with its one mutant


if __name__ == "__main__":
    sys.exit(main())

"""Break every line of the citation gate and of the numbering, one at a time, and list what no test notices.

    .venv/bin/python -m tests.mutation [GROUP…] [--only TEXT] [--jobs N]

Each mutant runs in a process of its own, by the tests that come to the changed line, the quickest first. Nothing of it is
written but build/mutants.jsonl: a run that was broken off goes on from there while no file that it reads has changed. Mutants
that cannot be noticed, because they change nothing that can be seen, stand in tests/mutants.toml, each with its reason. Exit
code 1: a mutant survived that is not listed there, or one is listed that does not exist or is noticed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.mutating import Group, Result, Target, Trial, run_tests
from tests.postgresql import MISSING, programs

LISTED = Path(__file__).with_name("mutants.toml")

PURE = (
    "what_is_held_and_how_long",
    "nothing_is_held_by_rules_that_are_off_or_shorter_than_settling",
    "a_language_fits_whatever_its_region",
)
GROUPS = {
    "gate": Group(
        targets=tuple(
            Target(file=f"aggregator/stories/{name}.py") for name in ("gate", "spans", "wording", "objections", "polarity")
        ),
        tests=("tests/test_gate.py", "tests/test_gate_words.py"),
        alone=True,
    ),
    "numbering": Group(
        targets=(
            Target(file="aggregator/store/ledger.py"),
            Target(file="aggregator/store/numbering.py"),
            Target(file="aggregator/stories/settling.py"),
        ),
        tests=(
            "tests/test_numbering.py",
            *(f"tests/test_settling.py::test_{name}" for name in PURE),
        ),
        postgresql=True,
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the groups that are named, or all; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("group", nargs="*", help=f"of {', '.join(GROUPS)}; all if none is named")
    parser.add_argument("--only", default="", help="mutants whose file and description have this text")
    parser.add_argument("--jobs", type=int, default=min(4, os.cpu_count() or 1), help="processes at a time")
    asked = parser.parse_args(arguments)
    listed = tomllib.loads(LISTED.read_text(encoding="utf-8"))
    wrong = [one for name in asked.group or GROUPS for one in _run(name, listed, only=asked.only, jobs=asked.jobs)]
    print("\n".join(wrong) or "0 mutants survived that are not listed")  # noqa: T201 - a command
    return 1 if wrong else 0


def _run(name: str, listed: Mapping[str, Mapping[str, str]], *, only: str, jobs: int) -> list[str]:
    """Try the mutants of a group; returns what is wrong, a line each."""
    began, group = time.monotonic(), GROUPS[name]
    if group.postgresql and programs() is None:
        sys.exit(f"{name}: {MISSING}")
    known = {(one.file, key) for one in group.targets for key in listed.get(one.file, ()) if only in f"{one.file} {key}"}
    wrong, counts = [], Counter[str]()
    for file, key, line, noticed in _results(name, only=only, jobs=jobs):
        equal = (file, key) in known
        known.discard((file, key))
        counts["noticed" if noticed else "listed" if equal else "survived"] += 1
        if noticed == equal:
            wrong.append(f"{'listed, but noticed' if noticed else 'survived'}: {file}:{line}: {key}")
            print(wrong[-1], flush=True)  # noqa: T201 - a command
    wrong += [f"listed, but there is no such mutant: {file}: {key}" for file, key in sorted(known)]
    print(  # noqa: T201 - a command
        f"{name}: {counts.total()} mutants: {counts['noticed']} noticed, {counts['listed']} listed as equal,"
        f" {counts['survived']} survived; {time.monotonic() - began:.0f} s",
        flush=True,
    )
    return wrong


def _results(name: str, *, only: str, jobs: int) -> Iterator[Result]:
    """What became of each mutant of a group. They are tried in a process of its own, in which pytest has found the tests."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        with os.fdopen(writing, "w", encoding="utf-8") as out:
            code = run_tests(
                GROUPS[name], Trial(GROUPS[name], only, jobs, lambda one: print(json.dumps(one), file=out, flush=True))
            )
        os._exit(code)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as told:
        for line in told:
            file, key, number, noticed = json.loads(line)
            yield file, key, number, noticed
    if os.waitpid(child, 0)[1]:
        sys.exit(f"{name}: its tests fail as they are: .venv/bin/pytest {' '.join(GROUPS[name].tests)}")


if __name__ == "__main__":
    sys.exit(main())

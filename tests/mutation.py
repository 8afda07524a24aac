"""Break every line of the citation gate and of the numbering, one at a time, and list what no test notices.

    .venv/bin/python -m tests.mutation [GROUP…] [--only TEXT] [--jobs N]

Each mutant runs in a process of its own, by the tests that come to the changed line, the quickest first. Nothing of it is
written but build/mutants.jsonl: a run that was broken off goes on from there while no file that it reads has changed. Mutants
that cannot be noticed, because they change nothing that can be seen, stand in tests/mutants.toml, each with its reason. Exit
code 1: a mutant survived that is not listed there, or one is listed that does not exist or is noticed.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import os
import signal
import sys
import threading
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

import hypothesis
import pytest

from tests.mutants import Mutant, mutants
from tests.postgresql import MISSING, programs

ROOT = Path(__file__).parents[1]
LISTED = Path(__file__).with_name("mutants.toml")
RESULTS = ROOT / "build" / "mutants.jsonl"
# The same examples each time, and no search for the smallest one that fails.
hypothesis.settings.register_profile("mutants", derandomize=True, phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate])
_HYPOTHESIS = ("-p", "_hypothesis_pytestplugin", "--hypothesis-profile=mutants")
ARGUMENTS = ("-x", "-q", "--tb=no", "-o", "addopts=", "-p", "no:cacheprovider", *_HYPOTHESIS)
KEPT = ("aggregator.text", "aggregator.model", "aggregator.later", "tests.mutation", "tests.mutants")  # loaded once: not broken
BROKEN = 3  # exit code of a process that could not make its mutant
SECONDS = 60  # a mutant that runs longer is one that never ends: noticed
Result = tuple[str, str, int, bool]  # file, key and line of a mutant, and whether a test noticed it


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
    postgresql: bool = False  # they need one


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
            "tests/test_telling_together.py::test_stories_that_are_held_first_are_never_waited_for_in_a_circle",
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
            code = _tests(
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


def _state(group: Group) -> str:
    """A hash of all that a result depends on."""
    digest = hashlib.sha256()
    tests = {ROOT / one.partition("::")[0] for one in (*group.tests, "tests/conftest.py", "tests/mutants.py")}
    for path in sorted({*(ROOT / "aggregator").rglob("*.py"), *tests}):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _known(state: str) -> dict[tuple[str, str], bool]:
    if not RESULTS.exists():
        return {}
    rows = [json.loads(line) for line in RESULTS.read_text(encoding="utf-8").splitlines()]
    return {(file, key): noticed for of, file, key, noticed in rows if of == state}


# --- The tests, and which lines of the targets each of them comes to.


@dataclass
class Trial:
    """A plugin that runs the tests once as all is, and then with each mutant those that come to it, the quickest first."""

    group: Group
    only: str
    jobs: int
    tell: Callable[[Result], None]
    seconds: dict[str, float] = field(default_factory=dict)  # by test
    tests: dict[tuple[str, int], list[str]] = field(default_factory=dict)  # by the file and line that they come to
    failed: bool = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note that a test failed."""
        self.failed = self.failed or report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run everything."""
        items = {item.nodeid: item for item in session.items}
        files = _files(self.group)
        for name, item in items.items():
            began = time.monotonic()
            for line in _lines(item, files):
                self.tests.setdefault(line, []).append(name)
            self.seconds[name] = time.monotonic() - began
        if self.failed or not items:
            session.testsfailed = 1
            return True
        for result in self._tried(items):
            self.tell(result)
        return True

    def _tried(self, items: Mapping[str, pytest.Item]) -> Iterator[Result]:
        state, running = _state(self.group), dict[int, tuple[str, str, int]]()
        known = _known(state)
        RESULTS.parent.mkdir(exist_ok=True)
        with RESULTS.open("a", encoding="utf-8") as out:

            def ended() -> Result:
                child, status = os.wait()
                file, key, line = running.pop(child)
                if os.waitstatus_to_exitcode(status) == BROKEN:
                    return file, f"cannot be made: {key}", line, False
                print(json.dumps([state, file, key, status != 0]), file=out, flush=True)
                return file, key, line, status != 0

            for file, mutant in _wanted(self.group, self.only):
                if (file, mutant.key) in known:
                    yield file, mutant.key, mutant.line, known[file, mutant.key]
                    continue
                if len(running) >= self.jobs:
                    yield ended()
                running[self._start(file, mutant, items)] = file, mutant.key, mutant.line
            while running:
                yield ended()

    def _start(self, file: str, mutant: Mutant, items: Mapping[str, pytest.Item]) -> int:
        """Begin to try a mutant in a process of its own; returns its id. It ends with 0 if nobody noticed."""
        child = os.fork()
        if child:
            return child
        try:
            signal.alarm(SECONDS)
            path = str(ROOT / file)
            code = compile(mutant.tree, path, "exec")
            (_becomes if mutant.statement[0] else _loads)(path, code)
        except BaseException:  # noqa: BLE001 - told by the exit code
            os._exit(BROKEN)
        try:
            os._exit(self._try(path, mutant.statement, items))
        except BaseException:  # noqa: BLE001 - whatever it was, it showed
            os._exit(1)

    def _try(self, path: str, statement: tuple[int, int], items: Mapping[str, pytest.Item]) -> int:
        first, last = statement
        if not first:
            return _tests(self.group, Chosen(self.seconds))
        chosen = {test for line in range(first, last + 1) for test in self.tests.get((path, line), ())}
        for test in sorted(chosen, key=self.seconds.__getitem__):
            _forget(_files(self.group))
            items[test].config.hook.pytest_runtest_protocol(item=items[test], nextitem=None)
            if self.failed:
                return 1
        return 0


@dataclass(frozen=True)
class Chosen:
    """A plugin that runs the quickest tests first."""

    seconds: Mapping[str, float]

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Sort them."""
        items.sort(key=lambda item: self.seconds.get(item.nodeid, 0))


def _wanted(group: Group, only: str) -> Iterator[tuple[str, Mutant]]:
    for target in group.targets:
        for mutant in mutants((ROOT / target.file).read_text(encoding="utf-8"), target.functions):
            if only in f"{target.file} {mutant.key}":
                yield target.file, mutant


def _files(group: Group) -> frozenset[str]:
    return frozenset(str(ROOT / target.file) for target in group.targets)


def _lines(item: pytest.Item, files: frozenset[str]) -> set[tuple[str, int]]:
    """The lines of these files that a test comes to."""
    lines: set[tuple[str, int]] = set()

    def within(frame: FrameType, event: str, arg: Any) -> Any:  # noqa: ARG001 - as sys.settrace calls it
        lines.add((frame.f_code.co_filename, frame.f_lineno))
        return within

    def enters(frame: FrameType, event: str, arg: Any) -> Any:
        return within(frame, event, arg) if frame.f_code.co_filename in files else None

    _forget(files)
    threading.settrace(enters)
    sys.settrace(enters)
    try:
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
    finally:
        sys.settrace(None)
        threading.settrace(None)
    return lines


def _forget(files: frozenset[str]) -> None:
    """What one test left in a cache must not keep the next from the changed line."""
    for module in [module for module in sys.modules.values() if getattr(module, "__file__", None) in files]:
        for value in vars(module).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


def _becomes(path: str, code: CodeType) -> None:
    """Change a function where it is: whoever has it, has the changed one."""
    changed = {one.co_qualname: one for one in _codes(code)}
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__code__.co_filename == path and one.__code__.co_qualname in changed:
            one.__code__ = changed[one.__code__.co_qualname]


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from _codes(one)


def _loads(path: str, code: CodeType) -> None:
    """Let go of what is ours, so that it is loaded anew, with this code for the module at this path."""
    for name in [name for name in sys.modules if name.startswith(("aggregator.", "tests.")) and not name.startswith(KEPT)]:
        del sys.modules[name]
    whole = SourceFileLoader.get_code

    def get_code(loader: SourceFileLoader, fullname: str) -> CodeType | None:
        return code if loader.path == path else whole(loader, fullname)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign,assignment]  # in a process that ends with its one mutant


def _tests(group: Group, plugin: object) -> int:
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ.pop("CI", None)  # for which conftest.py takes another profile
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    alone = ["--noconftest"] if group.alone else []
    return int(pytest.main([*ARGUMENTS, *alone, *(str(ROOT / one) for one in group.tests)], plugins=[plugin]))


if __name__ == "__main__":
    sys.exit(main())

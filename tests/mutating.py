"""Tries mutants by the tests of their group: each in a process of its own, made from one in which pytest found the tests."""

from __future__ import annotations

import ast
import gc
import hashlib
import json
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

import hypothesis
import pytest

from tests.mutants import Mutant, mutants

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "build" / "mutants.jsonl"
# The same examples each time, however long they take, and no search for the smallest one that fails.
hypothesis.settings.register_profile(
    "mutants",
    derandomize=True,
    deadline=None,
    suppress_health_check=list(hypothesis.HealthCheck),
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
)
_HYPOTHESIS = ("-p", "_hypothesis_pytestplugin", "--hypothesis-profile=mutants")
ARGUMENTS = ("-x", "-q", "--tb=no", "-o", "addopts=", "-p", "no:cacheprovider", *_HYPOTHESIS)
# Modules that are loaded once: they are not broken.
KEPT = ("aggregator.text", "aggregator.model", "aggregator.later", "tests.mutating", "tests.mutants", "tests.made_once")
BROKEN = 3  # exit code of a process that could not make its mutant
SECONDS, AT_MOST = 40, 600  # of work and in all: a mutant that takes longer is one that never ends: noticed
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
        if self.failed or not items or not self._passes_anew(items):
            session.testsfailed = 1
            return True
        for result in self._tried(items):
            self.tell(result)
        return True

    def _passes_anew(self, items: Mapping[str, pytest.Item]) -> bool:
        """Whether the tests pass where all of ours is loaded anew and nothing is changed."""
        file = self.group.targets[0].file
        same = Mutant(0, (0, 0), "nothing", ast.parse((ROOT / file).read_text(encoding="utf-8")))
        return os.waitpid(self._start(file, same, items), 0)[1] == 0

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
            resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
            signal.alarm(AT_MOST)
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
            return run_tests(self.group, Chosen(self.seconds))
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


def run_tests(group: Group, plugin: object) -> int:
    """Run pytest on the tests of a group, silently; returns its exit code."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ.pop("CI", None)  # for which conftest.py takes another profile
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    alone = ["--noconftest"] if group.alone else []
    return int(pytest.main([*ARGUMENTS, *alone, *(str(ROOT / one) for one in group.tests)], plugins=[plugin]))


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

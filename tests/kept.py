"""What a program makes once, made once for all tests of a process: they would make it thousands of times."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from functools import cache, wraps
from typing import Any, ParamSpec

import typer.main
import typer.testing
from sqlalchemy import Engine

from aggregator.store import postgresql, sqlite

P = ParamSpec("P")
MOST = 20_000  # statements; what a test makes by itself must not pile up


class Compiled(MutableMapping[Any, Any]):
    """In place of an engine's own cache of compiled statements. Its keys begin with the dialect: all of a kind are alike."""

    def __init__(self, of: str, kept: dict[Any, Any]) -> None:
        self._of, self._kept = of, kept

    def __getitem__(self, key: tuple[Any, ...]) -> Any:
        return self._kept[self._of, *key[1:]]

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        return self._kept.get((self._of, *key[1:]), default)

    def __setitem__(self, key: tuple[Any, ...], value: Any) -> None:
        if len(self._kept) >= MOST:
            self._kept.clear()
        self._kept[self._of, *key[1:]] = value

    def __delitem__(self, key: tuple[Any, ...]) -> None:
        del self._kept[self._of, *key[1:]]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)


def compile_once() -> None:
    """Each store has an engine of its own, and would compile every statement anew: a quarter of the time of a test."""
    kept: dict[Any, Any] = {}

    def sharing(engine_for: Callable[P, Engine]) -> Callable[P, Engine]:
        @wraps(engine_for)
        def with_shared(*args: P.args, **kwargs: P.kwargs) -> Engine:
            engine = engine_for(*args, **kwargs)
            engine.update_execution_options(compiled_cache=Compiled(engine.dialect.name, kept))
            return engine

        return with_shared

    sqlite.engine_for = sharing(sqlite.engine_for)
    postgresql.engine_for = sharing(postgresql.engine_for)


def put_commands_together_once() -> None:
    """The runner of tests puts all commands together at each call, in a tenth of a second."""
    vars(typer.testing)["_get_command"] = cache(typer.main.get_command)

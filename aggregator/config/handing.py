"""A checked configuration on its way to another process, where it takes as little memory as it can."""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, BinaryIO

from aggregator.config.plain import OF_MODELS, OF_STATE
from aggregator.config.types import Config, Source


def write_config(config: Config, file: BinaryIO) -> None:
    """Write it, each source by itself: whoever reads them all at once holds all of them twice for a moment."""
    pickle.dump(config.model_copy(update={"sources": {}}), file)
    pickle.dump(len(config.sources), file)
    for source in config.sources.values():
        values = [getattr(source, name) for name in Source.model_fields]
        pickle.dump((values, sorted(source.model_fields_set)), file)


def read_config(file: BinaryIO) -> Config:
    """Read what `write_config` wrote. The file must come from a process of ours."""
    config: Config = pickle.load(file)  # noqa: S301 - as the docstring says; and below
    seen: dict[Any, Any] = {}  # what is the same for many sources is kept once
    sets: dict[tuple[str, ...], set[str]] = {}
    for _ in range(pickle.load(file)):  # noqa: S301
        values, written = pickle.load(file)  # noqa: S301
        source = _source([_once(seen, value) for value in values], sets.setdefault(tuple(written), set(written)))
        config.sources[source.key] = source
    return config


def _once(seen: dict[Any, Any], value: Any) -> Any:
    if type(value) is dict and not value:
        return seen.setdefault(None, value)
    if type(value) is tuple and all(type(one) is str for one in value):
        value = tuple(seen.setdefault(one, one) for one in value)
    elif type(value) not in (str, timedelta):  # others may be equal and not the same: 1 and True
        return value
    return seen.setdefault(value, value)


def _source(values: Iterable[Any], written: set[str]) -> Source:
    """A source of values that were checked. Set one by one, they share the table of their names with those of all other
    sources, where they have one; a model that pydantic makes has one of its own, of 1.2 KB."""
    source = Source.__new__(Source)
    own = {OF_STATE: written} | {name: None for name in OF_MODELS if hasattr(Source, name)}
    for name, value in (*own.items(), *zip(Source.model_fields, values, strict=True)):
        object.__setattr__(source, name, value)
    return source

"""A value that travels between processes as bytes, and is taken out of them only where it is needed."""

from __future__ import annotations

import pickle
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Later(Generic[T]):
    """Holds a value that can be pickled. Pickled itself, it holds bytes until somebody asks for the value."""

    __slots__ = ("_bytes", "_value")

    def __init__(self, value: T | None, packed: bytes = b"") -> None:
        """`packed`, without a value: its pickle."""
        self._value, self._bytes = value, packed

    @property
    def value(self) -> T:
        """The value, which is kept from now on."""
        if self._value is None:
            # Such bytes are made by `__reduce__` alone, in a process of our own.
            self._value = pickle.loads(self._bytes)  # noqa: S301 - see above
            self._bytes = b""
        return self._value

    def __reduce__(self) -> tuple[Any, ...]:
        """What `pickle` needs to make it again."""
        return Later, (None, self._bytes or pickle.dumps(self._value))

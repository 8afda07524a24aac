"""The tables of a configuration without what checks them, for a process that is handed what another one has checked.

What checks is larger than all that it checks. Here a table has a slot for each of its fields, is made by `pickle` of what a
checked one was, and becomes a checked one again in a process that has such.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn, Self

OF_STATE = "__pydantic_fields_set__"  # a table's state is that of pydantic's models: the two are handed to each other
OF_MODELS = ("__pydantic_extra__", "__pydantic_private__")  # what such a model has besides, and never holds anything here
REQUIRED = object()


class _Fields(type):
    """Makes a slot of each field."""

    model_fields: Mapping[str, object]  # with its default, where that is no table of its own

    def __new__(cls, name: str, bases: tuple[type, ...], space: dict[str, Any]) -> _Fields:
        fields: dict[str, object] = {}
        for base in bases:
            fields |= getattr(base, "model_fields", {})
        own = {field: space.pop(field, REQUIRED) for field in space.get("__annotations__", ())} if bases else {}
        space.setdefault("__slots__", tuple(field for field in own if field not in fields))
        made = super().__new__(cls, name, bases, space)
        made.model_fields = fields | own
        return made


class BaseModel(metaclass=_Fields):
    """A table of values that were checked."""

    __slots__ = (OF_STATE,)

    def __init__(self, **given: Any) -> None:
        """For what stands as a default: others are handed over."""
        defaults = {name: value for name, value in type(self).model_fields.items() if value is not REQUIRED}
        self.__setstate__({"__dict__": defaults | given, OF_STATE: set(given)})

    @classmethod
    def model_construct(cls, **given: Any) -> Self:
        """The same."""
        return cls(**given)

    @property
    def model_fields_set(self) -> set[str]:
        """The fields that the file says."""
        said: set[str] = getattr(self, OF_STATE)
        return said

    def model_copy(self, *, update: Mapping[str, Any]) -> Self:
        """This table, with some fields changed."""
        copied = type(self).__new__(type(self))
        copied.__setstate__({"__dict__": {**self._values(), **update}, OF_STATE: self.model_fields_set | update.keys()})
        return copied

    def _values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in type(self).model_fields}

    def __getstate__(self) -> dict[str, Any]:
        return {"__dict__": self._values(), OF_STATE: self.model_fields_set, **dict.fromkeys(OF_MODELS)}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        for name, value in (*state["__dict__"].items(), (OF_STATE, state[OF_STATE])):
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__}.{name} cannot be changed")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other._values() == self._values()

    def __hash__(self) -> int:
        return hash(tuple(self._values().values()))


def Field(default: object = REQUIRED, **_: object) -> object:  # noqa: N802 - as pydantic has it
    """The default of a field."""
    return default


def nothing(*_: object, **__: object) -> None:
    """What would say how a value is checked, or shown in the schema."""


AfterValidator = BeforeValidator = ConfigDict = WithJsonSchema = nothing

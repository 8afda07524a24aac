"""A source-monitoring update aggregator: official statements in, numbered and cited updates out."""

from collections.abc import Callable, Mapping
from importlib import import_module

__version__ = "0.1.0"

HANDED = False  # True in the running service alone: the configuration that it is handed was checked, and it checks none


def later(package: str, homes: Mapping[str, str]) -> Callable[[str], object]:
    """A module's `__getattr__` (PEP 562), so that some of a package's names are imported when somebody asks for them.

    `homes` says in which module of the package each lives. The running service and the processes that read hostile bytes live
    for weeks, and each needs a part of the libraries: what the other needs would be memory for nothing. No name may be that of
    a module beside it, which would be found instead.
    """

    def find(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{homes[name]}"), name)

    return find

"""Modules without the docstrings of their functions: nobody reads them in a process that runs for weeks, and they take 2 MB."""

from __future__ import annotations

import inspect
import sys
from importlib.machinery import SourceFileLoader
from types import CodeType
from typing import Any

# What says much, and is known to need none of it. Python's own switch, -OO, would drop what is asserted, too, and have all
# compiled anew at each start where nothing can be written beside the modules.
PACKAGES = sys.stdlib_module_names | {
    "aggregator", "aiohttp", "anyio", "apscheduler", "attr", "click", "httpx", "jinja2", "pebble", "prometheus_client",
    "sqlalchemy", "starlette", "structlog", "uvicorn", "yarl",
}  # fmt: skip
FUNCTION = inspect.CO_OPTIMIZED | inspect.CO_NEWLOCALS  # neither a module nor the body of a class
# Of code whose first constant is its docstring, from Python 3.14 on; before, that of each `def` is its docstring or None.
SAYS = getattr(inspect, "CO_HAS_DOCSTRING", 0)


def leave_docstrings_out() -> None:
    """Of what is imported from now on."""
    # A documented method, changed for all modules at once.
    SourceFileLoader.get_code = _get_code  # type: ignore[method-assign, assignment]


def without_docstrings(code: CodeType) -> CodeType:
    """The same code, whose functions, however deep within, say nothing of themselves."""
    constants = [without_docstrings(one) if isinstance(one, CodeType) else one for one in code.co_consts]
    if _says(code):
        constants[0] = None
    same = all(one is other for one, other in zip(constants, code.co_consts, strict=True))
    return code if same else code.replace(co_consts=tuple(constants))


def _says(code: CodeType) -> bool:
    flags = code.co_flags
    if flags & FUNCTION != FUNCTION or code.co_name.startswith("<") or (SAYS and not flags & SAYS):  # "<lambda>", "<genexpr>"
        return False
    return bool(code.co_consts) and isinstance(code.co_consts[0], str)


_read = SourceFileLoader.get_code


def _get_code(loader: Any, fullname: str) -> CodeType | None:
    code = _read(loader, fullname)
    return code if code is None or fullname.partition(".")[0] not in PACKAGES else without_docstrings(code)

"""The logs of every command: lines on stderr, from the first to the last."""

from __future__ import annotations

import logging
import sys
from typing import Any, TextIO, cast

import structlog
import structlog.tracebacks

# Without the values of local variables: among them may be the login of a proxy, and whole bodies.
PLAIN_TRACEBACKS = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))


def set_up_logs(*, everything: bool) -> None:
    """Logs go to stderr: as text on a terminal, as JSON lines otherwise; warnings only, unless `everything`."""
    level = logging.INFO if everything else logging.ERROR
    console = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    renderer: Any = console if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            PLAIN_TRACEBACKS if not sys.stderr.isatty() else _as_is,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _Unfailing(sys.stderr))),
    )


class _Unfailing:
    """A stream for logs: what the log's own disk or reader does not take is left out and counted, and the work goes on."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._line = ""
        self._lost = 0

    def write(self, text: str) -> None:
        """Write a line once it is whole."""
        self._line += text
        if not self._line.endswith("\n"):
            return
        line, self._line = self._line, ""
        try:
            if self._lost:
                self._stream.write(f"{self._lost} lines of this log were lost here: they could not be written\n")
            self._stream.write(line)
            self._stream.flush()
            self._lost = 0
        except (OSError, ValueError):  # ValueError: it is closed
            self._lost += 1

    def flush(self) -> None:
        """Whole lines are written already."""


def _as_is(_logger: object, _name: str, event: Any) -> Any:
    return event

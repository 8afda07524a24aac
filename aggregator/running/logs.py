"""The logs of every command: lines on stderr, from the first to the last."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, TextIO, cast

import structlog
import structlog.tracebacks

from aggregator.config import Config
from aggregator.config.secrets import secrets_of
from aggregator.engines.environment import KEY
from aggregator.running.redacting import Redactor

# Without the values of local variables: among them may be the login of a proxy, and whole bodies.
PLAIN_TRACEBACKS = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))


OF_THE_ENVIRONMENT = (KEY,)  # beside what feeds.toml names

log = structlog.get_logger()
_redactor = Redactor()  # of this process: what is hidden stays so, whatever the configuration says later

Heard = Callable[[str, Mapping[str, Any]], object]


def set_up_logs(*, everything: bool, secrets: Iterable[str] = (), heard: Heard = lambda _level, _event: None) -> None:
    """Logs go to stderr: as text on a terminal, as JSON lines otherwise; warnings only, unless `everything`.

    `secrets` never stand in it, in no form; `heard` is called with the level and the fields of each line that is written.
    What libraries log, from warnings on, goes the same way.
    """
    hide(secrets)
    level = logging.INFO if everything else logging.ERROR
    on_terminal = sys.stderr.isatty()
    console = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    renderer: Any = console if on_terminal else structlog.processors.JSONRenderer(default=_plain)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            partial(_hear, heard),
            _as_is if on_terminal else PLAIN_TRACEBACKS,
            renderer,
            _without_secrets,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _Unfailing(sys.stderr, plain=on_terminal))),
    )
    logging.basicConfig(handlers=[_Library(logging.WARNING if everything else logging.ERROR)], force=True)


def all_secrets(config: Config, environment: Mapping[str, str] = os.environ) -> list[str]:
    """What is to be hidden of a configuration, and of the environment beside it."""
    return [*secrets_of(config), *(environment[name] for name in OF_THE_ENVIRONMENT if environment.get(name))]


def hide(secrets: Iterable[str]) -> None:
    """From now on, let some texts never stand in the log."""
    _redactor.hide(secrets)


def _hear(heard: Heard, _logger: object, name: str, event: Any) -> Any:
    heard(name, event)
    return event


def _without_secrets(_logger: object, _name: str, line: Any) -> str:
    """The last step: whatever a line was made of, and however its error was written."""
    return _redactor(str(line))


class _Library(logging.Handler):
    """Has what a library logs written as a line of our own."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write it; a message that fits its arguments not is written as it is."""
        try:
            says = record.getMessage()
        except (TypeError, ValueError):
            says = str(record.msg)
        if record.levelno >= logging.ERROR:
            log.error("library_said", library=record.name, says=says, exc_info=record.exc_info)
        else:
            log.warning("library_said", library=record.name, says=says)


class _Unfailing:
    """A stream for logs: what the log's own disk or reader does not take is left out and counted, and the work goes on."""

    def __init__(self, stream: TextIO, *, plain: bool) -> None:
        """`plain`: for people, and not for programs that read JSON."""
        self._stream, self._plain = stream, plain
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
                self._stream.write(self._said())
            self._stream.write(line)
            self._stream.flush()
            self._lost = 0
        except (OSError, ValueError):  # ValueError: it is closed
            self._lost += 1

    def _said(self) -> str:
        says = f"{self._lost} lines of this log were lost here: they could not be written"
        if self._plain:
            return f"{says}\n"
        now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        return (
            json.dumps({"event": "log_lines_lost", "level": "error", "lines": self._lost, "says": says, "timestamp": now})
            + "\n"
        )

    def flush(self) -> None:
        """Whole lines are written already."""


def _plain(value: object) -> str:
    """What JSON has no form for: a time as ISO 8601, all else as it shows itself."""
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _as_is(_logger: object, _name: str, event: Any) -> Any:
    return event

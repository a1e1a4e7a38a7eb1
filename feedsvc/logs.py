"""Structured log lines: one event a line on standard error, for machines or for people.

structlog is imported when something is told: with what it brings along that is a tenth of a short command's time.
"""

from __future__ import annotations

import json
import logging
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from structlog.typing import Processor

_TALKATIVE = ("alembic", "apscheduler", "watchdog", "trafilatura", "htmldate")
"""Libraries that tell of each ordinary step."""


def configure(form: str = "auto", *, level: int = logging.INFO) -> None:
    """Set up logging for the process; called once, by the command that runs.

    *form* is ``json``, ``logfmt`` (key=value) or ``columns``; ``auto`` is columns on a terminal, else JSON. Lines of
    libraries that use the standard ``logging`` come out in the same shape.
    """
    import structlog

    if form == "auto":
        form = "columns" if sys.stderr.isatty() else "json"
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if form == "json":
        last += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    elif form == "logfmt":
        keys = ["timestamp", "level", "logger", "event"]
        last += [structlog.processors.format_exc_info, _quoted, structlog.processors.LogfmtRenderer(key_order=keys)]
    else:
        last += [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=last))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for library in _TALKATIVE:
        logging.getLogger(library).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared[:3],
            *shared[4:],
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def get_logger(name: str) -> Any:
    """A logger whose methods take an event in words and its particulars by name: ``log.info("read", files=3)``."""
    return _Logger(name)


class _Logger:
    """A logger of structlog, made when it is used."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, method: str) -> Any:
        import structlog

        return getattr(structlog.stdlib.get_logger(self._name), method)


def _quoted(_logger: Any, _method: str, event: Any) -> Any:
    """Values that are lists or tables as JSON: key=value has no other shape for them."""
    return {key: _flat(value) for key, value in event.items()}


def _flat(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, list | tuple | dict) else value

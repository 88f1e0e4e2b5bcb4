"""Logs: one JSON line per event on standard error, made of ids, counts, codes and durations only.

A line's words are chosen here, not at the call: an event is a name in the source, a field is on the list
below, and its value is short and has no blanks. What does not fit raises in tests and is dropped and counted
in a running process. Exceptions are a type and the places they came through; their messages stay out, because
they may hold a name.
"""

import logging
import re
import sys
import threading
import traceback
from collections.abc import Mapping, MutableMapping
from contextlib import AbstractContextManager
from typing import Any

import structlog
from prometheus_client import Counter
from structlog.contextvars import bound_contextvars, merge_contextvars
from structlog.typing import FilteringBoundLogger

_PARTS = "part service authority actor_id role correlation_id member process version pump action"
_SUBJECTS = (
    "kind subject_id event_id event_type topic partition offset key sequence letter_id file_id contact_id "
    "case_id notice_id handoff_id session_id table"
)
_ENDS = "state outcome code status method route fault attempt reason_code"
_MEASURES = "count bytes pending lag seconds milliseconds age done dropped port"
FIELDS = frozenset(f"{_PARTS} {_SUBJECTS} {_ENDS} {_MEASURES}".split())

_EVENT = re.compile(r"[a-z][a-z0-9_]{2,60}")
_VALUE = re.compile(r"[^\s\x00-\x1f]{0,200}")
_FAULT = re.compile(r"[\w.:<> ]{0,2000}")
_FRAMES, _CAUSES = 12, 6
# It speaks of brokers; what any other library says may quote what it was given.
_TRUSTED = ("kafka",)

dropped_fields = Counter(
    "heed_log_fields_dropped", "Fields kept out of the log because they are not on its list"
)


class Unloggable(Exception):
    """An event or field that is not fit for the log: a fault in our code."""


class _Strictness:
    raises = True


def get(part: str) -> FilteringBoundLogger:
    """The logger of one part of Heed."""
    logger: FilteringBoundLogger = structlog.get_logger(part=part)
    return logger


def bound(**fields: str) -> AbstractContextManager[None]:
    """Add these fields to every line of this thread until the end of the block."""
    return bound_contextvars(**fields)


def configure(*, strict: bool = False, trusted: tuple[str, ...] = _TRUSTED) -> None:
    """Set up a process: everything goes through here, also what libraries log and what nobody caught.

    `strict` raises for a field that is not on the list, as before this was called. Of the `trusted` libraries
    the words are written too.
    """
    _Strictness.raises = strict
    root = logging.getLogger()
    root.handlers = [_Foreign(trusted)]
    root.setLevel(logging.INFO)
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


def fault(problem: BaseException) -> str:
    """The type of an exception and of its causes, with the places innermost first; no message and no
    value."""
    parts: list[str] = []
    current: BaseException | None = problem
    while current is not None and len(parts) < _CAUSES:
        parts.append(" ".join([type(current).__name__, *_places(current)]))
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return " from ".join(parts)[:2000]


def _places(problem: BaseException) -> list[str]:
    passed = traceback.walk_tb(problem.__traceback__)
    places = [f"{_module(frame.f_globals)}:{line}" for frame, line in passed]
    return places[::-1][:_FRAMES]


def _module(names: Mapping[str, Any]) -> str:
    # A compiled template is named by its path, which depends on the machine.
    inner = str(names.get("__name__", "unknown")).rpartition("/templates/")[2]
    return re.sub(r"[^\w.:<>]", ".", inner)


def _uncaught(_kind: object, problem: BaseException, _trace: object) -> None:
    get("process").critical("ended_by_fault", fault=fault(problem))


def _uncaught_in_thread(caught: threading.ExceptHookArgs) -> None:
    get("process").critical("thread_ended_by_fault", fault=fault(caught.exc_value or SystemExit()))


def _only_listed(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if not _EVENT.fullmatch(str(line["event"])):
        _refuse("An event is a short name in lower case.")
        line["event"] = "unnamed"
    caught = line.pop("exc_info", None)
    if caught:
        problem = caught if isinstance(caught, BaseException) else sys.exc_info()[1]
        line["fault"] = fault(problem or SystemExit())
    for name in [one for one in line if one != "event" and not _fits(one, line[one])]:
        del line[name]
        _refuse(f"The field {name} or its value is not fit for the log.")
    return line


def _fits(name: str, value: Any) -> bool:
    if name not in FIELDS:
        return False
    if value is None or isinstance(value, bool | int | float):
        return True
    pattern = _FAULT if name == "fault" else _VALUE
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _refuse(why: str) -> None:
    if _Strictness.raises:
        raise Unloggable(why)
    dropped_fields.inc()


class _Foreign(logging.Handler):
    """What libraries log: the messages of a trusted few, of the others only where they said something."""

    def __init__(self, trusted: tuple[str, ...]) -> None:
        super().__init__()
        self._trusted = trusted

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line, or none for the chatter that carries payloads."""
        trusted = record.name.startswith(self._trusted)
        if record.levelno < (logging.INFO if trusted else logging.WARNING):
            return
        line: dict[str, Any] = {"library": record.name, "place": f"{record.module}:{record.lineno}"}
        if trusted:
            line["message"] = record.getMessage()[:500]
        if record.exc_info and record.exc_info[1]:
            line["fault"] = fault(record.exc_info[1])
        _raw.log(record.levelno, "library", **line)


def _to_standard_error(*_: Any) -> structlog.PrintLogger:
    # Looked up for each line, because the stream may be replaced while the process runs.
    return structlog.PrintLogger(sys.stderr)


_RENDERED: list[Any] = [
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    structlog.processors.JSONRenderer(),
]
structlog.configure(
    processors=[merge_contextvars, _only_listed, *_RENDERED],
    wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    logger_factory=_to_standard_error,
    cache_logger_on_first_use=False,
)
_raw: FilteringBoundLogger = structlog.wrap_logger(
    None, processors=_RENDERED, wrapper_class=structlog.make_filtering_bound_logger(logging.INFO)
)

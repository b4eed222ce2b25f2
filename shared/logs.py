"""One JSON object per line on standard error; never personal data or rationale.

Invariant: of an exception only the type and the frames are written. Its message may
quote what somebody typed (pydantic), or a row of the database (asyncpg).
"""

import logging  # noqa: TID251 - the one place that tames the standard library
import sys
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

import structlog

MOST_FRAMES = 30
"""Of the innermost; a deeper stack is mostly the event loop and middleware."""

_PATH_PARTS = 3
_LEVELS = (
    logging.DEBUG,
    logging.INFO,
    logging.WARNING,
    logging.ERROR,
    logging.CRITICAL,
)


def configure_logs(*, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Write structured lines of at least *level* to *stream* (standard error).

    Libraries that log through the standard library get lines of their own, from
    warnings on, that tell where in which library something happened, not what it said.
    """
    threshold = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_values,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.WriteLoggerFactory(file=stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.setLevel(max(threshold, logging.WARNING))
    for handler in root.handlers[:]:
        if isinstance(handler, _LibraryLines):
            root.removeHandler(handler)
    root.addHandler(_LibraryLines())
    for noisy in ("aiokafka", "faststream", "uvicorn", "mail.log", "httpx"):
        logging.getLogger(noisy).setLevel(max(threshold, logging.WARNING))


def described(error: BaseException) -> dict[str, object]:
    """Return what may be logged of *error*: types and frames, innermost frame last."""
    lines: dict[str, object] = {
        "reason": type(error).__name__,
        "frames": _frames(error)[-MOST_FRAMES:],
    }
    if isinstance(error, BaseExceptionGroup):
        lines["members"] = [described(member) for member in error.exceptions]
    causes = [type(cause).__name__ for cause in _causes(error)]
    return {**lines, "caused_by": causes} if causes else lines


def _frames(error: BaseException) -> list[str]:
    return [
        _place(frame.f_code.co_filename, line, frame.f_code.co_name)
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]


def _place(path: str, line: int, function: str) -> str:
    return f"{'/'.join(Path(path).parts[-_PATH_PARTS:])}:{line} {function}"


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen = {id(error)}
    while True:
        hidden = error.__suppress_context__
        cause = error.__cause__ or (None if hidden else error.__context__)
        if cause is None or id(cause) in seen:
            return
        seen.add(id(cause))
        yield cause
        error = cause


def _without_values(
    _: Any, __: str, line: "structlog.typing.EventDict"
) -> Mapping[str, Any]:
    """Replace an exception in *line* by what may be logged of it."""
    found = line.pop("exc_info", None)
    error = sys.exc_info()[1] if found is True else found
    if isinstance(error, tuple):
        error = error[1]
    return {**line, **described(error)} if isinstance(error, BaseException) else line


class _LibraryLines(logging.Handler):
    """Passes on that a library logged something, and where; never what."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line about *record*."""
        level = max(each for each in _LEVELS if each <= max(record.levelno, _LEVELS[0]))
        error = record.exc_info[1] if record.exc_info else None
        structlog.get_logger().log(
            level,
            "library.logged",
            logger=record.name,
            at=_place(record.pathname, record.lineno, record.funcName or "?"),
            **(described(error) if error else {}),
        )

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - theirs
        """Stay silent: the library's way prints the arguments of the message."""

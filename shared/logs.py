"""One JSON object per line on standard error; never personal data or rationale."""

import logging  # noqa: TID251 - the one place that tames the standard library
import sys
from typing import TextIO

import structlog


def configure_logs(*, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Write structured lines of at least *level* to *stream* (standard error)."""
    threshold = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.WriteLoggerFactory(file=stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    for noisy in ("aiokafka", "faststream", "uvicorn", "mail.log", "httpx"):
        logging.getLogger(noisy).setLevel(max(threshold, logging.WARNING))

"""Says why a service did not start.

The server that runs a service knows only that it failed, and of a library's line the
log keeps where it came from, not what it said.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from shared.errors import ServiceError
from shared.logs import described


@contextmanager
def telling_why_not(service: str) -> Iterator[None]:
    """Write one line when the block fails; the error goes on."""
    try:
        yield
    except Exception as error:
        structlog.get_logger().error(
            "service.not_started", service=service, **_told(error)
        )
        raise


def _told(error: Exception) -> dict[str, object]:
    """Return what may be said: anticipated errors name no secret and nobody."""
    if isinstance(error, ServiceError):
        told = {"reason": error.code, "title": str(error)}
        return {**told, "context": dict(error.context)}
    return described(error)

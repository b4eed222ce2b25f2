"""Clocks: what is due is looked for again and again, and done one by one.

Invariant: a look that fails is not the last one, and one thing that cannot be done
keeps no other from being done; each is seen in the logs, and tried again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import structlog

from shared.database import DATABASE_AWAY, DATABASE_ERRORS
from shared.errors import (
    ConflictError,
    NotFoundError,
    RuleViolatedError,
    ServiceError,
    UnavailableError,
)
from shared.logs import described


async def keep_looking(
    clock: str, look: Callable[[], Awaitable[object]], *, every_seconds: float
) -> None:
    """Look for what is due now, and again *every_seconds* after, until cancelled.

    Args:
        clock: what is looked for, in a word for the logs.
        look: finds what is due, and does it; what it returns is of no interest here.
        every_seconds: the pause between two looks.

    Raises:
        Exception: a bug of *look*; refusals, and whatever a database answers, are
            logged, and the next look comes after the pause.
    """
    while True:
        try:
            await look()
        except (ServiceError, *DATABASE_ERRORS) as error:
            structlog.get_logger().warning(
                "clock.interrupted", clock=clock, reason=type(error).__name__
            )
        await asyncio.sleep(every_seconds)


@contextmanager
def one_due(clock: str, **ids: object) -> Iterator[None]:
    """Do one thing of several that are due: what fails is logged under its *ids*.

    What a rule refuses is a warning: somebody may have been faster since the look.

    Raises:
        UnavailableError: the log or the database is away, so the others would fail too.
        DATABASE_AWAY: likewise, as a query says it.
    """
    try:
        yield
    except (UnavailableError, *DATABASE_AWAY):
        raise
    except (RuleViolatedError, ConflictError, NotFoundError) as refused:
        structlog.get_logger().warning(
            "clock.item_refused", clock=clock, **ids, reason=refused.code
        )
    except Exception as error:  # noqa: BLE001 - whatever it is, the others are due
        structlog.get_logger().error(
            "clock.item_failed", clock=clock, **ids, **described(error)
        )

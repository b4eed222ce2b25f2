"""Waiting for a database that does not answer, where nothing else can be done."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from shared import database
from shared.errors import UnavailableError

T = TypeVar("T")

LONGEST_PAUSE_SECONDS = 2.0

DATABASE_AWAY = (OSError, UnavailableError, *database.DATABASE_AWAY)
"""What a call raises when the database is restarting, full, or cut off."""


async def until_answered(call: Callable[[], Awaitable[T]]) -> T:
    """Return what *call* returns, calling again while the database is away.

    *call* must be safe to repeat. Errors that waiting cannot mend are raised.
    """
    pause = 0.05
    while True:
        try:
            return await call()
        except DATABASE_AWAY as error:
            structlog.get_logger().warning(
                "messaging.database_away", reason=type(error).__name__
            )
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

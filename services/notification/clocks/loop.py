"""The loop that sends: what is due comes from a read model, as a hint."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from services.notification.clocks.holding import sending_alone
from services.notification.clocks.sending import Sending
from services.notification.read_models import due_notices
from shared.clock import Clock
from shared.database import Pool
from shared.errors import ServiceError, UnavailableError

BATCH = 50
"""Letters looked up at once; more are found in the next round."""


def send_letters(
    sending: Sending, pool: Pool, clock: Clock, *, every_seconds: float, senders: int
) -> Callable[[], Awaitable[None]]:
    """Return a loop that sends what is due, until cancelled."""

    async def loop() -> None:
        while True:
            try:
                sent = await send_due(sending, pool, clock, senders=senders)
            except UnavailableError as error:
                sent = 0
                structlog.get_logger().warning(
                    "clock.interrupted", clock="letters", reason=type(error).__name__
                )
            if sent < BATCH:
                await asyncio.sleep(every_seconds)

    return loop


async def send_due(sending: Sending, pool: Pool, clock: Clock, *, senders: int) -> int:
    """Try every letter that is due; return how many there were."""
    due = await due_notices(pool, now=clock(), limit=BATCH)
    places = asyncio.Semaphore(senders)

    async def try_one(notice_id: str) -> None:
        async with places:
            await _tried(sending, pool, notice_id)

    async with asyncio.TaskGroup() as tries:
        for notice_id in due:
            tries.create_task(try_one(notice_id))
    return len(due)


async def _tried(sending: Sending, pool: Pool, notice_id: str) -> None:
    """Try one letter; what goes wrong with it does not keep the others waiting."""
    try:
        async with sending_alone(pool, notice_id) as is_mine:
            if is_mine:
                await sending.send(notice_id)
    except ServiceError as error:
        structlog.get_logger().warning(
            "letter.interrupted", notice_id=notice_id, reason=error.code
        )

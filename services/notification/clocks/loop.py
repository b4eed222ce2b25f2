"""The loop that sends: what is due comes from a read model, as a hint."""

import asyncio

import structlog

from services.notification.clocks.due import due_letters
from services.notification.clocks.sending import Sending
from shared.clock import Clock
from shared.database import Pool
from shared.errors import ServiceError
from shared.web.clockwork import keep_looking
from shared.web.loops import Background

BATCH = 50
"""Letters looked up at once; more are looked up as soon as these were tried."""


def send_letters(
    sending: Sending, pool: Pool, clock: Clock, *, every_seconds: float, senders: int
) -> Background:
    """Return a loop that sends what is due, until cancelled."""

    async def send_all() -> None:
        while await send_due(sending, pool, clock, senders=senders) == BATCH:
            pass

    async def loop() -> None:
        await keep_looking("letters", send_all, every_seconds=every_seconds)

    return loop


async def send_due(sending: Sending, pool: Pool, clock: Clock, *, senders: int) -> int:
    """Try every letter that is due and not held elsewhere; return how many."""
    places = asyncio.Semaphore(senders)

    async def try_one(notice_id: str) -> None:
        async with places:
            await _tried(sending, notice_id)

    async with (
        due_letters(pool, now=clock(), limit=BATCH) as due,
        asyncio.TaskGroup() as tries,
    ):
        for notice_id in due:
            tries.create_task(try_one(notice_id))
    return len(due)


async def _tried(sending: Sending, notice_id: str) -> None:
    """Try one letter; what goes wrong with it does not keep the others waiting."""
    try:
        await sending.send(notice_id)
    except ServiceError as error:
        structlog.get_logger().warning(
            "letter.interrupted", notice_id=notice_id, reason=error.code
        )

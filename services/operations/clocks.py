"""Carries out desk decisions on parked lanes; forgets what was refused long ago.

Invariant: a decision is about the parking the operator saw; what was parked later in
the same lane waits for a decision of its own.
"""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import structlog

from services.operations.domain.events import Discarded, Released
from shared.clock import Clock
from shared.database import Pool
from shared.errors import NotFoundError
from shared.eventlog import Codec, EventLog, StoredEvent
from shared.messaging import ParkedLanes
from shared.web.refusals import forget_refusals

FORGET_EVERY_SECONDS = 60 * 60.0
"""How often refusals that nobody needs any more are looked for."""


def follow_decisions(
    log: EventLog, codec: Codec, lanes: ParkedLanes
) -> Callable[[], Awaitable[None]]:
    """Return a loop that applies every decision; each is applied once, by its id."""

    async def follow() -> None:
        async for events, _ in log.follow(0, categories=("desk",)):
            for event in events:
                match codec.decode(event):
                    case Released(lane_id=lane_id):
                        await _release(lanes, lane_id, event)
                    case Discarded(lane_id=lane_id, message_id=message_id):
                        await _discard(lanes, lane_id, message_id, event)
                    case _:
                        pass

    return follow


async def _release(lanes: ParkedLanes, lane_id: str, decision: StoredEvent) -> None:
    lane = await lanes.get(lane_id)
    if lane is None or lane.parked_at > decision.recorded_at:
        _carried_out_already(lane_id, decision)
        return
    try:
        await lanes.release(lane_id, decided_by=decision.event_id)
    except NotFoundError:
        _carried_out_already(lane_id, decision)


async def _discard(
    lanes: ParkedLanes, lane_id: str, message_id: str, decision: StoredEvent
) -> None:
    try:
        await lanes.discard(lane_id, UUID(message_id), decided_by=decision.event_id)
    except NotFoundError:
        _carried_out_already(lane_id, decision)


def _carried_out_already(lane_id: str, decision: StoredEvent) -> None:
    """Say that nothing is left to do: the lane is open, or the message is gone."""
    structlog.get_logger().info(
        "decision.carried_out_already",
        lane_id=lane_id,
        type=decision.type,
        position=decision.position,
    )


def forget_old_refusals(
    pool: Pool, clock: Clock, *, every_seconds: float = FORGET_EVERY_SECONDS
) -> Callable[[], Awaitable[None]]:
    """Return a loop that deletes refusals that are old, or too many."""

    async def forget() -> None:
        while True:
            if count := await forget_refusals(pool, clock()):
                structlog.get_logger().info("refusals.forgotten", count=count)
            await asyncio.sleep(every_seconds)

    return forget

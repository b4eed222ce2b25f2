"""Carries out desk decisions on parked lanes, from the facts that made them."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from services.operations.domain.events import Discarded, Released
from shared.eventlog import Codec, EventLog
from shared.messaging import ParkedLanes


def follow_decisions(
    log: EventLog, codec: Codec, lanes: ParkedLanes
) -> Callable[[], Awaitable[None]]:
    """Return a loop that applies every decision; each is applied once, by its id."""

    async def follow() -> None:
        async for events, _ in log.follow(0, categories=("desk",)):
            for event in events:
                match codec.decode(event):
                    case Released(lane_id=lane_id):
                        await lanes.release(lane_id, decided_by=event.event_id)
                    case Discarded(lane_id=lane_id, message_id=message_id):
                        await lanes.discard(
                            lane_id, UUID(message_id), decided_by=event.event_id
                        )
                    case _:
                        pass

    return follow

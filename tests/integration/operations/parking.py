"""Messages that were parked the way a consumer parks them."""

from shared.database import Pool
from shared.messaging import PUBLISHED, Consumer
from shared.messaging.arrivals import Problem, Reader
from shared.messaging.envelope import Record
from shared.messaging.parking.parking import Parking, lane_id_of

CONSUMER = "review"


async def park(pool: Pool, key: str, *offsets: int) -> str:
    """Park unreadable messages with *key* at review; return the id of their lane."""
    reader = Reader(Consumer(name=CONSUMER, handlers={}), PUBLISHED)
    parking = Parking(pool, CONSUMER)
    for offset in offsets or (0,):
        record = Record(
            topic="submission.v1",
            partition=0,
            offset=offset,
            key=key.encode(),
            value=b"not JSON",
            headers=(),
        )
        await parking.park(
            reader(record), Problem.UNREADABLE_HEADERS, error=None, tries=0
        )
    return str(lane_id_of(CONSUMER, key))

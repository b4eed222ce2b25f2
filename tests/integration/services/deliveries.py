"""Hands submission's public facts to review's consumers, as messaging would."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from services.review.app import CODEC as REVIEW_CODEC
from services.review.consumers import build
from services.review.handlers import Arrivals, Reviewers
from services.submission.app import CODEC as SUBMISSION_CODEC
from services.submission.outgoing import to_public
from shared.contracts.message import Received
from shared.eventlog import StoredEvent, open_log
from shared.handling import Handling
from shared.web.service import MessageHandlers
from tests.support.embedded import FreshDatabase
from tests.support.running_services import Running


@dataclass(slots=True)
class Deliveries:
    """Review's consumers, on a log of their own."""

    handlers: MessageHandlers

    async def hand_over(self, *messages: Received[Any]) -> None:
        """Let review handle *messages*, in this order."""
        for message in messages:
            handle = self.handlers.get(type(message.body))
            if handle is not None:
                await handle(message)


@asynccontextmanager
async def open_deliveries(database: FreshDatabase) -> AsyncIterator[Deliveries]:
    """Open review's consumers on *database*."""
    async with open_log(database.url_for("review")) as log:
        handling = Handling(log, REVIEW_CODEC)
        yield Deliveries(build(Arrivals(handling), Reviewers(handling, _nothing)))


async def _nothing(_: str) -> list[str]:
    """Return what somebody holds when nobody claims anything."""
    return []


async def published(running: Running) -> list[Received[Any]]:
    """Return everything submission has to tell, oldest first."""
    async with open_log(running.database.url_for("submission")) as log:
        events: Sequence[StoredEvent] = await log.read_after(0)
    messages = (
        (event, to_public(SUBMISSION_CODEC.decode(event), event)) for event in events
    )
    return [
        Received(
            body=body,
            event_id=event.event_id,
            source="submission",
            stream=event.stream,
            version=event.version,
            position=event.position,
            epoch=0,
            generation=1,
            occurred_at=event.occurred_at,
            correlation_id=event.event_id,
        )
        for event, body in messages
        if body is not None
    ]

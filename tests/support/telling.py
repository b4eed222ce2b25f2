"""Says what other services say, through their own relays and the broker.

Whoever speaks appends a fact of its own to the real log; a real relay publishes it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field

from shared.clock import utc_now
from shared.contracts.message import Message
from shared.contracts.moderation import OutcomeReleased, OutcomeRevised
from shared.contracts.operations import HoldLifted, HoldPlaced
from shared.contracts.review import Completed
from shared.contracts.submission import (
    MentorNominated,
    RoleGranted,
    Submitted,
    Withdrawn,
)
from shared.contracts.viva import NotPassed
from shared.database import open_pool
from shared.decider import Fact
from shared.embedded import BrokerProcess
from shared.eventlog import (
    Codec,
    Metadata,
    PostgresEventLog,
    StoredEvent,
    StreamWrite,
    UnitOfWork,
    open_log,
)
from shared.ids import new_id
from shared.messaging import Messaging, MessagingSettings, Publisher
from tests.support.embedded import FreshDatabase

_Told: TypeAlias = Annotated[
    RoleGranted
    | MentorNominated
    | Submitted
    | Withdrawn
    | Completed
    | OutcomeReleased
    | OutcomeRevised
    | NotPassed
    | HoldPlaced
    | HoldLifted,
    Field(discriminator="type"),
]


class SaidBySubmission(Fact):
    type: Literal["submission.Said"] = "submission.Said"
    body: _Told


class SaidByReview(Fact):
    type: Literal["review.Said"] = "review.Said"
    body: _Told


class SaidByModeration(Fact):
    type: Literal["moderation.Said"] = "moderation.Said"
    body: _Told


class SaidByViva(Fact):
    type: Literal["viva.Said"] = "viva.Said"
    body: _Told


class SaidByOperations(Fact):
    type: Literal["operations.Said"] = "operations.Said"
    body: _Told


_FACTS = {
    "submission": SaidBySubmission,
    "review": SaidByReview,
    "moderation": SaidByModeration,
    "viva": SaidByViva,
    "operations": SaidByOperations,
}
_CATEGORIES = {
    "submission": "case",
    "review": "review",
    "moderation": "moderation",
    "viva": "viva",
    "operations": "desk",
}


def _to_public(fact: Any, _: StoredEvent) -> Message:
    message: Message = fact.body
    return message


@dataclass(frozen=True, slots=True)
class Teller:
    """One service that speaks."""

    name: str
    log: PostgresEventLog
    codec: Codec

    async def say(self, *bodies: Message, stream: str | None = None) -> None:
        """Publish *bodies* in order, each in a stream of its own or all in *stream*."""
        for body in bodies:
            fact = _FACTS[self.name](body=body, occurred_at=utc_now())
            cause = new_id()
            metadata = Metadata(
                actor="a", role="r", correlation_id=cause, causation_id=cause
            )
            event = self.codec.encode(fact, event_id=new_id(), metadata=metadata)
            own = f"{_CATEGORIES[self.name]}-{new_id()}"
            version = len(await self.log.read_stream(stream)) if stream else 0
            write = StreamWrite(
                stream=stream or own, expected_version=version, events=(event,)
            )
            await self.log.append(UnitOfWork(writes=(write,)))


@asynccontextmanager
async def telling(
    name: str, database: FreshDatabase, broker: BrokerProcess
) -> AsyncIterator[Teller]:
    """Run the relay of the service *name* until the end."""
    codec = Codec(_FACTS[name])
    url = database.url_for(name)
    async with open_log(url) as log, open_pool(url, schema=name) as pool:
        messaging = Messaging(
            settings=MessagingSettings(
                service=name,
                bootstrap_servers=broker.bootstrap_servers,
                fetch_max_wait_ms=10,
                broker_holds_fetches=False,
                idempotent_producer=False,
                create_topics=True,
            ),
            log=log,
            pool=pool,
            publisher=Publisher(service=name, codec=codec, to_public=_to_public),
        )
        await messaging.start()
        try:
            yield Teller(name, log, codec)
        finally:
            await messaging.stop()

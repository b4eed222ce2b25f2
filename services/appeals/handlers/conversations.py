"""Conversations about feedback: times offered by staff, booked by the participant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.appeals.domain.conversation.commands import (
    BookConversation,
    ConversationCommand,
    OfferTimes,
    RecordConversation,
)
from services.appeals.domain.conversation.decide import conversation
from services.appeals.domain.conversation.events import ConversationBooked
from services.appeals.handlers.streams import conversation_stream
from shared.decider import Fact
from shared.handling import Cause, Handled, Handling, Ids, Step


@dataclass(frozen=True, slots=True)
class Conversations:
    """The write side of conversations. Errors: `domain.conversation.decide`."""

    handling: Handling

    async def offer_times(
        self,
        case_id: str,
        attempt: int,
        times: Sequence[datetime],
        *,
        at: datetime,
        cause: Cause,
    ) -> Handled:
        """Say when staff can be there."""
        command = OfferTimes(times=tuple(times), by=cause.actor, at=at)
        return await self._ask(case_id, attempt, command, cause.answer(200, {}))

    async def book(
        self,
        case_id: str,
        attempt: int,
        starts_at: datetime,
        *,
        at: datetime,
        cause: Cause,
    ) -> Handled:
        """Choose one of the times."""
        command = BookConversation(by=cause.actor, starts_at=starts_at, at=at)
        return await self._ask(case_id, attempt, command, cause.answer(200, _booked))

    async def record(
        self, case_id: str, attempt: int, *, at: datetime, cause: Cause
    ) -> Handled:
        """Say that it took place."""
        command = RecordConversation(by=cause.actor, at=at)
        return await self._ask(case_id, attempt, command, cause.answer(200, {}))

    async def _ask(
        self, case_id: str, attempt: int, command: ConversationCommand, cause: Cause
    ) -> Handled:
        stream = conversation_stream(case_id, attempt)
        return await self.handling(cause, Step(conversation, stream, command))


def _booked(facts: tuple[Fact, ...]) -> Ids:
    for fact in facts:
        if isinstance(fact, ConversationBooked):
            return {
                "starts_at": fact.starts_at.isoformat(),
                "sequence": fact.sequence,
            }
    return {}

"""Conversations about feedback: times offered by staff, booked by the participant.

Invariant: whoever of the staff is there is noted with the case in the same unit of
work, so that they neither hear an appeal about it nor judge it afresh.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.appeals.domain.casefile.commands import NotePart
from services.appeals.domain.casefile.decide import casefile
from services.appeals.domain.casefile.evolve import CaseFile
from services.appeals.domain.conversation.commands import (
    BookConversation,
    ConversationCommand,
    OfferTimes,
    RecordConversation,
)
from services.appeals.domain.conversation.decide import conversation
from services.appeals.domain.conversation.events import ConversationBooked
from services.appeals.handlers.streams import casefile_stream, conversation_stream
from shared.decider import Fact
from shared.handling import Cause, Handled, Handling, Ids, Loader, Step


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

        def ask(file: CaseFile) -> OfferTimes:
            return OfferTimes(
                times=tuple(times), by=cause.actor, is_on_hold=file.is_on_hold, at=at
            )

        answered = cause.answer(200, {})
        return await self._ask(
            case_id, attempt, ask, answered, _there(case_id, cause.actor, at)
        )

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

        def ask(file: CaseFile) -> BookConversation:
            return BookConversation(
                by=cause.actor, starts_at=starts_at, is_on_hold=file.is_on_hold, at=at
            )

        return await self._ask(case_id, attempt, ask, cause.answer(200, _booked))

    async def record(
        self, case_id: str, attempt: int, *, at: datetime, cause: Cause
    ) -> Handled:
        """Say that it took place."""
        command = RecordConversation(by=cause.actor, at=at)
        return await self._ask(
            case_id,
            attempt,
            lambda _: command,
            cause.answer(200, {}),
            _there(case_id, cause.actor, at),
        )

    async def _ask(
        self,
        case_id: str,
        attempt: int,
        ask: Callable[[CaseFile], ConversationCommand],
        cause: Cause,
        *more: Step,
    ) -> Handled:
        async def build(loader: Loader) -> Sequence[Step]:
            file = await loader.state(casefile, casefile_stream(case_id))
            stream = conversation_stream(case_id, attempt)
            return (Step(conversation, stream, ask(file)), *more)

        return await self.handling.plan(cause, build)


def _there(case_id: str, person_id: str, at: datetime) -> Step:
    """Return the step by which the case knows who of the staff talks about it."""
    command = NotePart(
        case_id=case_id, part="conversation", person_ids=(person_id,), at=at
    )
    return Step(casefile, casefile_stream(case_id), command)


def _booked(facts: tuple[Fact, ...]) -> Ids:
    for fact in facts:
        if isinstance(fact, ConversationBooked):
            return {
                "starts_at": fact.starts_at.isoformat(),
                "sequence": fact.sequence,
            }
    return {}

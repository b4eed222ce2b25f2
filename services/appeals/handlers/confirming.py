"""Whether a letter may still be sent: from the fold, never from a read model."""

from dataclasses import dataclass
from uuid import UUID

from services.appeals.domain.casefile.decide import casefile
from services.appeals.domain.confirming import (
    is_true_of_appeal,
    is_true_of_conversation,
    waits,
)
from services.appeals.domain.conversation.decide import conversation
from services.appeals.domain.decide import appeal
from services.appeals.domain.refusals import AskAgainLaterError
from services.appeals.handlers.streams import casefile_stream
from shared.decider import Fact
from shared.eventlog import Codec, EventLog
from shared.handling import Handling


@dataclass(frozen=True, slots=True)
class Confirming:
    """Answers what notification asks at the moment of sending."""

    handling: Handling
    log: EventLog
    codec: Codec

    async def is_still_true(self, case_id: str, stream: str, event_id: UUID) -> bool:
        """Tell whether the case still is as this event of its stream says.

        Raises:
            AskAgainLaterError: the case is on hold, and the letter would invite.
        """
        kind = stream.removeprefix(f"appeal-{case_id}.")
        if kind == stream:
            return False
        told = await self._fact(stream, event_id)
        if told is None:
            return False
        if kind.startswith("c"):
            return await self._is_true_of_conversation(case_id, stream, told)
        _, state = await self.handling.fold(appeal, stream)
        return is_true_of_appeal(told, state)

    async def _is_true_of_conversation(
        self, case_id: str, stream: str, told: Fact
    ) -> bool:
        _, talk = await self.handling.fold(conversation, stream)
        if not is_true_of_conversation(told, talk):
            return False
        _, file = await self.handling.fold(casefile, casefile_stream(case_id))
        if waits(told, file):
            raise AskAgainLaterError(case_id=case_id)
        return True

    async def _fact(self, stream: str, event_id: UUID) -> Fact | None:
        for event in await self.log.read_stream(stream):
            if event.event_id == event_id:
                return self.codec.decode(event)
        return None

"""Whether a letter may still be sent: from the fold, never from a read model."""

from dataclasses import dataclass
from typing import cast
from uuid import UUID

from services.viva.domain.confirming import is_still_true, waits
from services.viva.domain.decide import viva
from services.viva.domain.events import VivaEvent
from services.viva.domain.refusals import AskAgainLaterError
from services.viva.handlers.streams import viva_stream
from shared.clock import Clock
from shared.eventlog import Codec, EventLog, StoredEvent


@dataclass(frozen=True, slots=True)
class Confirming:
    """Answers what notification asks at the moment of sending."""

    log: EventLog
    codec: Codec
    clock: Clock

    async def is_still_true(self, case_id: str, stream: str, event_id: UUID) -> bool:
        """Tell whether the case still is as this event of its stream says.

        Raises:
            AskAgainLaterError: the case is on hold, and the letter would invite.
        """
        if stream != viva_stream(case_id):
            return False
        events = await self.log.read_stream(stream)
        facts = {event.event_id: self._fact(event) for event in events}
        told = facts.get(event_id)
        case = viva.fold(facts.values())
        if told is None or not is_still_true(told, case, at=self.clock()):
            return False
        if waits(told, case):
            raise AskAgainLaterError(case_id=case_id)
        return True

    def _fact(self, event: StoredEvent) -> VivaEvent:
        return cast("VivaEvent", self.codec.decode(event))

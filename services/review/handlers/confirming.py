"""What notification asks before it sends a letter to a reviewer."""

from dataclasses import dataclass
from uuid import UUID

from services.review.domain.assessment.decide import assessment
from services.review.domain.confirming import is_still_true
from services.review.domain.decide import UnknownReviewError, review
from services.review.domain.situations import NotRequested
from services.review.handlers.holding import assessment_stream
from shared.carrying import carry
from shared.eventlog import EventLog
from shared.handling import Handling
from shared.web.confirming import Course


@dataclass(frozen=True, slots=True)
class Confirming:
    """Answers from folded facts."""

    handling: Handling
    log: EventLog

    async def is_still_true(self, case_id: str, stream: str, event_id: UUID) -> bool:
        """Tell whether what *stream* says of a case in this event still holds."""
        if not stream.startswith(f"review-{case_id}."):
            return False
        events = await self.log.read_stream(stream)
        told = next((event for event in events if event.event_id == event_id), None)
        if told is None:
            return False
        _, state = await self.handling.fold(review, stream)
        _, known = await self.handling.fold(assessment, assessment_stream(case_id))
        decode = self.handling.codec.decode
        since = [decode(event) for event in events if event.version > told.version]
        return is_still_true(decode(told), state, is_held=known.is_held, since=since)

    async def course_of(self, stream: str) -> Course:
        """Return under which programme a review is made; it may be of no submission.

        Raises:
            UnknownReviewError: there is none.
        """
        _, state = await self.handling.fold(review, stream)
        if isinstance(state, NotRequested):
            raise UnknownReviewError
        return carry(state.requested, Course)

"""What a participant may ask about a case of their own: read from folds."""

from dataclasses import dataclass
from datetime import datetime

from services.appeals.domain.casefile.decide import casefile
from services.appeals.domain.casefile.events import DecisionNoted
from services.appeals.domain.casefile.evolve import CaseFile
from services.appeals.domain.clocks import Clock
from services.appeals.domain.conversation.decide import conversation
from services.appeals.domain.conversation.evolve import (
    Conversation,
    NotOffered,
    OnOffer,
)
from services.appeals.domain.events import ReleasedDecision
from services.appeals.domain.refusals import UnknownCaseError
from services.appeals.domain.working_days import Reading, Standing
from services.appeals.handlers.streams import casefile_stream, conversation_stream
from services.appeals.handlers.views import (
    CaseView,
    ConversationState,
    ConversationView,
    DecisionView,
    GroundView,
)
from shared.carrying import carry
from shared.handling import Handling
from shared.programmes import programme_of


@dataclass(frozen=True, slots=True)
class Overview:
    """Reads cases for their participants."""

    handling: Handling

    async def own_case(self, case_id: str, person_id: str, now: datetime) -> CaseView:
        """Return what a participant may ask about their case.

        Raises:
            UnknownCaseError: there is none, or it is somebody else's.
        """
        file = await self._file(case_id)
        if file.participant_id is None or file.participant_id != person_id:
            raise UnknownCaseError
        terms = file.terms_of(None)
        grounds = programme_of(terms).policy.appeal.grounds if terms else ()
        return CaseView(
            case_id=case_id,
            is_withdrawn=file.withdrawn_at is not None,
            is_held=any(stop.restarted_at is None for stop in file.stops()),
            decisions=tuple(
                _decision(case_id, file, each, now) for each in file.in_force()
            ),
            grounds=tuple(
                GroundView(key=each.key, title=each.title, text=each.text)
                for each in grounds
            ),
            conversations=await self._conversations(case_id, file),
        )

    async def _conversations(
        self, case_id: str, file: CaseFile
    ) -> tuple[ConversationView, ...]:
        views: list[ConversationView] = []
        attempts = {d.number for d in file.decisions.values() if d.subject == "outcome"}
        for attempt in sorted(attempts):
            stream = conversation_stream(case_id, attempt)
            _, state = await self.handling.fold(conversation, stream)
            view = _conversation(attempt, state)
            if view is not None:
                views.append(view)
        return tuple(views)

    async def _file(self, case_id: str) -> CaseFile:
        _, file = await self.handling.fold(casefile, casefile_stream(case_id))
        return file


def _conversation(attempt: int, state: Conversation) -> ConversationView | None:
    if isinstance(state, NotOffered):
        return None
    offered = state if isinstance(state, OnOffer) else state.before
    booking = offered.booking
    shown: ConversationState = "booked" if booking else "offered"
    if not isinstance(state, OnOffer):
        shown = "held" if state.was_held else "cancelled"
    return ConversationView(
        attempt=attempt,
        minutes=offered.offer.minutes,
        state=shown,
        times=offered.times,
        starts_at=booking.starts_at if booking else None,
    )


def _decision(
    case_id: str, file: CaseFile, decision: DecisionNoted, now: datetime
) -> DecisionView:
    reading = _time_to_ask(file, decision, now)
    asked = next(
        (
            f"{case_id}.{number}"
            for number, opened in file.appeals.items()
            if opened.decision_id == decision.decision_id
        ),
        None,
    )
    is_over = reading is None or reading.is_over(now)
    return DecisionView(
        decision=carry(decision, ReleasedDecision),
        ask_by=reading.last_day if reading else None,
        is_stopped=isinstance(reading, Standing),
        is_open=not is_over and asked is None and file.withdrawn_at is None,
        appeal_id=asked,
    )


def _time_to_ask(
    file: CaseFile, decision: DecisionNoted, now: datetime
) -> Reading | None:
    terms = file.terms_of(decision)
    if terms is None:
        return None
    asking = Clock(name="ask", started_at=decision.released_at, terms=terms)
    return asking.read(file, now)

"""What moderation and viva tell: decisions; and review: who judged."""

from datetime import datetime

from services.appeals.consumers.causes import TermsOf, cause_of
from services.appeals.domain.casefile.commands import (
    CaseFileCommand,
    NoteDecision,
    NotePart,
    NoteTerms,
)
from services.appeals.domain.conversation.commands import OfferConversation
from services.appeals.domain.terms import Terms
from services.appeals.handlers import Arrivals
from shared.carrying import carry
from shared.clock import Clock
from shared.contracts.message import Received
from shared.contracts.moderation import OutcomeReleased, OutcomeRevised
from shared.contracts.review import Completed
from shared.contracts.viva import AwardConferred, NotPassed
from shared.handling import Handled
from shared.web.service import MessageHandlers


def of_decisions(
    arrivals: Arrivals, terms_of: TermsOf, clock: Clock
) -> MessageHandlers:
    """Return what handles released decisions: they can be asked about."""

    async def on_outcome_released(message: Received[OutcomeReleased]) -> Handled:
        """An outcome is final for now: it can be asked about."""
        commands, offer = outcome_of(message, terms_of(message.body), clock())
        return await arrivals.decision(commands, offer, cause_of(message))

    async def on_outcome_revised(message: Received[OutcomeRevised]) -> Handled:
        """Another outcome counts now: it can be asked about instead."""
        commands, offer = outcome_of(message, terms_of(message.body), clock())
        return await arrivals.decision(commands, offer, cause_of(message))

    async def on_not_passed(message: Received[NotPassed]) -> Handled:
        """A viva was not passed: that can be asked about."""
        body, at = message.body, clock()
        decision = carry(
            body,
            NoteDecision,
            decision_id=str(message.event_id),
            subject="viva",
            result="not_passed",
            is_revision=False,
            released_at=message.occurred_at,
            at=at,
        )
        commands: tuple[CaseFileCommand, ...] = (*_panel(body, at), decision)
        return await arrivals.decision(commands, None, cause_of(message))

    return {
        OutcomeReleased: on_outcome_released,
        OutcomeRevised: on_outcome_revised,
        NotPassed: on_not_passed,
    }


def of_parts(arrivals: Arrivals, clock: Clock) -> MessageHandlers:
    """Return what handles who took part, whatever came of it."""

    async def on_award_conferred(message: Received[AwardConferred]) -> Handled:
        """The status is conferred: its panel had a part in the case."""
        commands = _panel(message.body, clock())
        return await arrivals.note(commands, cause_of(message))

    async def on_completed(message: Received[Completed]) -> Handled:
        """A portfolio was judged, whatever came of the judgement."""
        body = message.body
        part = NotePart(
            case_id=body.case_id,
            part="assessor",
            person_ids=(body.reviewer_id,),
            at=clock(),
        )
        return await arrivals.note((part,), cause_of(message))

    return {AwardConferred: on_award_conferred, Completed: on_completed}


def outcome_of(
    message: Received[OutcomeReleased] | Received[OutcomeRevised],
    terms: Terms,
    at: datetime,
) -> tuple[tuple[CaseFileCommand, ...], OfferConversation | None]:
    """Return what an outcome lets be known, and the conversation that a CNM gives.

    Source: S2 6.2.1, S0: a CNM gives a conversation.
    """
    body: OutcomeReleased | OutcomeRevised = message.body
    known = carry(body, NoteTerms, terms=terms, at=at)
    part = carry(body, NotePart, part="assessor", person_ids=body.took_part, at=at)
    decision = carry(
        body,
        NoteDecision,
        decision_id=str(message.event_id),
        subject="outcome",
        number=body.attempt,
        result=body.outcome,
        is_revision=isinstance(body, OutcomeRevised),
        at=at,
    )
    minutes = terms.conversation_minutes
    offer = carry(body, OfferConversation, minutes=minutes, at=at)
    return (known, part, decision), offer if body.outcome == "CNM" else None


def _panel(body: NotPassed | AwardConferred, at: datetime) -> tuple[NotePart, ...]:
    part = NotePart(
        case_id=body.case_id, part="viva_panel", person_ids=body.took_part, at=at
    )
    return (part,) if body.took_part else ()

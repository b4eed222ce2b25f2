"""What appeals does when it hears from the others: translation only.

The messages come in any order; what they say of a case adds up to the same.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from services.appeals.domain.casefile.commands import (
    CaseFileCommand,
    NoteBonds,
    NoteDecision,
    NoteHold,
    NoteHoldEnd,
    NotePart,
    NoteTerms,
    NoteWithdrawal,
)
from services.appeals.domain.conversation.commands import OfferConversation
from services.appeals.domain.hearer.commands import NoteEmployer, NoteHearer
from services.appeals.domain.terms import Terms
from services.appeals.handlers import Arrivals
from shared.clock import Clock
from shared.contracts.message import Received
from shared.contracts.moderation import OutcomeReleased, OutcomeRevised
from shared.contracts.operations import HoldLifted, HoldPlaced
from shared.contracts.review import Completed
from shared.contracts.submission import (
    MentorNominated,
    OrganisationStated,
    RoleGranted,
    Submitted,
    Withdrawn,
)
from shared.contracts.viva import AwardConferred, NotPassed
from shared.handling import Cause, Handled
from shared.programmes import Pinned
from shared.web.service import MessageHandlers

CONSUMER = "appeals"

TermsOf = Callable[[Pinned], Terms]


def build(arrivals: Arrivals, terms_of: TermsOf, clock: Clock) -> MessageHandlers:
    """Return what handles each message type of the others."""
    return {
        **_from_submission(arrivals, terms_of, clock),
        **_of_decisions(arrivals, terms_of, clock),
        **_of_parts(arrivals, clock),
        **_from_operations(arrivals, clock),
    }


def _cause(message: Received[Any]) -> Cause:
    return Cause.by_message(CONSUMER, message)


def _from_submission(
    arrivals: Arrivals, terms_of: TermsOf, clock: Clock
) -> MessageHandlers:
    async def on_submitted(message: Received[Submitted]) -> Handled:
        """A portfolio is handed in: know its terms, and who has a bond."""
        body, at = message.body, clock()
        terms = NoteTerms(
            case_id=body.case_id,
            participant_id=body.person_id,
            attempt=body.attempt,
            terms=terms_of(body),
            at=at,
        )
        bonds = NoteBonds(
            case_id=body.case_id,
            mentor_id=body.mentor_id,
            organisation_id=body.organisation_id,
            at=at,
        )
        return await arrivals.note((terms, bonds), _cause(message))

    async def on_mentor_nominated(message: Received[MentorNominated]) -> Handled:
        """Somebody supports the participant: they may not hear an appeal."""
        body = message.body
        bonds = NoteBonds(
            case_id=body.case_id,
            mentor_id=body.mentor_id,
            organisation_id=None,
            at=clock(),
        )
        return await arrivals.note((bonds,), _cause(message))

    async def on_withdrawn(message: Received[Withdrawn]) -> Handled:
        """The participant takes no further part: end whatever is open."""
        body = message.body
        command = NoteWithdrawal(
            case_id=body.case_id, withdrawn_at=body.withdrawn_at, at=clock()
        )
        return await arrivals.withdrawal(command, _cause(message))

    return {
        Submitted: on_submitted,
        MentorNominated: on_mentor_nominated,
        Withdrawn: on_withdrawn,
        **_of_people(arrivals, clock),
    }


def _of_people(arrivals: Arrivals, clock: Clock) -> MessageHandlers:
    async def on_role_granted(message: Received[RoleGranted]) -> Handled:
        """Somebody may act in a role: know it if appeals depend on it."""
        cause, body = _cause(message), message.body
        if body.role not in {"appeal_panel", "lead_moderator"}:
            return await arrivals.pass_over(cause)
        command = NoteHearer(
            person_id=body.person_id,
            role="appeal_panel" if body.role == "appeal_panel" else "lead_moderator",
            organisation_id=body.organisation_id,
            at=clock(),
        )
        return await arrivals.person(body.person_id, command, cause)

    async def on_organisation_stated(message: Received[OrganisationStated]) -> Handled:
        """Somebody works elsewhere from now on: a bond if they hear appeals."""
        body = message.body
        command = NoteEmployer(
            person_id=body.person_id, organisation_id=body.organisation_id, at=clock()
        )
        return await arrivals.person(body.person_id, command, _cause(message))

    return {RoleGranted: on_role_granted, OrganisationStated: on_organisation_stated}


def _of_decisions(
    arrivals: Arrivals, terms_of: TermsOf, clock: Clock
) -> MessageHandlers:
    async def on_outcome_released(message: Received[OutcomeReleased]) -> Handled:
        """An outcome is final for now: it can be asked about."""
        commands, offer = outcome_of(message, terms_of(message.body), clock())
        return await arrivals.decision(commands, offer, _cause(message))

    async def on_outcome_revised(message: Received[OutcomeRevised]) -> Handled:
        """Another outcome counts now: it can be asked about instead."""
        commands, offer = outcome_of(message, terms_of(message.body), clock())
        return await arrivals.decision(commands, offer, _cause(message))

    async def on_not_passed(message: Received[NotPassed]) -> Handled:
        """A viva was not passed: that can be asked about."""
        body, at = message.body, clock()
        decision = NoteDecision(
            case_id=body.case_id,
            decision_id=str(message.event_id),
            subject="viva",
            number=body.number,
            result="not_passed",
            is_revision=False,
            released_at=message.occurred_at,
            at=at,
        )
        commands: tuple[CaseFileCommand, ...] = (*_panel(body, at), decision)
        return await arrivals.decision(commands, None, _cause(message))

    return {
        OutcomeReleased: on_outcome_released,
        OutcomeRevised: on_outcome_revised,
        NotPassed: on_not_passed,
    }


def _of_parts(arrivals: Arrivals, clock: Clock) -> MessageHandlers:
    async def on_award_conferred(message: Received[AwardConferred]) -> Handled:
        """The status is conferred: its panel had a part in the case."""
        commands = _panel(message.body, clock())
        return await arrivals.note(commands, _cause(message))

    async def on_completed(message: Received[Completed]) -> Handled:
        """A portfolio was judged, whatever came of the judgement."""
        body = message.body
        part = NotePart(
            case_id=body.case_id,
            part="assessor",
            person_ids=(body.reviewer_id,),
            at=clock(),
        )
        return await arrivals.note((part,), _cause(message))

    return {AwardConferred: on_award_conferred, Completed: on_completed}


def _from_operations(arrivals: Arrivals, clock: Clock) -> MessageHandlers:
    async def on_hold_placed(message: Received[HoldPlaced]) -> Handled:
        """The clocks of a case stand still."""
        body = message.body
        command = NoteHold(
            case_id=body.case_id,
            hold_id=body.hold_id,
            placed_at=body.placed_at,
            at=clock(),
        )
        return await arrivals.hold(command, _cause(message))

    async def on_hold_lifted(message: Received[HoldLifted]) -> Handled:
        """The clocks of a case run on."""
        body = message.body
        command = NoteHoldEnd(
            case_id=body.case_id,
            hold_id=body.hold_id,
            lifted_at=body.lifted_at,
            at=clock(),
        )
        return await arrivals.hold_end(command, _cause(message))

    return {HoldPlaced: on_hold_placed, HoldLifted: on_hold_lifted}


def outcome_of(
    message: Received[OutcomeReleased] | Received[OutcomeRevised],
    terms: Terms,
    at: datetime,
) -> tuple[tuple[CaseFileCommand, ...], OfferConversation | None]:
    """Return what an outcome lets be known, and the conversation that a CNM gives.

    Source: S2 6.2.1, S0: a CNM gives a conversation.
    """
    body: OutcomeReleased | OutcomeRevised = message.body
    case_id = body.case_id
    known = NoteTerms(
        case_id=case_id,
        participant_id=body.participant_id,
        attempt=body.attempt,
        terms=terms,
        at=at,
    )
    part = NotePart(case_id=case_id, part="assessor", person_ids=body.took_part, at=at)
    decision = NoteDecision(
        case_id=case_id,
        decision_id=str(message.event_id),
        subject="outcome",
        number=body.attempt,
        result=body.outcome,
        is_revision=isinstance(body, OutcomeRevised),
        released_at=body.released_at,
        at=at,
    )
    offer = OfferConversation(
        case_id=case_id,
        attempt=body.attempt,
        participant_id=body.participant_id,
        minutes=terms.conversation_minutes,
        at=at,
    )
    return (known, part, decision), offer if body.outcome == "CNM" else None


def _panel(body: NotPassed | AwardConferred, at: datetime) -> tuple[NotePart, ...]:
    part = NotePart(
        case_id=body.case_id, part="viva_panel", person_ids=body.took_part, at=at
    )
    return (part,) if body.took_part else ()

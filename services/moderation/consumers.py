"""What moderation does when it hears from the others: translation only."""

from services.moderation.domain.commands import NoteRecall, WantFreshReview
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.standing.commands import (
    NoteAppointment,
    NoteEmployer,
    NoteHearing,
    NoteMentee,
)
from services.moderation.handlers import Arrivals, Due
from shared.carrying import carry
from shared.clock import Clock
from shared.contracts.appeals import FreshReviewOrdered, HearingPanelAppointed
from shared.contracts.message import Received
from shared.contracts.operations import HoldLifted, HoldPlaced
from shared.contracts.review import Completed, FreshReviewAsked, Recalled
from shared.contracts.submission import (
    MentorNominated,
    OrganisationStated,
    RoleGranted,
    Withdrawn,
)
from shared.handling import Cause, Handled
from shared.holds import NoteHold, NoteHoldEnd
from shared.web.service import MessageHandlers

CONSUMER = "moderation"


def build(arrivals: Arrivals, due: Due, clock: Clock) -> MessageHandlers:
    """Return what handles each message type of the others."""
    return {
        **_about_people(arrivals, clock),
        **_about_cases(arrivals, clock),
        **_about_clocks(due, clock),
    }


def _about_people(arrivals: Arrivals, clock: Clock) -> MessageHandlers:
    async def on_role_granted(message: Received[RoleGranted]) -> Handled:
        """Somebody may act in a role: know it if they judge, or read what others do."""
        cause, body = Cause.by_message(CONSUMER, message), message.body
        if body.role == "reviewer" and body.organisation_id is not None:
            employer = NoteEmployer(
                person_id=body.person_id,
                organisation_id=body.organisation_id,
                is_reviewer=True,
                at=clock(),
            )
            return await arrivals.told_of(employer, cause)
        match body.role:
            case "moderator" | "lead_moderator" | "auditor" | "operations" as role:
                command = NoteAppointment(
                    person_id=body.person_id,
                    role=role,
                    organisation_id=body.organisation_id,
                    granted_at=message.occurred_at,
                    at=clock(),
                )
                return await arrivals.told_of(command, cause)
            case _:
                return await arrivals.pass_over(cause)

    async def on_organisation_stated(message: Received[OrganisationStated]) -> Handled:
        """Somebody works elsewhere: decide their independence on that from now on."""
        command = carry(message.body, NoteEmployer, at=clock())
        return await arrivals.told_of(command, Cause.by_message(CONSUMER, message))

    async def on_mentor_nominated(message: Received[MentorNominated]) -> Handled:
        """Somebody supports a participant: they never judge them."""
        mentor_id = message.body.mentor_id
        command = carry(message.body, NoteMentee, person_id=mentor_id, at=clock())
        return await arrivals.told_of(command, Cause.by_message(CONSUMER, message))

    return {
        RoleGranted: on_role_granted,
        OrganisationStated: on_organisation_stated,
        MentorNominated: on_mentor_nominated,
    }


def _about_cases(arrivals: Arrivals, clock: Clock) -> MessageHandlers:
    async def on_completed(message: Received[Completed]) -> Handled:
        """A case is judged: draw it, or keep it until it can be drawn."""
        cause = Cause.by_message(CONSUMER, message)
        follows_recall = message.body.follows_recall
        return await arrivals.judgement(
            judged_case(message), clock(), cause, follows_recall=follows_recall
        )

    async def on_recalled(message: Received[Recalled]) -> Handled:
        """A reviewer took their judgement back: nothing of the case goes on."""
        command = carry(message.body, NoteRecall, at=clock())
        return await arrivals.recalled(command, Cause.by_message(CONSUMER, message))

    async def on_withdrawn(message: Received[Withdrawn]) -> Handled:
        """The participant takes no further part: release and tell nothing."""
        return await arrivals.withdrawn(
            message.body.case_id,
            withdrawn_at=message.body.withdrawn_at,
            at=clock(),
            cause=Cause.by_message(CONSUMER, message),
        )

    async def on_fresh_review_ordered(message: Received[FreshReviewOrdered]) -> Handled:
        """An appeal is upheld: have the portfolio judged by people with no part."""
        command = carry(message.body, WantFreshReview, at=clock())
        return await arrivals.appealed(command, Cause.by_message(CONSUMER, message))

    async def on_hearing_panel(message: Received[HearingPanelAppointed]) -> Handled:
        """An appeal is heard: who hears it judges nothing of the case."""
        commands = [
            NoteHearing(person_id=each, case_id=message.body.case_id, at=clock())
            for each in message.body.members
        ]
        return await arrivals.told_of_each(
            commands, Cause.by_message(CONSUMER, message)
        )

    async def on_fresh_review_asked(message: Received[FreshReviewAsked]) -> Handled:
        """Who judged had a conflict, as was told late: have it judged afresh."""
        command = WantFreshReview(
            case_id=message.body.case_id,
            attempt=message.body.attempt,
            appeal_id=f"conflict-{message.body.review_id}",
            excluded=(),
            because="conflict",
            at=clock(),
        )
        return await arrivals.appealed(command, Cause.by_message(CONSUMER, message))

    return {
        HearingPanelAppointed: on_hearing_panel,
        FreshReviewAsked: on_fresh_review_asked,
        Completed: on_completed,
        Recalled: on_recalled,
        Withdrawn: on_withdrawn,
        FreshReviewOrdered: on_fresh_review_ordered,
    }


def _about_clocks(due: Due, clock: Clock) -> MessageHandlers:
    async def on_hold_placed(message: Received[HoldPlaced]) -> Handled:
        """The clocks of a case stand still: nothing of it falls overdue."""
        command = carry(message.body, NoteHold, at=clock())
        return await due.held(command, Cause.by_message(CONSUMER, message))

    async def on_hold_lifted(message: Received[HoldLifted]) -> Handled:
        """The clocks of a case run on: what is drawn of it is due later."""
        command = carry(message.body, NoteHoldEnd, at=clock())
        return await due.held(command, Cause.by_message(CONSUMER, message))

    return {HoldPlaced: on_hold_placed, HoldLifted: on_hold_lifted}


def judged_case(message: Received[Completed]) -> JudgedCase:
    """Return the judgement as facts of moderation keep it."""
    body = message.body.model_dump(exclude={"type", "follows_recall"})
    return JudgedCase(judgement_id=message.event_id, **body)

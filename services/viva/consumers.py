"""What viva does when it hears from the others: translation only.

The messages come in any order; what comes too early is kept in the case's own stream.
"""

from services.viva.domain.commands import NoteHold, NotePart, NoteTie, NoteWithdrawal
from services.viva.domain.panellist.commands import NoteEmployer, NotePanellist
from services.viva.handlers import Panellists, Vivas
from shared.carrying import carry
from shared.clock import Clock
from shared.contracts.appeals import HearingPanelAppointed
from shared.contracts.message import Received
from shared.contracts.moderation import OutcomeReleased, OutcomeRevised
from shared.contracts.operations import HoldLifted, HoldPlaced
from shared.contracts.submission import (
    MentorNominated,
    OrganisationStated,
    RoleGranted,
    Submitted,
    Withdrawn,
)
from shared.handling import Cause, Handled
from shared.web.service import MessageHandlers

CONSUMER = "viva"


def build(vivas: Vivas, panellists: Panellists, clock: Clock) -> MessageHandlers:
    """Return what handles each message type of the others."""
    return {
        **_about_cases(vivas, clock),
        **_about_holds(vivas, clock),
        **_about_people(vivas, panellists, clock),
    }


def _about_cases(vivas: Vivas, clock: Clock) -> MessageHandlers:
    async def on_outcome(
        message: Received[OutcomeReleased] | Received[OutcomeRevised],
    ) -> Handled:
        """A decision is released, or replaced: offer, confer, or take back."""
        return await vivas.hear(
            message.body,
            heard_of=message.event_id,
            at=clock(),
            cause=Cause.by_message(CONSUMER, message),
        )

    async def on_submitted(message: Received[Submitted]) -> Handled:
        """A portfolio is handed in: keep it for the panel."""
        cause = Cause.by_message(CONSUMER, message)
        return await vivas.note_submission(message.body, clock(), cause)

    async def on_mentor_nominated(message: Received[MentorNominated]) -> Handled:
        """Somebody supports the participant: they never decide about the case."""
        body = message.body
        command = NoteTie(mentor_id=body.mentor_id, organisation_id=None, at=clock())
        cause = Cause.by_message(CONSUMER, message)
        return await vivas.note_tie(body.case_id, command, cause)

    async def on_withdrawn(message: Received[Withdrawn]) -> Handled:
        """The participant takes no further part."""
        body = message.body
        command = carry(body, NoteWithdrawal, at=clock())
        cause = Cause.by_message(CONSUMER, message)
        return await vivas.withdraw(body.case_id, command, cause)

    async def on_hearing_panel(message: Received[HearingPanelAppointed]) -> Handled:
        """An appeal is heard: who hears it does not sit on the viva of the case."""
        body = message.body
        command = NotePart(case_id=body.case_id, person_ids=body.members, at=clock())
        return await vivas.note_part(command, Cause.by_message(CONSUMER, message))

    return {
        HearingPanelAppointed: on_hearing_panel,
        OutcomeReleased: on_outcome,
        OutcomeRevised: on_outcome,
        Submitted: on_submitted,
        MentorNominated: on_mentor_nominated,
        Withdrawn: on_withdrawn,
    }


def _about_holds(vivas: Vivas, clock: Clock) -> MessageHandlers:
    async def on_hold_placed(message: Received[HoldPlaced]) -> Handled:
        """The case stands still: nothing is offered, booked or decided."""
        body = message.body
        command = carry(body, NoteHold, at=clock())
        cause = Cause.by_message(CONSUMER, message)
        return await vivas.hold(body.case_id, command, cause)

    async def on_hold_lifted(message: Received[HoldLifted]) -> Handled:
        """The case goes on where it stopped."""
        cause = Cause.by_message(CONSUMER, message)
        return await vivas.lift(message.body, at=clock(), cause=cause)

    return {HoldPlaced: on_hold_placed, HoldLifted: on_hold_lifted}


def _about_people(
    vivas: Vivas, panellists: Panellists, clock: Clock
) -> MessageHandlers:
    async def on_role_granted(message: Received[RoleGranted]) -> Handled:
        """Somebody may act in a role: know it if it is one of a panel."""
        cause, body = Cause.by_message(CONSUMER, message), message.body
        if body.role not in {"panel_member", "lead_moderator"}:
            return await vivas.pass_over(cause)
        command = NotePanellist(
            person_id=body.person_id,
            role="panel_member" if body.role == "panel_member" else "lead_moderator",
            organisation_id=body.organisation_id,
            at=clock(),
        )
        return await panellists.note(command, cause)

    async def on_organisation_stated(message: Received[OrganisationStated]) -> Handled:
        """Somebody works elsewhere: know it if they sit on panels."""
        command = carry(message.body, NoteEmployer, at=clock())
        return await panellists.note(command, Cause.by_message(CONSUMER, message))

    return {RoleGranted: on_role_granted, OrganisationStated: on_organisation_stated}

"""What submission tells: portfolios, mentors, withdrawals, roles, employers."""

from services.appeals.consumers.causes import TermsOf, cause_of
from services.appeals.domain.casefile.commands import (
    NoteBonds,
    NoteTerms,
    NoteWithdrawal,
)
from services.appeals.domain.hearer.commands import NoteEmployer, NoteHearer
from services.appeals.handlers import Arrivals
from shared.carrying import carry
from shared.clock import Clock
from shared.contracts.message import Received
from shared.contracts.submission import (
    Enrolled,
    MentorNominated,
    OrganisationStated,
    RoleGranted,
    Submitted,
    Withdrawn,
)
from shared.handling import Handled
from shared.web.service import MessageHandlers

BEFORE_THE_FIRST = 0
"""Attempt under which the terms of the enrolment are kept."""


def from_submission(
    arrivals: Arrivals, terms_of: TermsOf, clock: Clock
) -> MessageHandlers:
    """Return what handles portfolios, bonds, withdrawals and people."""

    async def on_submitted(message: Received[Submitted]) -> Handled:
        """A portfolio is handed in: know its terms, and who has a bond."""
        body, at = message.body, clock()
        terms = carry(
            body,
            NoteTerms,
            participant_id=body.person_id,
            terms=terms_of(body),
            at=at,
        )
        bonds = carry(body, NoteBonds, at=at)
        return await arrivals.note((terms, bonds), cause_of(message))

    async def on_enrolled(message: Received[Enrolled]) -> Handled:
        """Somebody takes part: they may appeal about the support from now on."""
        body, at = message.body, clock()
        terms = carry(
            body, NoteTerms, attempt=BEFORE_THE_FIRST, terms=terms_of(body), at=at
        )
        bonds = carry(body, NoteBonds, mentor_id=None, at=at)
        return await arrivals.note((terms, bonds), cause_of(message))

    async def on_mentor_nominated(message: Received[MentorNominated]) -> Handled:
        """Somebody supports the participant: they may not hear an appeal."""
        bonds = carry(message.body, NoteBonds, organisation_id=None, at=clock())
        return await arrivals.note((bonds,), cause_of(message))

    async def on_withdrawn(message: Received[Withdrawn]) -> Handled:
        """The participant takes no further part: end whatever is open."""
        command = carry(message.body, NoteWithdrawal, at=clock())
        return await arrivals.withdrawal(command, cause_of(message))

    return {
        Enrolled: on_enrolled,
        Submitted: on_submitted,
        MentorNominated: on_mentor_nominated,
        Withdrawn: on_withdrawn,
        **_of_people(arrivals, clock),
    }


def _of_people(arrivals: Arrivals, clock: Clock) -> MessageHandlers:
    async def on_role_granted(message: Received[RoleGranted]) -> Handled:
        """Somebody may act in a role: know it if appeals depend on it."""
        cause, body = cause_of(message), message.body
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
        command = carry(body, NoteEmployer, at=clock())
        return await arrivals.person(body.person_id, command, cause_of(message))

    return {RoleGranted: on_role_granted, OrganisationStated: on_organisation_stated}

"""Who may not decide about a case: from facts, at the appointment and at the result.

Source: domain.md section 1: a panel member has had no earlier part in the case; a lead
moderator does not sit on the viva of a case they judged; the mentor never judges the
participant, and nobody judges someone from their own organisation.
"""

from collections.abc import Iterable

from services.viva.domain.commands import Member
from services.viva.domain.events import Bond, Conflict
from services.viva.domain.evolve import Case
from services.viva.domain.panellist.events import PanelRole
from services.viva.domain.refusals import NotOnPanelsError, PanelConflictError


def conflicts_of(members: Iterable[Member], case: Case) -> tuple[Conflict, ...]:
    """Return who of *members* may not decide about the case, and why."""
    bonds = ((each.person_id, _bond(each, case)) for each in members)
    return tuple(
        Conflict(person_id=person_id, bond=bond)
        for person_id, bond in bonds
        if bond is not None
    )


def refuse_conflicts(members: Iterable[Member], case: Case) -> None:
    """Return if all of *members* may decide about the case.

    Raises:
        PanelConflictError: names who may not, and why.
    """
    found = conflicts_of(members, case)
    if found:
        conflicts = [each.model_dump() for each in found]
        raise PanelConflictError(conflicts=conflicts)


def require_role(member: Member, role: PanelRole) -> None:
    """Return if the directory says that *member* acts in *role*.

    Raises:
        NotOnPanelsError: it does not.
    """
    if role not in member.known.roles:
        raise NotOnPanelsError(person_id=member.person_id, needs=role)


def _bond(member: Member, case: Case) -> Bond | None:
    known = case.known
    if known.outcome is not None and member.person_id == known.outcome.participant_id:
        return "participant"
    if member.person_id in known.took_part:
        return "took_part"
    if member.person_id in known.mentors:
        return "mentor"
    if member.known.organisation_id in known.organisations:
        return "same_organisation"
    return None

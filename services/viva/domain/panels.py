"""Who holds the viva: a lead moderator and a Head of programme. Source: S0, S1."""

from functools import reduce

from services.viva.domain.commands import AppointPanel, Member
from services.viva.domain.dissolving import dissolved
from services.viva.domain.events import PanelAppointed, VivaEvent
from services.viva.domain.evolve import Case, Deciding, Panel, evolve
from services.viva.domain.independence import (
    conflicts_of,
    refuse_conflicts,
    require_role,
)
from services.viva.domain.refusals import PanelOfOneError
from services.viva.domain.situations import (
    refuse_hold,
    refuse_own,
    subject,
    waiting,
)


def appoint(command: AppointPanel, case: Case) -> tuple[VivaEvent, ...]:
    """Return the appointment; empty when these two are the panel already.

    A panel that has begun to decide, and may not, ends first.

    Raises:
        OwnCaseError: the participant appoints it.
        CaseOnHoldError: nothing goes on until the hold is lifted.
        NotOnPanelsError: the directory does not know somebody in their role.
        PanelOfOneError: it would be one person.
        PanelConflictError: names who may not sit, and why.
    """
    refuse_own(case, command.by)
    ended = _ended(command, case)
    case = reduce(evolve, ended, case)
    state = waiting(case)
    refuse_hold(case)
    require_role(command.head, "panel_member")
    lead = _sitting_lead(command, case)
    if lead.person_id == command.head.person_id:
        raise PanelOfOneError
    refuse_conflicts((lead, command.head), case)
    panel = Panel(lead.person_id, command.head.person_id)
    if state.panel == panel:
        return ()
    is_deputy = lead.person_id != command.lead.person_id
    return (
        *ended,
        PanelAppointed(
            case_id=subject(case).case_id,
            number=state.number,
            lead_id=panel.lead_id,
            head_id=panel.head_id,
            instead_of=command.lead.person_id if is_deputy else None,
            appointed_by=command.by,
            occurred_at=command.at,
        ),
    )


def _ended(command: AppointPanel, case: Case) -> tuple[VivaEvent, ...]:
    if not isinstance(case.situation, Deciding):
        return ()
    return dissolved(case, command.at, command.sitting)


def _sitting_lead(command: AppointPanel, case: Case) -> Member:
    """Return the lead moderator, or the deputy of one who may not sit.

    Source: domain.md section 1.
    """
    require_role(command.lead, "lead_moderator")
    if command.deputy is None or not conflicts_of((command.lead,), case):
        return command.lead
    require_role(command.deputy, "lead_moderator")
    return command.deputy

"""Who may judge a case a second time: decided from facts, and again when it is done.

Source: domain.md section 1, "must never", and statistics.md section 4 (both blind).
"""

from services.moderation.domain.commands import Colleague
from services.moderation.domain.evolve import Moderating
from services.moderation.domain.refusals import (
    EmployerUnknownError,
    NotALeadError,
    NotAModeratorError,
    NotIndependentError,
)


def require_moderator(by: Colleague, state: Moderating) -> None:
    """Return if *by* may judge the case blind.

    Raises:
        NotAModeratorError: the directory does not say so.
        EmployerUnknownError: nor for whom they work.
        NotIndependentError: they have another part in the case.
    """
    if "moderator" not in by.standing.roles:
        raise NotAModeratorError
    _require_independence(by, state)


def require_lead(by: Colleague, state: Moderating) -> None:
    """Return if *by* may decide the case as the lead.

    Raises:
        NotALeadError: the directory does not say so.
        EmployerUnknownError: nor for whom they work.
        NotIndependentError: they judged it, or have another part in it.
    """
    if "lead_moderator" not in by.standing.roles:
        raise NotALeadError
    _require_independence(by, state)


def _require_independence(by: Colleague, state: Moderating) -> None:
    judged = state.judged
    has_part = by.person_id in {
        judged.reviewer_id,
        judged.participant_id,
        judged.mentor_id,
        *(each.moderator_id for each in state.blind),
    }
    employer = by.standing.organisation_id
    if has_part or employer == judged.participant_organisation_id:
        raise NotIndependentError
    if employer is None:
        raise EmployerUnknownError

"""Who may judge a case a second time: decided from facts, and again when it is done.

Source: domain.md section 1, "must never", and statistics.md section 4 (both blind).
"""

from services.moderation.domain.commands import Colleague
from services.moderation.domain.refusals import (
    EmployerUnknownError,
    MayHaveReadError,
    ModeratorPausedError,
    NotALeadError,
    NotAModeratorError,
    NotIndependentError,
    StoodDownError,
)
from services.moderation.domain.situations import Moderating


def require_moderator(by: Colleague, state: Moderating) -> None:
    """Return if *by* may judge the case blind.

    Raises:
        NotAModeratorError: the directory does not say so.
        ModeratorPausedError: they are paused as a moderator.
        StoodDownError: they read what others judged in the cohort.
        MayHaveReadError: they could, before they moderated; or read this case, when
            nobody was to judge it any more.
        EmployerUnknownError: nor for whom they work.
        NotIndependentError: they have another part in the case.
    """
    if "moderator" not in by.standing.roles:
        raise NotAModeratorError
    if by.standing.ladder("moderator").standing == "paused":
        raise ModeratorPausedError
    _require_blindness(by, state)
    if by.person_id == state.rechecked_by:
        raise NotIndependentError
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


def require_judge(by: Colleague, state: Moderating) -> None:
    """Return if *by* is a moderator who judged the case, and still may.

    Raises:
        NotAModeratorError, EmployerUnknownError, NotIndependentError: as above, or
            somebody who did not judge it.
    """
    if "moderator" not in by.standing.roles:
        raise NotAModeratorError
    if by.person_id not in _blind(state):
        raise NotIndependentError
    _require_no_bond(by, state)


def _require_blindness(by: Colleague, state: Moderating) -> None:
    if state.judged.cohort_id in by.standing.stood_down:
        raise StoodDownError
    if (state.judged.case_id, state.judged.attempt) in by.standing.has_read:
        raise MayHaveReadError
    first = min(each.completed_at for each in (*state.earlier, state.judged))
    until = by.standing.read_until
    if until is not None and first < until:
        raise MayHaveReadError


def _require_independence(by: Colleague, state: Moderating) -> None:
    if by.person_id in {*_blind(state), *state.excluded}:
        raise NotIndependentError
    _require_no_bond(by, state)


def _require_no_bond(by: Colleague, state: Moderating) -> None:
    judged = state.judged
    reviewers = (each.reviewer_id for each in (*state.earlier, judged))
    has_part = by.person_id in {judged.participant_id, judged.mentor_id, *reviewers}
    is_mentor = judged.participant_id in by.standing.mentees
    hears_appeal = judged.case_id in by.standing.hears
    employer = by.standing.organisation_id
    if (
        has_part
        or is_mentor
        or hears_appeal
        or employer == judged.participant_organisation_id
    ):
        raise NotIndependentError
    if employer is None:
        raise EmployerUnknownError


def _blind(state: Moderating) -> set[str]:
    return {each.moderator_id for each in state.blind}

"""One place at a time: who takes part in a cohort takes part in no other.

Source: domain.md sections 1 and 3; S2 6.2.3 for the fee of a restart.
"""

from collections.abc import Mapping

from services.submission.domain.events import RestartRequired
from services.submission.domain.states import (
    Applied,
    Case,
    Ended,
    NotEnrolled,
    course_of,
)
from services.submission.domain.submitting import enrolled
from shared.errors import RuleViolatedError


class ElsewhereError(RuleViolatedError):
    """This person takes part in another cohort: finish or withdraw there first."""


class FeeDueError(RuleViolatedError):
    """An earlier case has to be restarted: its fee has to be paid first."""


def place_for(programme: str, others: Mapping[str, Case]) -> str | None:
    """Return the case that a new one in *programme* restarts; None if it restarts none.

    *others* are all further cases of the person.

    Raises:
        ElsewhereError: one of them has not ended.
        FeeDueError: one of the same programme has to be restarted, and is not paid for.
    """
    restarts = None
    for case_id, state in sorted(others.items()):
        if isinstance(state, NotEnrolled | Applied):
            continue
        if not isinstance(state, Ended):
            raise ElsewhereError(case_id=case_id)
        is_same = _programme_of(state) == programme
        if is_same and isinstance(state.by, RestartRequired):
            if course_of(state).fee is None:
                raise FeeDueError(case_id=case_id)
            restarts = case_id
    return restarts


def _programme_of(state: Ended) -> str | None:
    if isinstance(state.before, Applied):
        return None
    return enrolled(state).enrolment.programme

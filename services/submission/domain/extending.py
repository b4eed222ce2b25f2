"""One case may be handed in later than its cohort."""

from services.submission.domain.commands import MoveDeadline
from services.submission.domain.deadlines import effective_deadline
from services.submission.domain.events import DeadlineMoved
from services.submission.domain.evolve import Case
from services.submission.domain.submitting import enrolled, refuse_submitted
from shared.errors import ForbiddenError, RuleViolatedError


class ExtensionNotAllowedError(ForbiddenError):
    """Only operations may extend a deadline."""


class DeadlineNotLaterError(RuleViolatedError):
    """An extension must end later than the current deadline."""


def extension(command: MoveDeadline, state: Case) -> tuple[DeadlineMoved, ...]:
    """Return the later deadline; empty when it is so already.

    Raises:
        ExtensionNotAllowedError: only operations may extend.
        AlreadySubmittedError: the portfolio is handed in.
        DeadlineNotLaterError: an extension never takes time away.
    """
    if command.role != "operations":
        raise ExtensionNotAllowedError
    own = enrolled(state).own_deadline
    if own == command.deadline:
        return ()
    refuse_submitted(state)
    current = effective_deadline(own, command.cohort_deadline)
    if command.deadline <= current:
        raise DeadlineNotLaterError(current=current.isoformat())
    return (
        DeadlineMoved(
            deadline=command.deadline, reason=command.reason, occurred_at=command.at
        ),
    )

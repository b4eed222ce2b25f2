"""One case may be handed in later than its cohort."""

from services.submission.domain.adjusting import refuse_unasked
from services.submission.domain.closing import closing
from services.submission.domain.commands import MoveDeadline
from services.submission.domain.events import DeadlineMoved
from services.submission.domain.states import Case
from services.submission.domain.submitting import enrolled, refuse_submitted
from shared.carrying import carry
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
        AdjustmentTooLateError, AdjustmentUnknownError: the reason is an adjustment that
            was not asked for in time. Source: S2 3.1.1.
    """
    if command.role != "operations":
        raise ExtensionNotAllowedError
    portfolio = enrolled(state)
    if portfolio.own_deadline == command.deadline:
        return ()
    refuse_submitted(state)
    now = closing(portfolio, cohort_deadline=command.cohort_deadline, at=command.at)
    if command.deadline <= now.closes_on:
        raise DeadlineNotLaterError(current=now.closes_on.isoformat())
    if command.reason == "reasonable_adjustment":
        refuse_unasked(command, state)
    return (carry(command, DeadlineMoved, occurred_at=command.at),)

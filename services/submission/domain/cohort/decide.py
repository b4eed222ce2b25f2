"""The rules of a cohort."""

from typing import assert_never

from services.submission.domain.cohort.commands import (
    CohortCommand,
    MoveCohortDeadline,
    OpenCohort,
)
from services.submission.domain.cohort.events import (
    CohortDeadlineMoved,
    CohortEvent,
    CohortOpened,
)
from services.submission.domain.cohort.evolve import (
    INITIAL,
    Cohort,
    NotOpened,
    Running,
    evolve,
)
from services.submission.domain.cohort.rhythm import keeps_rhythm
from services.submission.domain.deadlines import has_passed
from shared.carrying import carry
from shared.decider import Decider
from shared.errors import NotFoundError, RuleViolatedError


class UnknownCohortError(NotFoundError):
    """There is no such cohort: open it first."""


class CohortExistsError(RuleViolatedError):
    """A cohort with this id is open with another programme or deadline."""


class StartsAfterDeadlineError(RuleViolatedError):
    """A cohort starts before its portfolios are due: correct the dates."""


class DeadlineInThePastError(RuleViolatedError):
    """A deadline cannot be moved to a day that is over."""


def decide(command: CohortCommand, state: Cohort) -> tuple[CohortEvent, ...]:
    """Return the facts that *command* leads to; empty when it was done before.

    Raises:
        CohortExistsError: the id is taken by a cohort that was opened differently.
        StartsAfterDeadlineError: the dates are in the wrong order.
        OutsideStartMonthsError, YearIsFullError: the programme does not start then.
        UnknownCohortError: there is no such cohort.
        DeadlineInThePastError: the new deadline would make what came in time late.
    """
    match command:
        case OpenCohort():
            return _open(command, state)
        case MoveCohortDeadline():
            return _move(command, running(state))
        case _:
            assert_never(command)


def running(state: Cohort) -> Running:
    """Return the cohort that there is.

    Raises:
        UnknownCohortError: there is none.
    """
    if isinstance(state, NotOpened):
        raise UnknownCohortError
    return state


def _open(command: OpenCohort, state: Cohort) -> tuple[CohortEvent, ...]:
    opening = carry(command, CohortOpened, because=None, occurred_at=command.at)
    if command.starts_on > command.deadline:
        raise StartsAfterDeadlineError(deadline=command.deadline.isoformat())
    if isinstance(state, NotOpened):
        if keeps_rhythm(command):
            return (opening,)
        return (opening.model_copy(update={"because": command.because}),)
    asked, found = (
        each.model_dump(include={"programme", "starts_on", "deadline"})
        for each in (opening, state.opening)
    )
    if asked != found:
        raise CohortExistsError(cohort_id=command.cohort_id)
    return ()


def _move(command: MoveCohortDeadline, state: Running) -> tuple[CohortEvent, ...]:
    if command.deadline == state.deadline:
        return ()
    if has_passed(command.deadline, command.at):
        raise DeadlineInThePastError(deadline=command.deadline.isoformat())
    return (carry(command, CohortDeadlineMoved, occurred_at=command.at),)


cohort = Decider(category="cohort", decide=decide, evolve=evolve, initial=INITIAL)

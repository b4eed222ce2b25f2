"""Taking part: application, eligibility, enrolment; one person, one cohort."""

from typing import assert_never

from services.submission.domain.commands import (
    Apply,
    DecideEligibility,
    Enrol,
    EnteringCommand,
)
from services.submission.domain.events import (
    ApplicationReceived,
    EligibilityDecided,
    Enrolled,
    Entry,
)
from services.submission.domain.states import Applied, Case, Ended, NotEnrolled
from services.submission.domain.submitting import CaseEndedError, enrolled
from shared.carrying import carry
from shared.errors import BadInputError, NotFoundError, RuleViolatedError
from shared.london import london_day


class EnrolledDifferentlyError(RuleViolatedError):
    """This case exists with another person or cohort."""


class AlreadyEnrolledError(RuleViolatedError):
    """This person takes part already: there is nothing to apply for."""


class ApplicationClosedError(RuleViolatedError):
    """This cohort does not take applications on this day."""


class ApplicationIncompleteError(BadInputError):
    """The application does not answer every requirement of the programme."""


class ApplicationUnknownError(NotFoundError):
    """Nobody has applied under this id."""


class ReasonUnknownError(BadInputError):
    """A refusal names the requirement that is not met, an acceptance names none."""


class EligibilityDecidedError(RuleViolatedError):
    """The panel has decided otherwise already."""


class ApplicationNeededError(RuleViolatedError):
    """This programme wants an application first: apply, then enrol."""


class NotEligibleError(RuleViolatedError):
    """Who applied may enrol once the panel has found them eligible."""


def entering(
    command: EnteringCommand, state: Case
) -> tuple[ApplicationReceived | EligibilityDecided | Enrolled, ...]:
    """Return what taking part leads to; empty when it was done before.

    Raises:
        ServiceError: a rule of the one command; see its function.
    """
    match command:
        case Apply():
            return _apply(command, state)
        case DecideEligibility():
            return _decide(command, state)
        case Enrol():
            return _enrol(command, state)
        case _:
            assert_never(command)


def _apply(command: Apply, state: Case) -> tuple[ApplicationReceived, ...]:
    """Return the application, in time and complete. Source: S0."""
    if isinstance(state, Applied):
        return ()
    if not isinstance(state, NotEnrolled):
        raise AlreadyEnrolledError(case_id=command.case_id)
    if not command.opens_on <= london_day(command.at) <= command.closes_on:
        raise ApplicationClosedError(
            opens_on=command.opens_on.isoformat(),
            closes_on=command.closes_on.isoformat(),
        )
    missing = [key for key in command.requirements if key not in command.answered]
    unknown = [key for key in command.answered if key not in command.requirements]
    if missing or unknown:
        raise ApplicationIncompleteError(missing=missing, unknown=unknown)
    return (carry(command, ApplicationReceived, occurred_at=command.at),)


def _decide(command: DecideEligibility, state: Case) -> tuple[EligibilityDecided, ...]:
    """Return the panel's decision, with a reason if it is a refusal. Source: S0."""
    if not isinstance(state, Applied):
        raise ApplicationUnknownError
    reasons = command.requirements if command.decision == "refused" else (None,)
    if command.reason not in reasons:
        raise ReasonUnknownError(reasons=list(reasons))
    found = state.eligibility
    if found is not None:
        if (found.decision, found.reason) == (command.decision, command.reason):
            return ()
        raise EligibilityDecidedError(decision=found.decision)
    return (carry(command, EligibilityDecided, occurred_at=command.at),)


def _enrol(command: Enrol, state: Case) -> tuple[Enrolled, ...]:
    if isinstance(state, Ended) and isinstance(state.before, Applied):
        raise CaseEndedError(case_id=command.case_id)
    if not isinstance(state, NotEnrolled | Applied):
        found = enrolled(state).enrolment
        asked = (command.person_id, command.cohort_id)
        if (found.person_id, found.cohort_id) == asked:
            return ()
        raise EnrolledDifferentlyError(case_id=command.case_id)
    return (
        carry(command, Enrolled, entry=_entry(command, state), occurred_at=command.at),
    )


def _entry(command: Enrol, state: NotEnrolled | Applied) -> Entry:
    """Return on what grounds somebody takes part. Source: S0.

    The office may enter somebody without an application, and it is recorded as such;
    who was eligible once needs no second application for a restart (P).
    """
    if command.restart_of is not None:
        return "restart"
    if not command.needs_application:
        return "open"
    eligibility = state.eligibility if isinstance(state, Applied) else None
    if eligibility is not None and eligibility.decision == "eligible":
        return "application"
    if command.by_office:
        return "office"
    if isinstance(state, Applied):
        raise NotEligibleError(case_id=command.case_id)
    raise ApplicationNeededError(programme=command.programme)

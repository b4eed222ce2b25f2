"""Handing in: once, complete, and before the deadline has ended."""

from services.submission.domain.commands import Submit
from services.submission.domain.completeness import refuse_incomplete
from services.submission.domain.deadlines import end_of, refuse_late
from services.submission.domain.events import Submitted
from services.submission.domain.evolve import Case, HandedIn, Open, portfolio_of
from shared.errors import NotFoundError, RuleViolatedError


class NotEnrolledError(NotFoundError):
    """There is no such case: enrol the participant first."""


class AlreadySubmittedError(RuleViolatedError):
    """The portfolio is handed in and cannot change any more."""


def submit(command: Submit, state: Case) -> tuple[Submitted, ...]:
    """Return the submission; empty when the same portfolio is handed in already.

    Raises:
        NotEnrolledError: there is no such case.
        AlreadySubmittedError: another portfolio is handed in.
        DeadlinePassedError: received after the deadline has ended.
        PortfolioIncompleteError: names what is missing.
    """
    if isinstance(state, HandedIn):
        if state.submission.snapshot_sha256 == command.snapshot_sha256:
            return ()
        refuse_submitted(state)
    portfolio = enrolled(state)
    refuse_late(portfolio.own_deadline, command.cohort_deadline, command.at)
    refuse_incomplete(command.template, portfolio.sections)
    return (_submitted(command, portfolio),)


def _submitted(command: Submit, portfolio: Open) -> Submitted:
    enrolment = portfolio.enrolment
    return Submitted(
        case_id=enrolment.case_id,
        person_id=enrolment.person_id,
        cohort_id=enrolment.cohort_id,
        organisation_id=enrolment.organisation_id,
        mentor_id=portfolio.mentor_id,
        programme=enrolment.programme,
        programme_version=enrolment.programme_version,
        policy_version=enrolment.policy_version,
        attempt=1,
        template=command.template.code,
        role_context=command.role_context,
        adjusted=portfolio.adjusted,
        snapshot_sha256=command.snapshot_sha256,
        snapshot_path=command.snapshot_path,
        submitted_at=command.at,
        review_opens_at=end_of(command.cohort_deadline),
        occurred_at=command.at,
    )


def enrolled(state: Case) -> Open:
    """Return the portfolio of a case that there is.

    Raises:
        NotEnrolledError: there is none.
    """
    portfolio = portfolio_of(state)
    if portfolio is None:
        raise NotEnrolledError
    return portfolio


def refuse_submitted(state: Case) -> None:
    """Accept a case whose portfolio can still change.

    Raises:
        AlreadySubmittedError: it is handed in.
    """
    if isinstance(state, HandedIn):
        raise AlreadySubmittedError(case_id=state.submission.case_id)

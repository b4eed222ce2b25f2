"""Handing in: once, complete, and before the deadline has ended."""

from datetime import datetime

from services.submission.domain.closing import Closing, closing, is_adjusted
from services.submission.domain.commands import Submit
from services.submission.domain.completeness import refuse_incomplete
from services.submission.domain.deadlines import DeadlinePassedError
from services.submission.domain.events import Submitted
from services.submission.domain.fairness import refuse_unknown
from services.submission.domain.states import (
    Case,
    Ended,
    HandedIn,
    Open,
    portfolio_of,
)
from shared.errors import NotFoundError, RuleViolatedError
from shared.london import end_of


class NotEnrolledError(NotFoundError):
    """There is no such case: enrol the participant first."""


class CaseEndedError(RuleViolatedError):
    """This case has ended: nothing about it can change any more."""


class UnchangedError(RuleViolatedError):
    """A resubmission must differ from what was handed in before: change something."""


class AlreadySubmittedError(RuleViolatedError):
    """The portfolio is handed in and cannot change any more."""


def submit(command: Submit, state: Case) -> tuple[Submitted, ...]:
    """Return the submission; empty when the same portfolio is handed in already.

    Raises:
        NotEnrolledError: there is no such case.
        AlreadySubmittedError: another portfolio is handed in.
        CaseEndedError: nothing is expected any more.
        DeadlinePassedError: received after the deadline has ended.
        UnchangedError: a second attempt that is the first one again.
        PortfolioIncompleteError: names what is missing.
        UnknownFairnessError: an attribute or a value is not in the programme's list.
    """
    handed_in = state.before if isinstance(state, Ended) else state
    if isinstance(handed_in, HandedIn) and _is_same(command, handed_in.submission):
        return ()
    refuse_submitted(state)
    portfolio = enrolled(state)
    now = closing(portfolio, cohort_deadline=command.cohort_deadline, at=command.at)
    refuse_after(now, command.at)
    refuse_unchanged(portfolio, command.snapshot_sha256)
    refuse_incomplete(command.template, portfolio.sections)
    refuse_unknown(command.fairness, command.fairness_asked)
    return (_submitted(command, portfolio),)


def _is_same(command: Submit, submission: Submitted) -> bool:
    return submission.snapshot_sha256 == command.snapshot_sha256


def refuse_after(now: Closing, at: datetime) -> None:
    """Accept what is received before the clock has run out.

    Raises:
        DeadlinePassedError: names the deadline and the instant it ended.
    """
    if now.has_passed(at):
        raise DeadlinePassedError(
            deadline=now.closes_on.isoformat(),
            ended_at=end_of(now.closes_on).isoformat(),
        )


def refuse_unchanged(portfolio: Open, snapshot_sha256: str) -> None:
    """Accept a second attempt that is not the first one again. Source: S2 6.2.1 (P).

    Raises:
        UnchangedError: no section and no file differs.
    """
    if portfolio.resubmission is None:
        return
    earlier = portfolio.resubmission.earlier
    same = earlier.submission.snapshot_sha256 == snapshot_sha256
    if same or _hashes(portfolio) == _hashes(earlier.portfolio):
        raise UnchangedError(case_id=portfolio.enrolment.case_id)


def _hashes(portfolio: Open) -> set[tuple[str, str]]:
    contents = {**portfolio.sections, **portfolio.evidence}
    return {(key, each.content_hash) for key, each in contents.items()}


def _submitted(command: Submit, portfolio: Open) -> Submitted:
    enrolment, attempt = portfolio.enrolment, attempt_of(portfolio)
    opens_at = end_of(command.cohort_deadline)
    return Submitted(
        case_id=enrolment.case_id,
        person_id=enrolment.person_id,
        cohort_id=enrolment.cohort_id,
        organisation_id=command.organisation_id or enrolment.organisation_id,
        mentor_id=portfolio.mentor_id,
        programme=enrolment.programme,
        programme_version=enrolment.programme_version,
        policy_version=enrolment.policy_version,
        attempt=attempt,
        template=command.template.code,
        role_context=command.role_context,
        fairness=dict(command.fairness),
        adjusted=is_adjusted(portfolio, cohort_deadline=command.cohort_deadline),
        snapshot_sha256=command.snapshot_sha256,
        snapshot_path=command.snapshot_path,
        submitted_at=command.at,
        review_opens_at=opens_at if attempt == 1 else max(opens_at, command.at),
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


def attempt_of(portfolio: Open) -> int:
    """Return which attempt a portfolio in the making is. Source: S2 6.2.1."""
    window = portfolio.resubmission
    return 1 if window is None else window.earlier.submission.attempt + 1


def refuse_ended(state: Case) -> None:
    """Accept a case that has not ended.

    Raises:
        CaseEndedError: it has.
    """
    if isinstance(state, Ended):
        raise CaseEndedError


def refuse_submitted(state: Case) -> None:
    """Accept a case whose portfolio can still change.

    Raises:
        AlreadySubmittedError: it is handed in.
        CaseEndedError: it is over.
    """
    refuse_ended(state)
    if isinstance(state, HandedIn):
        raise AlreadySubmittedError(case_id=state.submission.case_id)

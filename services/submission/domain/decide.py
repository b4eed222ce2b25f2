"""The rules of a case: from enrolment to the portfolio handed in."""

from datetime import date
from typing import assert_never

from services.submission.domain.commands import (
    AttachEvidence,
    CaseCommand,
    Enrol,
    MoveDeadline,
    NominateMentor,
    SaveSection,
    Submit,
)
from services.submission.domain.completeness import refuse_incomplete
from services.submission.domain.deadlines import end_of, has_passed
from services.submission.domain.events import (
    CaseEvent,
    DeadlineMoved,
    Enrolled,
    EvidenceAttached,
    MentorNominated,
    SectionSaved,
    Submitted,
)
from services.submission.domain.evolve import (
    INITIAL,
    Case,
    HandedIn,
    NotEnrolled,
    Open,
    evolve,
)
from shared.decider import Decider
from shared.errors import ForbiddenError, NotFoundError, RuleViolatedError


class NotEnrolledError(NotFoundError):
    """There is no such case: enrol the participant first."""


class EnrolledDifferentlyError(RuleViolatedError):
    """This case exists with another person, cohort or organisation."""


class AlreadySubmittedError(RuleViolatedError):
    """The portfolio is handed in and cannot change any more."""


class OwnMentorError(RuleViolatedError):
    """Nobody mentors themself: name somebody else as mentor."""


class DeadlinePassedError(RuleViolatedError):
    """The deadline has passed: ask operations for an extension."""


class ExtensionNotAllowedError(ForbiddenError):
    """Only operations may extend a deadline."""


class DeadlineNotLaterError(RuleViolatedError):
    """An extension must end later than the current deadline."""


def decide(command: CaseCommand, state: Case) -> tuple[CaseEvent, ...]:
    """Return the facts that *command* leads to; empty when it was done before.

    Raises:
        NotEnrolledError: there is no such case.
        AlreadySubmittedError: the portfolio is handed in with other content.
        ServiceError: a rule of the one command; see its function.
    """
    match command:
        case Enrol():
            return _enrol(command, state)
        case NominateMentor():
            return _nominate(command, state)
        case SaveSection():
            return _save(command, state)
        case AttachEvidence():
            return _attach(command, state)
        case MoveDeadline():
            return _move(command, state)
        case Submit():
            return _submit(command, state)
        case _:
            assert_never(command)


def effective_deadline(own: date | None, cohort: date) -> date:
    """Return the later of a case's own deadline and its cohort's.

    An extension is never cut short by the cohort, and a cohort that moves further
    than the extension takes the case along. Source: domain.md section 4 (P).
    """
    return cohort if own is None else max(own, cohort)


def _enrol(command: Enrol, state: Case) -> tuple[CaseEvent, ...]:
    if not isinstance(state, NotEnrolled):
        found = _portfolio(state).enrolment
        same = (
            found.person_id == command.person_id
            and found.cohort_id == command.cohort_id
            and found.organisation_id == command.organisation_id
        )
        if same:
            return ()
        raise EnrolledDifferentlyError(case_id=command.case_id)
    return (
        Enrolled(
            case_id=command.case_id,
            person_id=command.person_id,
            cohort_id=command.cohort_id,
            organisation_id=command.organisation_id,
            programme=command.programme,
            programme_version=command.programme_version,
            policy_version=command.policy_version,
            occurred_at=command.at,
        ),
    )


def _nominate(command: NominateMentor, state: Case) -> tuple[CaseEvent, ...]:
    portfolio = _portfolio(state)
    if portfolio.enrolment.person_id == command.mentor_id:
        raise OwnMentorError(case_id=portfolio.enrolment.case_id)
    if portfolio.mentor_id == command.mentor_id:
        return ()
    _refuse_submitted(state)
    return (MentorNominated(mentor_id=command.mentor_id, occurred_at=command.at),)


def _save(command: SaveSection, state: Case) -> tuple[CaseEvent, ...]:
    saved = _portfolio(state).sections.get(command.key)
    if saved is not None and saved.content_hash == command.content_hash:
        return ()
    _refuse_submitted(state)
    return (
        SectionSaved(
            key=command.key,
            words=command.words,
            pictures=command.pictures,
            content_hash=command.content_hash,
            path=command.path,
            occurred_at=command.at,
        ),
    )


def _attach(command: AttachEvidence, state: Case) -> tuple[CaseEvent, ...]:
    attached = _portfolio(state).evidence.get(command.evidence_id)
    if attached is not None and attached.content_hash == command.content_hash:
        return ()
    _refuse_submitted(state)
    return (
        EvidenceAttached(
            evidence_id=command.evidence_id,
            name=command.name,
            media_type=command.media_type,
            size_bytes=command.size_bytes,
            content_hash=command.content_hash,
            path=command.path,
            occurred_at=command.at,
        ),
    )


def _move(command: MoveDeadline, state: Case) -> tuple[CaseEvent, ...]:
    if command.role != "operations":
        raise ExtensionNotAllowedError
    own = _portfolio(state).own_deadline
    if own == command.deadline:
        return ()
    _refuse_submitted(state)
    current = effective_deadline(own, command.cohort_deadline)
    if command.deadline <= current:
        raise DeadlineNotLaterError(current=current.isoformat())
    return (
        DeadlineMoved(
            deadline=command.deadline, reason=command.reason, occurred_at=command.at
        ),
    )


def _submit(command: Submit, state: Case) -> tuple[CaseEvent, ...]:
    if isinstance(state, HandedIn):
        if state.submission.snapshot_sha256 == command.snapshot_sha256:
            return ()
        _refuse_submitted(state)
    portfolio = _portfolio(state)
    deadline = effective_deadline(portfolio.own_deadline, command.cohort_deadline)
    if has_passed(deadline, command.at):
        raise DeadlinePassedError(
            deadline=deadline.isoformat(), ended_at=end_of(deadline).isoformat()
        )
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


def _portfolio(state: Case) -> Open:
    match state:
        case NotEnrolled():
            raise NotEnrolledError
        case Open():
            return state
        case HandedIn():
            return state.portfolio
        case _:
            assert_never(state)


def _refuse_submitted(state: Case) -> None:
    if isinstance(state, HandedIn):
        raise AlreadySubmittedError(case_id=state.submission.case_id)


case = Decider(category="case", decide=decide, evolve=evolve, initial=INITIAL)

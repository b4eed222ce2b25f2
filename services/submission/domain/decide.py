"""The rules of a case: from enrolment to the portfolio handed in."""

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
from services.submission.domain.deadlines import effective_deadline
from services.submission.domain.events import (
    CaseEvent,
    DeadlineMoved,
    Enrolled,
    EvidenceAttached,
    MentorNominated,
    SectionSaved,
)
from services.submission.domain.evolve import (
    INITIAL,
    Case,
    NotEnrolled,
    evolve,
)
from services.submission.domain.submitting import (
    enrolled,
    refuse_submitted,
    submit,
)
from shared.decider import Decider
from shared.errors import ForbiddenError, RuleViolatedError


class EnrolledDifferentlyError(RuleViolatedError):
    """This case exists with another person, cohort or organisation."""


class OwnMentorError(RuleViolatedError):
    """Nobody mentors themself: name somebody else as mentor."""


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
            return submit(command, state)
        case _:
            assert_never(command)


def _enrol(command: Enrol, state: Case) -> tuple[CaseEvent, ...]:
    if not isinstance(state, NotEnrolled):
        found = enrolled(state).enrolment
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
    portfolio = enrolled(state)
    if portfolio.enrolment.person_id == command.mentor_id:
        raise OwnMentorError(case_id=portfolio.enrolment.case_id)
    if portfolio.mentor_id == command.mentor_id:
        return ()
    refuse_submitted(state)
    return (MentorNominated(mentor_id=command.mentor_id, occurred_at=command.at),)


def _save(command: SaveSection, state: Case) -> tuple[CaseEvent, ...]:
    saved = enrolled(state).sections.get(command.key)
    if saved is not None and saved.content_hash == command.content_hash:
        return ()
    refuse_submitted(state)
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
    attached = enrolled(state).evidence.get(command.evidence_id)
    if attached is not None and attached.content_hash == command.content_hash:
        return ()
    refuse_submitted(state)
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


case = Decider(category="case", decide=decide, evolve=evolve, initial=INITIAL)

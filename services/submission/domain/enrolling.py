"""Taking part: one person, one cohort; and who supports them."""

from typing import assert_never

from services.submission.domain.commands import (
    Enrol,
    EnrolmentCommand,
    NominateMentor,
)
from services.submission.domain.events import Enrolled, MentorNominated
from services.submission.domain.evolve import Case, NotEnrolled
from services.submission.domain.submitting import enrolled, refuse_submitted
from shared.errors import RuleViolatedError


class EnrolledDifferentlyError(RuleViolatedError):
    """This case exists with another person, cohort or organisation."""


class OwnMentorError(RuleViolatedError):
    """Nobody mentors themself: name somebody else as mentor."""


def enrolment(
    command: EnrolmentCommand, state: Case
) -> tuple[Enrolled | MentorNominated, ...]:
    """Return what taking part leads to; empty when it was done before.

    Raises:
        EnrolledDifferentlyError: the case is somebody else's, or somewhere else.
        OwnMentorError: nobody mentors themself.
        AlreadySubmittedError: what was handed in names its mentor.
    """
    match command:
        case Enrol():
            return _enrol(command, state)
        case NominateMentor():
            return _nominate(command, state)
        case _:
            assert_never(command)


def _enrol(command: Enrol, state: Case) -> tuple[Enrolled, ...]:
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


def _nominate(command: NominateMentor, state: Case) -> tuple[MentorNominated, ...]:
    portfolio = enrolled(state)
    if portfolio.enrolment.person_id == command.mentor_id:
        raise OwnMentorError(case_id=portfolio.enrolment.case_id)
    if portfolio.mentor_id == command.mentor_id:
        return ()
    refuse_submitted(state)
    return (
        MentorNominated(
            case_id=portfolio.enrolment.case_id,
            participant_id=portfolio.enrolment.person_id,
            mentor_id=command.mentor_id,
            occurred_at=command.at,
        ),
    )

"""Who supports a participant: nominated by them, or appointed for who asks."""

from typing import assert_never

from services.submission.domain.commands import (
    AppointMentor,
    AskForMentor,
    MentorCommand,
    NominateMentor,
)
from services.submission.domain.events import (
    MentorAppointed,
    MentorAsked,
    MentorEvent,
    MentorNominated,
)
from services.submission.domain.states import Case, Open
from services.submission.domain.submitting import enrolled, refuse_submitted
from shared.errors import RuleViolatedError


class OwnMentorError(RuleViolatedError):
    """Nobody mentors themself: name somebody else as mentor."""


class MentorNotOfferedError(RuleViolatedError):
    """This programme appoints nobody: nominate a mentor of your own."""


class MentorKnownError(RuleViolatedError):
    """Somebody supports this participant already."""


class MentorNotAskedForError(RuleViolatedError):
    """A mentor is appointed for a participant who asked for one."""


def mentoring(command: MentorCommand, state: Case) -> tuple[MentorEvent, ...]:
    """Return who supports the participant; empty when it is so already.

    Raises:
        NotEnrolledError: there is no such case.
        OwnMentorError: nobody mentors themself.
        MentorNotOfferedError, MentorKnownError: there is nobody to ask for.
        MentorNotAskedForError: nobody asked.
        AlreadySubmittedError: what was handed in names its mentor.
    """
    portfolio = enrolled(state)
    match command:
        case NominateMentor():
            return _named(command, portfolio, state)
        case AskForMentor():
            return _asked(command, portfolio, state)
        case AppointMentor():
            if not portfolio.course.mentor_asked:
                raise MentorNotAskedForError
            return _named(command, portfolio, state)
        case _:
            assert_never(command)


def _asked(
    command: AskForMentor, portfolio: Open, state: Case
) -> tuple[MentorAsked, ...]:
    if not command.is_offered:
        raise MentorNotOfferedError
    if portfolio.course.mentor_asked:
        return ()
    if portfolio.mentor_id is not None:
        raise MentorKnownError
    refuse_submitted(state)
    return (MentorAsked(asked_by=command.asked_by, occurred_at=command.at),)


def _named(
    command: NominateMentor | AppointMentor, portfolio: Open, state: Case
) -> tuple[MentorNominated | MentorAppointed, ...]:
    case_id = portfolio.enrolment.case_id
    participant_id, mentor_id = portfolio.enrolment.person_id, command.mentor_id
    if participant_id == mentor_id:
        raise OwnMentorError(case_id=case_id)
    if portfolio.mentor_id == mentor_id:
        return ()
    refuse_submitted(state)
    if isinstance(command, NominateMentor):
        return (
            MentorNominated(
                case_id=case_id,
                participant_id=participant_id,
                mentor_id=mentor_id,
                occurred_at=command.at,
            ),
        )
    return (
        MentorAppointed(
            case_id=case_id,
            participant_id=participant_id,
            mentor_id=mentor_id,
            appointed_by=command.appointed_by,
            occurred_at=command.at,
        ),
    )

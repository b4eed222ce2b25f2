"""What follows from the decisions of others, and how a case ends.

Every decision is noted as it is heard; what follows is derived from all that is known,
so every order of messages leads to the same state. Source: domain.md section 3.
"""

from collections.abc import Mapping
from typing import assert_never

from services.submission.domain.commands import (
    AfterwardsCommand,
    NoteAward,
    NoteCommand,
    NoteOutcome,
    NoteVivaNotPassed,
    RecordFee,
    Withdraw,
)
from services.submission.domain.consequences import consequences
from services.submission.domain.events import (
    AwardNoted,
    CaseEvent,
    Enrolled,
    FeePaid,
    NotedEvent,
    OutcomeNoted,
    RestartRequired,
    VivaNotPassedNoted,
    Withdrawn,
)
from services.submission.domain.evolve import evolve
from services.submission.domain.states import (
    Applied,
    Case,
    Ended,
    NotEnrolled,
    course_of,
)
from services.submission.domain.submitting import NotEnrolledError, enrolled
from shared.carrying import carry
from shared.errors import RuleViolatedError


class NoFeeDueError(RuleViolatedError):
    """No fee is due: only a case that has to be restarted costs one."""


class FeeDiffersError(RuleViolatedError):
    """The fee is what the programme asks for, neither more nor less."""


class AlreadyEndedError(RuleViolatedError):
    """This case has ended already: nobody can withdraw from it."""


def afterwards(command: AfterwardsCommand, state: Case) -> tuple[CaseEvent, ...]:
    """Return what comes of it; empty when it was so before.

    Raises:
        NotEnrolledError: there is no such case.
        AlreadyEndedError, NoFeeDueError, FeeDiffersError.
    """
    match command:
        case RecordFee():
            return _pay(command, state)
        case Withdraw():
            return _withdraw(command, state)
        case NoteOutcome() | NoteVivaNotPassed() | NoteAward():
            return _note(command, state)
        case _:
            assert_never(command)


_NOTED: Mapping[type[NoteCommand], type[NotedEvent]] = {
    NoteOutcome: OutcomeNoted,
    NoteVivaNotPassed: VivaNotPassedNoted,
    NoteAward: AwardNoted,
}


def _note(command: NoteCommand, state: Case) -> tuple[CaseEvent, ...]:
    noted = carry(command, _NOTED[type(command)], occurred_at=command.at)
    if _is_known(noted, state):
        return ()
    after = evolve(state, noted)
    weeks = command.window_weeks if isinstance(command, NoteOutcome) else None
    return (noted, *consequences(after, weeks, command.at))


def _is_known(noted: NotedEvent, state: Case) -> bool:
    course = course_of(state)
    match noted:
        case OutcomeNoted():
            found = course.outcomes.get(noted.attempt)
            return found is not None and found.message_id == noted.message_id
        case VivaNotPassedNoted():
            return noted.number in course.not_passed
        case AwardNoted():
            return course.award is not None
        case _:
            assert_never(noted)


def _pay(command: RecordFee, state: Case) -> tuple[FeePaid, ...]:
    case_id = enrolled(state).enrolment.case_id
    if not (isinstance(state, Ended) and isinstance(state.by, RestartRequired)):
        raise NoFeeDueError(case_id=case_id)
    if command.amount_pence != command.fee_pence:
        raise FeeDiffersError(fee_pence=command.fee_pence)
    if course_of(state).fee is not None:
        return ()
    return (
        FeePaid(
            case_id=case_id,
            amount_pence=command.amount_pence,
            recorded_by=command.recorded_by,
            occurred_at=command.at,
        ),
    )


def _withdraw(command: Withdraw, state: Case) -> tuple[Withdrawn, ...]:
    """Return the end, also of a case that is being reviewed. Source: domain.md 4."""
    if isinstance(state, NotEnrolled):
        raise NotEnrolledError
    if isinstance(state, Ended):
        if isinstance(state.by, Withdrawn):
            return ()
        raise AlreadyEndedError
    about = state.application if isinstance(state, Applied) else _enrolment(state)
    return (
        Withdrawn(
            case_id=about.case_id,
            by=command.side,
            withdrawn_by=command.withdrawn_by,
            occurred_at=command.at,
        ),
    )


def _enrolment(state: Case) -> Enrolled:
    return enrolled(state).enrolment

"""The rules of standings: the directory is noted, results are weighed."""

from typing import assert_never

from services.moderation.domain.standing.climbing import climb
from services.moderation.domain.standing.commands import (
    JoinCohort,
    NoteAppointment,
    NoteEmployer,
    NoteHearing,
    NoteMentee,
    NoteReading,
    PassQualification,
    RequireQualification,
    SetStanding,
    StandDown,
    StandingCommand,
    WeighResult,
)
from services.moderation.domain.standing.events import (
    AppointmentNoted,
    CohortJoined,
    EmployerNoted,
    HearingNoted,
    MarksRead,
    MenteeNoted,
    StandingEvent,
    StoodDown,
)
from services.moderation.domain.standing.evolve import INITIAL, Standing, evolve
from shared.carrying import carry
from shared.decider import Decider


def decide(command: StandingCommand, state: Standing) -> tuple[StandingEvent, ...]:
    """Return the facts that *command* leads to; empty when it is known.

    Raises:
        NotALeadError, OwnStandingError, ProbationFirstError, QualificationFirstError:
            see `climb`.
    """
    match command:
        case NoteAppointment():
            return _appointment(command, state)
        case NoteEmployer():
            return _employer(command, state)
        case NoteMentee():
            return _mentee(command, state)
        case NoteHearing() | NoteReading():
            return _case(command, state)
        case JoinCohort() | StandDown():
            return _cohort(command, state)
        case (
            WeighResult() | SetStanding() | RequireQualification() | PassQualification()
        ):
            return climb(command, state)
        case _:
            assert_never(command)


def _appointment(
    command: NoteAppointment, state: Standing
) -> tuple[StandingEvent, ...]:
    known = command.role in state.roles
    if known and command.organisation_id == state.organisation_id:
        return ()
    noted = carry(command, AppointmentNoted, occurred_at=command.at)
    return (noted,)


def _employer(command: NoteEmployer, state: Standing) -> tuple[StandingEvent, ...]:
    """Return the change; nothing for others, whose role will name an employer."""
    is_known = bool(state.roles) or state.organisation_id is not None
    if state.organisation_id == command.organisation_id:
        return ()
    if not is_known and not command.is_reviewer:
        return ()
    noted = carry(command, EmployerNoted, occurred_at=command.at)
    return (noted,)


def _mentee(command: NoteMentee, state: Standing) -> tuple[StandingEvent, ...]:
    if command.participant_id in state.mentees:
        return ()
    noted = carry(command, MenteeNoted, occurred_at=command.at)
    return (noted,)


def _case(
    command: NoteHearing | NoteReading, state: Standing
) -> tuple[StandingEvent, ...]:
    if isinstance(command, NoteReading):
        if (command.case_id, command.attempt) in state.has_read:
            return ()
        return (carry(command, MarksRead, occurred_at=command.at),)
    if command.case_id in state.hears:
        return ()
    return (carry(command, HearingNoted, occurred_at=command.at),)


def _cohort(
    command: JoinCohort | StandDown, state: Standing
) -> tuple[StandingEvent, ...]:
    if isinstance(command, StandDown):
        if command.cohort_id in state.stood_down:
            return ()
        return (carry(command, StoodDown, occurred_at=command.at),)
    if command.cohort_id in state.cohorts:
        return ()
    return (carry(command, CohortJoined, occurred_at=command.at),)


standing = Decider(category="standing", decide=decide, evolve=evolve, initial=INITIAL)

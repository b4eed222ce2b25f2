"""The rules of a reviewer."""

from typing import assert_never

from services.review.domain.reviewer.commands import (
    DeclareConflict,
    NoteEmployer,
    NoteMentee,
    NotePart,
    NotePause,
    RegisterReviewer,
    ReviewerCommand,
)
from services.review.domain.reviewer.events import (
    ConflictDeclared,
    EmployerChanged,
    MenteeNoted,
    PartNoted,
    PauseEndNoted,
    PauseNoted,
    ReviewerEvent,
    ReviewerRegistered,
)
from services.review.domain.reviewer.evolve import (
    INITIAL,
    NotRegistered,
    Registered,
    Reviewer,
    evolve,
    has_part,
)
from shared.carrying import carry
from shared.decider import Decider
from shared.errors import ForbiddenError


class NotAReviewerError(ForbiddenError):
    """This person is not registered as a reviewer: ask operations for the role."""


def decide(command: ReviewerCommand, state: Reviewer) -> tuple[ReviewerEvent, ...]:
    """Return the facts that *command* leads to; empty when it was done before.

    Raises:
        NotAReviewerError: a conflict of somebody who does not review.
    """
    match command:
        case RegisterReviewer():
            return _register(command, state)
        case DeclareConflict():
            return _declare(command, registered(state))
        case NoteEmployer():
            return _employ(command, state)
        case NoteMentee():
            return _support(command, state)
        case NotePart():
            return _take_part(command, state)
        case NotePause():
            return _pause(command, state)
        case _:
            assert_never(command)


def registered(state: Reviewer) -> Registered:
    """Return the reviewer that there is.

    Raises:
        NotAReviewerError: this person does not review.
    """
    if isinstance(state, NotRegistered):
        raise NotAReviewerError
    return state


def _register(command: RegisterReviewer, state: Reviewer) -> tuple[ReviewerEvent, ...]:
    if (
        isinstance(state, Registered)
        and state.organisation_id == command.organisation_id
    ):
        return ()
    return (carry(command, ReviewerRegistered, occurred_at=command.at),)


def _declare(command: DeclareConflict, state: Registered) -> tuple[ReviewerEvent, ...]:
    if (command.kind, command.with_id) in state.conflicts:
        return ()
    return (carry(command, ConflictDeclared, occurred_at=command.at),)


def _employ(command: NoteEmployer, state: Reviewer) -> tuple[ReviewerEvent, ...]:
    """Return the change, of a participant too: their own organisation never judges."""
    if state.organisation_id == command.organisation_id:
        return ()
    return (carry(command, EmployerChanged, occurred_at=command.at),)


def _support(command: NoteMentee, state: Reviewer) -> tuple[ReviewerEvent, ...]:
    if command.participant_id in state.mentees:
        return ()
    return (carry(command, MenteeNoted, occurred_at=command.at),)


def _take_part(command: NotePart, state: Reviewer) -> tuple[ReviewerEvent, ...]:
    if has_part(state.parts, command.case_id, command.attempt):
        return ()
    return (carry(command, PartNoted, occurred_at=command.at),)


def _pause(command: NotePause, state: Reviewer) -> tuple[ReviewerEvent, ...]:
    if command.is_paused == state.is_paused:
        return ()
    if command.is_paused:
        return (carry(command, PauseNoted, occurred_at=command.at),)
    return (carry(command, PauseEndNoted, occurred_at=command.at),)


reviewer = Decider(category="reviewer", decide=decide, evolve=evolve, initial=INITIAL)

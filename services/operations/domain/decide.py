"""The rules of the desk."""

from typing import assert_never

from services.operations.domain.commands import (
    DeskCommand,
    DiscardMessage,
    HoldCommand,
    LiftHold,
    PlaceHold,
    RecordImport,
    ReleaseLane,
)
from services.operations.domain.events import (
    DeskFact,
    Discarded,
    HoldLifted,
    HoldPlaced,
    Imported,
    Released,
)
from services.operations.domain.evolve import INITIAL, Desk, evolve
from shared.carrying import carry
from shared.decider import Decider
from shared.errors import NotFoundError, RuleViolatedError


class AlreadyDiscardedError(RuleViolatedError):
    """That message was given up before: look again at what waits in the lane."""


class ImportDiffersError(RuleViolatedError):
    """This import was recorded before with another content: use a new import id."""


class AlreadyHeldError(RuleViolatedError):
    """The clocks of this case stand still already: lift that hold first."""


class UnknownHoldError(NotFoundError):
    """This case has no such hold."""


def decide(command: DeskCommand, state: Desk) -> tuple[DeskFact, ...]:
    """Return the facts that *command* leads to; empty if it changes nothing.

    Raises:
        AlreadyDiscardedError: release of a parking whose head was given up.
        ImportDiffersError: the import id was used for something else.
        AlreadyHeldError, UnknownHoldError: the hold does not fit the case.
    """
    match command:
        case ReleaseLane():
            return _release(command, state)
        case DiscardMessage():
            return _discard(command, state)
        case RecordImport():
            return _record_import(command, state)
        case PlaceHold() | LiftHold():
            return _hold(command, state)
        case _:
            assert_never(command)


def _release(command: ReleaseLane, state: Desk) -> tuple[DeskFact, ...]:
    if command.head_message_id in state.discarded:
        raise AlreadyDiscardedError(lane_id=command.lane_id)
    return (carry(command, Released, occurred_at=command.at),)


def _discard(command: DiscardMessage, state: Desk) -> tuple[DeskFact, ...]:
    if command.message_id in state.discarded:
        return ()
    return (carry(command, Discarded, occurred_at=command.at),)


def _record_import(command: RecordImport, state: Desk) -> tuple[DeskFact, ...]:
    if state.imported_sha256 == command.content_sha256:
        return ()
    if state.imported_sha256 is not None:
        raise ImportDiffersError(import_id=command.import_id)
    return (carry(command, Imported, occurred_at=command.at),)


def _hold(command: HoldCommand, state: Desk) -> tuple[DeskFact, ...]:
    if isinstance(command, LiftHold):
        return _lift(command, state)
    if state.in_force is not None:
        raise AlreadyHeldError(hold_id=state.in_force.hold_id)
    return (
        HoldPlaced(
            occurred_at=command.at,
            case_id=command.case_id,
            hold_id=f"{command.case_id}.{len(state.holds) + 1}",
            reason=command.reason,
            by=command.by,
        ),
    )


def _lift(command: LiftHold, state: Desk) -> tuple[DeskFact, ...]:
    if command.hold_id in {each.hold_id for each in state.lifted}:
        return ()
    if command.hold_id not in {each.hold_id for each in state.holds}:
        raise UnknownHoldError(hold_id=command.hold_id)
    return (carry(command, HoldLifted, occurred_at=command.at),)


desk = Decider(category="desk", decide=decide, evolve=evolve, initial=INITIAL)

"""The rules of the desk."""

from typing import assert_never

from services.operations.domain.commands import (
    DeskCommand,
    DiscardMessage,
    RecordImport,
    ReleaseLane,
)
from services.operations.domain.events import DeskFact, Discarded, Imported, Released
from services.operations.domain.evolve import INITIAL, Desk, evolve
from shared.decider import Decider
from shared.errors import RuleViolatedError


class AlreadyDiscardedError(RuleViolatedError):
    """That message was given up before: look again at what waits in the lane."""


class ImportDiffersError(RuleViolatedError):
    """This import was recorded before with another content: use a new import id."""


def decide(command: DeskCommand, state: Desk) -> tuple[DeskFact, ...]:
    """Return the facts that *command* leads to; empty if it changes nothing.

    Raises:
        AlreadyDiscardedError: release of a parking whose head was given up.
        ImportDiffersError: the import id was used for something else.
    """
    match command:
        case ReleaseLane():
            return _release(command, state)
        case DiscardMessage():
            return _discard(command, state)
        case RecordImport():
            return _record_import(command, state)
        case _:
            assert_never(command)


def _release(command: ReleaseLane, state: Desk) -> tuple[DeskFact, ...]:
    if command.head_message_id in state.discarded:
        raise AlreadyDiscardedError(lane_id=command.lane_id)
    return (
        Released(
            occurred_at=command.at,
            lane_id=command.lane_id,
            by=command.by,
            reason=command.reason,
        ),
    )


def _discard(command: DiscardMessage, state: Desk) -> tuple[DeskFact, ...]:
    if command.message_id in state.discarded:
        return ()
    return (
        Discarded(
            occurred_at=command.at,
            lane_id=command.lane_id,
            message_id=command.message_id,
            by=command.by,
            reason=command.reason,
        ),
    )


def _record_import(command: RecordImport, state: Desk) -> tuple[DeskFact, ...]:
    if state.imported_sha256 == command.content_sha256:
        return ()
    if state.imported_sha256 is not None:
        raise ImportDiffersError(import_id=command.import_id)
    return (
        Imported(
            occurred_at=command.at,
            import_id=command.import_id,
            by=command.by,
            content_sha256=command.content_sha256,
            people=command.people,
        ),
    )


desk = Decider(category="desk", decide=decide, evolve=evolve, initial=INITIAL)

"""What operators can ask for."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from services.operations.domain.events import HoldReason
from shared.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseLane:
    """Handle a parked lane again, now that its cause is repaired."""

    lane_id: str
    head_message_id: str
    """The message that waits first; names this parking of the lane."""
    by: str
    reason: Personal[str]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardMessage:
    """Give up the message that waits first; what is behind it stays parked."""

    lane_id: str
    message_id: str
    by: str
    reason: Personal[str]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordImport:
    """Record that every row of a list is in the directory."""

    import_id: str
    by: str
    content_sha256: str
    people: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceHold:
    """Let the clocks of a case stand still."""

    case_id: str
    reason: HoldReason
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftHold:
    """Let the clocks of a case run on."""

    case_id: str
    hold_id: str
    by: str
    at: datetime


HoldCommand: TypeAlias = PlaceHold | LiftHold

DeskCommand: TypeAlias = ReleaseLane | DiscardMessage | RecordImport | HoldCommand

"""What moderation can be told about the clocks of a case."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteHold:
    """Know that the office stopped the clocks of the case."""

    case_id: str
    hold_id: str
    placed_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteHoldEnd:
    """Know that the clocks of the case run on."""

    case_id: str
    hold_id: str
    lifted_at: datetime
    at: datetime


StoppingCommand: TypeAlias = NoteHold | NoteHoldEnd

"""What somebody can ask of the clock of a demonstration."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class SetClockOffset:
    """Run *offset_seconds* ahead of the wall clock."""

    offset_seconds: int
    at: datetime


ClockCommand: TypeAlias = SetClockOffset

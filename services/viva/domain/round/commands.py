"""What can be asked of a round of vivas."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from services.viva.domain.round.events import Mode, Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundLimits:
    """What the programme allows of every round."""

    minutes_at_least: int
    minutes_at_most: int
    modes: tuple[Mode, ...]
    months: tuple[int, ...]
    """Months of the year in which a round is held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRound:
    """Let participants book these slots."""

    round_id: str
    programme: str
    cohorts: tuple[str, ...]
    minutes: int
    slots: tuple[Slot, ...]
    limits: RoundLimits | None
    """None when the programme has no viva."""
    extra_because: str | None = None
    """Why it is held out of the months of the policy, where it is."""
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeSlot:
    """Give the slot to a case."""

    slot_id: str
    case_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeSlot:
    """Let others have the slot of a case."""

    slot_id: str
    case_id: str
    at: datetime


RoundCommand: TypeAlias = OpenRound | TakeSlot | FreeSlot

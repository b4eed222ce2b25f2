"""What can happen to a round of vivas."""

from typing import Literal, TypeAlias

from pydantic import AwareDatetime, Field

from shared.decider import Fact, Value
from shared.vocabulary import CaseId, CohortId, PersonId

Mode: TypeAlias = Literal["in_person", "remote"]
"""Source: S0, S1."""

MOST_SLOTS = 300
"""A fact holds 64 KiB, and a slot needs about 120 bytes of it. Source:
architecture.md, "The event log"."""


class Slot(Value):
    """A time at which one viva can be held."""

    slot_id: str
    starts_at: AwareDatetime
    room_minutes: int = Field(gt=0)
    """How long it is free: at least as long as a viva, longer for adjustments."""
    mode: Mode


class RoundOpened(Fact):
    """Participants may book the slots of a round."""

    type: Literal["viva.RoundOpened"] = "viva.RoundOpened"
    round_id: str
    programme: str
    cohorts: tuple[CohortId, ...]
    """Whose participants may book; empty for everybody in the programme."""
    minutes: int = Field(gt=0)
    """How long a viva takes, without adjustments."""
    slots: tuple[Slot, ...] = Field(min_length=1, max_length=MOST_SLOTS)
    extra_because: str | None = None
    """Why operations hold it out of the months of the policy, where they do."""
    opened_by: PersonId


class SlotTaken(Fact):
    """A case has this slot; nobody else can have it."""

    type: Literal["viva.SlotTaken"] = "viva.SlotTaken"
    round_id: str
    slot_id: str
    case_id: CaseId


class SlotFreed(Fact):
    """The case does not need the slot any more."""

    type: Literal["viva.SlotFreed"] = "viva.SlotFreed"
    round_id: str
    slot_id: str
    case_id: CaseId


RoundEvent: TypeAlias = RoundOpened | SlotTaken | SlotFreed

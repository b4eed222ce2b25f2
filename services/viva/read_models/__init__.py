"""What people ask of viva: where does mine stand, which do I hold, what is free.

Reads are hints: everything is decided from folded facts, never from these rows.
"""

from typing import Any

from services.viva.read_models.reminders import offers_not_taken
from services.viva.read_models.rounds import (
    ROUNDS,
    FreeSlot,
    RoundRow,
    SlotRow,
    SlotsWanted,
    free_slots,
    round_called,
    rounds_after,
)
from services.viva.read_models.vivas import (
    VIVAS,
    VivaRow,
    VivaState,
    VivasWanted,
    viva_awarded,
    viva_of_case,
    vivas_after,
)
from shared.projector import ReadModel

ALL: tuple[ReadModel[Any], ...] = (VIVAS, ROUNDS)

__all__ = [
    "ALL",
    "FreeSlot",
    "RoundRow",
    "SlotRow",
    "SlotsWanted",
    "VivaRow",
    "VivaState",
    "VivasWanted",
    "free_slots",
    "offers_not_taken",
    "round_called",
    "rounds_after",
    "viva_awarded",
    "viva_of_case",
    "vivas_after",
]

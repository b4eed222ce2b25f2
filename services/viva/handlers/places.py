"""Slots of a round, as a case sees them."""

from services.viva.domain.commands import Place
from services.viva.domain.round.decide import slot_of
from services.viva.domain.round.events import Slot
from services.viva.domain.round.evolve import Open


def place_of(found: Open, slot_id: str) -> Place:
    """Return a slot of the round.

    Raises:
        UnknownSlotError: it has none of this id.
    """
    return _place(found, slot_of(found, slot_id))


def free_places(found: Open) -> tuple[Place, ...]:
    """Return the slots that nobody has."""
    return tuple(
        _place(found, each)
        for each in found.opened.slots
        if each.slot_id not in found.taken
    )


def _place(found: Open, slot: Slot) -> Place:
    about = found.opened
    return Place(
        round_id=about.round_id,
        slot_id=slot.slot_id,
        programme=about.programme,
        cohorts=about.cohorts,
        starts_at=slot.starts_at,
        minutes=about.minutes,
        room_minutes=slot.room_minutes,
        mode=slot.mode,
    )

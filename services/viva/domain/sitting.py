"""When each of a panel sits: from the moment panel and time are known to the result.

Invariant: what somebody holds is in their own stream too, so that of two bookings at
one instant that need the same person one is refused.
"""

from dataclasses import dataclass
from datetime import datetime

from services.viva.domain.evolve import Case, Deciding, Panel, Waiting


@dataclass(frozen=True, slots=True, order=True)
class Sitting:
    """Somebody is needed for so many minutes."""

    person_id: str
    starts_at: datetime
    minutes: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What becomes different for those who sit, in the order of their ids."""

    left: tuple[str, ...]
    """Who does not sit on the viva any more."""
    taken: tuple[Sitting, ...]
    """Who sits, at another time than before or anew."""


def sittings(case: Case) -> frozenset[Sitting]:
    """Return who of the panel is needed, and when."""
    match case.situation:
        case Waiting(panel=Panel() as panel, booking=booking) if booking is not None:
            pass
        case Deciding(panel=panel, booking=booking):
            pass
        case _:
            return frozenset()
    return frozenset(
        Sitting(person_id, booking.starts_at, booking.minutes)
        for person_id in panel.members
    )


def changes(before: Case, after: Case) -> Changes:
    """Return what *after* changes for those who sit."""
    old, new = sittings(before), sittings(after)
    left = _people(old) - _people(new)
    return Changes(tuple(sorted(left)), tuple(sorted(new - old)))


def _people(found: frozenset[Sitting]) -> frozenset[str]:
    return frozenset(each.person_id for each in found)

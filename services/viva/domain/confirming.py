"""Whether what a letter is about to say is still so. Pure, from the fold."""

from datetime import datetime

from services.viva.domain.events import (
    AwardConferred,
    Booked,
    Moved,
    NotPassed,
    Offered,
    ReminderDue,
    VivaEvent,
)
from services.viva.domain.evolve import Awarded, Case, Waiting
from shared.london import london_day


def waits(told: VivaEvent, case: Case) -> bool:
    """Tell whether a letter waits for the end of a hold: one that invites."""
    return case.known.is_on_hold and isinstance(told, Offered | Booked | Moved)


def is_still_true(told: VivaEvent, case: Case, *, at: datetime) -> bool:
    """Tell whether the case still is as the fact *told* says.

    An offer while it can be taken, a reminder while no time is chosen and one still can
    be, a time while it is the last one, a result while the
    participant has not withdrawn, an award while it is held.
    """
    situation = case.situation
    match told:
        case Offered():
            return isinstance(situation, Waiting) and situation.number == told.number
        case ReminderDue():
            return _is_due(told, case, at)
        case Booked() | Moved():
            return isinstance(situation, Waiting) and situation.booking == told
        case NotPassed():
            known = case.known
            return known.withdrawn_at is None and known.not_passed == told.number
        case AwardConferred():
            return isinstance(situation, Awarded) and situation.award == told
        case _:
            return False


def _is_due(told: ReminderDue, case: Case, at: datetime) -> bool:
    situation = case.situation
    if not isinstance(situation, Waiting) or case.known.is_on_hold:
        return False
    is_open = situation.number == told.number and situation.booking is None
    return is_open and london_day(at) <= told.closes_on

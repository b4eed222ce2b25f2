"""When the viva is: chosen by the participant, until some days before."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from services.viva.domain.commands import BookViva, NoteAdjustment, Place
from services.viva.domain.days import closes_at
from services.viva.domain.events import (
    AdjustmentNoted,
    Appointment,
    Booked,
    Moved,
    OfferWithdrawn,
    OutcomeHeard,
    VivaEvent,
    WithdrawalNoted,
)
from services.viva.domain.evolve import Case, Deciding, Known, Waiting
from services.viva.domain.refusals import (
    AlreadyHeldError,
    NotRemoteError,
    NotYourVivaError,
    RoundNotOpenToCaseError,
    SameRoundError,
    SlotPastError,
    SlotTooShortError,
    TooLateError,
)
from services.viva.domain.situations import (
    refuse_end,
    refuse_hold,
    refuse_own,
    subject,
    waiting,
)

REMOTE = "remote"
_INSTANT = timedelta(microseconds=1)
"""A mode, and an arrangement."""

ARRANGED_MINUTES: Mapping[str, int] = MappingProxyType(
    {"extra_time": 15, "rest_breaks": 10}
)
"""What an agreed adjustment adds where the office names no other number: a quarter of
the longest viva, and two short breaks (P). Source of adjustments: S2 3.1.1, 6.2.2."""


def extra_minutes(noted: int | None, arrangements: Iterable[str]) -> int:
    """Return how much longer a viva takes: as the office says, or as is arranged."""
    if noted is not None:
        return noted
    return sum(ARRANGED_MINUTES.get(each, 0) for each in set(arrangements))


def given_up(case: Case, facts: Iterable[VivaEvent]) -> Appointment | None:
    """Return the time that *facts* let others have, or None.

    The time of a viva that was held stays the case's own.
    """
    held = case.situation.booking if isinstance(case.situation, Waiting) else None
    if held is None:
        return None
    for fact in facts:
        if isinstance(fact, OfferWithdrawn | WithdrawalNoted):
            return held
        if isinstance(fact, Moved) and _slot(fact) != _slot(held):
            return held
    return None


def book(command: BookViva, case: Case) -> tuple[Booked | Moved, ...]:
    """Return the booking, or the move; empty when nothing would change.

    Raises:
        NotYourVivaError: a participant asks about somebody else's case.
        CaseOnHoldError: nothing is booked until the hold is lifted.
        RoundNotOpenToCaseError, SameRoundError: another round is needed.
        SlotPastError, SlotTooShortError: another slot is needed.
        TooLateError: for a participant, some days before.
    """
    about = subject(case)
    if command.participant_id not in {None, about.participant_id}:
        raise NotYourVivaError
    state, place = waiting(case), command.place
    refuse_hold(case)
    _refuse_unusable(command, case)
    extra = extra_minutes(case.known.extra_minutes, command.arrangements)
    old, minutes = state.booking, place.minutes + extra
    is_same_slot = old is not None and _slot(old) == (place.round_id, place.slot_id)
    if is_same_slot and old is not None and old.minutes == minutes:
        return ()
    if command.participant_id is not None:
        _refuse_late(command, state, case.known)
    kind = Booked if old is None else Moved
    return (
        kind(
            case_id=about.case_id,
            participant_id=about.participant_id,
            number=state.number,
            sequence=case.known.sequence + 1,
            round_id=place.round_id,
            slot_id=place.slot_id,
            starts_at=place.starts_at,
            minutes=minutes,
            room_minutes=place.room_minutes,
            extra_minutes=extra,
            arrangements=command.arrangements,
            mode=place.mode,
            occurred_at=command.at,
        ),
    )


def adjust(command: NoteAdjustment, case: Case) -> tuple[AdjustmentNoted | Moved, ...]:
    """Return the adjustment, and what it makes of a time that is booked already.

    Raises:
        UnknownVivaError, AlreadyHeldError, AlreadyDecidedError: too early, or too late.
        OwnCaseError: the participant asks.
        SlotTooShortError: the slot that is booked has no room for it.
        CaseOnHoldError: what is booked cannot change until the hold is lifted.
    """
    refuse_end(case)
    refuse_own(case, command.by)
    if isinstance(case.situation, Deciding):
        raise AlreadyHeldError
    if command.extra_minutes == case.known.extra_minutes:
        return ()
    noted = AdjustmentNoted(
        extra_minutes=command.extra_minutes,
        noted_by=command.by,
        occurred_at=command.at,
    )
    return (noted, *_lengthened(command, case))


def _lengthened(command: NoteAdjustment, case: Case) -> tuple[Moved, ...]:
    old = case.situation.booking if isinstance(case.situation, Waiting) else None
    if old is None or old.starts_at <= command.at:
        return ()  # a time that nobody came to is chosen anew, with what counts then
    refuse_hold(case)
    minutes = old.minutes - old.extra_minutes + command.extra_minutes
    if minutes > old.room_minutes:
        raise SlotTooShortError(minutes=minutes, room_minutes=old.room_minutes)
    changed = old.model_dump(exclude={"type"}) | {
        "minutes": minutes,
        "extra_minutes": command.extra_minutes,
        "sequence": case.known.sequence + 1,
        "occurred_at": command.at,
    }
    return (Moved.model_validate(changed),)


def _slot(booking: Appointment) -> tuple[str, str]:
    return booking.round_id, booking.slot_id


def _refuse_unusable(command: BookViva, case: Case) -> None:
    place, about = command.place, subject(case)
    minutes = place.minutes + extra_minutes(
        case.known.extra_minutes, command.arrangements
    )
    if not _is_open_to(place, about):
        raise RoundNotOpenToCaseError(round_id=place.round_id)
    if place.round_id in case.known.rounds:
        raise SameRoundError(round_id=place.round_id)
    if place.starts_at <= command.at:
        raise SlotPastError(slot_id=place.slot_id)
    if minutes > place.room_minutes:
        raise SlotTooShortError(minutes=minutes, room_minutes=place.room_minutes)
    if REMOTE in command.arrangements and place.mode != REMOTE:
        raise NotRemoteError(slot_id=place.slot_id)


def fits(place: Place, case: Case) -> bool:
    """Tell whether a case may have a slot, by what is known without asking anybody."""
    minutes = place.minutes + (case.known.extra_minutes or 0)
    return (
        _is_open_to(place, subject(case))
        and place.round_id not in case.known.rounds
        and minutes <= place.room_minutes
    )


def _is_open_to(place: Place, about: OutcomeHeard) -> bool:
    is_for_cohort = not place.cohorts or about.cohort_id in place.cohorts
    return is_for_cohort and place.programme == about.programme


def _refuse_late(command: BookViva, state: Waiting, known: Known) -> None:
    days = command.terms.book_until_days
    times = [command.place.starts_at]
    old = state.booking
    if old is not None and not _kept_back(known, closes_at(old.starts_at, days=days)):
        times.append(old.starts_at)
    closed = min(closes_at(each, days=days) for each in times)
    if command.at >= closed:
        raise TooLateError(closed_at=closed.isoformat(), days=days)


def _kept_back(known: Known, closed: datetime) -> bool:
    """Tell whether a hold was in force when a time could last be given up."""
    return known.holds.is_in_force(closed - _INSTANT)

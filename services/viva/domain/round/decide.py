"""The rules of a round: what it may offer, and one case for each slot."""

from collections import Counter
from typing import assert_never

from services.viva.domain.round.commands import (
    FreeSlot,
    OpenRound,
    RoundCommand,
    RoundLimits,
    TakeSlot,
)
from services.viva.domain.round.events import (
    RoundEvent,
    RoundOpened,
    Slot,
    SlotFreed,
    SlotTaken,
)
from services.viva.domain.round.evolve import INITIAL, Open, Round, Unopened, evolve
from shared.carrying import carry
from shared.decider import Decider
from shared.errors import NotFoundError, RuleViolatedError
from shared.london import london_day


class UnknownRoundError(NotFoundError):
    """There is no such round of vivas."""


class UnknownSlotError(NotFoundError):
    """The round has no such slot."""


class SlotTakenError(RuleViolatedError):
    """Somebody else has taken this slot: choose another one."""


class OpenedDifferentlyError(RuleViolatedError):
    """A round of this id was opened with other slots: choose another id."""


class NoVivaError(RuleViolatedError):
    """This programme has no viva, so there are no rounds."""


class MinutesOutOfRangeError(RuleViolatedError):
    """A viva of this programme may not be so short, or so long."""


class SlotNotUsableError(RuleViolatedError):
    """Some slots cannot be used: too short, in the past, or of another mode."""


class OutsideRoundMonthsError(RuleViolatedError):
    """A round is held in other months: move these slots, or say why it is extra."""


class SlotRepeatedError(RuleViolatedError):
    """Two slots of a round need different ids."""


def decide(command: RoundCommand, state: Round) -> tuple[RoundEvent, ...]:
    """Return the facts that *command* leads to; empty when it was done before.

    Raises:
        NoVivaError, MinutesOutOfRangeError, SlotNotUsableError, SlotRepeatedError,
            OutsideRoundMonthsError, OpenedDifferentlyError: it cannot be opened so.
        UnknownRoundError, UnknownSlotError: there is no such slot.
        SlotTakenError: another case has it.
    """
    match command:
        case OpenRound():
            return _open(command, state)
        case TakeSlot():
            return _take(command, opened(state))
        case FreeSlot():
            return _free(command, opened(state))
        case _:
            assert_never(command)


def opened(state: Round) -> Open:
    """Return the round that there is.

    Raises:
        UnknownRoundError: nobody opened it.
    """
    if isinstance(state, Unopened):
        raise UnknownRoundError
    return state


def slot_of(state: Open, slot_id: str) -> Slot:
    """Return a slot of the round.

    Raises:
        UnknownSlotError: it has none of this id.
    """
    found = state.slot(slot_id)
    if found is None:
        raise UnknownSlotError(round_id=state.opened.round_id, slot_id=slot_id)
    return found


def _open(command: OpenRound, state: Round) -> tuple[RoundOpened, ...]:
    if command.limits is None:
        raise NoVivaError(programme=command.programme)
    fact = carry(
        command,
        RoundOpened,
        extra_because=command.extra_because
        if _outside(command.limits, command)
        else None,
        opened_by=command.by,
        occurred_at=command.at,
    )
    if isinstance(state, Open):
        _refuse_difference(fact, state.opened)
        return ()
    _refuse_unusable(command, command.limits)
    return (fact,)


def _refuse_difference(asked: RoundOpened, found: RoundOpened) -> None:
    beside = {"occurred_at", "opened_by"}
    if asked.model_dump(exclude=beside) != found.model_dump(exclude=beside):
        raise OpenedDifferentlyError(round_id=found.round_id)


def _refuse_unusable(command: OpenRound, limits: RoundLimits) -> None:
    if not limits.minutes_at_least <= command.minutes <= limits.minutes_at_most:
        raise MinutesOutOfRangeError(
            minutes=command.minutes,
            at_least=limits.minutes_at_least,
            at_most=limits.minutes_at_most,
        )
    counts = Counter(each.slot_id for each in command.slots)
    repeated = [slot_id for slot_id, count in counts.items() if count > 1]
    if repeated:
        raise SlotRepeatedError(slots=repeated)
    wrong = [
        each.slot_id
        for each in command.slots
        if each.room_minutes < command.minutes
        or each.starts_at <= command.at
        or each.mode not in limits.modes
    ]
    if wrong:
        raise SlotNotUsableError(slots=wrong, minutes=command.minutes)
    _refuse_months(command, limits)


def _refuse_months(command: OpenRound, limits: RoundLimits) -> None:
    """Refuse a time out of the months of a round, unless it is an extra one (P)."""
    outside = _outside(limits, command)
    if outside and command.extra_because is None:
        raise OutsideRoundMonthsError(slots=outside, months=list(limits.months))


def _outside(limits: RoundLimits, command: OpenRound) -> list[str]:
    """Return the slots that are in none of the months of the policy."""
    return [
        each.slot_id
        for each in command.slots
        if london_day(each.starts_at).month not in limits.months
    ]


def _take(command: TakeSlot, state: Open) -> tuple[SlotTaken, ...]:
    slot = slot_of(state, command.slot_id)
    holder = state.taken.get(slot.slot_id)
    if holder == command.case_id:
        return ()
    if holder is not None:
        raise SlotTakenError(round_id=state.opened.round_id, slot_id=slot.slot_id)
    return (
        SlotTaken(
            round_id=state.opened.round_id,
            slot_id=slot.slot_id,
            case_id=command.case_id,
            occurred_at=command.at,
        ),
    )


def _free(command: FreeSlot, state: Open) -> tuple[SlotFreed, ...]:
    if state.taken.get(command.slot_id) != command.case_id:
        return ()
    return (
        SlotFreed(
            round_id=state.opened.round_id,
            slot_id=command.slot_id,
            case_id=command.case_id,
            occurred_at=command.at,
        ),
    )


round_ = Decider(category="round", decide=decide, evolve=evolve, initial=INITIAL)

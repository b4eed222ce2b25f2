"""The rules of the viva of a case, from what is heard to the award."""

from typing import assert_never

from services.viva.domain import booking, hearing, panels, reminding, results
from services.viva.domain.commands import (
    AppointPanel,
    BookViva,
    GiveVerdict,
    HearOutcome,
    NoteAdjustment,
    NoteHold,
    NoteHoldEnd,
    NotePart,
    NotePortfolio,
    NoteTie,
    NoteWithdrawal,
    Remind,
    SettleDifference,
    VivaCommand,
)
from services.viva.domain.events import VivaEvent
from services.viva.domain.evolve import INITIAL, Case, evolve
from shared.decider import Decider


def decide(command: VivaCommand, state: Case) -> tuple[VivaEvent, ...]:
    """Return the facts that *command* leads to; empty when it was done before.

    Raises:
        ServiceError: a rule of the one command; see its function.
    """
    match command:
        case NoteTie():
            return hearing.note_tie(command, state)
        case NotePart():
            return hearing.note_part(command, state)
        case NotePortfolio():
            return hearing.note_portfolio(command, state)
        case HearOutcome():
            return hearing.hear(command, state)
        case NoteWithdrawal() | NoteHold() | NoteHoldEnd():
            return _interrupted(command, state)
        case _:
            return _asked(command, state)


def _interrupted(
    command: NoteWithdrawal | NoteHold | NoteHoldEnd, state: Case
) -> tuple[VivaEvent, ...]:
    match command:
        case NoteWithdrawal():
            return hearing.withdraw(command, state)
        case NoteHold():
            return hearing.hold(command, state)
        case NoteHoldEnd():
            return hearing.lift(command, state)
        case _:
            assert_never(command)


def _asked(
    command: NoteAdjustment
    | AppointPanel
    | BookViva
    | Remind
    | GiveVerdict
    | SettleDifference,
    state: Case,
) -> tuple[VivaEvent, ...]:
    match command:
        case NoteAdjustment():
            return booking.adjust(command, state)
        case AppointPanel():
            return panels.appoint(command, state)
        case BookViva():
            return booking.book(command, state)
        case Remind():
            return reminding.remind(command, state)
        case GiveVerdict():
            return results.give_verdict(command, state)
        case SettleDifference():
            return results.settle(command, state)
        case _:
            assert_never(command)


viva = Decider(category="viva", decide=decide, evolve=evolve, initial=INITIAL)

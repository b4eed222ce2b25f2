"""The rules of an appeal, from the request for an explanation to the decision."""

from typing import assert_never

from services.appeals.domain import answering, asking, due, hearing
from services.appeals.domain.commands import (
    AppealCommand,
    AppointPanel,
    ClockCommand,
    DecideAppeal,
    Discontinue,
    FallOverdue,
    GiveExplanation,
    LodgeAboutSupport,
    LodgeAppeal,
    RequestExplanation,
    RespondAboutSupport,
    RestartClock,
    StopClock,
)
from services.appeals.domain.events import AppealEvent
from services.appeals.domain.evolve import INITIAL, Appeal, evolve
from shared.decider import Decider


def decide(command: AppealCommand, state: Appeal) -> tuple[AppealEvent, ...]:
    """Return the facts that *command* leads to; empty when it was done before.

    Raises:
        ServiceError: a rule of the one command; see its function.
    """
    match command:
        case RequestExplanation():
            return asking.request_explanation(command)
        case LodgeAppeal():
            return asking.lodge(command, state)
        case LodgeAboutSupport():
            return asking.lodge_about_support(command, state)
        case StopClock() | RestartClock() | FallOverdue() | Discontinue():
            return _by_itself(command, state)
        case _:
            return _answer(command, state)


def _answer(
    command: GiveExplanation | RespondAboutSupport | AppointPanel | DecideAppeal,
    state: Appeal,
) -> tuple[AppealEvent, ...]:
    match command:
        case GiveExplanation():
            return answering.explain(command, state)
        case RespondAboutSupport():
            return answering.respond(command, state)
        case AppointPanel():
            return answering.appoint(command, state)
        case DecideAppeal():
            return hearing.decide_appeal(command, state)
        case _:
            assert_never(command)


def _by_itself(command: ClockCommand, state: Appeal) -> tuple[AppealEvent, ...]:
    match command:
        case StopClock():
            return due.stop_clock(command, state)
        case RestartClock():
            return due.restart_clock(command, state)
        case FallOverdue():
            return due.fall_overdue(command, state)
        case Discontinue():
            return due.discontinue(command, state)
        case _:
            assert_never(command)


appeal = Decider(category="appeal", decide=decide, evolve=evolve, initial=INITIAL)

"""The rules of somebody who may hear appeals."""

from typing import assert_never

from services.appeals.domain.hearer.commands import (
    HearerCommand,
    NoteEmployer,
    NoteHearer,
)
from services.appeals.domain.hearer.events import (
    EmployerNoted,
    HearerEvent,
    HearerNoted,
)
from services.appeals.domain.hearer.evolve import INITIAL, Hearer, evolve
from shared.carrying import carry
from shared.decider import Decider


def decide(command: HearerCommand, state: Hearer) -> tuple[HearerEvent, ...]:
    """Return the facts that *command* leads to; empty when it was known before.

    The employer of somebody without a role is passed over: the grant of a role names
    the employer of that moment, and comes in order with what the person states.
    """
    match command:
        case NoteHearer():
            known = command.organisation_id in {None, *state.organisations}
            if command.role in state.roles and known:
                return ()
            noted = carry(command, HearerNoted, occurred_at=command.at)
            return (noted,)
        case NoteEmployer():
            if command.organisation_id in state.organisations or not state.roles:
                return ()
            moved = carry(command, EmployerNoted, occurred_at=command.at)
            return (moved,)
        case _:
            assert_never(command)


hearer = Decider(category="hearer", decide=decide, evolve=evolve, initial=INITIAL)

"""What the lead decides when both moderators came to the other outcome.

Invariant: an individual result is not changed without deciding about the reviewer's
other work. Source: moderation.md 5.
"""

from typing import assert_never

from services.moderation.domain.commands import OverturnCase, UpholdCase
from services.moderation.domain.events import CaseEvent, Overturned, Upheld
from services.moderation.domain.evolve import Case, Moderating, Released, Settled
from services.moderation.domain.independence import require_lead
from services.moderation.domain.refusals import (
    AlreadyDecidedError,
    LevelsIncompleteError,
    NotAnOverturnError,
    NotReferredError,
)
from shared.vocabulary import CRITERIA, outcome_of


def lead(command: UpholdCase | OverturnCase, state: Case) -> tuple[CaseEvent, ...]:
    """Return the facts of the lead's decision; empty when it was made before."""
    match command:
        case UpholdCase():
            return _uphold(command, state)
        case OverturnCase():
            return _overturn(command, state)
        case _:
            assert_never(command)


def _uphold(command: UpholdCase, state: Case) -> tuple[CaseEvent, ...]:
    match _decision(state):
        case Upheld(by="lead", decided_by=lead) if lead == command.by.person_id:
            return ()
        case Upheld(by="lead") | Overturned():
            raise AlreadyDecidedError
        case _:
            require_lead(command.by, _referred(state))
    return (
        Upheld(
            by="lead",
            decided_by=command.by.person_id,
            reason=command.reason,
            occurred_at=command.at,
        ),
    )


def _overturn(command: OverturnCase, state: Case) -> tuple[CaseEvent, ...]:
    match _decision(state):
        case Overturned(decided_by=lead, levels=levels) if (lead, levels) == (
            command.by.person_id,
            command.levels,
        ):
            return ()
        case Upheld(by="lead") | Overturned():
            raise AlreadyDecidedError
        case _:
            referred = _referred(state)
    require_lead(command.by, referred)
    if set(command.levels) != set(CRITERIA):
        raise LevelsIncompleteError(needed=list(CRITERIA))
    outcome = outcome_of(command.levels)
    if outcome == referred.judged.outcome:
        raise NotAnOverturnError(outcome=outcome)
    return (
        Overturned(
            decided_by=command.by.person_id,
            levels=command.levels,
            outcome=outcome,
            reason=command.reason,
            feedback=command.feedback,
            other_work=command.other_work,
            other_work_reason=command.other_work_reason,
            occurred_at=command.at,
        ),
    )


def _decision(state: Case) -> Upheld | Overturned | None:
    match state:
        case Settled(decision=decision) | Released(settled=Settled(decision=decision)):
            return decision
        case _:
            return None


def _referred(state: Case) -> Moderating:
    if not isinstance(state, Moderating) or state.stage != "lead":
        raise NotReferredError
    return state

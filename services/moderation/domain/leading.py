"""What is decided when a judgement was compared: uphold, amend, overturn, return.

The lead decides when both moderators came to the other outcome. When nobody had to
decide, the feedback may still be amended before the release, by the lead or by a
moderator who judged the case.

Invariant: an individual result is not changed without deciding about the reviewer's
other work. Source: moderation.md 5.
"""

from collections.abc import Mapping
from typing import assert_never

from services.moderation.domain.commands import (
    AmendFeedback,
    Colleague,
    DecideCommand,
    OrderReturn,
    OverturnCase,
    UpholdCase,
)
from services.moderation.domain.decisions import (
    Decision,
    FeedbackAmended,
    Overturned,
    ReturnOrdered,
    Upheld,
)
from services.moderation.domain.events import CaseEvent
from services.moderation.domain.independence import require_judge, require_lead
from services.moderation.domain.refusals import (
    AlreadyDecidedError,
    AlreadyReturnedError,
    CaseWithdrawnError,
    JudgementRecalledError,
    LevelsChangedError,
    LevelsIncompleteError,
    NotAnOverturnError,
    NotReferredError,
)
from services.moderation.domain.returning import returned
from services.moderation.domain.settling import settle
from services.moderation.domain.situations import (
    Case,
    Moderating,
    Settled,
    Withdrawn,
    settled,
)
from shared.carrying import carry
from shared.vocabulary import CRITERIA, CriterionKey, Level, outcome_of


def lead(command: DecideCommand, state: Case) -> tuple[CaseEvent, ...]:
    """Return the facts of a decision; empty when it was made before.

    Raises:
        CaseWithdrawnError: the participant has withdrawn.
        JudgementRecalledError: the reviewer is judging it again.
        NotReferredError: nobody has to decide this case, or not yet.
        AlreadyDecidedError: it was decided otherwise.
        AlreadyReturnedError: a second return.
        NotALeadError, NotIndependentError and what else ``independence`` raises.
    """
    if isinstance(state, Withdrawn):
        raise CaseWithdrawnError
    if _was_made_before(command, state):
        return ()
    match command:
        case UpholdCase():
            return _uphold(command, _referred(command.by, state))
        case OverturnCase():
            return _overturn(command, _referred(command.by, state))
        case OrderReturn():
            return _return(command, _referred(command.by, state))
        case AmendFeedback():
            return _amend(command, state)
        case _:
            assert_never(command)


def _was_made_before(command: DecideCommand, state: Case) -> bool:
    """Tell whether exactly this was decided; what nobody decided can be amended.

    Raises:
        AlreadyDecidedError: it was decided otherwise.
    """
    if isinstance(command, OrderReturn) and _has_returned(command.by, state):
        return True
    done = settled(state)
    if done is None or done.decision.decided_by is None:
        return False
    if _is_same(command, done.decision):
        return True
    raise AlreadyDecidedError


def _has_returned(by: Colleague, state: Case) -> bool:
    match state:
        case Moderating(stage="returned", returned=ReturnOrdered(decided_by=lead)):
            return lead == by.person_id
        case _:
            return False


def _is_same(command: DecideCommand, decision: Decision) -> bool:
    if decision.decided_by != command.by.person_id:
        return False
    match command, decision:
        case UpholdCase(), Upheld():
            return True
        case AmendFeedback(), FeedbackAmended():
            return True
        case OverturnCase(levels=levels), Overturned(levels=decided):
            return levels == decided
        case _:
            return False


def _uphold(command: UpholdCase, state: Moderating) -> tuple[CaseEvent, ...]:
    upheld = Upheld(
        by="lead",
        decided_by=command.by.person_id,
        reason=command.reason,
        occurred_at=command.at,
    )
    return settle(state, upheld)


def _overturn(command: OverturnCase, state: Moderating) -> tuple[CaseEvent, ...]:
    _refuse_incomplete(command.levels)
    outcome = outcome_of(command.levels)
    if outcome == state.judged.outcome:
        raise NotAnOverturnError(outcome=outcome)
    overturned = carry(
        command,
        Overturned,
        decided_by=command.by.person_id,
        outcome=outcome,
        occurred_at=command.at,
    )
    return settle(state, overturned)


def _return(command: OrderReturn, state: Moderating) -> tuple[CaseEvent, ...]:
    if state.returned is not None:
        raise AlreadyReturnedError
    return returned(command, state)


def _amend(command: AmendFeedback, state: Case) -> tuple[CaseEvent, ...]:
    if isinstance(state, Settled):
        last = state.moderated
        _require_either(command.by, last)
    else:
        last = _referred(command.by, state)
    _refuse_incomplete(command.levels)
    if command.levels != last.judged.levels:
        raise LevelsChangedError
    amended = FeedbackAmended(
        decided_by=command.by.person_id,
        reason=command.reason,
        feedback=command.feedback,
        occurred_at=command.at,
    )
    return settle(last, amended)


def _require_either(by: Colleague, state: Moderating) -> None:
    """Return if *by* judged the case blind, or may decide it as the lead."""
    if any(each.moderator_id == by.person_id for each in state.blind):
        require_judge(by, state)
    else:
        require_lead(by, state)


def _refuse_incomplete(levels: Mapping[CriterionKey, Level]) -> None:
    if set(levels) != set(CRITERIA):
        raise LevelsIncompleteError(needed=list(CRITERIA))


def _referred(by: Colleague, state: Case) -> Moderating:
    if isinstance(state, Moderating) and state.is_recalled:
        raise JudgementRecalledError
    if not isinstance(state, Moderating) or state.stage != "lead":
        raise NotReferredError
    require_lead(by, state)
    return state

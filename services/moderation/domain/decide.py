"""The rules of a drawn case: blind first, then compared, then decided."""

from typing import assert_never

from services.moderation.domain.commands import (
    CaseCommand,
    HandBackCase,
    OpenCase,
    OverturnCase,
    RecordBlindJudgement,
    ReleaseOutcome,
    TakeCase,
    UpholdCase,
)
from services.moderation.domain.comparison import compared
from services.moderation.domain.events import (
    CaseEvent,
    Opened,
    OpeningSetAside,
    OutcomeReleased,
)
from services.moderation.domain.evolve import (
    INITIAL,
    Case,
    Moderating,
    Released,
    Settled,
    Unopened,
    evolve,
)
from services.moderation.domain.holding import hand_back, take
from services.moderation.domain.leading import lead
from services.moderation.domain.refusals import NotSettledError
from shared.decider import Decider


def decide(command: CaseCommand, state: Case) -> tuple[CaseEvent, ...]:
    """Return the facts that *command* leads to; empty when it was done before.

    Raises:
        RuleViolatedError, ForbiddenError: see ``refusals``.
    """
    match command:
        case OpenCase():
            return _open(command, state)
        case TakeCase():
            return take(command, state)
        case HandBackCase():
            return hand_back(command, state)
        case RecordBlindJudgement():
            return compared(command, state)
        case UpholdCase() | OverturnCase():
            return lead(command, state)
        case ReleaseOutcome():
            return _release(command, state)
        case _:
            assert_never(command)


def _open(command: OpenCase, state: Case) -> tuple[CaseEvent, ...]:
    judgement_id = command.judged.judgement_id
    match state:
        case Unopened():
            return (
                Opened(
                    judged=command.judged,
                    criterion_gap=command.criterion_gap,
                    occurred_at=command.at,
                ),
            )
        case Moderating(judged=judged, set_aside=known):
            if judgement_id == judged.judgement_id or judgement_id in known:
                return ()
        case Settled(moderated=moderated):
            if judgement_id == moderated.judged.judgement_id:
                return ()
        case Released():
            pass
        case _:
            assert_never(state)
    return (OpeningSetAside(judgement_id=judgement_id, occurred_at=command.at),)


def _release(command: ReleaseOutcome, state: Case) -> tuple[CaseEvent, ...]:
    judged = command.judged
    match state:
        case Released():
            return ()
        case Moderating():
            raise NotSettledError
        case Unopened():
            outcome, feedback = judged.outcome, judged.feedback
            took_part: tuple[str, ...] = (judged.reviewer_id,)
        case Settled():
            judged = state.moderated.judged
            outcome, feedback = state.outcome, state.feedback
            took_part = state.took_part
        case _:
            assert_never(state)
    return (
        OutcomeReleased(
            case_id=judged.case_id,
            cohort_id=judged.cohort_id,
            attempt=judged.attempt,
            participant_id=judged.participant_id,
            programme=judged.programme,
            programme_version=judged.programme_version,
            policy_version=judged.policy_version,
            outcome=outcome,
            feedback=feedback,
            took_part=took_part,
            occurred_at=command.at,
        ),
    )


moderation = Decider(
    category="moderation", decide=decide, evolve=evolve, initial=INITIAL
)

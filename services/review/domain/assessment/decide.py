"""The rules of an assessment: whatever is told is kept once, and the latest counts."""

from typing import assert_never

from services.review.domain.assessment.commands import (
    AssessmentCommand,
    HoldCommand,
    ListReview,
    NoteFreshReview,
    NoteHold,
    NoteHoldEnd,
    NoteJudge,
    NoteLaterOpening,
    NoteWithdrawal,
)
from services.review.domain.assessment.events import (
    AssessmentEvent,
    FreshReviewNoted,
    HoldEndNoted,
    HoldNoted,
    JudgeNoted,
    LaterOpeningNoted,
    ReviewListed,
    WithdrawalNoted,
)
from services.review.domain.assessment.evolve import INITIAL, Assessment, evolve
from services.review.domain.stopping import Hold
from shared.decider import Decider


def decide(
    command: AssessmentCommand, state: Assessment
) -> tuple[AssessmentEvent, ...]:
    """Return the fact that *command* leads to; empty when it is known."""
    return () if _is_known(command, state) else (_fact(command),)


def _is_known(command: AssessmentCommand, state: Assessment) -> bool:
    match command:
        case ListReview():
            return command.review_id in state.reviews
        case NoteLaterOpening():
            known = state.openings.get(command.attempt)
            return known is not None and known >= command.review_opens_at
        case NoteWithdrawal():
            return state.withdrawn_at is not None
        case NoteFreshReview():
            return (command.attempt, command.number) in state.wanted
        case NoteJudge():
            return command.reviewer_id in state.judges.get(command.review_id, ())
        case NoteHold() | NoteHoldEnd():
            return _is_hold_known(command, state)
        case _:
            assert_never(command)


def _is_hold_known(command: HoldCommand, state: Assessment) -> bool:
    known = state.holds.get(command.hold_id, Hold())
    if isinstance(command, NoteHold):
        return known.placed_at is not None
    return known.lifted_at is not None


def _fact(command: AssessmentCommand) -> AssessmentEvent:
    match command:
        case ListReview():
            return ReviewListed(
                case_id=command.case_id,
                review_id=command.review_id,
                attempt=command.attempt,
                occurred_at=command.at,
            )
        case NoteLaterOpening():
            return LaterOpeningNoted(
                case_id=command.case_id,
                attempt=command.attempt,
                review_opens_at=command.review_opens_at,
                occurred_at=command.at,
            )
        case NoteWithdrawal():
            return WithdrawalNoted(
                case_id=command.case_id,
                withdrawn_at=command.withdrawn_at,
                occurred_at=command.at,
            )
        case NoteFreshReview():
            return FreshReviewNoted(
                case_id=command.case_id,
                attempt=command.attempt,
                number=command.number,
                excluded=command.excluded,
                occurred_at=command.at,
            )
        case NoteJudge():
            return JudgeNoted(
                case_id=command.case_id,
                review_id=command.review_id,
                reviewer_id=command.reviewer_id,
                occurred_at=command.at,
            )
        case NoteHold() | NoteHoldEnd():
            return _hold(command)
        case _:
            assert_never(command)


def _hold(command: HoldCommand) -> HoldNoted | HoldEndNoted:
    if isinstance(command, NoteHold):
        return HoldNoted(
            case_id=command.case_id,
            hold_id=command.hold_id,
            placed_at=command.placed_at,
            occurred_at=command.at,
        )
    return HoldEndNoted(
        case_id=command.case_id,
        hold_id=command.hold_id,
        lifted_at=command.lifted_at,
        occurred_at=command.at,
    )


assessment = Decider(
    category="assessment", decide=decide, evolve=evolve, initial=INITIAL
)

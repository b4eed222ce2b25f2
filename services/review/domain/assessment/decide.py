"""The rules of an assessment: whatever is told is kept once, and the latest counts."""

from collections.abc import Mapping
from typing import assert_never

from services.review.domain.assessment.commands import (
    AssessmentCommand,
    ListReview,
    NoteAdvice,
    NoteCommand,
    NoteFreshReview,
    NoteJudge,
    NoteLaterOpening,
    NoteRelease,
    NoteWithdrawal,
    OverrideConflict,
)
from services.review.domain.assessment.events import (
    AdviceNoted,
    AssessmentEvent,
    FreshReviewNoted,
    HoldEndNoted,
    HoldNoted,
    JudgeNoted,
    LaterOpeningNoted,
    ReleaseNoted,
    ReviewListed,
    WithdrawalNoted,
)
from services.review.domain.assessment.evolve import INITIAL, Assessment, evolve
from services.review.domain.overriding import override
from shared.carrying import carry
from shared.decider import Decider
from shared.holds import NoteHold, NoteHoldEnd

_NOTED: Mapping[type[NoteCommand], type[AssessmentEvent]] = {
    ListReview: ReviewListed,
    NoteLaterOpening: LaterOpeningNoted,
    NoteWithdrawal: WithdrawalNoted,
    NoteFreshReview: FreshReviewNoted,
    NoteJudge: JudgeNoted,
    NoteRelease: ReleaseNoted,
    NoteAdvice: AdviceNoted,
    NoteHold: HoldNoted,
    NoteHoldEnd: HoldEndNoted,
}


def decide(
    command: AssessmentCommand, state: Assessment
) -> tuple[AssessmentEvent, ...]:
    """Return the fact that *command* leads to; empty when it is known.

    Raises:
        ServiceError: nobody may allow this; see `overriding`.
    """
    if isinstance(command, OverrideConflict):
        return override(command, state)
    if _is_known(command, state):
        return ()
    return (carry(command, _NOTED[type(command)], occurred_at=command.at),)


def _is_known(command: NoteCommand, state: Assessment) -> bool:
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
        case NoteJudge() | NoteRelease() | NoteAdvice():
            return _is_end_known(command, state)
        case NoteHold() | NoteHoldEnd():
            return state.holds.are_told(command)
        case _:
            assert_never(command)


def _is_end_known(
    command: NoteJudge | NoteRelease | NoteAdvice, state: Assessment
) -> bool:
    if isinstance(command, NoteAdvice):
        told = state.advice.get(command.attempt)
        return told is not None and told.released_at >= command.released_at
    if isinstance(command, NoteRelease):
        return command.review_id in state.released
    return command.reviewer_id in state.judges.get(command.review_id, ())


assessment = Decider(
    category="assessment", decide=decide, evolve=evolve, initial=INITIAL
)

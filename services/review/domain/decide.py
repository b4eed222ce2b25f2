"""The rules of a review, from the request to the final judgement."""

from typing import assert_never

from services.review.domain import claims, conflicts, course, judgement, recalling
from services.review.domain.allocation import keeping, moving
from services.review.domain.allocation.commands import (
    AllocateReview,
    AllocationCommand,
    FreeAllocation,
    HandOverReview,
    ReferReview,
    TakeOverReview,
    WithdrawAllocation,
)
from services.review.domain.commands import (
    ClaimReview,
    CloseReview,
    CompleteReview,
    DecideConflict,
    DraftFeedback,
    EndClaim,
    ExtendClaim,
    FindConflict,
    FollowHolds,
    HeldCommand,
    JudgeCriterion,
    LapseClaim,
    MarkOverdue,
    MoveOpening,
    RecallJudgement,
    ReleaseClaim,
    ReopenReview,
    RequestReview,
    RestoreJudgement,
    ReviewCommand,
)
from services.review.domain.events import Requested, ReviewEvent
from services.review.domain.evolve import INITIAL, evolve
from services.review.domain.independence import refuse_dependence
from services.review.domain.situations import (
    Ended,
    Judged,
    NotRequested,
    Review,
    Waiting,
)
from shared.carrying import carry
from shared.decider import Decider
from shared.errors import NotFoundError, RuleViolatedError


class UnknownReviewError(NotFoundError):
    """There is no such review."""


class AlreadyCompletedError(RuleViolatedError):
    """This review is completed and cannot change any more."""


class ReviewClosedError(RuleViolatedError):
    """The participant has withdrawn, so this is not judged; your drafts are kept."""


class RequestedDifferentlyError(RuleViolatedError):
    """This review exists for another portfolio."""


def decide(command: ReviewCommand, state: Review) -> tuple[ReviewEvent, ...]:
    """Return the facts that *command* leads to; empty when it was done before.

    Raises:
        UnknownReviewError: nobody asked for this review.
        AlreadyCompletedError: the judgement is final.
        ReviewClosedError: the participant has withdrawn.
        ServiceError: a rule of the one command; see its function.
    """
    match command:
        case RequestReview():
            return _request(command, state)
        case ClaimReview() | RecallJudgement():
            return _hold(command, state)
        case LapseClaim():
            return claims.lapse(command, state) if isinstance(state, Waiting) else ()
        case (
            EndClaim()
            | MoveOpening()
            | FollowHolds()
            | CloseReview()
            | ReopenReview()
            | RestoreJudgement()
            | MarkOverdue()
            | FindConflict()
            | DecideConflict()
        ):
            return _turn(command, state)
        case (
            AllocateReview()
            | WithdrawAllocation()
            | FreeAllocation()
            | HandOverReview()
            | ReferReview()
            | TakeOverReview()
        ):
            return _keep(command, state)
        case _:
            return _held(command, state)


def _turn(
    command: EndClaim
    | MoveOpening
    | FollowHolds
    | CloseReview
    | ReopenReview
    | RestoreJudgement
    | MarkOverdue
    | FindConflict
    | DecideConflict,
    state: Review,
) -> tuple[ReviewEvent, ...]:
    if isinstance(command, DecideConflict):
        return conflicts.settle(command, state)
    if isinstance(command, FindConflict):
        return conflicts.find(command, state)
    return course.turn(command, state)


def _hold(
    command: ClaimReview | RecallJudgement, state: Review
) -> tuple[ReviewEvent, ...]:
    if isinstance(command, RecallJudgement):
        return recalling.recall(command, state)
    return claims.claim(command, waiting(state))


def _keep(command: AllocationCommand, state: Review) -> tuple[ReviewEvent, ...]:
    match command:
        case AllocateReview():
            return keeping.allocate(command, waiting(state))
        case WithdrawAllocation():
            return keeping.withdraw(command, waiting(state))
        case FreeAllocation():
            return keeping.free(command, state) if isinstance(state, Waiting) else ()
        case HandOverReview():
            return moving.hand_over(command, waiting(state))
        case ReferReview():
            return moving.refer(command, waiting(state))
        case TakeOverReview():
            return moving.take_over(command, waiting(state))
        case _:
            assert_never(command)


def _held(command: HeldCommand, state: Review) -> tuple[ReviewEvent, ...]:
    if _is_repeat(command, state):
        return ()
    current = waiting(state)
    match command:
        case ExtendClaim():
            by = command.by
            refuse_dependence(current.request, by.reviewer, by.assessment)
            held = claims.claim_of(by, current, command.at)
            return claims.extend(held, command.at)
        case ReleaseClaim():
            return claims.release(command, current)
        case JudgeCriterion():
            return judgement.judge(command, current)
        case DraftFeedback():
            return judgement.draft_feedback(command, current)
        case CompleteReview():
            return judgement.complete(command, current)
        case _:
            assert_never(command)


def _is_repeat(command: HeldCommand, state: Review) -> bool:
    if not (isinstance(command, CompleteReview) and isinstance(state, Judged)):
        return False
    done = state.judgement
    asked = (command.by.reviewer_id, command.by.token, command.borderline)
    return asked == (done.reviewer_id, done.token, done.borderline)


def _request(command: RequestReview, state: Review) -> tuple[ReviewEvent, ...]:
    if not isinstance(state, NotRequested):
        if state.requested.snapshot_sha256 != command.snapshot_sha256:
            raise RequestedDifferentlyError(review_id=command.review_id)
        return ()
    return (
        carry(
            command, Requested, fairness=dict(command.fairness), occurred_at=command.at
        ),
    )


def waiting(state: Review) -> Waiting:
    """Return the review that can still be judged.

    Raises:
        UnknownReviewError: nobody asked for it.
        AlreadyCompletedError: its judgement is final.
        ReviewClosedError: the participant has withdrawn.
    """
    match state:
        case Waiting():
            return state
        case NotRequested():
            raise UnknownReviewError
        case Judged():
            raise AlreadyCompletedError(review_id=state.judgement.review_id)
        case Ended():
            message = f"The participant has withdrawn. {claims.NOT_SAVED}"
            raise ReviewClosedError(
                message, review_id=state.portfolio.request.review_id
            )
        case _:
            assert_never(state)


review = Decider(category="review", decide=decide, evolve=evolve, initial=INITIAL)

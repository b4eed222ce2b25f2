"""The rules of a review, from the request to the final judgement."""

from typing import assert_never

from services.review.domain import claims, judgement
from services.review.domain.commands import (
    ClaimReview,
    CompleteReview,
    DraftFeedback,
    ExtendClaim,
    HeldCommand,
    JudgeCriterion,
    LapseClaim,
    ReleaseClaim,
    RequestReview,
    ReviewCommand,
)
from services.review.domain.events import Requested, ReviewEvent
from services.review.domain.evolve import (
    INITIAL,
    Judged,
    NotRequested,
    Review,
    Waiting,
    evolve,
)
from services.review.domain.independence import refuse_dependence
from shared.decider import Decider
from shared.errors import NotFoundError, RuleViolatedError


class UnknownReviewError(NotFoundError):
    """There is no such review."""


class AlreadyCompletedError(RuleViolatedError):
    """This review is completed and cannot change any more."""


class RequestedDifferentlyError(RuleViolatedError):
    """This review exists for another portfolio."""


def decide(command: ReviewCommand, state: Review) -> tuple[ReviewEvent, ...]:
    """Return the facts that *command* leads to; empty when it was done before.

    Raises:
        UnknownReviewError: nobody asked for this review.
        AlreadyCompletedError: the judgement is final.
        ServiceError: a rule of the one command; see its function.
    """
    match command:
        case RequestReview():
            return _request(command, state)
        case LapseClaim():
            return claims.lapse(command, state) if isinstance(state, Waiting) else ()
        case ClaimReview():
            return claims.claim(command, waiting(state))
        case _:
            return _held(command, state)


def _held(command: HeldCommand, state: Review) -> tuple[ReviewEvent, ...]:
    if _is_repeat(command, state):
        return ()
    current = waiting(state)
    match command:
        case ExtendClaim():
            held = claims.claim_of(command.by, current, command.at)
            refuse_dependence(current.request, command.by.reviewer)
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
        found = (state.portfolio if isinstance(state, Judged) else state).request
        if found.snapshot_sha256 != command.snapshot_sha256:
            raise RequestedDifferentlyError(review_id=command.review_id)
        return ()
    return (
        Requested(
            review_id=command.review_id,
            case_id=command.case_id,
            cohort_id=command.cohort_id,
            attempt=command.attempt,
            participant_id=command.participant_id,
            participant_organisation_id=command.participant_organisation_id,
            mentor_id=command.mentor_id,
            programme=command.programme,
            programme_version=command.programme_version,
            policy_version=command.policy_version,
            template=command.template,
            role_context=command.role_context,
            adjusted=command.adjusted,
            snapshot_sha256=command.snapshot_sha256,
            snapshot_path=command.snapshot_path,
            submitted_at=command.submitted_at,
            review_opens_at=command.review_opens_at,
            due_at=command.due_at,
            occurred_at=command.at,
        ),
    )


def waiting(state: Review) -> Waiting:
    """Return the review that can still be judged.

    Raises:
        UnknownReviewError: nobody asked for it.
        AlreadyCompletedError: its judgement is final.
    """
    match state:
        case Waiting():
            return state
        case NotRequested():
            raise UnknownReviewError
        case Judged():
            raise AlreadyCompletedError(review_id=state.judgement.review_id)
        case _:
            assert_never(state)


review = Decider(category="review", decide=decide, evolve=evolve, initial=INITIAL)

"""Taking back a completed judgement, shortly after it was completed.

Invariant: the judgement stays a fact. Whoever takes it back holds the review again, by
a token of its own, with everything they wrote; nothing that happens here depends on
what moderation does with the judgement. Source: moderation.md, "Reviewing".
"""

from datetime import datetime, timedelta

from services.review.domain.claims import has_lapsed
from services.review.domain.commands import RecallJudgement, RestoreJudgement
from services.review.domain.events import Claimed, Completed
from services.review.domain.independence import refuse_dependence
from services.review.domain.naming import is_first
from services.review.domain.recalls import JudgementRestored, Recalled
from services.review.domain.situations import (
    Ended,
    Judged,
    Review,
    Waiting,
)
from services.review.domain.turns import Reopened
from shared.carrying import carry
from shared.errors import NotFoundError, RuleViolatedError


class NotYourJudgementError(NotFoundError):
    """There is no such review among those you completed."""


class RecallTooLateError(RuleViolatedError):
    """A judgement can be taken back only shortly after it was completed."""


class AlreadyRecalledError(RuleViolatedError):
    """This judgement is taken back already: claim the review to judge again."""


class RecallReturnedError(RuleViolatedError):
    """Moderation has returned this judgement: claim the review to judge again."""


class RecallReleasedError(RuleViolatedError):
    """The outcome is released, so the judgement cannot be taken back any more."""


class ToldAtOnceError(RuleViolatedError):
    """A fresh review that is judged again is told as soon as it stands: it is final."""


class RecallClosedError(RuleViolatedError):
    """The participant has withdrawn, so there is nothing to judge again."""


def recall(command: RecallJudgement, state: Review) -> tuple[Recalled | Claimed, ...]:
    """Return the facts of taking back a judgement; empty when it was done before.

    Raises:
        NotYourJudgementError: there is none, or it is somebody else's.
        RecallTooLateError, RecallReturnedError, RecallReleasedError,
        RecallClosedError, ToldAtOnceError: it is final by now.
        NotAReviewerError and the errors of `refuse_dependence`.
    """
    match state:
        case Judged(judgement=judgement):
            _refuse_others(command, judgement.reviewer_id)
            return _recalled(command, state, judgement)
        case Ended(judgement=Completed(reviewer_id=reviewer_id)):
            _refuse_others(command, reviewer_id)
            raise RecallClosedError
        case Waiting(recalled=Completed(reviewer_id=reviewer_id)):
            _refuse_others(command, reviewer_id)
            return _again(command, state)
        case Waiting(returned=Reopened(reviewer_id=reviewer_id)):
            _refuse_others(command, reviewer_id)
            raise RecallReturnedError
        case _:
            raise NotYourJudgementError


def _again(command: RecallJudgement, state: Waiting) -> tuple[Recalled, ...]:
    """Return nothing: it is taken back already, by the claim in force."""
    held = state.claim
    is_held = held is not None and not has_lapsed(held, command.at)
    if held is None or not is_held or held.reviewer_id != command.reviewer_id:
        raise AlreadyRecalledError
    return ()


def may_be_recalled_until(judgement: Completed, *, recall_minutes: int) -> datetime:
    """Return the last instant at which a judgement may be taken back."""
    return judgement.occurred_at + timedelta(minutes=recall_minutes)


def is_told_at_once(state: Judged) -> bool:
    """Tell whether moderation tells a judgement as soon as it stands beside others.

    That is a fresh review that was returned, or set aside for a conflict: what its
    moderators judged blind before is there already.
    """
    portfolio = state.portfolio
    is_judged_again = portfolio.returned is not None or portfolio.was_set_aside
    return is_judged_again and not is_first(portfolio.request.review_id)


def restore(command: RestoreJudgement, state: Review) -> tuple[JudgementRestored, ...]:
    """Return the fact that a judgement stands; empty unless it is taken back now.

    Nobody would see a refusal: it is for the case that a recall and the release of the
    outcome did not hear of each other.
    """
    if not isinstance(state, Waiting) or state.recalled is None:
        return ()
    return (carry(state.recalled, JudgementRestored, occurred_at=command.at),)


def _recalled(
    command: RecallJudgement, state: Judged, judgement: Completed
) -> tuple[Recalled | Claimed, ...]:
    about = state.portfolio.request
    refuse_dependence(about, command.reviewer, command.assessment)
    if about.review_id in command.assessment.released:
        raise RecallReleasedError
    if is_told_at_once(state):
        raise ToldAtOnceError
    until = may_be_recalled_until(judgement, recall_minutes=command.recall_minutes)
    if command.at > until:
        raise RecallTooLateError(until=until.isoformat())
    recalled = carry(
        judgement,
        Recalled,
        reason=command.reason,
        due_at=about.due_at,
        occurred_at=command.at,
    )
    return (recalled, _held_again(command, state.portfolio))


def _held_again(command: RecallJudgement, portfolio: Waiting) -> Claimed:
    return Claimed(
        reviewer_id=command.reviewer_id,
        token=portfolio.next_token,
        lease_minutes=command.lease_minutes,
        lease_ends_at=command.at + timedelta(minutes=command.lease_minutes),
        occurred_at=command.at,
    )


def _refuse_others(command: RecallJudgement, judge_id: str) -> None:
    if judge_id != command.reviewer_id:
        raise NotYourJudgementError

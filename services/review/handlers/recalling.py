"""Taking back a judgement: who may, until when, and what they said about it."""

from dataclasses import dataclass
from datetime import datetime

from services.review.domain.commands import FollowHolds, RecallJudgement
from services.review.domain.decide import UnknownReviewError, review
from services.review.domain.events import Claimed, Completed
from services.review.domain.recalling import is_told_at_once, may_be_recalled_until
from services.review.domain.situations import (
    Ended,
    Judged,
    NotRequested,
    Review,
    Waiting,
)
from services.review.handlers.holding import (
    asking_reviewer,
    assessment_of,
    step,
    stream,
)
from services.review.handlers.sealing import Sealing
from services.review.handlers.words import RecallWords, Shown
from shared.decider import Fact
from shared.handling import Cause, Handled, Handling, Ids, Loader, Step
from shared.programmes import programme_of


@dataclass(frozen=True, slots=True)
class Recalling:
    """The write side of a judgement that is taken back."""

    handling: Handling
    sealing: Sealing

    async def recall(self, shown: Shown, words: RecallWords, cause: Cause) -> Handled:
        """Take back a judgement; the answer tells the token and the end of the lease.

        Raises:
            UnknownReviewError: nobody asked for this review.
            The errors of ``domain.recalling.recall``.
        """
        held: Ids = {}

        async def build(loader: Loader) -> tuple[Step, ...]:
            nonlocal held
            state = await loader.state(review, stream(shown.review_id))
            if isinstance(state, NotRequested):
                raise UnknownReviewError
            held = _held_ids(state)
            about = state.requested
            policy = programme_of(about).policy.review
            known = await assessment_of(loader, shown.review_id)
            command = RecallJudgement(
                reviewer_id=shown.reviewer_id,
                reviewer=await asking_reviewer(loader, shown),
                assessment=known,
                reason=await self.sealing.recall(about.participant_id, words),
                recall_minutes=policy.recall_minutes.value,
                lease_minutes=policy.claim_lease_minutes.value,
                at=shown.at,
            )
            following = FollowHolds(assessment=known, at=shown.at)
            return (step(shown.review_id, command), step(shown.review_id, following))

        def ids(facts: tuple[Fact, ...]) -> Ids:
            taken = [_claim_ids(fact) for fact in facts if isinstance(fact, Claimed)]
            return {"review_id": shown.review_id, **(taken[0] if taken else held)}

        return await self.handling.plan(cause.answer(201, ids), build)


def recallable_until(state: Judged | Ended, judgement: Completed) -> datetime | None:
    """Return the last instant at which its reviewer may take a judgement back.

    None when they may not at any time: it is told at once, or nobody judges any more.
    """
    if isinstance(state, Ended) or is_told_at_once(state):
        return None
    minutes = programme_of(judgement).policy.review.recall_minutes
    return may_be_recalled_until(judgement, recall_minutes=minutes.value)


def _held_ids(state: Review) -> Ids:
    held = state.claim if isinstance(state, Waiting) else None
    if held is None:
        return {}
    return {"token": held.token, "lease_ends_at": held.lease_ends_at.isoformat()}


def _claim_ids(fact: Claimed) -> Ids:
    return {"token": fact.token, "lease_ends_at": fact.lease_ends_at.isoformat()}

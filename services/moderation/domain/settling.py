"""What follows from a decision: it waits for its release, or is told at once.

A fresh review after an appeal is a batch of its own, so it is clear as soon as it is
settled, and told with the decision.
"""

from typing import Literal

from services.moderation.domain.decisions import (
    Decision,
    FeedbackAmended,
    JudgementModerated,
    Overturned,
    Upheld,
)
from services.moderation.domain.events import CaseEvent
from services.moderation.domain.outcomes import OutcomeRevised
from services.moderation.domain.situations import Moderating, Reassessing, Settled
from shared.carrying import carry


def settle(state: Moderating, decision: Decision) -> tuple[CaseEvent, ...]:
    """Return the decision, and after an appeal the outcome that counts now."""
    if state.revises is None:
        return (decision,)
    done = Settled(state, decision)
    return (decision, _revised(done, state.revises), moderation_result(done))


def moderation_result(done: Settled) -> JudgementModerated:
    """Return what its reviewer may know of a settled judgement."""
    judged = done.moderated.judged
    return carry(
        judged,
        JudgementModerated,
        result=_RESULTS[type(done.decision)],
        settled_at=done.decision.occurred_at,
        occurred_at=done.decision.occurred_at,
    )


def _revised(done: Settled, revises: Reassessing) -> OutcomeRevised:
    last = revises.released.last
    return carry(
        last,
        OutcomeRevised,
        outcome=done.outcome,
        feedback=done.feedback,
        took_part=done.took_part,
        replaces=last.outcome,
        appeal_id=revises.wanted.appeal_id,
        occurred_at=done.decision.occurred_at,
    )


_RESULTS: dict[type[Decision], Literal["upheld", "amended", "overturned"]] = {
    Upheld: "upheld",
    FeedbackAmended: "amended",
    Overturned: "overturned",
}

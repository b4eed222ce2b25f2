"""Which private facts of moderation become public, and as what. Pure."""

from typing import Any

from services.moderation.domain.decisions import JudgementModerated, ReturnOrdered
from services.moderation.domain.outcomes import (
    FreshReviewWanted,
    OutcomeReleased,
    OutcomeRevised,
)
from shared.contracts import moderation as public
from shared.contracts.message import Message
from shared.decider import Fact
from shared.eventlog import StoredEvent


def to_public(fact: Fact, _: StoredEvent) -> Message | None:
    """Return the message to publish for *fact*; None keeps it private.

    Outcomes leave, what review is to do, and what a reviewer may know of their own
    work; draws and blind judgements stay here, and reasons leave sealed.
    """
    match fact:
        case OutcomeReleased():
            return public.OutcomeReleased(**_outcome(fact))
        case OutcomeRevised(replaces=replaces):
            return public.OutcomeRevised(**_outcome(fact), replaces=replaces)
        case FreshReviewWanted() | ReturnOrdered() | JudgementModerated():
            return _about_a_review(fact)
        case _:
            return None


def _outcome(fact: OutcomeReleased | OutcomeRevised) -> dict[str, Any]:
    told = dict(fact)
    names = public.OutcomeReleased.model_fields.keys() & told.keys() - {"type"}
    return {name: told[name] for name in names} | {"released_at": fact.occurred_at}


def _about_a_review(
    fact: FreshReviewWanted | ReturnOrdered | JudgementModerated,
) -> Message:
    match fact:
        case FreshReviewWanted():
            return public.ReviewWanted(
                case_id=fact.case_id,
                attempt=fact.attempt,
                number=fact.number,
                excluded=fact.excluded,
            )
        case ReturnOrdered():
            return public.ReturnOrdered(
                case_id=fact.case_id,
                attempt=fact.attempt,
                review_id=fact.review_id,
                reviewer_id=fact.reviewer_id,
                reason=fact.reason,
            )
        case JudgementModerated():
            return public.JudgementModerated(
                case_id=fact.case_id,
                review_id=fact.review_id,
                reviewer_id=fact.reviewer_id,
                result=fact.result,
                settled_at=fact.settled_at,
            )

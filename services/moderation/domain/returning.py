"""A judgement that goes back to its reviewer."""

from services.moderation.domain.commands import OrderReturn
from services.moderation.domain.decisions import JudgementModerated, ReturnOrdered
from services.moderation.domain.events import CaseEvent
from services.moderation.domain.situations import Moderating


def returned(command: OrderReturn, state: Moderating) -> tuple[CaseEvent, ...]:
    """Return the order, and what the reviewer may know at once: they have to act."""
    judged = state.judged
    ordered = ReturnOrdered(
        case_id=judged.case_id,
        attempt=judged.attempt,
        review_id=judged.review_id,
        reviewer_id=judged.reviewer_id,
        decided_by=command.by.person_id,
        reason=command.reason,
        occurred_at=command.at,
    )
    told = JudgementModerated(
        case_id=judged.case_id,
        review_id=judged.review_id,
        reviewer_id=judged.reviewer_id,
        result="returned",
        settled_at=command.at,
        occurred_at=command.at,
    )
    return (ordered, told)

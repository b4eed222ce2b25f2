"""A judgement that goes back to its reviewer."""

from services.moderation.domain.commands import OrderReturn
from services.moderation.domain.decisions import JudgementModerated, ReturnOrdered
from services.moderation.domain.events import CaseEvent
from services.moderation.domain.situations import Moderating
from shared.carrying import carry


def returned(command: OrderReturn, state: Moderating) -> tuple[CaseEvent, ...]:
    """Return the order, and what the reviewer may know at once: they have to act."""
    judged = state.judged
    ordered = carry(
        judged,
        ReturnOrdered,
        token=judged.token or None,
        decided_by=command.by.person_id,
        reason=command.reason,
        due_at=command.due_at,
        other_work=command.other_work,
        other_work_reason=command.other_work_reason,
        occurred_at=command.at,
    )
    told = carry(
        judged,
        JudgementModerated,
        result="returned",
        settled_at=command.at,
        occurred_at=command.at,
    )
    return (ordered, told)

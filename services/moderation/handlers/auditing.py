"""A case as an auditor sees it: every mark and decision, and nobody's words.

Whoever moderates too never sees a case like this: it would end their blindness.
"""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from services.moderation.domain.situations import (
    Case,
    Moderating,
    is_told,
    moderated,
    settled,
)
from services.moderation.handlers.opening import NotYoursError
from services.moderation.handlers.views import Marks
from shared.vocabulary import Outcome


class AuditedCase(BaseModel):
    """A drawn case: who judged it how, who decided what; rationale and feedback sealed.

    None where nothing is held, due or decided.
    """

    state: Literal["audited"] = "audited"
    case_id: str
    attempt: int
    cohort_id: str
    programme: str
    snapshot_sha256: str
    stage: Literal["first", "second", "lead", "returned"]
    holder_id: str | None
    due_at: datetime | None
    reviewer_id: str
    reviewer: Marks
    moderators: dict[str, Marks]
    outcome: Outcome | None
    decided_by: str | None
    is_released: bool


def audited_case(state: Case) -> AuditedCase:
    """Return the case without any words.

    Raises:
        NotYoursError: it was not drawn.
    """
    last = moderated(state)
    if last is None:
        raise NotYoursError
    judged, done = last.judged, settled(state)
    return AuditedCase(
        case_id=judged.case_id,
        attempt=judged.attempt,
        cohort_id=judged.cohort_id,
        programme=judged.programme,
        snapshot_sha256=judged.snapshot_sha256,
        stage=last.stage,
        holder_id=last.hold.moderator_id if last.hold else None,
        due_at=last.due_at,
        reviewer_id=judged.reviewer_id,
        reviewer=Marks(levels=judged.levels, outcome=judged.outcome),
        moderators=_marks(last),
        outcome=done.outcome if done else None,
        decided_by=done.decision.decided_by if done else None,
        is_released=is_told(state),
    )


def _marks(last: Moderating) -> dict[str, Marks]:
    return {each.moderator_id: Marks.of_moderator(each, None) for each in last.blind}

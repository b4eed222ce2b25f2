"""Names of the personal fields that moderation seals."""

from typing import Final

RATIONALE_FIELD: Final = "judgement.moderator_rationale"
REASON_FIELD: Final = "judgement.decision_reason"
OTHER_WORK_FIELD: Final = "judgement.other_work_reason"
RETURN_FIELD: Final = "judgement.return_reason"
"""What review opens for the reviewer who is to judge again."""
LATE_FIELD: Final = "judgement.late_plan_reason"
STANDING_FIELD: Final = "judgement.standing_reason"
RECHECK_FIELD: Final = "judgement.recheck_reason"
SEED_PERMISSION_FIELD: Final = "judgement.seed_permission"
SEED_RATIONALE_FIELD: Final = "judgement.seed_rationale"
QUALIFICATION_FIELD: Final = "judgement.qualification_reason"
SEED_RETIREMENT_FIELD: Final = "judgement.seed_retirement"

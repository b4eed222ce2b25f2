"""Ready-made facts and commands of review; a test says only what it is about."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from services.review.domain.allocation.commands import Holder
from services.review.domain.assessment.evolve import Assessment
from services.review.domain.commands import (
    ClaimReview,
    CompleteReview,
    DraftFeedback,
    ExtendClaim,
    HeldCommand,
    JudgeCriterion,
    ReleaseClaim,
    RequestReview,
)
from services.review.domain.events import (
    Claimed,
    ClaimExtended,
    ClaimLapsed,
    ClaimReleased,
    Completed,
    CriterionJudged,
    FeedbackDrafted,
    Modification,
    Requested,
)
from services.review.domain.reviewer.evolve import Registered, Reviewer
from services.review.domain.turns import (
    Allocated,
    ClaimEnded,
    Closed,
    FellOverdue,
    OpeningKept,
    OpeningMoved,
    Reopened,
)
from shared.contracts.portfolio import Passage
from shared.personal import Personal
from shared.vocabulary import CriterionKey

SUBMITTED_AT = datetime(2026, 3, 30, 14, tzinfo=UTC)
OPENS_AT = datetime(2026, 3, 31, 23, tzinfo=UTC)
DUE_AT = datetime(2026, 4, 30, 23, tzinfo=UTC)
AT = datetime(2026, 4, 2, 9, tzinfo=UTC)
LEASE = timedelta(minutes=60)
LEASE_ENDS_AT = AT + LEASE
SNAPSHOT = "a" * 64

Write: TypeAlias = Callable[..., HeldCommand]

NOTHING_ELSE = Assessment()
"""A case about which nothing is known but the review at hand."""
RITA = Registered("rita", "south-college")
SAM = Registered("sam", "west-college")


def sealed(text: str) -> Personal[str]:
    """Return an envelope; tests of rules never open one."""
    return Personal[str](subject="ana", key="k", nonce="n", ciphertext=text)


PASSAGE = Passage(snapshot_sha256=SNAPSHOT, section="introduction", start=10, end=90)
MODIFICATION = Modification(
    section="introduction", standard="8", text=sealed("modification")
)

_REQUEST: dict[str, Any] = {
    "review_id": "case-1.1.1",
    "case_id": "case-1",
    "cohort_id": "ats-2025-10",
    "attempt": 1,
    "participant_id": "ana",
    "participant_organisation_id": "north-college",
    "mentor_id": "ben",
    "programme": "ATS",
    "programme_version": "2025.1",
    "policy_version": "2025.1",
    "template": "workbook",
    "role_context": "developmental",
    "adjusted": False,
    "fairness": {"setting": "college"},
    "snapshot_sha256": SNAPSHOT,
    "snapshot_path": "ana/3",
    "submitted_at": SUBMITTED_AT,
    "review_opens_at": OPENS_AT,
    "due_at": DUE_AT,
    "second_attempt_by": "another-reviewer",
}


def request(**changes: Any) -> RequestReview:
    return RequestReview(**_REQUEST | {"at": SUBMITTED_AT} | changes)


def requested(**changes: Any) -> Requested:
    return Requested(**_REQUEST | {"occurred_at": SUBMITTED_AT} | changes)


def claim(
    by: Registered = RITA,
    at: datetime = AT,
    *,
    assessment: Assessment = NOTHING_ELSE,
    kept_for: Reviewer | None = None,
) -> ClaimReview:
    return ClaimReview(
        reviewer_id=by.reviewer_id,
        reviewer=by,
        assessment=assessment,
        kept_for=kept_for,
        lease_minutes=60,
        at=at,
    )


def allocated(
    by: str = "rita", at: datetime = AT, due_at: datetime = DUE_AT
) -> Allocated:
    return Allocated(
        review_id="case-1.1.1",
        case_id="case-1",
        reviewer_id=by,
        due_at=due_at,
        occurred_at=at,
    )


def claimed(by: str = "rita", token: int = 1, at: datetime = AT) -> Claimed:
    return Claimed(
        reviewer_id=by,
        token=token,
        lease_minutes=60,
        lease_ends_at=at + LEASE,
        occurred_at=at,
    )


def extended(at: datetime, token: int = 1) -> ClaimExtended:
    return ClaimExtended(token=token, lease_ends_at=at + LEASE, occurred_at=at)


def lapsed(
    by: str = "rita", token: int = 1, at: datetime = LEASE_ENDS_AT
) -> ClaimLapsed:
    return ClaimLapsed(reviewer_id=by, token=token, occurred_at=at)


def released(by: str = "rita", token: int = 1, at: datetime = AT) -> ClaimReleased:
    return ClaimReleased(reviewer_id=by, token=token, occurred_at=at)


def holder(
    by: Registered = RITA,
    token: int | None = 1,
    assessment: Assessment = NOTHING_ELSE,
) -> Holder:
    return Holder(
        reviewer_id=by.reviewer_id, reviewer=by, assessment=assessment, token=token
    )


def claim_ended(because: str, by: str = "rita", token: int = 1) -> ClaimEnded:
    values = {"reviewer_id": by, "token": token, "because": because}
    return ClaimEnded.model_validate({**values, "occurred_at": AT})


CLOSED = Closed(occurred_at=AT)
LATER_OPENING = OPENS_AT + timedelta(days=14)
LATER_DUE = DUE_AT + timedelta(days=14)
MOVED = OpeningMoved(review_opens_at=LATER_OPENING, due_at=LATER_DUE, occurred_at=AT)
KEPT = OpeningKept(announced=LATER_OPENING, occurred_at=AT)


def reopened(by: str = "rita") -> Reopened:
    return Reopened(
        reviewer_id=by, reason=sealed("reason"), due_at=LATER_DUE, occurred_at=AT
    )


def overdue(by: str | None = "rita") -> FellOverdue:
    return FellOverdue(
        review_id="case-1.1.1",
        case_id="case-1",
        reviewer_id=by,
        due_at=DUE_AT,
        occurred_at=DUE_AT,
    )


def extend(by: Holder | None = None, at: datetime = AT) -> ExtendClaim:
    return ExtendClaim(by=by or holder(), at=at)


def release(by: Holder | None = None, at: datetime = AT) -> ReleaseClaim:
    return ReleaseClaim(by=by or holder(), at=at)


def judge(**changes: Any) -> JudgeCriterion:
    asked: dict[str, Any] = {
        "by": holder(),
        "criterion": "authenticity",
        "level": 3,
        "rationale": sealed("rationale"),
        "evidence": (PASSAGE,),
        "modifications": (),
        "at": AT,
    }
    return JudgeCriterion(**asked | changes)


def judged(**changes: Any) -> CriterionJudged:
    happened: dict[str, Any] = {
        "reviewer_id": "rita",
        "token": 1,
        "criterion": "authenticity",
        "level": 3,
        "rationale": sealed("rationale"),
        "evidence": (PASSAGE,),
        "modifications": (),
        "occurred_at": AT,
    }
    return CriterionJudged(**happened | changes)


def all_judged(
    authenticity: int = 3, sufficiency: int = 3, reliability: int = 3, **changes: Any
) -> tuple[CriterionJudged, ...]:
    levels: dict[CriterionKey, int] = {
        "authenticity": authenticity,
        "sufficiency": sufficiency,
        "reliability": reliability,
    }
    return tuple(
        judged(
            criterion=criterion,
            level=level,
            modifications=(MODIFICATION,) if level < 3 else (),
            **changes,
        )
        for criterion, level in levels.items()
    )


def draft(by: Holder | None = None, at: datetime = AT) -> DraftFeedback:
    return DraftFeedback(by=by or holder(), text=sealed("draft"), at=at)


def drafted(by: str = "rita", token: int = 1, at: datetime = AT) -> FeedbackDrafted:
    return FeedbackDrafted(
        reviewer_id=by, token=token, text=sealed("draft"), occurred_at=at
    )


def complete(**changes: Any) -> CompleteReview:
    asked: dict[str, Any] = {
        "by": holder(),
        "borderline": False,
        "feedback": sealed("feedback"),
        "at": AT,
    }
    return CompleteReview(**asked | changes)


def completed(**changes: Any) -> Completed:
    left_out = {
        "template",
        "submitted_at",
        "review_opens_at",
        "due_at",
        "second_attempt_by",
    }
    happened: dict[str, Any] = {
        **{key: value for key, value in _REQUEST.items() if key not in left_out},
        "reviewer_id": "rita",
        "token": 1,
        "levels": {"authenticity": 3, "sufficiency": 3, "reliability": 3},
        "outcome": "CM",
        "borderline": False,
        "feedback": sealed("feedback"),
        "period_from": OPENS_AT,
        "period_until": DUE_AT,
        "occurred_at": AT,
    }
    return Completed(**happened | changes)

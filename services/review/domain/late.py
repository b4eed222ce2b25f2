"""What is recorded of a conflict that comes to light late."""

from typing import Literal, TypeAlias

from pydantic import AwareDatetime

from shared.decider import Fact
from shared.personal import Personal
from shared.vocabulary import Attempt, CaseId, CohortId, PersonId

WhichConflict: TypeAlias = Literal["declared", "organisation", "mentor"]
"""What the conflict is: declared, the same employer, or support as a mentor."""


ConflictDecision: TypeAlias = Literal["fresh_review", "stands"]
"""The portfolio is judged afresh, or the outcome stands."""


class JudgementSetAside(Fact):
    """The judgement stays a fact and does not stand: somebody else judges."""

    type: Literal["review.JudgementSetAside"] = "review.JudgementSetAside"
    review_id: str
    case_id: CaseId
    attempt: Attempt
    reviewer_id: PersonId
    """Whose judgement it is."""
    token: int
    """Of the claim under which it was made."""
    because: WhichConflict
    due_at: AwareDatetime


class ConflictFound(Fact):
    """Somebody has, or had, a part in a review who may not judge it: for the lead."""

    type: Literal["review.ConflictFound"] = "review.ConflictFound"
    review_id: str
    case_id: CaseId
    cohort_id: CohortId
    attempt: Attempt
    reviewer_id: PersonId
    because: WhichConflict
    when: Literal["claimed", "judged", "released"]
    """What there was of theirs: drafts, a judgement, or an outcome that was told."""


class ConflictDecided(Fact):
    """The lead decided what follows from a conflict that was told after the release."""

    type: Literal["review.ConflictDecided"] = "review.ConflictDecided"
    review_id: str
    case_id: CaseId
    attempt: Attempt
    decision: ConflictDecision
    reason: Personal[str]
    decided_by: PersonId


LateEvent: TypeAlias = JudgementSetAside | ConflictFound | ConflictDecided

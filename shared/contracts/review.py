"""What review tells the others."""

from typing import Annotated, Literal, TypeAlias

from pydantic import AwareDatetime, Field

from shared.contracts.message import CaseMessage
from shared.personal import Personal
from shared.vocabulary import (
    Attempt,
    CohortId,
    CriterionKey,
    Level,
    OrganisationId,
    Outcome,
    PersonId,
    Sha256,
)


class Allocated(CaseMessage):
    """A reviewer holds a review and is expected to judge it."""

    type: Literal["review.Allocated.v1"] = "review.Allocated.v1"
    review_id: str
    reviewer_id: PersonId
    due_at: AwareDatetime


class Overdue(CaseMessage):
    """A review that somebody holds was not judged in time."""

    type: Literal["review.Overdue.v1"] = "review.Overdue.v1"
    review_id: str
    reviewer_id: PersonId
    due_at: AwareDatetime


class Completed(CaseMessage):
    """A reviewer has judged a portfolio. Levels are in clear, words are sealed."""

    type: Literal["review.Completed.v1"] = "review.Completed.v1"
    review_id: str
    cohort_id: CohortId
    attempt: Attempt
    participant_id: PersonId
    participant_organisation_id: OrganisationId
    mentor_id: PersonId | None
    reviewer_id: PersonId
    programme: str
    programme_version: str
    policy_version: str
    role_context: str | None
    adjusted: bool
    fairness: dict[str, str] = Field(default_factory=dict)
    snapshot_sha256: Sha256
    snapshot_path: str
    levels: dict[CriterionKey, Level]
    outcome: Outcome
    borderline: bool
    feedback: Personal[str]
    """What the participant may read, as structured text; sealed for the participant."""
    completed_at: AwareDatetime
    period_from: AwareDatetime | None = None
    """When the month of review and moderation began, and its end if nothing stopped
    the clock. Source: S2 4.4."""
    period_until: AwareDatetime | None = None
    token: int = 0
    """Number of the claim it was made under: of two judgements of one review the later
    has the larger. 0 in messages from before it was told."""
    follows_recall: bool = False
    """The same review was judged before, and that judgement taken back."""
    conflict_overridden: bool = False
    """The reviewer had declared a conflict, and the lead let them judge."""


class Recalled(CaseMessage):
    """A judgement does not stand: taken back or set aside, it is judged again."""

    type: Literal["review.Recalled.v1"] = "review.Recalled.v1"
    review_id: str
    attempt: Attempt
    reviewer_id: PersonId
    token: int
    """As the judgement told it that was taken back."""
    due_at: AwareDatetime
    """When it is to be judged again."""
    recalled_at: AwareDatetime
    because: Literal["recalled", "conflict"] = "recalled"
    """Its reviewer took it back, or it was set aside for a conflict of theirs."""


class ConflictFound(CaseMessage):
    """Somebody has, or had, a part in a review who may not judge it: for the lead."""

    type: Literal["review.ConflictFound.v1"] = "review.ConflictFound.v1"
    review_id: str
    cohort_id: CohortId
    attempt: Attempt
    because: Literal["declared", "organisation", "mentor"]
    """What the conflict is: declared, the same employer, or support as a mentor."""
    when: Literal["claimed", "judged", "released"]
    """What there was of theirs: drafts, a judgement, or an outcome that was told."""


class FreshReviewAsked(CaseMessage):
    """Who judged had a conflict, as was told after the release: judge it afresh."""

    type: Literal["review.FreshReviewAsked.v1"] = "review.FreshReviewAsked.v1"
    review_id: str
    attempt: Attempt


ReviewMessage: TypeAlias = Annotated[
    Allocated | Overdue | Completed | Recalled | ConflictFound | FreshReviewAsked,
    Field(discriminator="type"),
]

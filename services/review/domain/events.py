"""What can happen to a review, and the union of every fact this service owns."""

import operator
from typing import Annotated, Literal, TypeAlias

from pydantic import AwareDatetime, Field

from services.review.domain.application.events import ApplicationEvent
from services.review.domain.assessment.events import AssessmentEvent
from services.review.domain.late import LateEvent
from services.review.domain.recalls import RecallEvent
from services.review.domain.reviewer.events import ReviewerEvent
from services.review.domain.turns import TurnEvent
from shared.contracts.portfolio import EvidenceReference, SectionKey
from shared.decider import Fact, Value
from shared.personal import Personal
from shared.vocabulary import (
    Attempt,
    CaseId,
    CohortId,
    CriterionKey,
    Level,
    OrganisationId,
    Outcome,
    PersonId,
    Sha256,
)

FencingToken: TypeAlias = int
"""Number of a claim; a larger one is always the later claim."""


SecondAttemptBy: TypeAlias = Literal["another-reviewer", "any-reviewer"]
"""Whether whoever judged the first attempt may judge the second."""


class Modification(Value):
    """What has to change before the criterion is met."""

    section: SectionKey
    standard: str
    """Number of the professional standard, for example ``18``."""
    text: Personal[str]


class Requested(Fact):
    """A portfolio waits to be judged."""

    type: Literal["review.Requested"] = "review.Requested"
    review_id: str
    case_id: CaseId
    cohort_id: CohortId
    attempt: Attempt
    participant_id: PersonId
    participant_organisation_id: OrganisationId
    mentor_id: PersonId | None
    programme: str
    programme_version: str
    policy_version: str
    template: str
    role_context: str | None
    adjusted: bool
    fairness: dict[str, str]
    """Coarse attributes with closed values; never shown to those who judge."""
    snapshot_sha256: Sha256
    snapshot_path: str
    excluded: tuple[PersonId, ...] = ()
    """Who took part before and may not judge; only of a fresh review."""
    only_by: PersonId | None = Field(default=None, exclude_if=operator.not_)
    """Who alone may claim it; None when anybody may."""
    although_paused: bool = Field(default=False, exclude_if=operator.not_)
    """They may judge it while they are given nothing else."""
    second_attempt_by: SecondAttemptBy
    """The policy on who judges a second attempt."""
    submitted_at: AwareDatetime
    review_opens_at: AwareDatetime
    due_at: AwareDatetime
    """End of the review period. Source: S2 4.4."""


class Claimed(Fact):
    """A reviewer holds the review until the lease ends."""

    type: Literal["review.Claimed"] = "review.Claimed"
    reviewer_id: PersonId
    token: FencingToken
    lease_minutes: int
    """Length of the lease, and of every extension by activity."""
    lease_ends_at: AwareDatetime


class ClaimExtended(Fact):
    """The holder was active, so the lease ends later."""

    type: Literal["review.ClaimExtended"] = "review.ClaimExtended"
    token: FencingToken
    lease_ends_at: AwareDatetime


class ClaimReleased(Fact):
    """The holder gave the review back."""

    type: Literal["review.ClaimReleased"] = "review.ClaimReleased"
    reviewer_id: PersonId
    token: FencingToken


class ClaimLapsed(Fact):
    """The lease ended without activity; the review is free, the drafts are kept."""

    type: Literal["review.ClaimLapsed"] = "review.ClaimLapsed"
    reviewer_id: PersonId
    token: FencingToken


class CriterionJudged(Fact):
    """The holder judged a criterion; the last judgement of each reviewer counts."""

    type: Literal["review.CriterionJudged"] = "review.CriterionJudged"
    reviewer_id: PersonId
    token: FencingToken
    criterion: CriterionKey
    level: Level
    rationale: Personal[str]
    evidence: tuple[EvidenceReference, ...]
    modifications: tuple[Modification, ...]


class FeedbackDrafted(Fact):
    """The holder wrote what the participant is to read; the last draft counts."""

    type: Literal["review.FeedbackDrafted"] = "review.FeedbackDrafted"
    reviewer_id: PersonId
    token: FencingToken
    text: Personal[str]
    """An overall text and a comment on each criterion, as JSON."""


class Completed(Fact):
    """The judgement is final: levels, outcome by rule, feedback."""

    type: Literal["review.Completed"] = "review.Completed"
    review_id: str
    case_id: CaseId
    cohort_id: CohortId
    attempt: Attempt
    participant_id: PersonId
    participant_organisation_id: OrganisationId
    mentor_id: PersonId | None
    programme: str
    programme_version: str
    policy_version: str
    role_context: str | None
    adjusted: bool
    fairness: dict[str, str]
    snapshot_sha256: Sha256
    snapshot_path: str
    reviewer_id: PersonId
    token: FencingToken
    levels: dict[CriterionKey, Level]
    outcome: Outcome
    borderline: bool
    feedback: Personal[str]
    """What the participant may read: `shared.contracts.feedback.Feedback`."""
    period_from: AwareDatetime | None = None
    """When its month began, and ended if nothing stopped the clock. Source: S2 4.4."""
    period_until: AwareDatetime | None = None
    follows_recall: bool = False
    """The reviewer, or somebody before them, took back a judgement of this review."""
    conflict_overridden: bool = Field(default=False, exclude_if=operator.not_)
    """The reviewer had declared a conflict, and the lead let them judge."""


ReviewEvent: TypeAlias = (
    Requested
    | Claimed
    | ClaimExtended
    | ClaimReleased
    | ClaimLapsed
    | CriterionJudged
    | FeedbackDrafted
    | Completed
    | RecallEvent
    | TurnEvent
    | LateEvent
)

ReviewFact: TypeAlias = Annotated[
    ReviewEvent | ReviewerEvent | AssessmentEvent | ApplicationEvent,
    Field(discriminator="type"),
]
"""Every fact this service owns: the registry its codec reads."""

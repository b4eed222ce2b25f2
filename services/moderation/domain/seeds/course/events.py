"""What can happen to a case that is a seed."""

import operator
from typing import Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.decider import Fact, Value
from shared.vocabulary import (
    Attempt,
    CaseId,
    CohortId,
    CriterionKey,
    Level,
    OrganisationId,
    PersonId,
    Sha256,
)


class Portfolio(Value):
    """What review needs to have it judged like any other."""

    cohort_id: CohortId
    participant_id: PersonId
    participant_organisation_id: OrganisationId
    mentor_id: PersonId | None
    programme: str
    programme_version: str
    policy_version: str
    template: str
    role_context: str | None
    snapshot_sha256: Sha256
    snapshot_path: str
    beside: str
    """The review of the reviewer that it comes in like."""
    apart_microseconds: int
    review_opens_at: AwareDatetime
    due_at: AwareDatetime
    only_by: PersonId
    although_paused: bool = False


class SeedEntered(Fact):
    """The seed is a case of its own from here on, to be judged by this reviewer."""

    type: Literal["moderation.SeedEntered"] = "moderation.SeedEntered"
    case_id: CaseId
    attempt: Attempt = 1
    number: int = 1
    seed_id: str
    excluded: tuple[PersonId, ...]
    portfolio: Portfolio
    qualifies: bool = Field(default=False, exclude_if=operator.not_)
    """It is part of a course, and its reviewer knows; it moves no chart."""


class SeedAnswered(Fact):
    """Somebody judged the case; it counts once it cannot be taken back any more."""

    type: Literal["moderation.SeedAnswered"] = "moderation.SeedAnswered"
    judgement_id: UUID
    case_id: CaseId
    reviewer_id: PersonId
    """Somebody else than it was for, where they handed it over: it does not count."""
    token: int
    levels: dict[CriterionKey, Level]
    final_at: AwareDatetime
    """Until then it may be taken back."""


class SeedTakenBack(Fact):
    """The reviewer took back their judgement of the case, and judges it again."""

    type: Literal["moderation.SeedTakenBack"] = "moderation.SeedTakenBack"
    case_id: CaseId
    token: int


CourseEvent: TypeAlias = SeedEntered | SeedAnswered | SeedTakenBack

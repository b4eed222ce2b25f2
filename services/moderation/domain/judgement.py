"""Values that moderation's facts share: a judged case, and what a moderator cites."""

import operator
from typing import TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contracts.portfolio import EvidenceReference
from shared.decider import Value
from shared.holds import Period
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


class JudgedCase(Value):
    """A completed review, as the reviewer's service told it."""

    judgement_id: UUID
    """Id of the event ``review.Completed``; the draw is by this id."""
    review_id: str
    case_id: CaseId
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
    fairness: dict[str, str]
    """Coarse attributes, for reports; never shown to those who judge."""
    snapshot_sha256: Sha256
    snapshot_path: str
    levels: dict[CriterionKey, Level]
    outcome: Outcome
    borderline: bool
    feedback: Personal[str]
    completed_at: AwareDatetime
    period_from: AwareDatetime | None = None
    """When its month began; None in facts from before months were told."""
    period_until: AwareDatetime | None = None
    token: int = 0
    """Of two judgements of one review the later has the larger; 0 when not told."""
    conflict_overridden: bool = Field(default=False, exclude_if=operator.not_)
    """The lead let the reviewer judge despite a conflict they had declared."""

    @property
    def period(self) -> Period | None:
        """The month in which it is judged and moderated. Source: S2 4.4."""
        if self.period_from is None or self.period_until is None:
            return None
        return Period(self.period_from, self.period_until)


Evidence: TypeAlias = dict[CriterionKey, tuple[EvidenceReference, ...]]


class Visibility(Value):
    """What the second marker could see: exactly this, and nothing else."""

    snapshot_sha256: Sha256
    fields: tuple[str, ...]
    """Names of the fields that any answer to a moderator held before recording."""

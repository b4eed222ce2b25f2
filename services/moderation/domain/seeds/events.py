"""What can happen to the pool of seeds of a programme."""

import operator
from typing import Literal, TypeAlias

from pydantic import Field

from services.moderation.domain.seeds.marking import Definitive
from shared.decider import Fact
from shared.personal import Personal
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

RetiredBecause: TypeAlias = Literal["lead", "seen_too_often", "erased"]
"""A person said so, too many reviewers know it, or there is nothing left to read."""


class SeedMade(Fact):
    """The lead chose a decided case, and three people who judge it anew."""

    type: Literal["moderation.SeedMade"] = "moderation.SeedMade"
    seed_id: str
    case_id: CaseId
    """Whose portfolio it is; no reviewer ever sees this id with it."""
    attempt: Attempt
    cohort_id: CohortId
    participant_id: PersonId
    participant_organisation_id: OrganisationId
    mentor_id: PersonId | None
    template: str
    role_context: str | None
    snapshot_sha256: Sha256
    snapshot_path: str
    took_part: tuple[PersonId, ...]
    """Everyone who judged it: it is never put before them."""
    panel: tuple[PersonId, PersonId, PersonId]
    permission: Personal[str]
    """On what ground the portfolio may be used; under the participant's key."""
    made_by: PersonId


class SeedMarked(Fact):
    """One of the panel judged the seed, seeing nobody else's marks."""

    type: Literal["moderation.SeedMarked"] = "moderation.SeedMarked"
    seed_id: str
    marked_by: PersonId
    levels: dict[CriterionKey, Level]
    rationale: Personal[str]
    """JSON object: criterion to text; under the participant's key."""


class SeedDefined(Fact):
    """All three have judged: the seed has definitive marks and may be used."""

    type: Literal["moderation.SeedDefined"] = "moderation.SeedDefined"
    seed_id: str
    definitive: Definitive


class SeedShown(Fact):
    """The seed was put before a reviewer: it never is again."""

    type: Literal["moderation.SeedShown"] = "moderation.SeedShown"
    seed_id: str
    reviewer_id: PersonId
    cohort_id: CohortId
    case_id: CaseId
    """The id under which they see it."""


class SeedRetired(Fact):
    """The seed is not used any more; what was judged of it stays."""

    type: Literal["moderation.SeedRetired"] = "moderation.SeedRetired"
    seed_id: str
    because: RetiredBecause
    seen_by: int = Field(ge=0)
    """How many reviewers it was put before."""
    retired_by: PersonId | None = Field(default=None, exclude_if=operator.not_)
    reason: Personal[str] | None = Field(default=None, exclude_if=operator.not_)
    """Why, when a person retired it; under that person's key."""


class SeedRefused(Fact):
    """Somebody tried to make a seed that the rules forbid."""

    type: Literal["moderation.SeedRefused"] = "moderation.SeedRefused"
    case_id: CaseId
    attempt: Attempt
    refusal: str
    """Stable name of the refusal, for example ``AlreadyASeed``."""
    by: PersonId


SeedEvent: TypeAlias = (
    SeedMade | SeedMarked | SeedDefined | SeedShown | SeedRetired | SeedRefused
)

"""What the draw of a reviewer holds of seeds: placed, withheld, judged."""

import operator
from typing import Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.moderation.domain.detection import Scores
from shared.decider import Fact
from shared.vocabulary import CaseId, Sha256

Withheld: TypeAlias = Literal["open", "late", "none_left", "employer_unknown"]
"""One is not judged yet; the month is over; nothing of the pool may be put before them;
nobody told for whom they work, so nothing is known to be independent of them."""


class SeedPlaced(Fact):
    """The ticket said that a seed follows this judgement, and this is the one."""

    type: Literal["moderation.SeedPlaced"] = "moderation.SeedPlaced"
    after: UUID
    """The judgement that it follows; it has no number among them."""
    ticket: Sha256
    candidates: tuple[str, ...] = Field(min_length=1)
    """Every seed that might have been put before this reviewer, by id."""
    seed_id: str
    case_id: CaseId
    due_at: AwareDatetime


class SeedWithheld(Fact):
    """The ticket said that a seed follows this judgement, and none could."""

    type: Literal["moderation.SeedWithheld"] = "moderation.SeedWithheld"
    after: UUID
    ticket: Sha256
    because: Withheld


class SeedJudged(Fact):
    """How a judgement of a seed lies against its definitive marks."""

    type: Literal["moderation.SeedJudged"] = "moderation.SeedJudged"
    judgement_id: UUID
    case_id: CaseId
    seed_id: str
    level_difference: int
    """Reviewer minus definitive marks, signed and summed over the criteria."""
    absolute_difference: int = Field(ge=0)
    """The same without signs."""
    overturned: bool
    """Another outcome, out of tolerance."""
    in_tolerance: bool
    """No criterion is further off than the panel was apart."""
    scores: Scores | None
    """Where the reviewer's charts stand after it; None where a plan has none."""
    precedes_probation: bool = Field(default=False, exclude_if=operator.not_)
    """Judged before the reviewer's charts began anew: it moves none of them, and is in
    no alarm."""


SeedDrawEvent: TypeAlias = SeedPlaced | SeedWithheld | SeedJudged

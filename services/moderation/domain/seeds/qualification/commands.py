"""What can be asked while somebody qualifies on seeds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from services.moderation.domain.drawing import Sampler
from services.moderation.domain.seeds.qualification.events import WhyBegun
from shared.contracts.programme import QualificationRules
from shared.personal import Personal
from shared.vocabulary import CriterionKey, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginQualification:
    """As the lead: let somebody qualify."""

    cohort_id: str
    reviewer_id: str
    because: WhyBegun | None
    """None when they neither are paused nor new."""
    rules: QualificationRules
    left: int
    """Seeds that may be put before them."""
    by: str
    is_by_lead: bool
    """What facts say of who asks."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceQualificationSeeds:
    """Put the next set before them, if one is to come."""

    candidates: tuple[str, ...]
    """Seeds that may be put before them."""
    sampler: Sampler
    is_paused: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeQualificationSeed:
    """Know what their judgement of a seed shows."""

    judgement_id: UUID
    case_id: str
    levels: Mapping[CriterionKey, Level]
    in_tolerance: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EndQualification:
    """As the lead: end the course without a result."""

    cohort_id: str
    reviewer_id: str
    reason: Personal[str]
    by: str
    is_by_lead: bool
    at: datetime


QualificationCommand: TypeAlias = (
    BeginQualification
    | PlaceQualificationSeeds
    | JudgeQualificationSeed
    | EndQualification
)

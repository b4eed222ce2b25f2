"""What the draw of one reviewer in one cohort can be asked."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from services.moderation.domain.inclusion import Sampler
from services.moderation.domain.judgement import JudgedCase
from shared.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveJudgement:
    """Take in a completed review, and draw it when there is a sampler."""

    judged: JudgedCase
    sampler: Sampler | None
    """None until the plan is published and the randomness fixed."""
    is_follow_up: bool = False
    """It was returned or is a fresh review: moderated anyway, no part of the sample."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawWaiting:
    """Draw everything that waited for the plan or the randomness."""

    sampler: Sampler
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WidenSample:
    """Raise the probability of this reviewer's other work, judged and to come."""

    to_ppm: int
    because_of_case_id: str
    reason: Personal[str]
    sampler: Sampler
    released: frozenset[UUID]
    """Judgements whose outcome is released: they are not drawn again."""
    by: str
    at: datetime


DrawCommand: TypeAlias = ReceiveJudgement | DrawWaiting | WidenSample

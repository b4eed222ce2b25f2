"""What can be told of a case that is a seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from services.moderation.domain.seeds.course.events import Portfolio
from shared.vocabulary import CriterionKey, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterSeed:
    """Have a seed judged by this reviewer, under a case id of its own."""

    case_id: str
    seed_id: str
    excluded: tuple[str, ...]
    portfolio: Portfolio
    qualifies: bool = False
    """It is part of a course by which they qualify."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSeed:
    """Know how somebody judged it."""

    judgement_id: UUID
    case_id: str
    reviewer_id: str
    token: int
    levels: Mapping[CriterionKey, Level]
    final_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBackSeed:
    """Know that a judgement of it was taken back."""

    case_id: str
    token: int
    at: datetime


CourseCommand: TypeAlias = EnterSeed | AnswerSeed | TakeBackSeed

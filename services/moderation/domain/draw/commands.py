"""What the draw of one reviewer in one cohort can be asked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from services.moderation.domain.detection import Observation
from services.moderation.domain.draw.seeding import SeedDrawCommand
from services.moderation.domain.drawing import Sampler
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.rules import Rules
from shared.contracts.programme import ReviewerStanding
from shared.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveJudgement:
    """Take in a completed review, and draw it when there is a sampler."""

    judged: JudgedCase
    sampler: Sampler | None
    """None until the plan is published and the randomness fixed."""
    is_follow_up: bool = False
    """It was returned or is a fresh review: moderated anyway, no part of the sample."""
    renewed: JudgedCase | None = None
    """What had come instead of it before it arrived."""
    follows_conflict: bool = False
    """That came because of a conflict of the reviewer."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDifference:
    """Know how a judgement that was moderated and settled differed."""

    judgement_id: UUID
    judged_at: datetime
    """When the reviewer judged; it is settled later, maybe after a pause."""
    observation: Observation
    rules: Rules
    is_anothers: bool = False
    """Somebody else judged instead: nothing of it counts for the reviewer."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyStanding:
    """Draw from here on as the reviewer's standing asks; the plan says how."""

    standing: ReviewerStanding
    sampler: Sampler
    again: frozenset[UUID] = frozenset()
    """Skipped and unreleased judgements that are drawn again at once."""
    charts_from: datetime | None = None
    """When their last pause ended; None where none did."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRemark:
    """Have every judgement from a number on moderated that is not released yet."""

    reviewer_id: str
    cohort_id: str
    from_ordinal: int
    because: Literal["paused", "lead"]
    because_of_case_id: str | None = None
    by: str | None = None
    reason: Personal[str] | None = None
    sampler: Sampler
    released: frozenset[UUID]
    """Judgements whose outcome is released, or never will be."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleForRelease:
    """Have these moderated: the release needs them, and the draw left them out."""

    attempt: int
    number: int
    judgements: tuple[UUID, ...]
    sampler: Sampler
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRenewal:
    """Know what came instead of a judgement; have it moderated if it changed."""

    judgement_id: UUID
    judged: JudgedCase
    follows_conflict: bool
    """The first was set aside for a conflict of its reviewer."""
    sampler: Sampler | None
    """None until the plan is published and the randomness fixed."""
    at: datetime


DrawCommand: TypeAlias = (
    ReceiveJudgement
    | DrawWaiting
    | WidenSample
    | NoteDifference
    | ApplyStanding
    | OrderRemark
    | SampleForRelease
    | NoteRenewal
    | SeedDrawCommand
)

"""What the second opinions about a moderator can be asked."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from services.moderation.domain.detection import Observation
from services.moderation.domain.drawing import Sampler
from services.moderation.domain.opinions.events import Place
from services.moderation.domain.rules import Rules
from services.moderation.domain.standing.ladder import StandingName


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawOpinion:
    """Draw whether a second moderator judges what this one has judged first."""

    judgement_id: UUID
    case_id: str
    attempt: int
    standing: StandingName | None
    """Where the moderator stands; None while that is where everybody begins."""
    charts_from: datetime | None
    """When their last pause ended; None where none did."""
    sampler: Sampler
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteModeratorDifference:
    """Know how this moderator differed from the other one of a drawn case."""

    judgement_id: UUID
    place: Place
    judged_at: datetime
    """When this moderator judged; the other one may follow after a pause."""
    standing: StandingName | None
    """Where this moderator stands; None while that is where everybody begins."""
    charts_from: datetime | None
    """When their last pause ended; None where none did."""
    observation: Observation
    """Overturned when the outcomes differ: nobody knows yet whose stands."""
    rules: Rules
    at: datetime


OpinionCommand: TypeAlias = DrawOpinion | NoteModeratorDifference

"""What somebody can ask of a reviewer."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from services.review.domain.reviewer.events import ConflictKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterReviewer:
    """Let a person review."""

    reviewer_id: str
    organisation_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareConflict:
    """Say what this reviewer must not judge."""

    reviewer_id: str
    kind: ConflictKind
    with_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteEmployer:
    """Know for whom this person works from now on, whether they review or not."""

    reviewer_id: str
    organisation_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteMentee:
    """Know whom this person supports, whether they review yet or not."""

    reviewer_id: str
    participant_id: str
    case_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePart:
    """Know which case this person does not judge, as they hear an appeal about it."""

    reviewer_id: str
    case_id: str
    attempt: int | None = None
    """Which portfolio of it; None is any."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePause:
    """Know whether this person is given anything to judge for now."""

    reviewer_id: str
    is_paused: bool
    at: datetime


ReviewerCommand: TypeAlias = (
    RegisterReviewer
    | DeclareConflict
    | NoteEmployer
    | NoteMentee
    | NotePart
    | NotePause
)

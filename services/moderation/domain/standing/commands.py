"""What moderation can be told about somebody's standing."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from services.moderation.domain.standing.events import ModeratorRole


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAppointment:
    """Know that this person may act in this role, from this organisation."""

    person_id: str
    role: ModeratorRole
    organisation_id: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteEmployer:
    """Know for whom this person works from now on."""

    person_id: str
    organisation_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteMentee:
    """Know whom this person supports, whether they moderate yet or not."""

    person_id: str
    participant_id: str
    case_id: str
    at: datetime


StandingCommand: TypeAlias = NoteAppointment | NoteEmployer | NoteMentee

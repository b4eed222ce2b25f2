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


StandingCommand: TypeAlias = NoteAppointment

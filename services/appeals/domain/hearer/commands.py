"""What others tell of people who may hear appeals."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from services.appeals.domain.hearer.events import HearerRole


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteHearer:
    """Know that a person may act in a role."""

    person_id: str
    role: HearerRole
    organisation_id: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteEmployer:
    """Know for whom a person works from now on."""

    person_id: str
    organisation_id: str
    at: datetime


HearerCommand: TypeAlias = NoteHearer | NoteEmployer

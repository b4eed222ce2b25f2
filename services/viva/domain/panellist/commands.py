"""What viva can be told about somebody who may sit on panels."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from services.viva.domain.panellist.events import PanelRole


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePanellist:
    """Know that this person may act in this role, from this organisation."""

    person_id: str
    role: PanelRole
    organisation_id: str | None
    """None when the directory does not say."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteEmployer:
    """Know for whom this person works from now on."""

    person_id: str
    organisation_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeSitting:
    """Let this person hold the viva of a case at this time."""

    person_id: str
    case_id: str
    starts_at: datetime
    minutes: int
    names_people: bool
    """False where the asker is a participant, who may not know who sits."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeSitting:
    """Let this person hold other vivas at the time of that of a case."""

    person_id: str
    case_id: str
    at: datetime


PanellistCommand: TypeAlias = NotePanellist | NoteEmployer | TakeSitting | FreeSitting

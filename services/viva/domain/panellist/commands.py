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


PanellistCommand: TypeAlias = NotePanellist | NoteEmployer

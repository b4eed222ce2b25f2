"""What participant and office can ask of each other."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from services.submission.domain.events import Side
from shared.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class AskQuery:
    """Ask the other side."""

    query_id: str
    side: Side
    author_id: str
    text: Personal[str]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerQuery:
    """Answer what the other side asked."""

    query_id: str
    side: Side
    author_id: str
    text: Personal[str]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOpening:
    """Record that somebody of the staff reads protected data, before they do."""

    opened_by: str
    field: str
    reason: Personal[str]
    at: datetime


OfficeCommand: TypeAlias = AskQuery | AnswerQuery | RecordOpening

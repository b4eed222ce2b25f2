"""What can be said of the cohorts that start in one year."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteStart:
    """Know that this cohort starts in the year."""

    cohort_id: str
    programme: str
    starts_on: date
    at: datetime


StartsCommand: TypeAlias = NoteStart

"""What somebody can ask of a cohort."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """In which months a programme begins, and how often a year."""

    start_months: tuple[int, ...]
    per_year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCohort:
    """Let a programme run once more, under these versions of its rules."""

    cohort_id: str
    programme: str
    programme_version: str
    programme_sha256: str
    policy_version: str
    policy_sha256: str
    starts_on: date
    deadline: date
    rhythm: Rhythm | None = None
    """None: the programme begins at any time."""
    others: tuple[str, ...] = ()
    """Cohorts that started as the programme does in the same year."""
    because: str | None = None
    """Why it starts when the programme does not."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveCohortDeadline:
    """Set another deadline for the whole cohort."""

    cohort_id: str
    deadline: date
    at: datetime


CohortCommand: TypeAlias = OpenCohort | MoveCohortDeadline

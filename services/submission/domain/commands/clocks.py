"""What somebody can ask of the dates of a case."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from services.submission.domain.events import ExtensionReason
from shared.vocabulary import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveDeadline:
    """Let this one case be handed in later than its cohort."""

    deadline: date
    reason: ExtensionReason
    role: Role
    """In which role it is asked for."""
    cohort_deadline: date
    at: datetime


ClockCommand: TypeAlias = MoveDeadline

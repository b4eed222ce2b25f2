"""What somebody can ask of a case."""

from typing import TypeAlias

from services.submission.domain.commands.clocks import ClockCommand, MoveDeadline
from services.submission.domain.commands.enrolment import (
    Enrol,
    EnrolmentCommand,
    NominateMentor,
)
from services.submission.domain.commands.portfolio import (
    AttachEvidence,
    PortfolioCommand,
    SaveSection,
)
from services.submission.domain.commands.submitting import Submit

CaseCommand: TypeAlias = EnrolmentCommand | PortfolioCommand | ClockCommand | Submit

__all__ = [
    "AttachEvidence",
    "CaseCommand",
    "ClockCommand",
    "Enrol",
    "EnrolmentCommand",
    "MoveDeadline",
    "NominateMentor",
    "PortfolioCommand",
    "SaveSection",
    "Submit",
]

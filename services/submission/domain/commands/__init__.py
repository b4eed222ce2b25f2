"""What somebody can ask of a case."""

from typing import TypeAlias

from services.submission.domain.commands.clocks import ClockCommand, MoveDeadline
from services.submission.domain.commands.contributions import (
    ContributionCommand,
    Link,
    ReceiveContribution,
    RequestContribution,
)
from services.submission.domain.commands.enrolment import (
    Enrol,
    EnrolmentCommand,
    NominateMentor,
)
from services.submission.domain.commands.portfolio import (
    AttachEvidence,
    ChooseTemplate,
    PortfolioCommand,
    RecordSelfRating,
    RemoveEvidence,
    SaveSection,
)
from services.submission.domain.commands.submitting import Submit

CaseCommand: TypeAlias = (
    EnrolmentCommand | PortfolioCommand | ContributionCommand | ClockCommand | Submit
)

__all__ = [
    "AttachEvidence",
    "CaseCommand",
    "ChooseTemplate",
    "ClockCommand",
    "ContributionCommand",
    "Enrol",
    "EnrolmentCommand",
    "Link",
    "MoveDeadline",
    "NominateMentor",
    "PortfolioCommand",
    "ReceiveContribution",
    "RecordSelfRating",
    "RemoveEvidence",
    "RequestContribution",
    "SaveSection",
    "Submit",
]

"""What can happen to a case, and the union of every fact this service owns."""

from typing import Annotated, TypeAlias

from pydantic import Field

from services.submission.domain.address.events import AddressEvent
from services.submission.domain.clock.events import ClockEvent
from services.submission.domain.cohort.events import CohortEvent
from services.submission.domain.events.clocks import DeadlineMoved, ExtensionReason
from services.submission.domain.events.enrolment import Enrolled, MentorNominated
from services.submission.domain.events.portfolio import (
    EvidenceAttached,
    PortfolioEvent,
    SectionSaved,
)
from services.submission.domain.events.submitting import RoleContext, Submitted
from services.submission.domain.person.events import PersonEvent

CaseEvent: TypeAlias = (
    Enrolled | MentorNominated | DeadlineMoved | Submitted | PortfolioEvent
)

SubmissionFact: TypeAlias = Annotated[
    CaseEvent | CohortEvent | PersonEvent | AddressEvent | ClockEvent,
    Field(discriminator="type"),
]
"""Every fact this service owns: the registry its codec reads."""

__all__ = [
    "CaseEvent",
    "DeadlineMoved",
    "Enrolled",
    "EvidenceAttached",
    "ExtensionReason",
    "MentorNominated",
    "PortfolioEvent",
    "RoleContext",
    "SectionSaved",
    "SubmissionFact",
    "Submitted",
]

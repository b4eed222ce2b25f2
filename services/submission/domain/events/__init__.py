"""What can happen to a case, and the union of every fact this service owns."""

from typing import Annotated, TypeAlias

from pydantic import Field

from services.submission.domain.address.events import AddressEvent
from services.submission.domain.clock.events import ClockEvent as OffsetEvent
from services.submission.domain.cohort.events import CohortEvent
from services.submission.domain.events.afterwards import (
    AwardNoted,
    FeePaid,
    FollowUpEvent,
    NotedEvent,
    OutcomeNoted,
    RestartReason,
    RestartRequired,
    RestartRevoked,
    ResubmissionClosed,
    ResubmissionLapsed,
    ResubmissionOpened,
    VivaNotPassedNoted,
    Withdrawn,
)
from services.submission.domain.events.clocks import (
    AdjustmentAgreed,
    AdjustmentAsked,
    AdjustmentDeclined,
    ClockEvent,
    ClockName,
    DeadlineMoved,
    ExtensionReason,
    ExtraDays,
    HoldEndNoted,
    HoldNoted,
    ReminderDue,
    ReviewDelayed,
    VivaArrangement,
)
from services.submission.domain.events.contributions import (
    ContributionEvent,
    ContributionKind,
    ContributionReceived,
    ContributionRequested,
    FeedbackReceived,
    FeedbackRequested,
    StatementReceived,
    StatementRequested,
)
from services.submission.domain.events.enrolment import (
    ApplicationReceived,
    Eligibility,
    EligibilityDecided,
    Enrolled,
    Entry,
    FormFile,
    MentorAppointed,
    MentorAsked,
    MentorEvent,
    MentorNominated,
)
from services.submission.domain.events.office import (
    DetailsOpened,
    OfficeEvent,
    QueryAnswered,
    QueryAsked,
    Side,
)
from services.submission.domain.events.portfolio import (
    EvidenceAttached,
    EvidenceRemoved,
    EvidenceUse,
    PortfolioEvent,
    SectionSaved,
    SelfRatingRecorded,
    TemplateChosen,
)
from services.submission.domain.events.submitting import RoleContext, Submitted
from services.submission.domain.person.events import PersonEvent
from services.submission.domain.starts.events import StartsEvent

CaseEvent: TypeAlias = (
    ApplicationReceived
    | EligibilityDecided
    | Enrolled
    | MentorEvent
    | PortfolioEvent
    | ContributionEvent
    | ClockEvent
    | OfficeEvent
    | Submitted
    | NotedEvent
    | FollowUpEvent
    | FeePaid
    | Withdrawn
)

SubmissionFact: TypeAlias = Annotated[
    CaseEvent | CohortEvent | StartsEvent | PersonEvent | AddressEvent | OffsetEvent,
    Field(discriminator="type"),
]
"""Every fact this service owns: the registry its codec reads."""

__all__ = [
    "AdjustmentAgreed",
    "AdjustmentAsked",
    "AdjustmentDeclined",
    "ApplicationReceived",
    "AwardNoted",
    "CaseEvent",
    "ClockEvent",
    "ClockName",
    "ContributionEvent",
    "ContributionKind",
    "ContributionReceived",
    "ContributionRequested",
    "DeadlineMoved",
    "DetailsOpened",
    "Eligibility",
    "EligibilityDecided",
    "Enrolled",
    "Entry",
    "EvidenceAttached",
    "EvidenceRemoved",
    "EvidenceUse",
    "ExtensionReason",
    "ExtraDays",
    "FeePaid",
    "FeedbackReceived",
    "FeedbackRequested",
    "FollowUpEvent",
    "FormFile",
    "HoldEndNoted",
    "HoldNoted",
    "MentorAppointed",
    "MentorAsked",
    "MentorEvent",
    "MentorNominated",
    "NotedEvent",
    "OfficeEvent",
    "OutcomeNoted",
    "PortfolioEvent",
    "QueryAnswered",
    "QueryAsked",
    "ReminderDue",
    "RestartReason",
    "RestartRequired",
    "RestartRevoked",
    "ResubmissionClosed",
    "ResubmissionLapsed",
    "ResubmissionOpened",
    "ReviewDelayed",
    "RoleContext",
    "SectionSaved",
    "SelfRatingRecorded",
    "Side",
    "StatementReceived",
    "StatementRequested",
    "SubmissionFact",
    "Submitted",
    "TemplateChosen",
    "VivaArrangement",
    "VivaNotPassedNoted",
    "Withdrawn",
]

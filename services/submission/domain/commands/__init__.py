"""What somebody can ask of a case."""

from typing import TypeAlias

from services.submission.domain.commands.afterwards import (
    AfterwardsCommand,
    NoteAward,
    NoteCommand,
    NoteOutcome,
    NoteVivaNotPassed,
    RecordFee,
    Withdraw,
)
from services.submission.domain.commands.clocks import (
    AdjustmentCommand,
    AgreeAdjustment,
    AskForAdjustment,
    ClockCommand,
    DeclineAdjustment,
    DelayReview,
    HoldCommand,
    Lapse,
    MoveDeadline,
    NoteHold,
    NoteHoldEnd,
    Remind,
    TimeCommand,
)
from services.submission.domain.commands.contributions import (
    ContributionCommand,
    Link,
    ReceiveContribution,
    RequestContribution,
)
from services.submission.domain.commands.enrolment import (
    Apply,
    AppointMentor,
    AskForMentor,
    DecideEligibility,
    Enrol,
    EnrolmentCommand,
    EnteringCommand,
    MentorCommand,
    NominateMentor,
)
from services.submission.domain.commands.office import (
    AnswerQuery,
    AskQuery,
    OfficeCommand,
    RecordOpening,
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
    EnrolmentCommand
    | PortfolioCommand
    | ContributionCommand
    | ClockCommand
    | OfficeCommand
    | AfterwardsCommand
    | Submit
)

__all__ = [
    "AdjustmentCommand",
    "AfterwardsCommand",
    "AgreeAdjustment",
    "AnswerQuery",
    "Apply",
    "AppointMentor",
    "AskForAdjustment",
    "AskForMentor",
    "AskQuery",
    "AttachEvidence",
    "CaseCommand",
    "ChooseTemplate",
    "ClockCommand",
    "ContributionCommand",
    "DecideEligibility",
    "DeclineAdjustment",
    "DelayReview",
    "Enrol",
    "EnrolmentCommand",
    "EnteringCommand",
    "HoldCommand",
    "Lapse",
    "Link",
    "MentorCommand",
    "MoveDeadline",
    "NominateMentor",
    "NoteAward",
    "NoteCommand",
    "NoteHold",
    "NoteHoldEnd",
    "NoteOutcome",
    "NoteVivaNotPassed",
    "OfficeCommand",
    "PortfolioCommand",
    "ReceiveContribution",
    "RecordFee",
    "RecordOpening",
    "RecordSelfRating",
    "Remind",
    "RemoveEvidence",
    "RequestContribution",
    "SaveSection",
    "Submit",
    "TimeCommand",
    "Withdraw",
]

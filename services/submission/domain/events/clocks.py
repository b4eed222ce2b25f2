"""What moves, stops or follows from a date of a case."""

from datetime import date
from typing import Literal, TypeAlias

from pydantic import AwareDatetime, Field

from shared.decider import Fact, Value
from shared.personal import Personal
from shared.vocabulary import Attempt, CaseId, PersonId

ExtensionReason: TypeAlias = Literal[
    "reasonable_adjustment", "exceptional_circumstances", "technical_fault"
]
"""Why one case has a later deadline; details are never here. Source: S2 3.1.1, P."""


class DeadlineMoved(Fact):
    """This one case may be handed in until the end of a later day."""

    type: Literal["submission.DeadlineMoved"] = "submission.DeadlineMoved"
    deadline: date
    reason: ExtensionReason


ClockName: TypeAlias = Literal["submission", "resubmission"]
"""What a participant can be late for."""

VivaArrangement: TypeAlias = Literal[
    "extra_time", "rest_breaks", "remote", "interpreter", "support_worker"
]
"""What a viva is to provide; why is nobody's concern there. Source: S2 3.1.1 (P)."""


class ExtraDays(Value):
    """One clock runs longer."""

    clock: ClockName
    days: int = Field(ge=1, le=366)


class AdjustmentAsked(Fact):
    """A participant says what they need in order to show their best."""

    type: Literal["submission.AdjustmentAsked"] = "submission.AdjustmentAsked"
    adjustment_id: str
    asked_by: PersonId
    details: Personal[str]


class AdjustmentAgreed(Fact):
    """A reasonable adjustment holds from now on. Source: S2 3.1.1, 6.2.2."""

    type: Literal["submission.AdjustmentAgreed"] = "submission.AdjustmentAgreed"
    adjustment_id: str
    extra_days: tuple[ExtraDays, ...]
    viva: tuple[VivaArrangement, ...]
    until: date
    """The last day on which it holds."""
    agreed_by: PersonId
    details: Personal[str]


class AdjustmentDeclined(Fact):
    """What was asked for is not agreed, and the participant is told why.

    Source: S2 3.1.1; S2 9.1 for the appeal that stays open to them.
    """

    type: Literal["submission.AdjustmentDeclined"] = "submission.AdjustmentDeclined"
    adjustment_id: str
    declined_by: PersonId
    details: Personal[str]


class HoldNoted(Fact):
    """The office stopped the clocks of the case."""

    type: Literal["submission.HoldNoted"] = "submission.HoldNoted"
    hold_id: str
    placed_at: AwareDatetime


class HoldEndNoted(Fact):
    """The office let the clocks of the case run on."""

    type: Literal["submission.HoldEndNoted"] = "submission.HoldEndNoted"
    hold_id: str
    lifted_at: AwareDatetime


class ReminderDue(Fact):
    """A date of the participant comes near."""

    type: Literal["submission.ReminderDue"] = "submission.ReminderDue"
    case_id: CaseId
    participant_id: PersonId
    about: ClockName
    closes_on: date
    days_left: int = Field(ge=0)
    mark_days: int = Field(ge=1)
    """The largest number of days left at which this reminder is due."""


class ReviewDelayed(Fact):
    """The cohort's deadline moved later, so review opens later too. Source: S2 4.4."""

    type: Literal["submission.ReviewDelayed"] = "submission.ReviewDelayed"
    case_id: CaseId
    attempt: Attempt
    review_opens_at: AwareDatetime


ClockEvent: TypeAlias = (
    DeadlineMoved
    | AdjustmentAsked
    | AdjustmentAgreed
    | AdjustmentDeclined
    | HoldNoted
    | HoldEndNoted
    | ReminderDue
    | ReviewDelayed
)
"""What moves, stops or follows from a date."""

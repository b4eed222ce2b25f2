"""What can happen to an appeal, and the union of every fact this service owns.

Stream ``appeal-{case}.{n}``: from the request for an explanation, or from the appeal
about support, to the decision.
"""

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import AwareDatetime, Field

from services.appeals.domain.casefile.events import (
    CaseFileEvent,
    DecisionResult,
    DecisionSubject,
)
from services.appeals.domain.conversation.events import ConversationEvent
from services.appeals.domain.hearer.events import HearerEvent
from services.appeals.domain.terms import Terms
from shared.decider import Fact, Value
from shared.personal import Personal
from shared.vocabulary import Attempt, CaseId, PersonId

Against: TypeAlias = Literal["decision", "support"]
Remedy: TypeAlias = Literal["fresh_review", "other"]
Overdue: TypeAlias = Literal["explanation", "response"]


class ReleasedDecision(Value):
    """The decision an appeal is about."""

    decision_id: str
    subject: DecisionSubject
    number: Annotated[int, Field(ge=1)]
    """Attempt of the portfolio, or number of the viva."""
    result: DecisionResult
    released_at: AwareDatetime


class _OfAnAppeal(Fact):
    """Something in one appeal."""

    appeal_id: str
    case_id: CaseId


class ExplanationRequested(_OfAnAppeal):
    """The participant asks why; an answer is due. Source: AP 4.1."""

    type: Literal["appeals.ExplanationRequested"] = "appeals.ExplanationRequested"
    number: Annotated[int, Field(ge=1)]
    participant_id: PersonId
    decision: ReleasedDecision
    terms: Terms
    question: Personal[str] | None
    due_on: date
    """Last day of the answer; while the case is held, if the hold ended today."""
    is_stopped: bool = False
    """True while the case is held, so that the day still moves."""


class ExplanationGiven(_OfAnAppeal):
    """The answer; an appeal may follow it. Source: AP 4.2."""

    type: Literal["appeals.ExplanationGiven"] = "appeals.ExplanationGiven"
    participant_id: PersonId
    by: PersonId
    explanation: Personal[str]
    appeal_by: date
    """Last day of an appeal; while the case is held, if the hold ended today."""
    is_stopped: bool = False


class Lodged(_OfAnAppeal):
    """The participant appeals. Source: AP 4.3, 4.4; S2 9.1."""

    type: Literal["appeals.Lodged"] = "appeals.Lodged"
    number: Annotated[int, Field(ge=1)]
    participant_id: PersonId
    against: Against
    decision: ReleasedDecision | None
    """None for an appeal about the support received."""
    grounds: tuple[str, ...]
    """Keys of the closed list; empty for an appeal about support."""
    statement: Personal[str]
    terms: Terms
    due_on: date | None
    """Last day of the written response, where the policy names one."""
    is_stopped: bool = False


class ClockStopped(_OfAnAppeal):
    """The case is held, so the clock that ran stands still."""

    type: Literal["appeals.ClockStopped"] = "appeals.ClockStopped"
    hold_id: str


class ClockRestarted(_OfAnAppeal):
    """The hold ended, so the clock runs on."""

    type: Literal["appeals.ClockRestarted"] = "appeals.ClockRestarted"
    hold_id: str
    due_on: date
    """The last day now."""
    is_stopped: bool
    """True while another hold is in force."""


class FellOverdue(_OfAnAppeal):
    """An answer was due and did not come in time."""

    type: Literal["appeals.FellOverdue"] = "appeals.FellOverdue"
    what: Overdue
    due_on: date


class HearingPanelAppointed(_OfAnAppeal):
    """These people hear the appeal; they replace a panel appointed before."""

    type: Literal["appeals.HearingPanelAppointed"] = "appeals.HearingPanelAppointed"
    members: Annotated[tuple[PersonId, ...], Field(min_length=1)]
    by: PersonId


class Upheld(_OfAnAppeal):
    """The participant is right, for these reasons."""

    type: Literal["appeals.Upheld"] = "appeals.Upheld"
    participant_id: PersonId
    by: PersonId
    members: tuple[PersonId, ...]
    """The panel; empty for a response about support."""
    reasons: Personal[str]
    remedy: Remedy


class Dismissed(_OfAnAppeal):
    """The participant is not right, for these reasons."""

    type: Literal["appeals.Dismissed"] = "appeals.Dismissed"
    participant_id: PersonId
    by: PersonId
    members: tuple[PersonId, ...]
    reasons: Personal[str]


class FreshReviewOrdered(_OfAnAppeal):
    """The portfolio is to be judged afresh by people who had no part in the case."""

    type: Literal["appeals.FreshReviewOrdered"] = "appeals.FreshReviewOrdered"
    participant_id: PersonId
    attempt: Attempt
    excluded: tuple[PersonId, ...]


class Discontinued(_OfAnAppeal):
    """Nothing more is decided: the participant has withdrawn."""

    type: Literal["appeals.Discontinued"] = "appeals.Discontinued"


AppealEvent: TypeAlias = (
    ExplanationRequested
    | ExplanationGiven
    | Lodged
    | ClockStopped
    | ClockRestarted
    | FellOverdue
    | HearingPanelAppointed
    | Upheld
    | Dismissed
    | FreshReviewOrdered
    | Discontinued
)

AppealFact: TypeAlias = Annotated[
    AppealEvent | CaseFileEvent | ConversationEvent | HearerEvent,
    Field(discriminator="type"),
]
"""Every fact this service owns: the registry its codec reads."""

"""What people see of explanations, appeals and conversations.

Invariant: what a participant sees names nobody of the staff; two worlds that differ
only in who judged, answered or heard give the same bytes.
"""

from datetime import date, datetime
from typing import Literal, TypeAlias

from pydantic import BaseModel

from services.appeals.domain.clocks import ClockName
from services.appeals.domain.events import Against, ReleasedDecision, Remedy

AppealState: TypeAlias = Literal[
    "asked", "explained", "lodged", "upheld", "dismissed", "discontinued"
]


ConversationState: TypeAlias = Literal["offered", "booked", "held", "cancelled"]


class ClockView(BaseModel):
    """How one clock stood at some moment."""

    name: ClockName
    started_at: datetime
    working_days: int
    last_day: date
    """While it stands still: if the hold ended at that moment."""
    is_stopped: bool
    is_over: bool
    """True when the last day had passed before what it was for was done."""
    met_at: datetime | None
    """When what it was for was done, if it was by then."""


class AppealWords(BaseModel):
    """What was written in an appeal; None where nothing was, or it is erased."""

    question: str | None = None
    explanation: str | None = None
    statement: str | None = None
    reasons: str | None = None


class AppealView(BaseModel):
    """An appeal as its participant may see it."""

    appeal_id: str
    case_id: str
    number: int
    against: Against
    decision: ReleasedDecision | None
    """None for an appeal about the support received."""
    state: AppealState
    grounds: tuple[str, ...]
    remedy: Remedy | None
    words: AppealWords
    clocks: tuple[ClockView, ...]


class HearingView(AppealView):
    """An appeal as who hears it may see it."""

    members: tuple[str, ...]


class OfficeView(HearingView):
    """An appeal as the office may see it."""

    participant_id: str
    explained_by: str | None
    decided_by: str | None
    overdue_on: date | None


class DecisionView(BaseModel):
    """A released decision, and until when an explanation may be asked for."""

    decision: ReleasedDecision
    ask_by: date | None
    """None while what was handed in is not known here yet."""
    is_stopped: bool
    is_open: bool
    """True while an explanation may still be asked for."""
    appeal_id: str | None
    """The appeal in which it was asked for."""


class GroundView(BaseModel):
    """A reason for which an appeal is heard."""

    key: str
    title: str
    text: str


class ConversationView(BaseModel):
    """The conversation about the feedback of an attempt."""

    attempt: int
    minutes: int
    state: ConversationState
    times: tuple[datetime, ...]
    starts_at: datetime | None


class CaseView(BaseModel):
    """What the participant of a case may ask."""

    case_id: str
    is_withdrawn: bool
    is_held: bool
    decisions: tuple[DecisionView, ...]
    grounds: tuple[GroundView, ...]
    conversations: tuple[ConversationView, ...]

"""What appeals tells the others: opaque ids, and never a reason in clear."""

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import AwareDatetime, Field

from shared.contracts.message import CaseMessage
from shared.personal import Personal
from shared.vocabulary import Attempt, PersonId


class _AboutACase(CaseMessage):
    """Something about one case of one participant."""

    participant_id: PersonId


class ConversationOffered(_AboutACase):
    """A 30-minute conversation about the feedback can be booked. Source: S0."""

    type: Literal["appeals.ConversationOffered.v1"] = "appeals.ConversationOffered.v1"
    minutes: int = Field(gt=0)


class ConversationBooked(_AboutACase):
    """The conversation has a time."""

    type: Literal["appeals.ConversationBooked.v1"] = "appeals.ConversationBooked.v1"
    sequence: int = Field(ge=0)
    """Counts up with every change. Source: RFC 5545, section 3.8.7.4."""
    starts_at: AwareDatetime
    minutes: int = Field(gt=0)


class ExplanationRequested(_AboutACase):
    """The participant asks why; an answer is due. Source: AP."""

    type: Literal["appeals.ExplanationRequested.v1"] = "appeals.ExplanationRequested.v1"
    appeal_id: str
    due_on: date
    """Last day of the answer, until 24:00 in London."""


class ExplanationGiven(_AboutACase):
    """The answer: an appeal may follow it. Source: AP."""

    type: Literal["appeals.ExplanationGiven.v1"] = "appeals.ExplanationGiven.v1"
    appeal_id: str
    explanation: Personal[str]
    appeal_by: date
    """Last day of an appeal, until 24:00 in London."""


class Lodged(_AboutACase):
    """The participant appeals."""

    type: Literal["appeals.Lodged.v1"] = "appeals.Lodged.v1"
    appeal_id: str
    against: Literal["decision", "support"]
    grounds: tuple[str, ...]
    """Codes of the programme file's closed list; empty for an appeal about support."""
    due_on: date | None = None
    """Last day of the written response, where the policy names one. Source: S2 9.1."""


class Upheld(_AboutACase):
    """The appeal panel agrees with the participant, for reasons they may read."""

    type: Literal["appeals.Upheld.v1"] = "appeals.Upheld.v1"
    appeal_id: str
    reasons: Personal[str]
    remedy: Literal["fresh_review", "other"]


class Dismissed(_AboutACase):
    """The appeal panel does not agree, for reasons the participant may read."""

    type: Literal["appeals.Dismissed.v1"] = "appeals.Dismissed.v1"
    appeal_id: str
    reasons: Personal[str]


class HearingPanelAppointed(CaseMessage):
    """These people hear an appeal: they take no other part in the case."""

    type: Literal["appeals.HearingPanelAppointed.v1"] = (
        "appeals.HearingPanelAppointed.v1"
    )
    appeal_id: str
    members: tuple[PersonId, ...]


class FreshReviewOrdered(_AboutACase):
    """The portfolio is to be judged afresh by people who had no part in the case."""

    type: Literal["appeals.FreshReviewOrdered.v1"] = "appeals.FreshReviewOrdered.v1"
    appeal_id: str
    attempt: Attempt
    excluded: tuple[PersonId, ...]
    """The appeal panel and everyone who took part before."""
    ordered_at: AwareDatetime


AppealsMessage: TypeAlias = Annotated[
    ConversationOffered
    | ConversationBooked
    | ExplanationRequested
    | ExplanationGiven
    | Lodged
    | Upheld
    | Dismissed
    | HearingPanelAppointed
    | FreshReviewOrdered,
    Field(discriminator="type"),
]

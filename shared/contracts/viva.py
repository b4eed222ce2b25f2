"""What viva tells the others."""

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import AwareDatetime, Field

from shared.contracts.message import CaseMessage
from shared.vocabulary import CohortId, PersonId


class Offered(CaseMessage):
    """A participant may book a viva in a round."""

    type: Literal["viva.Offered.v1"] = "viva.Offered.v1"
    participant_id: PersonId
    number: int = Field(ge=1)
    """1, or 2 for the one more viva in the next round. Source: domain.md (P)."""


class ReminderDue(CaseMessage):
    """A participant has not chosen a time, and soon can not in this round."""

    type: Literal["viva.ReminderDue.v1"] = "viva.ReminderDue.v1"
    participant_id: PersonId
    number: int = Field(ge=1)
    closes_on: date
    """Last day on which a time in the round can be chosen, until its end in London."""
    days_left: int = Field(ge=0)


class _Appointment(CaseMessage):
    """When and how a viva takes place."""

    participant_id: PersonId
    number: int = Field(ge=1)
    sequence: int = Field(ge=0)
    """Counts up with every change of the time: SEQUENCE of the calendar entry.

    Source: RFC 5545, section 3.8.7.4.
    """
    starts_at: AwareDatetime
    minutes: int = Field(gt=0)
    mode: Literal["in_person", "remote"]


class Booked(_Appointment):
    """A viva has a time."""

    type: Literal["viva.Booked.v1"] = "viva.Booked.v1"


class Moved(_Appointment):
    """A viva has another time."""

    type: Literal["viva.Moved.v1"] = "viva.Moved.v1"


class NotPassed(CaseMessage):
    """The panel decided that a viva was not passed."""

    type: Literal["viva.NotPassed.v1"] = "viva.NotPassed.v1"
    participant_id: PersonId
    number: int = Field(ge=1)
    last: bool
    """True when no more viva follows: a restart does."""
    took_part: tuple[PersonId, ...]


class AwardConferred(CaseMessage):
    """The participant holds the status."""

    type: Literal["viva.AwardConferred.v1"] = "viva.AwardConferred.v1"
    participant_id: PersonId
    cohort_id: CohortId
    programme: str
    programme_version: str
    policy_version: str
    award_id: str
    """Number on the certificate."""
    conferred_at: AwareDatetime
    took_part: tuple[PersonId, ...] = ()
    """The panel of the viva, where there was one."""


VivaMessage: TypeAlias = Annotated[
    Offered | ReminderDue | Booked | Moved | NotPassed | AwardConferred,
    Field(discriminator="type"),
]

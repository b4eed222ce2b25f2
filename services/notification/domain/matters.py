"""What letters are about: one shape for each kind, as its owner told it.

Invariant: nothing personal is in clear here; words for the reader are sealed.
"""

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import AwareDatetime, Field

from shared.decider import Value
from shared.personal import Personal
from shared.vocabulary import (
    Attempt,
    ContributionKind,
    ModerationResult,
    Outcome,
    Sha256,
)


class Receipt(Value):
    """A portfolio arrived."""

    kind: Literal["receipt"] = "receipt"
    attempt: Attempt
    submitted_at: AwareDatetime
    review_opens_at: AwareDatetime
    snapshot_sha256: Sha256


class Invitation(Value):
    """Somebody is asked to write for a portfolio, through a one-time link."""

    kind: Literal["invitation"] = "invitation"
    request_id: str
    contribution: ContributionKind
    expires_at: AwareDatetime


class Assignment(Value):
    """A review that somebody holds."""

    kind: Literal["assignment"] = "assignment"
    review_id: str
    due_at: AwareDatetime


class Lateness(Value):
    """A drawn case that was not settled in time."""

    kind: Literal["lateness"] = "lateness"
    attempt: Attempt
    due_at: AwareDatetime


class LateConflict(Value):
    """A conflict of interest came to light when somebody had begun to judge."""

    kind: Literal["late-conflict"] = "late-conflict"
    review_id: str
    because: Literal["declared", "organisation", "mentor"]
    when: Literal["claimed", "judged", "released"]


class Moderated(Value):
    """What came of a reviewer's judgement."""

    kind: Literal["moderated"] = "moderated"
    review_id: str
    result: ModerationResult


def _is_appeal(because: str) -> bool:
    return because == "appeal"


class Decision(Value):
    """An outcome that was released, or one that replaces it."""

    kind: Literal["decision"] = "decision"
    attempt: Attempt
    outcome: Outcome
    feedback: Personal[str]
    replaces: Outcome | None = None
    because: Literal["appeal", "conflict"] = Field(
        default="appeal", exclude_if=_is_appeal
    )
    """Why it was judged afresh, where this replaces another."""


class Resubmission(Value):
    """The criteria are not met, and may be met until the end of a day."""

    kind: Literal["resubmission"] = "resubmission"
    closes_on: date
    feedback: Personal[str]


class Restart(Value):
    """Only a new portfolio can bring the award."""

    kind: Literal["restart"] = "restart"
    reason: Literal["resubmission_late", "criteria_not_met_again", "viva_not_passed"]
    feedback: Personal[str] | None


class Reminder(Value):
    """A date comes near."""

    kind: Literal["reminder"] = "reminder"
    about: Literal["submission", "resubmission", "viva"]
    closes_on: date
    days_left: int


class VivaOffer(Value):
    """A viva can be booked."""

    kind: Literal["viva-offer"] = "viva-offer"
    number: int


class Appointment(Value):
    """A time for a viva or a conversation."""

    kind: Literal["appointment"] = "appointment"
    what: Literal["viva", "conversation"]
    number: int = Field(ge=1)
    sequence: int = Field(ge=0)
    starts_at: AwareDatetime
    minutes: int = Field(gt=0)
    mode: Literal["in_person", "remote"] | None = None


class VivaResult(Value):
    """A viva was not passed."""

    kind: Literal["viva-result"] = "viva-result"
    number: int
    last: bool


class Award(Value):
    """The status is conferred."""

    kind: Literal["award"] = "award"
    award_id: str
    conferred_at: AwareDatetime


class ExplanationDue(Value):
    """An explanation was asked for."""

    kind: Literal["explanation-due"] = "explanation-due"
    due_on: date


class Explanation(Value):
    """The explanation of a decision; an appeal may follow."""

    kind: Literal["explanation"] = "explanation"
    words: Personal[str]
    appeal_by: date


class Appeal(Value):
    """An appeal arrived."""

    kind: Literal["appeal"] = "appeal"
    against: Literal["decision", "support"]
    grounds: tuple[str, ...]
    due_on: date | None


class AppealDecision(Value):
    """An appeal was decided."""

    kind: Literal["appeal-decision"] = "appeal-decision"
    is_upheld: bool
    remedy: Literal["fresh_review", "other"] | None
    words: Personal[str]


Matter: TypeAlias = Annotated[
    Receipt
    | Invitation
    | Assignment
    | Lateness
    | LateConflict
    | Moderated
    | Decision
    | Resubmission
    | Restart
    | Reminder
    | VivaOffer
    | Appointment
    | VivaResult
    | Award
    | ExplanationDue
    | Explanation
    | Appeal
    | AppealDecision,
    Field(discriminator="kind"),
]


def sealed_feedback(matter: Matter) -> Personal[str] | None:
    """Return what assessors wrote for the participant, where the letter shows it."""
    if isinstance(matter, Decision | Resubmission | Restart):
        return matter.feedback
    return None


def sealed_words(matter: Matter) -> Personal[str] | None:
    """Return an explanation or the reasons of a panel, where the letter shows them."""
    return matter.words if isinstance(matter, Explanation | AppealDecision) else None


def unsealed(matter: Matter) -> Matter:
    """Return *matter* without its sealed words, which are opened apart from it."""
    sealed = {"feedback", "words"} & type(matter).model_fields.keys()
    return matter.model_copy(update=dict.fromkeys(sealed))

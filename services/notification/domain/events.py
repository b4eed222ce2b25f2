"""What can happen to a notice, that is, to one letter. Past tense; never edited."""

from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.notification.domain.matters import Matter
from shared.decider import Fact, Value
from shared.personal import Personal
from shared.vocabulary import CaseId, CohortId, PersonId, Sha256

NoticeId = Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")]

Template: TypeAlias = Literal[
    "receipt",
    "statement-request",
    "feedback-request",
    "review-allocated",
    "review-overdue",
    "conflict-found",
    "moderation-result",
    "moderation-overdue",
    "outcome-cm",
    "outcome-cnm",
    "outcome-cnm-again",
    "outcome-confirmed",
    "reminder-submission",
    "reminder-resubmission",
    "restart",
    "viva-offered",
    "reminder-viva",
    "viva-booked",
    "viva-moved",
    "viva-not-passed",
    "award",
    "conversation-booked",
    "explanation-requested",
    "explanation",
    "appeal-received",
    "appeal-upheld",
    "appeal-dismissed",
]
"""Which letter. Source: domain.md section 5."""

Owner: TypeAlias = Literal["submission", "review", "moderation", "viva", "appeals"]
"""Who told what the letter tells, and is asked whether it is still true."""

HoldReason: TypeAlias = Literal[
    "owner-unreachable", "contact-unreachable", "part-unavailable"
]

CancelReason: TypeAlias = Literal["no-longer-true", "recipient-erased"]

_TRY_REASON = (
    r"^(connection|protocol|uncertain|no-contact|unreadable|bytes-missing|smtp-\d{3})$"
)
TryReason: TypeAlias = Annotated[str, Field(pattern=_TRY_REASON)]
"""Why a hand-over did not succeed: a code, never the server's words."""


BounceCode: TypeAlias = Annotated[str, Field(pattern=r"^[45]\.\d{1,3}\.\d{1,3}$")]
"""Why a letter came back, as its report says. Source: RFC 3463, section 2."""


class About(Value):
    """What a letter is about: opaque ids and decisions, nothing personal in clear."""

    notice_id: NoticeId
    case_id: CaseId
    template: Template


class ToPerson(Value):
    """Somebody in the directory."""

    kind: Literal["person"] = "person"
    person_id: PersonId


class ToContributor(Value):
    """Somebody asked to write for a portfolio; known by the request alone."""

    kind: Literal["contributor"] = "contributor"
    request_id: str


class ToLead(Value):
    """The lead moderator of a cohort: who published its plan, as moderation knows."""

    kind: Literal["lead"] = "lead"
    cohort_id: CohortId


Recipient: TypeAlias = Annotated[
    ToPerson | ToContributor | ToLead, Field(discriminator="kind")
]


class Announcement(Value):
    """What a letter tells, as its owner told it."""

    triggered_by: UUID
    """Id of the owner's event; the owner is asked whether it is still true."""
    owner: Owner
    stream: str
    """Where the owner has that event."""
    recipient: Recipient
    matter: Matter
    told_at: AwareDatetime
    """When it was decided or happened; the date a letter gives."""


class StoredLetter(Value):
    """The exact bytes of a letter in the evidence store, encrypted for its reader."""

    path: str
    ciphertext_sha256: Sha256
    content_hash: Sha256
    """HMAC-SHA-256 of the bytes under a key derived from the reader's key."""
    size_bytes: int = Field(ge=1)


class NoticeEvent(Fact):
    """A fact about one letter."""

    about: About

    @property
    def case_id(self) -> str:
        """The case the letter belongs to."""
        return self.about.case_id


class Requested(NoticeEvent):
    """A letter is wanted."""

    type: Literal["notification.Requested"] = "notification.Requested"
    announcement: Announcement


class Held(NoticeEvent):
    """It cannot be told whether the letter is still true, or where to send it."""

    type: Literal["notification.Held"] = "notification.Held"
    reason: HoldReason
    holds: int = Field(ge=1)
    """How often in a row."""
    next_try_at: AwareDatetime


class Cancelled(NoticeEvent):
    """The letter is not sent, because it would not be true."""

    type: Literal["notification.Cancelled"] = "notification.Cancelled"
    reason: CancelReason


class Rendered(NoticeEvent):
    """The letter exists, byte for byte as every try will send it."""

    type: Literal["notification.Rendered"] = "notification.Rendered"
    template_version: int = Field(ge=1)
    template_sha256: Sha256
    """Of the words of the letter before they are filled in."""
    message_id: str
    letter: StoredLetter
    address: Personal[str]
    """Where it goes; asked for at the moment of sending and kept here alone."""


class Deferred(NoticeEvent):
    """The mail server did not take the letter; there will be another try."""

    type: Literal["notification.Deferred"] = "notification.Deferred"
    reason: TryReason
    tries: int = Field(ge=1)
    next_try_at: AwareDatetime


class Uncertain(NoticeEvent):
    """The connection broke after the letter was sent: it may or may not be taken."""

    type: Literal["notification.Uncertain"] = "notification.Uncertain"
    tries: int = Field(ge=1)
    next_try_at: AwareDatetime


class HandedOver(NoticeEvent):
    """A mail server took responsibility for the letter."""

    type: Literal["notification.HandedOver"] = "notification.HandedOver"
    tries: int = Field(ge=1)
    message_id: str


class Failed(NoticeEvent):
    """The tries are over, or the server refused for good; somebody has to act."""

    type: Literal["notification.Failed"] = "notification.Failed"
    reason: TryReason
    tries: int = Field(ge=1)


class Bounced(NoticeEvent):
    """The letter came back after a mail server had taken it; somebody has to act."""

    type: Literal["notification.Bounced"] = "notification.Bounced"
    code: BounceCode
    reported_by: PersonId


class RetryOrdered(NoticeEvent):
    """Operations order another round of tries, with the same bytes if there are any."""

    type: Literal["notification.RetryOrdered"] = "notification.RetryOrdered"
    ordered_by: PersonId


NoticeFact: TypeAlias = Annotated[
    Requested
    | Held
    | Cancelled
    | Rendered
    | Deferred
    | Uncertain
    | HandedOver
    | Failed
    | Bounced
    | RetryOrdered,
    Field(discriminator="type"),
]
"""Every fact this service owns: the registry its codec reads."""

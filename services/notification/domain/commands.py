"""What somebody, or the sender's clock, can ask of a notice."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from services.notification.domain.backoff import Patience
from services.notification.domain.events import (
    About,
    Announcement,
    BounceCode,
    CancelReason,
    HoldReason,
    StoredLetter,
    TryReason,
)
from shared.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestNotice:
    """Have a letter written and sent."""

    about: About
    announcement: Announcement
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldNotice:
    """Wait, because an answer is missing."""

    reason: HoldReason
    patience: Patience
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelNotice:
    """Do not send the letter."""

    reason: CancelReason
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepRendering:
    """Know the letter's exact bytes, before the first try."""

    template_version: int
    template_sha256: str
    message_id: str
    letter: StoredLetter
    address: Personal[str]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordHandOver:
    """A mail server took the letter."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRefusal:
    """A mail server did not take the letter, now or for good."""

    reason: TryReason
    is_permanent: bool
    patience: Patience
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordUncertainty:
    """Nobody knows whether the mail server took the letter."""

    patience: Patience
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBounce:
    """A letter came back: say so, with the code of the report."""

    code: BounceCode
    reported_by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRetry:
    """Try again what failed or came back."""

    by: str
    at: datetime


NoticeCommand: TypeAlias = (
    RequestNotice
    | HoldNotice
    | CancelNotice
    | KeepRendering
    | RecordHandOver
    | RecordRefusal
    | RecordUncertainty
    | RecordBounce
    | OrderRetry
)

"""What somebody can ask of a conversation."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferConversation:
    """Let the participant of a CNM book a conversation."""

    case_id: str
    attempt: int
    participant_id: str
    minutes: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferTimes:
    """Say when staff can be there."""

    times: tuple[datetime, ...]
    by: str
    is_on_hold: bool = False
    """True while the case stands still."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BookConversation:
    """Choose one of the times, or another one than before."""

    by: str
    starts_at: datetime
    is_on_hold: bool = False
    """True while the case stands still."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordConversation:
    """Say that the conversation took place."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelConversation:
    """Offer it no longer: the participant has withdrawn."""

    at: datetime


ConversationCommand: TypeAlias = (
    OfferConversation
    | OfferTimes
    | BookConversation
    | RecordConversation
    | CancelConversation
)

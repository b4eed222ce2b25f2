"""What comes of a case once it was judged, and how it ends."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from services.submission.domain.events import Side
from shared.personal import Personal
from shared.vocabulary import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteOutcome:
    """Know what moderation released."""

    message_id: UUID
    attempt: int
    outcome: Outcome
    is_revision: bool
    released_at: datetime
    feedback: Personal[str]
    window_weeks: int
    """How long a resubmission may take."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteVivaNotPassed:
    """Know that a viva was not passed."""

    number: int
    last: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAward:
    """Know that the participant holds the status."""

    award_id: str
    conferred_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFee:
    """Know that the fee of a restart was paid."""

    amount_pence: int
    fee_pence: int
    """What the programme asks for."""
    recorded_by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """Take no further part."""

    side: Side
    withdrawn_by: str
    at: datetime


NoteCommand: TypeAlias = NoteOutcome | NoteVivaNotPassed | NoteAward
AfterwardsCommand: TypeAlias = NoteCommand | RecordFee | Withdraw

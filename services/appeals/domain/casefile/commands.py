"""What others tell of a case, and what its own appeals add."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from services.appeals.domain.casefile.events import (
    DecisionResult,
    DecisionSubject,
    PartKind,
)
from services.appeals.domain.terms import Terms
from shared.holds import HoldCommand


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteTerms:
    """Know under which terms a case stands, or an attempt was handed in."""

    case_id: str
    participant_id: str
    attempt: int
    terms: Terms
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteBonds:
    """Know who supports the participant, and for whom they work."""

    case_id: str
    mentor_id: str | None
    organisation_id: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePart:
    """Know who had a part in the case."""

    case_id: str
    part: PartKind
    person_ids: tuple[str, ...]
    appeal_id: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDecision:
    """Know that a decision was released."""

    case_id: str
    decision_id: str
    subject: DecisionSubject
    number: int
    result: DecisionResult
    is_revision: bool
    released_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWithdrawal:
    """Know that the participant takes no further part."""

    case_id: str
    withdrawn_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAppeal:
    """Give the next appeal of the case its number."""

    case_id: str
    number: int
    decision_id: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseAppeal:
    """Know that nothing more can happen to an appeal."""

    case_id: str
    number: int
    at: datetime


CaseFileCommand: TypeAlias = (
    NoteTerms
    | NoteBonds
    | NotePart
    | NoteDecision
    | HoldCommand
    | NoteWithdrawal
    | OpenAppeal
    | CloseAppeal
)

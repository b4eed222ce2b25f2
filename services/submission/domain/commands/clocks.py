"""What somebody, or time itself, can ask of the dates of a case."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from services.submission.domain.events import (
    ExtensionReason,
    ExtraDays,
    VivaArrangement,
)
from shared.personal import Personal
from shared.vocabulary import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveDeadline:
    """Let this one case be handed in later than its cohort."""

    deadline: date
    reason: ExtensionReason
    role: Role
    """In which role it is asked for."""
    cohort_deadline: date
    starts_on: date
    """The first day of the cohort."""
    months_before: int
    """How long before it an adjustment is asked for at the latest."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForAdjustment:
    """Say what somebody needs."""

    adjustment_id: str
    asked_by: str
    details: Personal[str]
    starts_on: date
    """The first day of the cohort."""
    months_before: int
    """How long before it at the latest."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeAdjustment:
    """Grant what was asked for, in closed words that clocks and panels can follow."""

    adjustment_id: str
    extra_days: tuple[ExtraDays, ...]
    viva: tuple[VivaArrangement, ...]
    until: date
    agreed_by: str
    details: Personal[str]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineAdjustment:
    """Say that what was asked for is not agreed, and why."""

    adjustment_id: str
    declined_by: str
    details: Personal[str]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteHold:
    """Know that the office stopped the clocks."""

    hold_id: str
    placed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteHoldEnd:
    """Know that the clocks run on."""

    hold_id: str
    lifted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Remind:
    """See whether a reminder is due."""

    marks_days: tuple[int, ...]
    """Numbers of days left at which there is one, in any order."""
    cohort_deadline: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapse:
    """See whether the window of a resubmission was missed."""

    cohort_deadline: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayReview:
    """Follow a cohort whose deadline moved later."""

    cohort_deadline: date
    at: datetime


AdjustmentCommand: TypeAlias = AskForAdjustment | AgreeAdjustment | DeclineAdjustment
HoldCommand: TypeAlias = NoteHold | NoteHoldEnd
TimeCommand: TypeAlias = Remind | Lapse | DelayReview
ClockCommand: TypeAlias = MoveDeadline | AdjustmentCommand | HoldCommand | TimeCommand

"""What somebody can ask of a drawn case."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from services.moderation.domain.judgement import (
    Evidence,
    JudgedCase,
    Visibility,
)
from services.moderation.domain.standing.evolve import Standing
from shared.personal import Personal
from shared.vocabulary import CriterionKey, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Who acts, with the standing that facts give them."""

    person_id: str
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """Have the case judged a second time."""

    judged: JudgedCase
    criterion_gap: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeCase:
    """Hold the case, or hold it longer."""

    by: Colleague
    token: UUID
    expires_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HandBackCase:
    """Give the case back without judging it."""

    by: Colleague
    token: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBlindJudgement:
    """Judge the case before any other mark is shown."""

    by: Colleague
    token: UUID | None
    levels: dict[CriterionKey, Level]
    rationale: Personal[str]
    evidence: Evidence
    visible: Visibility
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UpholdCase:
    """As the lead: the reviewer's outcome stands."""

    by: Colleague
    reason: Personal[str]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OverturnCase:
    """As the lead: the outcome changes, with new feedback for the participant."""

    by: Colleague
    levels: dict[CriterionKey, Level]
    reason: Personal[str]
    feedback: Personal[str]
    other_work: Literal["widened", "not_widened"]
    other_work_reason: Personal[str]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseOutcome:
    """Tell the outcome; *judged* is used when the case was never drawn."""

    judged: JudgedCase
    at: datetime


CaseCommand: TypeAlias = (
    OpenCase
    | TakeCase
    | HandBackCase
    | RecordBlindJudgement
    | UpholdCase
    | OverturnCase
    | ReleaseOutcome
)

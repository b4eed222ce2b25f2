"""What the pool of seeds of a programme can be asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from services.moderation.domain.commands import Colleague
from services.moderation.domain.judgement import JudgedCase
from shared.contracts.programme import SeedRules
from shared.personal import Personal
from shared.vocabulary import CriterionKey, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A decided case, and what has become of it."""

    judged: JudgedCase
    template: str
    is_told: bool
    is_withdrawn: bool
    took_part: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeSeed:
    """Have three people judge a decided case anew, so that it can be a seed."""

    seed_id: str
    source: Source
    panel: tuple[Colleague, Colleague, Colleague]
    permission: Personal[str]
    by: Colleague
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkSeed:
    """As one of the panel: say what the seed is worth."""

    seed_id: str
    by: Colleague
    levels: Mapping[CriterionKey, Level]
    rationale: Personal[str]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowSeed:
    """Know before whom a seed was put, under which id."""

    seed_id: str
    reviewer_id: str
    cohort_id: str
    case_id: str
    reviewers: int
    """How many judge in the cohort."""
    rules: SeedRules
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RetireSeed:
    """Use a seed no more: the lead says why."""

    seed_id: str
    by: Colleague
    reason: Personal[str]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DropErased:
    """Use a seed no more: its participant was erased."""

    seed_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSeedRefusal:
    """Keep what somebody tried that the rules forbid."""

    case_id: str
    attempt: int
    refusal: str
    by: str
    at: datetime


SeedCommand: TypeAlias = (
    MakeSeed | MarkSeed | ShowSeed | RetireSeed | DropErased | NoteSeedRefusal
)

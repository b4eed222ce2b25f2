"""What is told of courses by which people qualify: by course, set and seed."""

from datetime import datetime
from typing import Literal, TypeAlias

from pydantic import BaseModel

from services.moderation.domain.seeds.marking import Definitive
from services.moderation.domain.seeds.qualification.events import Kind, WhyBegun
from shared.contracts.programme import QualificationRules
from shared.vocabulary import CohortId, CriterionKey, Level, PersonId

CourseState: TypeAlias = Literal[
    "needed",
    "practising",
    "qualifying",
    "lacking",
    "qualified",
    "stopped",
    "ended",
]
"""What somebody paused waits for; what they do; seeds are lacking; how it ended."""


class SeedFeedback(BaseModel):
    """What a seed is worth, beside what they gave it."""

    levels: dict[CriterionKey, Level]
    """Theirs."""
    definitive: Definitive
    in_tolerance: bool
    rationales: list[dict[CriterionKey, str]]
    """Of the panel, without names; empty where the participant was erased."""


class CourseSeed(BaseModel):
    """One case of a set."""

    review_id: str
    """As which it is in their queue."""
    is_judged: bool
    """For good, that is, it cannot be taken back any more."""
    feedback: SeedFeedback | None
    """None before it may be told."""


class CourseSet(BaseModel):
    """Seeds that were put before somebody together."""

    kind: Kind
    round: int
    due_at: datetime
    seeds: list[CourseSeed]
    in_tolerance: int | None
    """How many of it; None before it may be told."""


class CourseView(BaseModel):
    """A course, as it may be seen."""

    cohort_id: CohortId
    reviewer_id: PersonId
    number: int
    state: CourseState
    because: WhyBegun
    begun_at: datetime
    rules: QualificationRules
    sets: list[CourseSet]


class CoursesRow(BaseModel):
    """Where a reviewer of a cohort stands with qualifying."""

    reviewer_id: PersonId
    state: CourseState
    courses: int
    """How many were begun."""
    in_tolerance: int | None
    """Of the last qualifying set that was judged whole."""
    of: int | None
    seeds_lacking: int


class CohortCourses(BaseModel):
    """Who qualifies in a cohort, or has to; without the reader's own."""

    cohort_id: CohortId
    reviewers: list[CoursesRow]

"""What can happen while somebody qualifies on seeds."""

from typing import Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contracts.programme import QualificationRules
from shared.decider import Fact, Value
from shared.personal import Personal
from shared.vocabulary import CaseId, CohortId, CriterionKey, Level, PersonId

Kind: TypeAlias = Literal["practice", "qualifying"]
"""What a set of seeds is for: to learn from, or to be judged by."""

WhyBegun: TypeAlias = Literal["paused", "new"]

EndedBecause: TypeAlias = Literal["lead", "cohort_closed", "not_paused"]
"""The lead said so; the key is public, so that what comes next could be foreseen; or
their pause had ended meanwhile."""


class _OfCourse(Fact):
    """Whose course it is."""

    cohort_id: CohortId
    reviewer_id: PersonId
    number: int = Field(ge=1)
    """Which course of theirs in the cohort."""


class QualificationBegun(_OfCourse):
    """The lead lets somebody qualify; they judge nothing else meanwhile."""

    type: Literal["moderation.QualificationBegun"] = "moderation.QualificationBegun"
    because: WhyBegun
    rules: QualificationRules
    """As the plan says them."""
    begun_by: PersonId


class PlacedSeed(Value):
    """A seed of a set, and the case as which they judge it."""

    seed_id: str
    case_id: CaseId


class QualificationSeedsPlaced(_OfCourse):
    """A set of seeds was put before them, and they know what it is for."""

    type: Literal["moderation.QualificationSeedsPlaced"] = (
        "moderation.QualificationSeedsPlaced"
    )
    kind: Kind
    round: int = Field(ge=0)
    """0 for practice, then 1, and more for each further chance."""
    candidates: tuple[str, ...] = Field(min_length=1)
    """Every seed that might have been put before them, by id."""
    placed: tuple[PlacedSeed, ...] = Field(min_length=1)
    """In the order of their tickets."""
    due_at: AwareDatetime


class QualificationSeedsLacking(_OfCourse):
    """The next set cannot be made up: the pool has too few seeds for them."""

    type: Literal["moderation.QualificationSeedsLacking"] = (
        "moderation.QualificationSeedsLacking"
    )
    round: int = Field(ge=0)
    needed: int = Field(ge=1)
    left: int = Field(ge=0)


class QualificationSeedJudged(_OfCourse):
    """How a judgement of theirs lies against definitive marks; it moves no chart."""

    type: Literal["moderation.QualificationSeedJudged"] = (
        "moderation.QualificationSeedJudged"
    )
    judgement_id: UUID
    case_id: CaseId
    seed_id: str
    levels: dict[CriterionKey, Level]
    in_tolerance: bool
    """No criterion is further off than the panel was apart."""


class _Passed(_OfCourse):
    """What a qualifying set came to."""

    round: int = Field(ge=1)
    in_tolerance: int = Field(ge=0)
    needed: int = Field(ge=1)
    judgements: tuple[UUID, ...] = Field(min_length=1)


class Qualified(_Passed):
    """Enough of the set were in tolerance: they may judge, on probation."""

    type: Literal["moderation.Qualified"] = "moderation.Qualified"


class NotQualified(_Passed):
    """Too few of the set were in tolerance; another set follows."""

    type: Literal["moderation.NotQualified"] = "moderation.NotQualified"


class QualificationStopped(_Passed):
    """Too few were in tolerance with the last chance: they judge no more here."""

    type: Literal["moderation.QualificationStopped"] = "moderation.QualificationStopped"
    lead_id: PersonId
    """Who let them qualify."""


class QualificationEnded(_OfCourse):
    """The course ended without a result."""

    type: Literal["moderation.QualificationEnded"] = "moderation.QualificationEnded"
    because: EndedBecause
    ended_by: PersonId | None = None
    reason: Personal[str] | None = None
    """Why, when a person ended it; under that person's key."""


QualificationEvent: TypeAlias = (
    QualificationBegun
    | QualificationSeedsPlaced
    | QualificationSeedsLacking
    | QualificationSeedJudged
    | Qualified
    | NotQualified
    | QualificationStopped
    | QualificationEnded
)

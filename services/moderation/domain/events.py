"""What can happen to a drawn case, and every fact this service owns."""

from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.moderation.domain.draw.events import DrawEvent
from services.moderation.domain.judgement import (
    Evidence,
    JudgedCase,
    Visibility,
)
from services.moderation.domain.plan.events import PlanEvent
from services.moderation.domain.standing.events import StandingEvent
from shared.decider import Fact
from shared.personal import Personal
from shared.vocabulary import (
    Attempt,
    CaseId,
    CohortId,
    CriterionKey,
    Level,
    Outcome,
    PersonId,
)


class Opened(Fact):
    """The case was drawn: somebody judges it a second time."""

    type: Literal["moderation.Opened"] = "moderation.Opened"
    judged: JudgedCase
    criterion_gap: int = Field(ge=1, le=3)
    """Levels apart on one criterion that call a second moderator; from the plan."""


class OpeningSetAside(Fact):
    """Another judgement of the same case was drawn; the first one stands."""

    type: Literal["moderation.OpeningSetAside"] = "moderation.OpeningSetAside"
    judgement_id: UUID


class Taken(Fact):
    """A moderator holds the case; writes carry this token."""

    type: Literal["moderation.Taken"] = "moderation.Taken"
    moderator_id: PersonId
    token: UUID
    expires_at: AwareDatetime


class TakeExtended(Fact):
    """The holder keeps the case longer."""

    type: Literal["moderation.TakeExtended"] = "moderation.TakeExtended"
    token: UUID
    expires_at: AwareDatetime


class TakeLapsed(Fact):
    """The lease ran out and somebody else wants the case."""

    type: Literal["moderation.TakeLapsed"] = "moderation.TakeLapsed"
    moderator_id: PersonId
    token: UUID


class HandedBack(Fact):
    """The holder gave the case back without judging it."""

    type: Literal["moderation.HandedBack"] = "moderation.HandedBack"
    moderator_id: PersonId
    token: UUID


class BlindJudgementRecorded(Fact):
    """A moderator judged the case without having seen another's marks."""

    type: Literal["moderation.BlindJudgementRecorded"] = (
        "moderation.BlindJudgementRecorded"
    )
    moderator_id: PersonId
    token: UUID
    number: Literal[1, 2]
    """1 for the first moderator, 2 for the second."""
    levels: dict[CriterionKey, Level]
    outcome: Outcome
    rationale: Personal[str]
    """JSON object: criterion to text."""
    evidence: Evidence
    visible: Visibility


class Compared(Fact):
    """A blind judgement was laid beside the reviewer's."""

    type: Literal["moderation.Compared"] = "moderation.Compared"
    number: Literal[1, 2]
    outcome_differs: bool
    level_gaps: dict[CriterionKey, int]
    """Reviewer minus moderator, signed, so that severity can be measured."""


class SecondOpinionCalled(Fact):
    """Outcome or a criterion is too far apart: a second moderator judges blind."""

    type: Literal["moderation.SecondOpinionCalled"] = "moderation.SecondOpinionCalled"


class ReferredToLead(Fact):
    """Both moderators came to the other outcome: the lead decides."""

    type: Literal["moderation.ReferredToLead"] = "moderation.ReferredToLead"


class Upheld(Fact):
    """The reviewer's outcome stands."""

    type: Literal["moderation.Upheld"] = "moderation.Upheld"
    by: Literal["agreement", "majority", "lead"]
    decided_by: PersonId | None = None
    """The lead, when the lead decided."""
    reason: Personal[str] | None = None


class Overturned(Fact):
    """The lead changed the outcome; every original judgement stays."""

    type: Literal["moderation.Overturned"] = "moderation.Overturned"
    decided_by: PersonId
    levels: dict[CriterionKey, Level]
    outcome: Outcome
    reason: Personal[str]
    feedback: Personal[str]
    """What the participant reads instead."""
    other_work: Literal["widened", "not_widened"]
    """What follows for the reviewer's other work. Source: moderation.md 5."""
    other_work_reason: Personal[str]


class OutcomeReleased(Fact):
    """The outcome may be told to the participant."""

    type: Literal["moderation.OutcomeReleased"] = "moderation.OutcomeReleased"
    case_id: CaseId
    cohort_id: CohortId
    attempt: Attempt
    participant_id: PersonId
    programme: str
    programme_version: str
    policy_version: str
    outcome: Outcome
    feedback: Personal[str]
    took_part: tuple[PersonId, ...]
    """Everyone who judged: they may have no later part in the case."""


CaseEvent: TypeAlias = (
    Opened
    | OpeningSetAside
    | Taken
    | TakeExtended
    | TakeLapsed
    | HandedBack
    | BlindJudgementRecorded
    | Compared
    | SecondOpinionCalled
    | ReferredToLead
    | Upheld
    | Overturned
    | OutcomeReleased
)

ModerationFact: TypeAlias = Annotated[
    CaseEvent | PlanEvent | DrawEvent | StandingEvent, Field(discriminator="type")
]
"""Every fact this service owns: the registry its codec reads."""

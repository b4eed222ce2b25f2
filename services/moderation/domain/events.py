"""What can happen to a drawn case, and every fact this service owns."""

import operator
from collections.abc import Mapping
from typing import Annotated, Literal, TypeAlias, get_args
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.moderation.domain.decisions import Decision, DecisionEvent
from services.moderation.domain.draw.events import DrawEvent
from services.moderation.domain.judgement import (
    Evidence,
    JudgedCase,
    Visibility,
)
from services.moderation.domain.lateness import LatenessEvent
from services.moderation.domain.opinions.events import OpinionEvent
from services.moderation.domain.outcomes import OutcomeEvent
from services.moderation.domain.plan.events import PlanEvent
from services.moderation.domain.recalls import RecallEvent
from services.moderation.domain.rechecks import RecheckOrdered
from services.moderation.domain.seeds.course.events import CourseEvent
from services.moderation.domain.seeds.events import SeedEvent
from services.moderation.domain.seeds.qualification.events import QualificationEvent
from services.moderation.domain.standing.events import StandingEvent
from services.moderation.domain.stopping.events import StoppingEvent
from shared.decider import Fact
from shared.personal import Personal
from shared.vocabulary import (
    CriterionKey,
    Level,
    Outcome,
    PersonId,
)


class Opened(Fact):
    """The case was drawn, or judged afresh: somebody judges it a second time."""

    type: Literal["moderation.Opened"] = "moderation.Opened"
    judged: JudgedCase
    criterion_gap: int = Field(ge=1, le=3)
    """Levels apart on one criterion that call a second moderator; from the plan."""
    excluded: tuple[PersonId, ...] = ()
    """Everyone with an earlier part in the case; only of a fresh review."""
    recallable_until: AwareDatetime | None = None
    """When somebody may take the case at the earliest; only of a fresh review."""
    stands: JudgedCase | None = None
    """What had come instead of a recalled judgement before the case was opened."""
    recalled_token: int | None = None
    """Of what its reviewer had taken back last before the case was opened."""


class OpeningSetAside(Fact):
    """Another judgement of the case was drawn, or the participant has withdrawn."""

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
    second_drawn: bool = Field(default=False, exclude_if=operator.not_)
    """The first was drawn to have a second moderator judge the case in any event."""


class Compared(Fact):
    """A blind judgement was laid beside the reviewer's."""

    type: Literal["moderation.Compared"] = "moderation.Compared"
    number: Literal[1, 2]
    outcome_differs: bool
    level_gaps: dict[CriterionKey, int]
    """Reviewer minus moderator, signed, so that severity can be measured."""


class SecondOpinionCalled(Fact):
    """A second moderator judges blind: the first differs too much, or was drawn."""

    type: Literal["moderation.SecondOpinionCalled"] = "moderation.SecondOpinionCalled"


class ReferredToLead(Fact):
    """Both moderators came to the other outcome: the lead decides."""

    type: Literal["moderation.ReferredToLead"] = "moderation.ReferredToLead"


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
    | DecisionEvent
    | OutcomeEvent
    | LatenessEvent
    | RecallEvent
    | RecheckOrdered
)

ModerationFact: TypeAlias = Annotated[
    CaseEvent
    | PlanEvent
    | DrawEvent
    | OpinionEvent
    | StandingEvent
    | StoppingEvent
    | SeedEvent
    | CourseEvent
    | QualificationEvent,
    Field(discriminator="type"),
]
"""Every fact this service owns: the registry its codec reads."""

DECIDED: Mapping[str, str] = {
    each.model_fields["type"].default: each.sentence for each in get_args(Decision)
}
"""What timelines call each fact that settles a case."""

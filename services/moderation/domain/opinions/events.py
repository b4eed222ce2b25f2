"""What can happen to the second opinions about one moderator in one cohort."""

import operator
from typing import Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.moderation.domain.detection import Alarm, Scores
from services.moderation.domain.sampling import PARTS_PER_MILLION
from services.moderation.domain.standing.ladder import StandingName
from shared.contracts.programme import Rate
from shared.decider import Fact
from shared.vocabulary import Attempt, CaseId, Sha256

OpinionRule: TypeAlias = Literal[
    "second_opinions", "adaptive", "standing", "key_revealed"
]
Place: TypeAlias = Literal["first", "second"]
"""Whether somebody judged a case as its first moderator or as its second."""


class OpinionProbabilitySet(Fact):
    """How likely a second moderator judges, too; set before the ticket is drawn."""

    type: Literal["moderation.OpinionProbabilitySet"] = (
        "moderation.OpinionProbabilitySet"
    )
    judgement_id: UUID
    """The reviewer's judgement that was drawn for moderation."""
    case_id: CaseId
    attempt: Attempt
    probability_ppm: int = Field(ge=1, le=PARTS_PER_MILLION)
    rule: OpinionRule


class OpinionDrawn(Fact):
    """The ticket decided whether a second moderator judges, whatever the first said."""

    type: Literal["moderation.OpinionDrawn"] = "moderation.OpinionDrawn"
    judgement_id: UUID
    case_id: CaseId
    attempt: Attempt
    ticket: Sha256
    """The ticket's 256 bits in hexadecimal, under a label of its own."""
    selected: bool


class ModeratorDifferenceNoted(Fact):
    """Two moderators judged a case blind: how far this one was from the other."""

    type: Literal["moderation.ModeratorDifferenceNoted"] = (
        "moderation.ModeratorDifferenceNoted"
    )
    judgement_id: UUID
    place: Place
    level_difference: int
    """This moderator minus the other, signed and summed over the criteria."""
    absolute_difference: int = Field(ge=0)
    """The same without signs."""
    outcome_differs: bool
    scores: Scores | None
    """Where this moderator's charts stand after it; None where a plan has none."""
    precedes_probation: bool = Field(default=False, exclude_if=operator.not_)
    """Judged before this moderator's charts began anew: it moves none of them."""


class ModeratorAlarmRaised(Fact):
    """A chart of a moderator reached its alarm; again only after it was below it."""

    type: Literal["moderation.ModeratorAlarmRaised"] = "moderation.ModeratorAlarmRaised"
    chart: Alarm
    scores: Scores
    evidence: tuple[UUID, ...]
    """The judgements since the chart was last at nought, oldest first."""


class ModeratorStandingApplied(Fact):
    """The moderator has another standing: what follows for their second opinions."""

    type: Literal["moderation.ModeratorStandingApplied"] = (
        "moderation.ModeratorStandingApplied"
    )
    standing: StandingName
    least_ppm: Rate
    charts_from: AwareDatetime | None = Field(default=None, exclude_if=operator.not_)
    """When a pause of the moderator ended: every chart is at nought, and nothing judged
    before then moves any. None where no pause ended, and in facts from before that was
    looked at: the charts go on."""


OpinionEvent: TypeAlias = (
    OpinionProbabilitySet
    | OpinionDrawn
    | ModeratorDifferenceNoted
    | ModeratorAlarmRaised
    | ModeratorStandingApplied
)

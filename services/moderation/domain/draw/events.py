"""What can happen to the draw of one reviewer in one cohort."""

import operator
from typing import Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.moderation.domain.detection import Alarm, Scores
from services.moderation.domain.draw.seeded import SeedDrawEvent
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.sampling import PARTS_PER_MILLION
from shared.contracts.programme import BlockSize, Rate, ReviewerStanding
from shared.decider import Fact
from shared.personal import Personal
from shared.vocabulary import Attempt, CaseId, CohortId, PersonId, Sha256


class JudgementReceived(Fact):
    """A completed review arrived. Its number among the reviewer's is fixed by this."""

    type: Literal["moderation.JudgementReceived"] = "moderation.JudgementReceived"
    ordinal: int = Field(ge=1)
    judged: JudgedCase


class JudgementSetAside(Fact):
    """Another judgement of a round that was drawn: returned, or a fresh review."""

    type: Literal["moderation.JudgementSetAside"] = "moderation.JudgementSetAside"
    judgement_id: UUID
    case_id: CaseId
    attempt: Attempt


class ProbabilitySet(Fact):
    """How likely a judgement is to be moderated; set before its ticket is drawn."""

    type: Literal["moderation.ProbabilitySet"] = "moderation.ProbabilitySet"
    judgement_id: UUID
    case_id: CaseId
    attempt: Attempt
    ordinal: int = Field(ge=1)
    probability_ppm: int = Field(ge=1, le=PARTS_PER_MILLION)
    rule: str
    """The name of the rule that set it; floors are named in the plan."""


class Drawn(Fact):
    """The ticket decided: moderated or not, recorded just the same."""

    type: Literal["moderation.Drawn"] = "moderation.Drawn"
    judgement_id: UUID
    case_id: CaseId
    attempt: Attempt
    ticket: Sha256
    """The ticket's 256 bits in hexadecimal; the key behind it stays secret."""
    block_pick: bool
    """It stands at the hidden position of its block: counts in official rates."""
    selected: bool


class SampleWidened(Fact):
    """The lead looks harder at this reviewer's work from here on, and back."""

    type: Literal["moderation.SampleWidened"] = "moderation.SampleWidened"
    to_ppm: int = Field(ge=1, le=PARTS_PER_MILLION)
    because_of_case_id: CaseId
    widened_by: PersonId
    reason: Personal[str]


class DifferenceNoted(Fact):
    """A judgement of this reviewer was moderated and settled: how far it differed."""

    type: Literal["moderation.DifferenceNoted"] = "moderation.DifferenceNoted"
    judgement_id: UUID
    level_difference: int
    """Reviewer minus first moderator, signed and summed over the criteria."""
    absolute_difference: int = Field(ge=0)
    """The same without signs."""
    overturned: bool
    """It was settled against the reviewer's outcome."""
    scores: Scores | None
    """Where the reviewer's charts stand after it; None where a plan has none."""
    release_only: bool = Field(default=False, exclude_if=operator.not_)
    """It counts for the sample of a release alone: somebody else judged instead, or
    charts and standing have counted the judgement, and it was settled once more."""
    precedes_probation: bool = Field(default=False, exclude_if=operator.not_)
    """Judged before the reviewer's charts began anew: it moves none of them."""


class AlarmRaised(Fact):
    """A chart reached its alarm; it is raised again only after it was below it."""

    type: Literal["moderation.AlarmRaised"] = "moderation.AlarmRaised"
    chart: Alarm
    scores: Scores
    evidence: tuple[UUID, ...]
    """The judgements since the chart was last at nought, oldest first."""


class StandingApplied(Fact):
    """The reviewer has another standing: what follows for draws from here on."""

    type: Literal["moderation.StandingApplied"] = "moderation.StandingApplied"
    standing: ReviewerStanding
    least_ppm: Rate
    block_size: BlockSize
    """Of every block that begins with the judgement below, or later."""
    from_ordinal: int = Field(ge=1)
    """The number of the next judgement to arrive."""
    charts_from: AwareDatetime | None = Field(default=None, exclude_if=operator.not_)
    """When a pause of the reviewer ended: every chart is at nought, and nothing judged
    before then moves any. None where no pause ended, and in facts from before that was
    looked at: the charts go on."""


class RemarkAllOrdered(Fact):
    """Every judgement of a stretch that is not released yet is moderated."""

    type: Literal["moderation.RemarkAllOrdered"] = "moderation.RemarkAllOrdered"
    reviewer_id: PersonId
    cohort_id: CohortId
    from_ordinal: int = Field(ge=1)
    """Number of the first: the one after the last block that was still clean."""
    to_ordinal: int = Field(ge=0)
    """Number of the last one that has arrived; 0 when none has."""
    because: Literal["paused", "lead"]
    because_of_case_id: CaseId | None = None
    ordered_by: PersonId | None = None
    """The lead; None when the reviewer was paused."""
    reason: Personal[str] | None = None


class SampledForRelease(Fact):
    """These are next in the order of the release's sample, and were not drawn yet."""

    type: Literal["moderation.SampledForRelease"] = "moderation.SampledForRelease"
    attempt: Attempt
    number: int = Field(ge=1)
    """Which batch of the round it is."""
    judgements: tuple[UUID, ...] = Field(min_length=1)


class RenewalReceived(Fact):
    """A judgement came instead of one that was received and then taken back.

    It has no number and no ticket: what was drawn stays drawn.
    """

    type: Literal["moderation.RenewalReceived"] = "moderation.RenewalReceived"
    judgement_id: UUID
    """Of the judgement that was received."""
    judged: JudgedCase
    """What came instead, from whoever made it."""
    follows_conflict: bool = Field(default=False, exclude_if=operator.not_)
    """The first was set aside for a conflict of its reviewer, and not taken back."""


class SampledAsChanged(Fact):
    """What came instead of a judgement is of another kind: it is always moderated."""

    type: Literal["moderation.SampledAsChanged"] = "moderation.SampledAsChanged"
    judgement_id: UUID
    """Of the judgement that was received, drawn and skipped."""
    because: tuple[str, ...] = Field(min_length=1)
    """``conflict`` if the first was set aside for one, ``outcome`` if it differs, and
    the floors that only one of them meets."""


DrawEvent: TypeAlias = (
    JudgementReceived
    | JudgementSetAside
    | ProbabilitySet
    | Drawn
    | SampleWidened
    | DifferenceNoted
    | AlarmRaised
    | StandingApplied
    | RemarkAllOrdered
    | SampledForRelease
    | RenewalReceived
    | SampledAsChanged
    | SeedDrawEvent
)

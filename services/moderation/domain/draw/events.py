"""What can happen to the draw of one reviewer in one cohort."""

from typing import Literal, TypeAlias
from uuid import UUID

from pydantic import Field

from services.moderation.domain.inclusion import Rule
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.sampling import PARTS_PER_MILLION
from shared.decider import Fact
from shared.personal import Personal
from shared.vocabulary import Attempt, CaseId, PersonId, Sha256


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
    rule: Rule


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


DrawEvent: TypeAlias = (
    JudgementReceived | JudgementSetAside | ProbabilitySet | Drawn | SampleWidened
)

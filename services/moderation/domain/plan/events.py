"""What can happen to the moderation of a cohort as a whole."""

import operator
from typing import Literal, Self, TypeAlias
from uuid import UUID

from pydantic import Field, model_validator

from services.moderation.domain.rules import Rules, RulesOfVersion1
from shared.decider import Fact, Value
from shared.personal import Personal
from shared.vocabulary import Attempt, CohortId, PersonId, Sha256

Attempted: TypeAlias = Literal["plan", "commitment", "number", "key"]
"""What of a plan somebody tried to publish, commit to, show or reveal."""


def _is_none(value: object) -> bool:
    return value is None


class Plan(Value):
    """Everything that decides what is drawn, as one versioned object."""

    plan_version: Literal[1, 2] = 2
    sampler: Literal["mod-sampler/1"] = "mod-sampler/1"
    cohort_id: CohortId
    programme: str = Field(min_length=1, max_length=64)
    policy_version: str = Field(min_length=1, max_length=64)
    rules: Rules | RulesOfVersion1
    parties: tuple[PersonId, PersonId, PersonId]
    """The three people whose numbers make the public randomness."""

    @property
    def drawn_by(self) -> Rules:
        """The rules, in today's words whatever the version."""
        return self.rules if isinstance(self.rules, Rules) else self.rules.as_rules()

    @model_validator(mode="after")
    def _has_rules_of_its_version(self) -> Self:
        if (self.plan_version == 1) != isinstance(self.rules, RulesOfVersion1):
            message = "rules: they are of another plan_version"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _has_three_parties(self) -> Self:
        if len(set(self.parties)) != len(self.parties):
            message = "parties: name three different people"
            raise ValueError(message)
        return self


class PlanPublished(Fact):
    """The lead published the plan, bound to a key that nobody has seen."""

    type: Literal["moderation.PlanPublished"] = "moderation.PlanPublished"
    plan: Plan
    plan_hash: Sha256
    """SHA-256 over the plan's canonical JSON."""
    key_commitment: Sha256
    wrapped_key: str
    """The secret key, wrapped by the key-encryption key; revealed at the close."""
    published_by: PersonId
    late_because: Personal[str] | None = None
    """Why it came after judgements had arrived; None when none had."""
    reviewers_before: tuple[PersonId, ...] = ()
    """Whose judgements had arrived before it."""


class NonceCommitted(Fact):
    """A party is bound to its number."""

    type: Literal["moderation.NonceCommitted"] = "moderation.NonceCommitted"
    party: PersonId
    commitment: Sha256


class NonceRevealed(Fact):
    """A party showed its number; it is the one it committed to."""

    type: Literal["moderation.NonceRevealed"] = "moderation.NonceRevealed"
    party: PersonId
    nonce: Sha256


class RandomnessFixed(Fact):
    """All numbers are in; from here on tickets can be drawn."""

    type: Literal["moderation.RandomnessFixed"] = "moderation.RandomnessFixed"
    beacon: str


class ReviewerJoined(Fact):
    """A reviewer's first judgement in this cohort arrived."""

    type: Literal["moderation.ReviewerJoined"] = "moderation.ReviewerJoined"
    reviewer_id: PersonId
    results_before: int | None = Field(default=None, ge=0, exclude_if=_is_none)
    """How many judgements of theirs had been moderated and settled by then, in all
    cohorts: by that the plan says who is new. None in facts of before it was noted."""


class ModeratorJoined(Fact):
    """A moderator's first blind judgement in this cohort was recorded."""

    type: Literal["moderation.ModeratorJoined"] = "moderation.ModeratorJoined"
    moderator_id: PersonId


class BatchFormed(Fact):
    """What is to be released at a limited risk; recorded before its order is drawn."""

    type: Literal["moderation.BatchFormed"] = "moderation.BatchFormed"
    attempt: Attempt
    number: int = Field(ge=1)
    """Which batch of the round it is."""
    population_root: Sha256
    """Digest of all judgements, whatever their order. Source: statistics.md 2.9."""
    judgements: tuple[UUID, ...] = Field(min_length=1)
    formed_by: PersonId


class SampleOrdered(Fact):
    """These are next in the order of tickets: moderated now, if they were not yet."""

    type: Literal["moderation.SampleOrdered"] = "moderation.SampleOrdered"
    attempt: Attempt
    number: int = Field(ge=1)
    judgements: tuple[UUID, ...] = Field(min_length=1)
    ordered_by: PersonId


class RiskStatement(Value):
    """At what risk a round is released.

    If at least the tolerated share of the population were wrong, that is, overturned
    after adjudication, a release without moderating all of it had at most this chance.
    """

    tolerated_ppm: int
    alpha_ppm: int
    population: int
    checked: int
    wrong: int
    risk_ppm: int
    """At most `alpha_ppm`; 0 when all of it was moderated."""
    left_out: tuple[UUID, ...] = ()
    """Of the batch, what was withdrawn or held before the release: maybe all of it."""


class CohortReleased(Fact):
    """Every drawn case was settled, and the lead released the judged cases."""

    type: Literal["moderation.CohortReleased"] = "moderation.CohortReleased"
    attempt: Attempt
    """The round: resubmissions are released on their own."""
    number: int = Field(ge=1)
    """1 for the first release of the round, more when late cases follow."""
    cases: int = Field(ge=1)
    """Outcomes released with it."""
    held: int = Field(default=0, ge=0, exclude_if=operator.not_)
    """Judged cases that were left out: their reviewer is paused."""
    released_by: PersonId
    risk: RiskStatement | None = Field(default=None, exclude_if=operator.not_)
    """None when the plan limits no risk."""


class KeyRevealed(Fact):
    """The secret key is public: anybody can check every draw."""

    type: Literal["moderation.KeyRevealed"] = "moderation.KeyRevealed"
    key: Sha256
    """32 bytes, as 64 hexadecimal digits."""
    revealed_by: PersonId


class AttemptRefused(Fact):
    """Somebody who has a part in the plan tried what its rules forbid."""

    type: Literal["moderation.AttemptRefused"] = "moderation.AttemptRefused"
    attempted: Attempted
    refusal: str
    """Stable name of the refusal, for example ``PlanTooLate``."""
    by: PersonId


PlanEvent: TypeAlias = (
    PlanPublished
    | NonceCommitted
    | NonceRevealed
    | RandomnessFixed
    | ReviewerJoined
    | ModeratorJoined
    | BatchFormed
    | SampleOrdered
    | CohortReleased
    | KeyRevealed
    | AttemptRefused
)

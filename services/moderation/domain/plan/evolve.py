"""How facts add up to the moderation of a cohort as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias, assert_never
from uuid import UUID

from services.moderation.domain.plan.events import (
    AttemptRefused,
    BatchFormed,
    CohortReleased,
    KeyRevealed,
    ModeratorJoined,
    NonceCommitted,
    NonceRevealed,
    Plan,
    PlanEvent,
    PlanPublished,
    RandomnessFixed,
    ReviewerJoined,
    SampleOrdered,
)
from shared.contracts.programme import QualificationRules


@dataclass(frozen=True, slots=True)
class Unpublished:
    """No plan yet; judgements that arrive wait for it."""


@dataclass(frozen=True, slots=True)
class Published:
    """There is a plan; the randomness is on its way."""

    plan: Plan
    plan_hash: str
    key_commitment: str
    wrapped_key: str
    published_at: datetime
    published_by: str
    commitments: Mapping[str, str] = field(default_factory=dict)
    nonces: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Drawing:
    """The randomness is fixed: every judgement is drawn as it arrives."""

    published: Published
    beacon: str


@dataclass(frozen=True, slots=True)
class Disclosed:
    """The key is public."""

    published: Published
    beacon: str
    key: bytes


Stage: TypeAlias = Unpublished | Published | Drawing | Disclosed


@dataclass(frozen=True, slots=True)
class Batch:
    """What is to be released together, and how much of its order was drawn."""

    number: int
    judgements: frozenset[UUID]
    ordered: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class CohortPlan:
    """Where the moderation of a cohort stands."""

    stage: Stage = Unpublished()
    reviewers: tuple[str, ...] = ()
    """Everybody with a judgement in this cohort, in order of arrival."""
    results: Mapping[str, int | None] = field(default_factory=dict)
    """By reviewer how many moderated results they had when they joined."""
    moderators: tuple[str, ...] = ()
    """Everybody who judged blind under a plan with second opinions, in order."""
    rounds: Mapping[int, int] = field(default_factory=dict)
    """How often each attempt was released."""
    batches: Mapping[int, Batch] = field(default_factory=dict)
    """By attempt the batch that waits for its release."""
    formed: Mapping[int, int] = field(default_factory=dict)
    """By attempt the number of the last batch, released or not."""
    refused: frozenset[tuple[str, str, str]] = frozenset()
    """What was attempted and refused, why, and whose attempt it was."""

    @property
    def releases(self) -> int:
        """How often anything of this cohort was released."""
        return sum(self.rounds.values())

    def next_batch(self, attempt: int) -> int:
        """Return the number of the next batch: no order is drawn twice."""
        return max(self.rounds.get(attempt, 0), self.formed.get(attempt, 0)) + 1

    @property
    def published(self) -> Published | None:
        """The plan and its commitments, once there are any."""
        match self.stage:
            case Unpublished():
                return None
            case Published():
                return self.stage
            case Drawing(published=published) | Disclosed(published=published):
                return published
            case _:
                assert_never(self.stage)

    @property
    def qualification(self) -> QualificationRules | None:
        """How people qualify on seeds; None where no plan lets them."""
        seeds = self.published.plan.drawn_by.seeds if self.published else None
        return seeds.qualification if seeds else None


INITIAL = CohortPlan()


def evolve(state: CohortPlan, event: PlanEvent) -> CohortPlan:
    """Return *state* as it is after *event*."""
    match event:
        case ReviewerJoined(reviewer_id=reviewer_id):
            results = {**state.results, reviewer_id: event.results_before}
            reviewers = (*state.reviewers, reviewer_id)
            return replace(state, reviewers=reviewers, results=results)
        case ModeratorJoined(moderator_id=moderator_id):
            return replace(state, moderators=(*state.moderators, moderator_id))
        case CohortReleased(attempt=attempt, number=number):
            open_ = {a: each for a, each in state.batches.items() if a != attempt}
            rounds = {**state.rounds, attempt: number}
            return replace(state, rounds=rounds, batches=open_)
        case BatchFormed() | SampleOrdered():
            batch = _batch(state.batches.get(event.attempt), event)
            batches = {**state.batches, event.attempt: batch}
            formed = {**state.formed, event.attempt: batch.number}
            return replace(state, batches=batches, formed=formed)
        case AttemptRefused(attempted=attempted, refusal=refusal, by=by):
            known = state.refused | {(attempted, refusal, by)}
            return replace(state, refused=known)
        case (
            PlanPublished()
            | NonceCommitted()
            | NonceRevealed()
            | RandomnessFixed()
            | KeyRevealed()
        ):
            return replace(state, stage=_stage(state.stage, event))
        case _:
            assert_never(event)


def _batch(batch: Batch | None, event: BatchFormed | SampleOrdered) -> Batch:
    if isinstance(event, BatchFormed) or batch is None:
        return Batch(event.number, frozenset(event.judgements))
    return replace(batch, ordered=(*batch.ordered, *event.judgements))


def _stage(
    stage: Stage,
    event: PlanPublished
    | NonceCommitted
    | NonceRevealed
    | RandomnessFixed
    | KeyRevealed,
) -> Stage:
    match stage, event:
        case _, PlanPublished():
            return Published(
                plan=event.plan,
                plan_hash=event.plan_hash,
                key_commitment=event.key_commitment,
                wrapped_key=event.wrapped_key,
                published_at=event.occurred_at,
                published_by=event.published_by,
            )
        case Published(), NonceCommitted(party=party, commitment=commitment):
            return replace(stage, commitments={**stage.commitments, party: commitment})
        case Published(), NonceRevealed(party=party, nonce=nonce):
            return replace(stage, nonces={**stage.nonces, party: nonce})
        case Published(), RandomnessFixed(beacon=beacon):
            return Drawing(stage, beacon)
        case Drawing(published=published, beacon=beacon), KeyRevealed(key=key):
            return Disclosed(published, beacon, bytes.fromhex(key))
        case _:
            return stage  # decide never lets this happen; a fold must not fail

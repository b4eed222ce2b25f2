"""What somebody can ask of the moderation of a cohort as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from services.moderation.domain.drawing import Sampler
from services.moderation.domain.plan.events import Attempted, Plan
from shared.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishPlan:
    """Publish the plan with the commitment to a fresh key."""

    plan: Plan
    key_commitment: str
    wrapped_key: str
    late_because: Personal[str] | None
    """Why it comes after judgements have arrived; None when none have."""
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitNonce:
    """Bind a party to its number."""

    party: str
    commitment: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealNonce:
    """Show the number a party is bound to, 64 hexadecimal digits."""

    party: str
    nonce: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteReviewer:
    """Know that this reviewer has judged in this cohort."""

    reviewer_id: str
    results_before: int | None = None
    """How many judgements of theirs were moderated and settled so far."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteModerator:
    """Know that this moderator has judged blind in this cohort."""

    moderator_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseCohort:
    """Release every judged case of one round; counts come from all its streams."""

    attempt: int
    releasable: int
    """Judged cases whose outcome is not yet released."""
    undrawn: tuple[str, ...]
    """Cases whose draw still waits for the plan or the randomness."""
    unsettled: tuple[str, ...]
    """Drawn cases without a decision."""
    recalled: Mapping[str, datetime]
    """When cases are to be judged again whose judgement was taken back."""
    recallable_until: datetime | None
    """Until when one of the judgements may be taken back; None without any."""
    held: tuple[str, ...] = ()
    """Cases of reviewers who are paused, until all of theirs are settled."""
    judgements: tuple[UUID, ...] = ()
    """Those of the releasable cases."""
    results: Mapping[UUID, bool] = field(default_factory=dict)
    """Of the moderated ones among them, whether they stand."""
    sampler: Sampler | None = None
    """None before the randomness is fixed."""
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealKey:
    """Make the secret key public."""

    key: bytes = field(repr=False)
    unreleased: int
    """Judged cases whose outcome is not yet released."""
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawForRelease:
    """Have as much more moderated as the release of a round needs."""

    attempt: int
    population: frozenset[UUID]
    """Judgements of the round that can be released, once they are settled."""
    results: Mapping[UUID, bool]
    """Of the settled ones, whether they stand."""
    left_out: frozenset[UUID]
    """Of the batch, what is withdrawn or held by now."""
    sampler: Sampler
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRefusal:
    """Keep that somebody tried what the rules of the plan forbid."""

    attempted: Attempted
    refusal: str
    by: str
    at: datetime


PlanCommand: TypeAlias = (
    PublishPlan
    | CommitNonce
    | RevealNonce
    | NoteReviewer
    | NoteModerator
    | ReleaseCohort
    | DrawForRelease
    | RevealKey
    | NoteRefusal
)

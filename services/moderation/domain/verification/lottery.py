"""What the draws of a cohort follow from: plan, randomness, key; see the package."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from services.moderation.domain.plan.events import (
    KeyRevealed,
    PlanEvent,
    PlanPublished,
    RandomnessFixed,
    ReviewerJoined,
)
from services.moderation.domain.verification.digests import mac
from services.moderation.domain.verification.opinions import OpinionWalk
from services.moderation.domain.verification.walk import Walk


@dataclass(frozen=True, slots=True)
class Lottery:
    """A published plan with its randomness and its key."""

    plan: PlanPublished
    fixed: RandomnessFixed
    revealed: KeyRevealed
    results: Mapping[str, int | None]
    """How many moderated results each reviewer had when they joined the cohort."""

    @classmethod
    def of(cls, facts: Sequence[PlanEvent]) -> Self | None:
        """Return what *facts* of a plan say; None unless each is there once."""
        published = [fact for fact in facts if isinstance(fact, PlanPublished)]
        fixed = [fact for fact in facts if isinstance(fact, RandomnessFixed)]
        revealed = [fact for fact in facts if isinstance(fact, KeyRevealed)]
        if not (len(published) == len(revealed) == len(fixed) == 1):
            return None
        joined = (fact for fact in facts if isinstance(fact, ReviewerJoined))
        results = {fact.reviewer_id: fact.results_before for fact in joined}
        return cls(published[0], fixed[0], revealed[0], results)

    @property
    def seed(self) -> bytes:
        """What every ticket derives from."""
        key, beacon = bytes.fromhex(self.revealed.key), self.fixed.beacon.encode()
        return mac(key, b"seed", beacon, self.plan.plan_hash.encode())

    def walk(self, reviewer_id: str) -> Walk:
        """Return what follows the facts about a reviewer."""
        return Walk(
            reviewer_id,
            self.plan,
            self.revealed,
            self.seed,
            self.fixed.occurred_at,
            self.results.get(reviewer_id),
        )

    def opinion_walk(self, moderator_id: str) -> OpinionWalk:
        """Return what follows the facts about a moderator."""
        return OpinionWalk(moderator_id, self.plan, self.revealed, self.seed)

"""What may be seen of seeds: the pool, and how reviewers do on them.

Invariant: no mark of a panel is shown before all of it have judged, and nobody is shown
what seeds they had themselves.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from pydantic import BaseModel

from services.moderation.domain.draw.decide import draw
from services.moderation.domain.draw.seeded import Withheld
from services.moderation.domain.draw.seeding import Seeding
from services.moderation.domain.plan.decide import plan
from services.moderation.domain.seeds.decide import known, seeds
from services.moderation.domain.seeds.events import RetiredBecause
from services.moderation.domain.seeds.evolve import Pool, Seed
from services.moderation.domain.seeds.marking import Definitive
from services.moderation.handlers.streams import draw_stream, plan_stream, pool_stream
from shared.carrying import carry
from shared.handling import Handling
from shared.vocabulary import Attempt, CaseId, CohortId, PersonId


class SeedView(BaseModel):
    """One seed of a pool."""

    seed_id: str
    case_id: CaseId
    """The case that it was made of."""
    attempt: Attempt
    cohort_id: CohortId
    panel: tuple[PersonId, ...]
    marked_by: tuple[PersonId, ...]
    """Who of the panel has judged it."""
    definitive: Definitive | None
    """None until all of them have."""
    seen_by: int
    """Reviewers it was put before."""
    retired: RetiredBecause | None
    made_at: datetime

    @classmethod
    def of(cls, seed: Seed) -> Self:
        """Return what may be seen of *seed*."""
        return carry(
            seed.made,
            cls,
            marked_by=tuple(each for each in seed.made.panel if each in seed.marks),
            definitive=seed.definitive,
            seen_by=len(seed.shown),
            retired=seed.retired.because if seed.retired else None,
            made_at=seed.made.occurred_at,
        )


class RefusedSeed(BaseModel):
    """What somebody tried to make a seed of, and why it was refused."""

    case_id: CaseId
    attempt: Attempt
    refusal: str
    by: PersonId
    at: datetime

    @property
    def key(self) -> tuple[datetime, str]:
        """What orders them."""
        return self.at, self.case_id


class WithheldSeed(BaseModel):
    """A ticket asked for a seed, and none came."""

    because: Withheld
    at: datetime


class ReviewerSeeds(BaseModel):
    """How a reviewer of a cohort does on seeds."""

    reviewer_id: PersonId
    placed: int
    judged: int
    in_tolerance: int
    withheld: list[WithheldSeed]

    @classmethod
    def of(cls, reviewer_id: str, found: Seeding) -> Self:
        """Return the counts of one reviewer."""
        return cls(
            reviewer_id=reviewer_id,
            placed=len(found.placed),
            judged=len(found.judged),
            in_tolerance=sum(each.in_tolerance for each in found.judged),
            withheld=[
                WithheldSeed(because=each.because, at=each.occurred_at)
                for each in found.withheld
            ],
        )


class CohortSeeds(BaseModel):
    """How the reviewers of a cohort do on seeds; without the reader's own."""

    cohort_id: CohortId
    reviewers: list[ReviewerSeeds]


@dataclass(frozen=True, slots=True)
class SeedShowing:
    """Reads pools and seeds from folds."""

    handling: Handling

    async def pool(self, programme: str) -> list[SeedView]:
        """Return every seed of a programme, by id."""
        found = await self._pool(programme)
        return [SeedView.of(found.seeds[name]) for name in sorted(found.seeds)]

    async def seed(self, programme: str, seed_id: str) -> SeedView:
        """Return one seed.

        Raises:
            UnknownSeedError: there is none with this id.
        """
        return SeedView.of(known(await self._pool(programme), seed_id))

    async def refused(self, programme: str) -> list[RefusedSeed]:
        """Return what was refused to become a seed, oldest first."""
        found = (await self._pool(programme)).refused
        rows = [carry(each, RefusedSeed, at=each.occurred_at) for each in found]
        return sorted(rows, key=lambda each: each.key)

    async def of_cohort(self, cohort_id: str, *, but_of: str) -> CohortSeeds:
        """Return how the reviewers of a cohort do, but the one who reads."""
        _, cohort = await self.handling.fold(plan, plan_stream(cohort_id))
        rows = []
        for reviewer_id in cohort.reviewers:
            if reviewer_id != but_of:
                stream = draw_stream(cohort_id, reviewer_id)
                _, draws = await self.handling.fold(draw, stream)
                rows.append(ReviewerSeeds.of(reviewer_id, draws.seeding))
        return CohortSeeds(cohort_id=cohort_id, reviewers=rows)

    async def _pool(self, programme: str) -> Pool:
        _, found = await self.handling.fold(seeds, pool_stream(programme))
        return found

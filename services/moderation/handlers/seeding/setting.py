"""Putting a set of seeds before somebody who qualifies.

Invariant: what the course records, what the pool knows and the cases that review gets
are one unit of work.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.moderation.domain.seeds.commands import DropErased, ShowSeed
from services.moderation.domain.seeds.decide import seeds
from services.moderation.domain.seeds.evolve import Seed
from services.moderation.domain.seeds.qualification.commands import (
    PlaceQualificationSeeds,
)
from services.moderation.domain.seeds.qualification.decide import qualification
from services.moderation.domain.seeds.qualification.events import (
    PlacedSeed,
    QualificationSeedsPlaced,
)
from services.moderation.handlers.seeding.entering import Entry, entering
from services.moderation.handlers.seeding.readers import portfolio_of
from services.moderation.handlers.seeding.units import Unit, left_for
from services.moderation.handlers.streams import pool_stream
from shared.evidence import Snapshot, Snapshots
from shared.handling import Step
from shared.personal import Erased

NO_TIME = timedelta(microseconds=1)
"""These need not be disguised: they come in when they are asked for."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Puts sets of seeds before people."""

    snapshots: Snapshots

    async def place(self, unit: Unit, *, is_paused: bool, at: datetime) -> None:
        """Add the next set; who of it was erased leaves the pool, and another comes."""
        among, readable = await left_for(unit), dict[str, Snapshot]()
        stream = pool_stream(unit.cohort.programme.code)
        pool = await unit.loader.state(seeds, stream)
        while True:
            command = PlaceQualificationSeeds(
                candidates=tuple(among),
                sampler=unit.cohort.sampler,
                is_paused=is_paused,
                at=at,
            )
            facts = qualification.decide(command, unit.courses)
            placed = [e for e in facts if isinstance(e, QualificationSeedsPlaced)]
            chosen = [one.seed_id for each in placed for one in each.placed]
            gone = await self._unreadable(pool.seeds, chosen, readable)
            if not gone:
                break
            among = [each for each in among if each not in gone]
            unit.steps += (
                Step(seeds, stream, DropErased(seed_id=each, at=at)) for each in gone
            )
        unit.carry_out(command)
        for fact in placed:
            for one in fact.placed:
                seed, content = pool.seeds[one.seed_id], readable[one.seed_id]
                unit.steps.append(Step(seeds, stream, _showing(unit, one, at)))
                entry = _entry(unit, fact, one)
                unit.steps.append(await entering(self.snapshots, seed, content, entry))

    async def _unreadable(
        self, pool: Mapping[str, Seed], names: list[str], readable: dict[str, Snapshot]
    ) -> list[str]:
        """Return which of the seeds cannot be read; the others are added."""
        gone = []
        for name in names:
            if name in readable:
                continue
            content = await portfolio_of(self.snapshots, pool[name])
            if isinstance(content, Erased):
                gone.append(name)
            else:
                readable[name] = content
        return gone


def _entry(unit: Unit, fact: QualificationSeedsPlaced, one: PlacedSeed) -> Entry:
    """Return as which case one of a set comes: undisguised, when it is asked for."""
    programme = unit.cohort.programme
    return Entry(
        case_id=one.case_id,
        cohort_id=unit.cohort.cohort_id,
        programme=programme.code,
        programme_version=programme.programme_version,
        policy_version=programme.policy_version,
        beside=f"{one.case_id}.1.1",
        apart=NO_TIME,
        review_opens_at=fact.occurred_at,
        due_at=fact.due_at,
        reviewer_id=unit.person_id,
        qualifies=True,
        at=fact.occurred_at,
    )


def _showing(unit: Unit, one: PlacedSeed, at: datetime) -> ShowSeed:
    return ShowSeed(
        seed_id=one.seed_id,
        reviewer_id=unit.person_id,
        cohort_id=unit.cohort.cohort_id,
        case_id=one.case_id,
        reviewers=len(unit.cohort.state.reviewers),
        rules=unit.cohort.seeds,
        at=at,
    )

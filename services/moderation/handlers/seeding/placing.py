"""Putting a seed among a reviewer's work, where the ticket of a judgement asks for one.

Invariant: what the draw records, what the pool knows and the case that review gets are
one unit of work with the judgement that the seed follows.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services.moderation.domain.draw.seeded import SeedPlaced
from services.moderation.domain.draw.seeding import PlaceSeed, is_wanted
from services.moderation.domain.drawing import Sampler
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.plan.decide import plan
from services.moderation.domain.sampling import ticket_of
from services.moderation.domain.seeds.choosing import (
    Reader,
    candidates,
    chosen,
    lacking,
)
from services.moderation.domain.seeds.commands import DropErased, ShowSeed
from services.moderation.domain.seeds.decide import seeds
from services.moderation.domain.seeds.evolve import Seed
from services.moderation.handlers.redrawing import Redraws
from services.moderation.handlers.seeding.entering import Entry, entering
from services.moderation.handlers.seeding.readers import portfolio_of, reader_of
from services.moderation.handlers.streams import (
    plan_stream,
    pool_stream,
)
from shared.carrying import carry
from shared.evidence import Snapshot, Snapshots
from shared.handling import Loader, Step
from shared.ids import derived_id
from shared.personal import Erased
from shared.programmes import programme_of

CASE_ID_DIGITS = 20
"""As many as every case id has. Source: how submission names cases."""
APART = timedelta(days=1)
"""A seed counts as handed in less than this before the review it comes in like (P)."""


@dataclass(slots=True)
class _Offer:
    """What may follow one judgement; the first of it that can still be read."""

    candidates: list[str]
    seed: Seed | None = None
    content: Snapshot | None = None
    steps: list[Step] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Placing:
    """Puts seeds among the work of reviewers."""

    snapshots: Snapshots

    async def after(
        self, redraws: Redraws, judged: JudgedCase, at: datetime
    ) -> tuple[Step, ...]:
        """Return the steps by which a seed follows a judgement that was just drawn.

        Empty where its ticket asks for none. What the draw records is added to
        *redraws*.
        """
        redraw = await redraws.of(judged.cohort_id, judged.reviewer_id)
        sampler, name = redraw.sampler, judged.judgement_id
        if sampler is None or name not in redraw.draws.entries:
            return ()
        is_done = name in redraw.draws.seeding.drawn
        if is_done or not is_wanted(sampler, name, judged.attempt):
            return ()
        loader, reviewer_id = redraws.loader, judged.reviewer_id
        found = await reader_of(
            loader,
            reviewer_id,
            cohort_id=judged.cohort_id,
            programme=programme_of(judged),
        )
        reader = replace(found, reviewed={*found.reviewed, judged.participant_id})
        offer = await self._offer(redraws.loader, judged, reader, sampler, at)
        case_id = _case_id(sampler, str(name))
        redraw.carry_out(
            PlaceSeed(
                judgement_id=name,
                candidates=tuple(offer.candidates),
                lacking=lacking(reader),
                case_id=case_id,
                sampler=sampler,
                at=at,
            )
        )
        placed = redraw.draws.seeding.placed.get(case_id)
        if placed is None:
            return tuple(offer.steps)
        steps = await self._entering(offer, judged, placed.fact, sampler)
        showing = await _showing(redraws.loader, judged, placed.fact, sampler)
        pool = pool_stream(judged.programme)
        return (*offer.steps, Step(seeds, pool, showing), *steps)

    async def _offer(
        self,
        loader: Loader,
        judged: JudgedCase,
        reader: Reader,
        sampler: Sampler,
        at: datetime,
    ) -> _Offer:
        """Return the candidates; who of them was erased leaves the pool."""
        stream = pool_stream(judged.programme)
        pool = await loader.state(seeds, stream)
        offer = _Offer(list(candidates(pool, reader)))
        while offer.candidates:
            after = str(judged.judgement_id)
            seed = pool.seeds[chosen(sampler, after, offer.candidates)]
            content = await portfolio_of(self.snapshots, seed)
            if not isinstance(content, Erased):
                offer.seed, offer.content = seed, content
                break
            gone = seed.made.seed_id
            offer.candidates.remove(gone)
            offer.steps.append(Step(seeds, stream, DropErased(seed_id=gone, at=at)))
        return offer

    async def _entering(
        self, offer: _Offer, judged: JudgedCase, placed: SeedPlaced, sampler: Sampler
    ) -> tuple[Step, ...]:
        """Return the step by which review gets the seed as a case like any other.

        A seed is only placed in a month that is known.
        """
        seed, content, month = offer.seed, offer.content, judged.period
        if seed is None or content is None:
            return ()
        if month is None:
            message = "a seed was placed in a month that is not known"
            raise ValueError(message)
        entry = carry(
            judged,
            Entry,
            case_id=placed.case_id,
            beside=judged.review_id,
            apart=_apart(sampler, placed),
            review_opens_at=month.since,
            due_at=month.due_at,
            at=placed.occurred_at,
        )
        return (await entering(self.snapshots, seed, content, entry),)


async def _showing(
    loader: Loader, judged: JudgedCase, placed: SeedPlaced, sampler: Sampler
) -> ShowSeed:
    cohort = await loader.state(plan, plan_stream(judged.cohort_id))
    rules = sampler.rules.seeds
    if rules is None:
        message = "a seed was placed under a plan that places none"
        raise ValueError(message)
    return ShowSeed(
        seed_id=placed.seed_id,
        reviewer_id=judged.reviewer_id,
        cohort_id=judged.cohort_id,
        case_id=placed.case_id,
        reviewers=len({*cohort.reviewers, judged.reviewer_id}),
        rules=rules,
        at=placed.occurred_at,
    )


def _case_id(sampler: Sampler, after: str) -> str:
    """Return the id of the case: of the form of every other, and foreseen by nobody."""
    ticket = ticket_of(sampler.seed, "seed-case", after)
    return f"c{derived_id('case', f'{ticket:064x}').hex[:CASE_ID_DIGITS]}"


def _apart(sampler: Sampler, placed: SeedPlaced) -> timedelta:
    ticket = ticket_of(sampler.seed, "seed-time", str(placed.after))
    return timedelta(microseconds=1 + ticket % (APART // timedelta(microseconds=1)))

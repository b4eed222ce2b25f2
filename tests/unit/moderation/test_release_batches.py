"""Who is left out of a batch and comes back, and a batch of which nothing is left."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from services.moderation.domain.draw.events import JudgementReceived
from services.moderation.domain.plan.batches import progress, ticket_order
from services.moderation.domain.plan.commands import DrawForRelease
from services.moderation.domain.plan.decide import plan
from services.moderation.domain.plan.events import (
    BatchFormed,
    CohortReleased,
    SampleOrdered,
)
from services.moderation.domain.plan.evolve import INITIAL, Batch, CohortPlan
from services.moderation.domain.plan.refusals import (
    NothingJudgedError,
    RiskNotLimitedError,
)
from services.moderation.domain.release_risk import needed_after
from services.moderation.domain.sampling import population_root
from services.moderation.domain.verification import verify
from services.moderation.handlers.streams import draw_stream, plan_stream
from shared.contracts.submission import Withdrawn
from tests.unit.moderation.examples import COHORT, NOW, RULES, SAMPLER, SEED
from tests.unit.moderation.test_pausing import selected, set_to, settle_all
from tests.unit.moderation.test_recall import renewed
from tests.unit.moderation.test_release_sample import (
    TENTH,
    limited,
    open_cases,
    ordered,
    overturn,
    released,
    sample,
    seed_of_cohort,
)
from tests.unit.moderation.world import World, received

OTHER = "p-other"


async def numbers(world: World, reviewer: str = "p-rev") -> dict[UUID, int]:
    """Return the number of each judgement's case."""
    facts = await world.facts(draw_stream(COHORT, reviewer))
    judged = [each.judged for each in facts if isinstance(each, JudgementReceived)]
    return {each.judgement_id: int(each.case_id[1:]) for each in judged}


async def first_unasked(world: World) -> int:
    """Return the first case in the order that nobody asked for, nor had moderated."""
    names = await numbers(world)
    asked = {*await ordered(world)}
    drawn = set(await selected(world))
    order = ticket_order(await seed_of_cohort(world), 1, 1, names)
    return next(names[e] for e in order if e not in asked and names[e] not in drawn)


async def grown_without(cases: int = 40) -> tuple[World, int]:
    """Return a world whose sample grew past a case that is judged again, and it."""
    world = await limited(cases)
    await sample(world)
    first, *others = await open_cases(world)
    await overturn(world, first)
    await settle_all(world, *others)
    left_out = await first_unasked(world)
    await world.recalled(left_out)
    assert await sample(world)
    await settle_all(world, *await open_cases(world))
    return world, left_out


async def asked_until_released(world: World) -> CohortReleased:
    """Ask for more, and settle it, until the release is not refused."""
    while await sample(world):
        await settle_all(world, *await open_cases(world))
    return await released(world)


async def two_reviewers(each: int = 25) -> World:
    """Return a world where two reviewers judged as much, and the sample is asked."""
    world = World(first_judgements=2)
    world.rules = world.rules.model_copy(update={"release": TENTH, "detection": None})
    await world.ready()
    for number in range(1, each + 1):
        await world.completed(number)
        await world.completed(100 + number, reviewer=OTHER)
    await settle_all(world, *await selected(world), *await selected(world, OTHER))
    await sample(world)
    return world


async def opened(world: World) -> list[int]:
    """Return the cases of both reviewers that are drawn and not judged blind."""
    numbers_ = (*await selected(world), *await selected(world, OTHER))
    facts = {each: await world.facts(f"moderation-c{each}.1") for each in numbers_}
    return [n for n, of in facts.items() if type(of[-1]).__name__ == "Opened"]


class TestComingBack:
    """Source: statistics.md 2.8: only the beginning of a random order counts."""

    async def test_is_asked_for_when_it_is_judged_again(self) -> None:
        world, number = await grown_without()
        await renewed(world, number)
        (more,) = [
            each for each in await sample(world) if isinstance(each, SampleOrdered)
        ]
        names = await numbers(world)
        assert number in [names[each] for each in more.judgements]
        assert number in await open_cases(world)

    async def test_is_asked_for_once(self) -> None:
        world, number = await grown_without()
        await renewed(world, number)
        await asked_until_released(world)
        asked = await ordered(world)
        assert len(set(asked)) == len(asked)

    async def test_lets_the_release_go_on_as_anybody_can_check(self) -> None:
        world, number = await grown_without()
        await renewed(world, number)
        fact = await asked_until_released(world)
        assert fact.risk is not None
        assert (fact.cases, fact.risk.left_out, fact.risk.wrong) == (40, (), 1)
        assert fact.risk.risk_ppm <= 50_000
        await world.reveal_key()
        assert (await world.verdict("p-rev")).findings == ()

    async def test_is_waited_for_when_it_had_been_asked_for(self) -> None:
        world = await limited(40)
        await sample(world)
        number, *others = await open_cases(world)
        await settle_all(world, *others)
        await world.recalled(number)
        await sample(world)
        await renewed(world, number)
        await settle_all(world, *[n for n in await open_cases(world) if n != number])
        assert await sample(world) == []
        await settle_all(world, number)
        await asked_until_released(world)
        await world.reveal_key()
        assert (await world.verdict("p-rev")).findings == ()

    async def test_counts_after_a_pause_as_anybody_can_check(self) -> None:
        """What a paused reviewer judged is moderated; it was never asked for."""
        world = await two_reviewers()
        theirs = await numbers(world, OTHER)
        await settle_all(world, *await opened(world))
        await set_to(world, "paused", OTHER)
        while await sample(world):
            await settle_all(world, *await open_cases(world))
        with_others = [each for each in await ordered(world) if each in theirs]
        await settle_all(world, *await opened(world))
        while await sample(world):
            await settle_all(world, *await opened(world))
        fact = await released(world)
        assert fact.risk is not None
        assert (fact.cases, fact.risk.left_out) == (50, ())
        order = ticket_order(await seed_of_cohort(world), 1, 1, await both(world))
        asked = set(await ordered(world))
        came_back = [each for each in theirs if each not in with_others]
        places = [order.index(each) for each in asked]
        assert any(order.index(each) < max(places) for each in came_back)
        assert fact.risk.checked > len(with_others)
        await world.reveal_key()
        assert (await world.verdict("p-rev", OTHER)).findings == ()

    async def test_is_found_where_the_sample_was_asked_out_of_order(self) -> None:
        world, number = await grown_without()
        await renewed(world, number)
        await asked_until_released(world)
        await world.reveal_key()
        facts: Any = await world.facts(plan_stream(COHORT))
        draws: Any = {"p-rev": await world.facts(draw_stream(COHORT, "p-rev"))}
        for place, fact in enumerate(facts):
            if isinstance(fact, SampleOrdered) and len(fact.judgements) > 1:
                turned = tuple(reversed(fact.judgements))
                lie = fact.model_copy(update={"judgements": turned})
                forged = [*facts[:place], lie, *facts[place + 1 :]]
                found = verify(forged, draws).findings
                assert any("not in the order of the tickets" in each for each in found)


class TestAsking:
    """Whoever is left out at the first look, and comes back unmoderated."""

    @pytest.mark.parametrize("place", range(30))
    def test_ends_with_the_beginning_of_the_order(self, place: int) -> None:
        judgements = frozenset(UUID(int=number) for number in range(1, 31))
        order = ticket_order(SEED, 1, 1, judgements)
        away = {order[place], order[-1]}
        state = asked_for(INITIAL, judgements - away, {}, judgements)
        results = dict.fromkeys(state.batches[1].ordered, True)
        results[order[0 if place else 1]] = False
        for _ in judgements:
            before = len(state.batches[1].ordered)
            state = asked_for(state, judgements, results)
            asked = state.batches[1].ordered
            if len(asked) == before:
                break
            results |= dict.fromkeys(asked[before:], True)
        counted = progress(order, results, ()).correct
        rates = {"tolerated_ppm": 100_000, "alpha_ppm": 50_000}
        assert needed_after(counted, population=30, **rates) == 0
        assert len(set(asked)) == len(asked)


def asked_for(
    state: CohortPlan,
    population: frozenset[UUID],
    results: dict[UUID, bool],
    batch: frozenset[UUID] = frozenset(),
) -> CohortPlan:
    """Return *state* after one look, with the batch formed before if there is none."""
    known = state.batches[1].judgements if 1 in state.batches else batch
    if 1 not in state.batches:
        state = replace(state, batches={1: Batch(1, known)})
    command = DrawForRelease(
        attempt=1,
        population=population,
        results=results,
        left_out=known - population,
        sampler=replace(SAMPLER, rules=RULES.model_copy(update={"release": TENTH})),
        by="p-lead",
        at=NOW,
    )
    return plan.fold(plan.decide(command, state), state)


async def both(world: World) -> dict[UUID, int]:
    return {**await numbers(world), **await numbers(world, OTHER)}


async def gone(world: World, *cases: int) -> None:
    """Hear that participants withdrew."""
    for number in cases:
        body = Withdrawn(case_id=f"c{number}", withdrawn_at=world.now)
        await world.handlers[Withdrawn](received(body, f"c{number}"))


def formed(facts: list[Any]) -> list[BatchFormed]:
    return [each for each in facts if isinstance(each, BatchFormed)]


async def emptied() -> World:
    """Return a world whose batch has all withdrawn, and where more was judged."""
    world = await limited(2)
    await sample(world)
    await gone(world, 1, 2)
    for number in (3, 4):
        await world.completed(number)
    return world


class TestNothingLeft:
    """Of a batch: the others are released without it."""

    async def test_lets_another_batch_be_formed(self) -> None:
        world = await emptied()
        (batch,) = formed(await sample(world))
        names = await numbers(world)
        assert batch.number == 2
        assert {names[each] for each in batch.judgements} == {3, 4}

    async def test_lets_the_others_be_released_as_anybody_can_check(self) -> None:
        world = await emptied()
        await sample(world)
        await settle_all(world, *await open_cases(world))
        fact = await asked_until_released(world)
        assert fact.risk is not None
        assert (fact.cases, fact.risk.population) == (2, 2)
        assert fact.risk.left_out == ()
        await world.reveal_key()
        assert (await world.verdict("p-rev")).findings == ()

    async def test_lets_what_is_all_moderated_be_released_at_once(self) -> None:
        world = World()
        world.rules = world.rules.model_copy(update={"release": TENTH})
        await world.ready()
        for number in (1, 2):
            await world.completed(number)
        await settle_all(world, 1, 2)
        await sample(world)
        await gone(world, 1, 2)
        await world.completed(3)
        await settle_all(world, 3)
        fact = await released(world)
        assert fact.risk is not None
        assert (fact.cases, fact.risk.checked, len(fact.risk.left_out)) == (1, 1, 2)
        await world.reveal_key()
        assert (await world.verdict("p-rev")).findings == ()

    async def test_asks_for_more_of_the_others(self) -> None:
        world = await limited(2)
        await sample(world)
        await gone(world, 1, 2)
        for number in range(3, 40):
            await world.completed(number)
        await settle_all(world, *await open_cases(world))
        with pytest.raises(RiskNotLimitedError) as refused:
            await world.release()
        assert refused.value.context["population"] == 37

    async def test_is_refused_when_there_are_no_others(self) -> None:
        world = await limited(2)
        await sample(world)
        await gone(world, 1, 2)
        with pytest.raises(NothingJudgedError):
            await sample(world)
        with pytest.raises(NothingJudgedError):
            await world.release()

    async def test_but_what_is_held_does_not_make_the_others_wait(self) -> None:
        """What comes back from there is of a batch of its own, with another order."""
        world = await limited(12)
        await sample(world)
        await set_to(world, "paused")
        await world.completed(101, reviewer=OTHER)
        (second,) = formed(await sample(world))
        await settle_all(world, *await opened(world))
        assert (await released(world)).cases == 1
        (third,) = formed(await sample(world))
        assert (second.number, third.number) == (2, 3)
        fact = await asked_until_released(world)
        assert (fact.cases, fact.number) == (12, 2)
        await world.reveal_key()
        assert (await world.verdict("p-rev", OTHER)).findings == ()

    async def test_is_no_way_to_release_what_nobody_moderated(self) -> None:
        world = await limited()
        await sample(world)
        await settle_all(world, *await open_cases(world))
        fact = await released(world)
        await world.reveal_key()
        assert fact.risk is not None
        (batch,) = formed(await world.facts(plan_stream(COHORT)))
        told = {"left_out": batch.judgements, "checked": fact.risk.population}
        lie = fact.model_copy(update={"risk": fact.risk.model_copy(update=told)})
        facts: Any = await world.facts(plan_stream(COHORT))
        forged = [lie if each == fact else each for each in facts]
        draws: Any = {"p-rev": await world.facts(draw_stream(COHORT, "p-rev"))}
        (finding,) = verify(forged, draws).findings
        assert "not all of it was moderated" in finding

    @pytest.mark.parametrize(
        ("changes", "finding"),
        [
            ({"number": 3}, "batch 1.3: its number is not the next"),
            ({"again": True}, "batch 1.2: it takes along what an earlier one has"),
        ],
    )
    async def test_is_no_way_to_another_order(
        self, changes: dict[str, Any], finding: str
    ) -> None:
        world = await emptied()
        await sample(world)
        await settle_all(world, *await open_cases(world))
        await asked_until_released(world)
        await world.reveal_key()
        facts: Any = await world.facts(plan_stream(COHORT))
        first, second = formed(facts)
        if changes.pop("again", False):
            judgements = (*first.judgements, *second.judgements)
            ids = (str(each) for each in judgements)
            changes = {
                "judgements": judgements,
                "population_root": population_root(ids),
            }
        lie = second.model_copy(update=changes)
        forged = [lie if each == second else each for each in facts]
        draws: Any = {"p-rev": await world.facts(draw_stream(COHORT, "p-rev"))}
        assert finding in verify(forged, draws).findings

"""A release at a limited risk: what it rests on, and that anybody can check it."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import pytest

from services.moderation.domain.detection import Scores
from services.moderation.domain.draw.decide import draw
from services.moderation.domain.draw.events import (
    DifferenceNoted,
    Drawn,
    JudgementReceived,
    SampledForRelease,
)
from services.moderation.domain.plan.batches import progress, ticket_order
from services.moderation.domain.plan.decide import plan
from services.moderation.domain.plan.events import (
    BatchFormed,
    CohortReleased,
    SampleOrdered,
)
from services.moderation.domain.plan.refusals import (
    CohortNotSettledError,
    NoRiskLimitError,
    NothingJudgedError,
    RiskNotLimitedError,
)
from services.moderation.domain.release_risk import (
    evidence,
    needed_after,
    needed_without_errors,
)
from services.moderation.domain.rules import RiskLimit
from services.moderation.domain.sampling import population_root
from services.moderation.domain.verification import verify
from services.moderation.domain.verification.releasing import _risk
from services.moderation.handlers.streams import (
    draw_stream,
    plan_stream,
    sampler_of,
    standing_stream,
)
from services.moderation.statistics.reports.records import records_of
from shared.contracts.submission import Withdrawn
from tests.unit.moderation.examples import CM_LEVELS, CNM_LEVELS, COHORT, SEED
from tests.unit.moderation.test_pausing import selected, set_to, settle_all
from tests.unit.moderation.test_recall import renewed
from tests.unit.moderation.test_whole import overturning
from tests.unit.moderation.world import World, received

TENTH = RiskLimit(tolerated_ppm=100_000, alpha_ppm=50_000)
CASES = 50
ENOUGH = needed_without_errors(CASES, tolerated_ppm=100_000, alpha_ppm=50_000)


async def limited(cases: int = CASES, limit: RiskLimit = TENTH) -> World:
    """Return a world where one reviewer judged, and what was drawn is settled."""
    world = World(first_judgements=2)
    world.rules = world.rules.model_copy(update={"release": limit, "detection": None})
    await world.ready()
    for number in range(1, cases + 1):
        await world.completed(number)
    await settle_all(world, *await selected(world))
    return world


async def sample(world: World) -> list[object]:
    """Ask for more of the sample; return the facts."""
    handled = await world.releases.sample(
        COHORT, 1, by="p-lead", at=world.now, cause=world.cause()
    )
    return list(handled.facts)


async def ordered(world: World) -> list[UUID]:
    return [
        judgement
        for fact in await world.facts(plan_stream(COHORT))
        if isinstance(fact, SampleOrdered)
        for judgement in fact.judgements
    ]


async def open_cases(world: World) -> list[int]:
    """Return the numbers of drawn cases that nobody has judged yet."""
    found = []
    for number in dict.fromkeys(await selected(world)):
        facts = await world.facts(f"moderation-c{number}.1")
        if type(facts[-1]).__name__ == "Opened":
            found.append(number)
    return found


async def released(world: World) -> CohortReleased:
    handled = await world.release()
    (fact,) = [each for each in handled.facts if isinstance(each, CohortReleased)]
    return fact


async def seed_of_cohort(world: World) -> bytes:
    """Return what the tickets of the world's cohort derive from."""
    _, state = await world.handling.fold(plan, plan_stream(COHORT))
    sampler = sampler_of(world.vault, state)
    assert sampler is not None
    return sampler.seed


class TestRelease:
    """Source: statistics.md 2.8; moderation.md 7."""

    async def test_is_refused_until_the_evidence_is_there(self) -> None:
        world = await limited()
        with pytest.raises(RiskNotLimitedError) as refused:
            await world.release()
        assert refused.value.context == {
            "population": CASES,
            "checked": 0,
            "wrong": 0,
            "risk_ppm": 1_000_000,
            "alpha_ppm": 50_000,
            "at_least_more": ENOUGH,
        }

    async def test_waits_for_what_the_sample_has_moderated(self) -> None:
        world = await limited()
        await sample(world)
        with pytest.raises(CohortNotSettledError):
            await world.release()

    async def test_says_at_what_risk(self) -> None:
        world = await limited()
        await sample(world)
        await settle_all(world, *await open_cases(world))
        fact = await released(world)
        assert fact.cases == CASES
        assert fact.risk is not None
        assert (fact.risk.population, fact.risk.wrong) == (CASES, 0)
        assert fact.risk.checked >= ENOUGH
        assert fact.risk.risk_ppm <= 50_000
        assert len(set(await selected(world))) < CASES

    async def test_of_what_is_all_moderated_needs_no_sample(self) -> None:
        world = await limited(cases=2)
        fact = await released(world)
        assert fact.risk is not None
        assert (fact.risk.checked, fact.risk.risk_ppm) == (2, 0)

    async def test_takes_along_the_batch_and_what_came_later_next_time(self) -> None:
        world = await limited()
        await sample(world)
        await settle_all(world, *await open_cases(world))
        await world.completed(CASES + 1)
        await settle_all(world, *await open_cases(world))
        assert (await released(world)).cases == CASES
        with pytest.raises(RiskNotLimitedError):
            await world.release()
        facts = await sample(world)
        (formed,) = [each for each in facts if isinstance(each, BatchFormed)]
        assert (formed.number, len(formed.judgements)) == (2, 1)
        await settle_all(world, *await open_cases(world))
        assert (await released(world)).number == 2

    async def test_leaves_out_whom_the_office_lost_meanwhile(self) -> None:
        world = await limited()
        await sample(world)
        await settle_all(world, *await open_cases(world))
        gone = Withdrawn(case_id="c7", withdrawn_at=world.now)
        await world.handlers[Withdrawn](received(gone, "c7"))
        await sample(world)
        await settle_all(world, *await open_cases(world))
        fact = await released(world)
        assert fact.risk is not None
        assert (fact.risk.population, len(fact.risk.left_out)) == (CASES - 1, 1)


class TestSample:
    async def test_is_refused_without_a_limit(self) -> None:
        world = World()
        await world.ready()
        with pytest.raises(NoRiskLimitError):
            await sample(world)

    async def test_is_refused_when_nothing_is_judged(self) -> None:
        world = await limited(cases=0)
        with pytest.raises(NothingJudgedError):
            await sample(world)

    async def test_records_the_population_before_its_order(self) -> None:
        """Source: statistics.md 2.9, step 5."""
        world = await limited()
        facts = await sample(world)
        formed, order = facts[0], facts[1]
        assert isinstance(formed, BatchFormed)
        assert isinstance(order, SampleOrdered)
        ids = [str(each) for each in formed.judgements]
        assert formed.population_root == population_root(ids)
        seed = await seed_of_cohort(world)
        assert order.judgements == ticket_order(seed, 1, 1, formed.judgements)[:ENOUGH]

    async def test_has_moderated_what_the_draw_left_out(self) -> None:
        world = await limited()
        before = set(await selected(world))
        facts = await sample(world)
        (added,) = [each for each in facts if isinstance(each, SampledForRelease)]
        drawn = [each for each in facts if isinstance(each, Drawn)]
        assert all(each.selected for each in drawn)
        assert {each.judgement_id for each in drawn} == set(added.judgements)
        assert len(drawn) == len(set(await selected(world)) - before) < ENOUGH

    async def test_is_asked_for_once_while_it_waits(self) -> None:
        world = await limited()
        assert await sample(world)
        assert await sample(world) == []

    async def test_grows_along_its_order_after_an_error(self) -> None:
        world = await limited()
        await sample(world)
        first, *others = await open_cases(world)
        await world.judge(first, CNM_LEVELS)
        await world.judge(first, CNM_LEVELS, "p-mod2")
        await world.decide(first, overturning("not_widened"))
        await settle_all(world, *others)
        with pytest.raises(RiskNotLimitedError) as refused:
            await world.release()
        assert refused.value.context["wrong"] == 1
        (more,) = [
            each for each in await sample(world) if isinstance(each, SampleOrdered)
        ]
        assert len(more.judgements) == refused.value.context["at_least_more"]
        await settle_all(world, *await open_cases(world))
        fact = await released(world)
        assert fact.risk is not None
        assert (fact.risk.wrong, fact.risk.checked) == (1, len(await ordered(world)))

    async def test_leaves_out_who_is_paused(self) -> None:
        world = await limited()
        await world.completed(200, reviewer="p-other")
        await settle_all(world, 200)
        await sample(world)
        await set_to(world, "paused")
        fact = await released(world)
        assert (fact.cases, fact.held) == (1, CASES)


class TestProgress:
    IDS = tuple(UUID(int=number) for number in range(1, 6))

    @pytest.mark.parametrize(
        ("results", "correct"),
        [
            ({}, ()),
            ({1: True, 3: False}, (True,)),
            ({1: True, 2: False, 3: True}, (True, False, True)),
        ],
    )
    def test_counts_up_to_the_first_gap(
        self, results: Mapping[int, bool], correct: tuple[bool, ...]
    ) -> None:
        known = {UUID(int=number): stands for number, stands in results.items()}
        assert progress(self.IDS, known, ()).correct == correct

    def test_passes_over_what_is_left_out(self) -> None:
        known = {self.IDS[0]: True, self.IDS[2]: True}
        found = progress(self.IDS, known, {self.IDS[1]})
        assert found.correct == (True, True)
        assert len(found.sequence) == 4


class TestTicketOrder:
    def test_is_another_one_for_every_batch(self) -> None:
        ids = TestProgress.IDS * 1
        orders = {ticket_order(SEED, 1, number, ids) for number in range(1, 20)}
        assert len(orders) > 10
        assert all(sorted(each) == sorted(ids) for each in orders)


class TestNeededAfter:
    @pytest.mark.parametrize("population", [20, 50, 200])
    def test_is_what_a_release_without_errors_needs(self, population: int) -> None:
        rates = {"tolerated_ppm": 100_000, "alpha_ppm": 50_000}
        whole = needed_without_errors(population, **rates)
        assert needed_after((), population=population, **rates) == whole
        seen = [True] * 5
        assert needed_after(seen, population=population, **rates) == whole - 5
        assert needed_after([True] * whole, population=population, **rates) == 0

    def test_is_all_that_is_left_when_too_many_are_wrong(self) -> None:
        seen = [False] * 5
        more = needed_after(
            seen, population=50, tolerated_ppm=100_000, alpha_ppm=50_000
        )
        assert more == 45


def samples() -> Iterator[tuple[list[bool], int, int]]:
    """Yield samples with populations and tolerated rates of all sizes."""
    for population in (5, 24, 60, 100, 300):
        for size in (1, population // 3, population - 1):
            for every in (2, 5, 17, 40, 400):
                correct = [(number + 7) % every != 0 for number in range(size)]
                for tolerated in (50_000, 100_000, 200_000):
                    yield correct, population, tolerated


class TestCheck:
    """Source: moderation.md, "an independent verifier"."""

    async def whole(self) -> World:
        world = await limited()
        await sample(world)
        await settle_all(world, *await open_cases(world))
        await world.release()
        await world.reveal_key()
        return world

    async def test_finds_nothing_wrong_with_an_honest_release(self) -> None:
        world = await self.whole()
        assert (await world.verdict("p-rev")).findings == ()

    async def test_computes_the_same_risk(self) -> None:
        for correct, population, tolerated in samples():
            seen = evidence(correct, population=population, tolerated_ppm=tolerated)
            if seen.wrong < seen.intolerable:
                again = 1_000_000 * _risk(correct, population, tolerated)
                assert abs(again - seen.risk_ppm) <= 1

    @pytest.mark.parametrize(
        ("change", "finding"),
        [
            ("root", "its root is not that"),
            ("order", "not in the order of the tickets"),
            ("risk", "does not follow from the sample"),
            ("checked", "counts otherwise"),
            ("silence", "does not say at what risk"),
            ("limit", "not those of the plan"),
        ],
    )
    async def test_finds_what_was_changed(self, change: str, finding: str) -> None:
        world = await self.whole()
        facts = await world.facts(plan_stream(COHORT))
        changed = [_changed(fact, change) for fact in facts]
        draws = {"p-rev": await world.facts(draw_stream(COHORT, "p-rev"))}
        found = verify(changed, draws).findings  # type: ignore[arg-type]
        assert any(finding in each for each in found)


def _changed(fact: object, change: str) -> object:
    match fact, change:
        case BatchFormed(), "root":
            return fact.model_copy(update={"population_root": "0" * 64})
        case SampleOrdered(judgements=asked), "order":
            return fact.model_copy(update={"judgements": tuple(reversed(asked))})
        case CohortReleased(), "silence":
            return fact.model_copy(update={"risk": None})
        case CohortReleased(risk=risk), _ if risk is not None:
            changes = {
                "risk": {"risk_ppm": risk.risk_ppm - 9},
                "checked": {"checked": risk.checked + 1},
                "limit": {"alpha_ppm": 60_000},
            }
            lie = risk.model_copy(update=changes.get(change, {}))
            return fact.model_copy(update={"risk": lie})
        case _:
            return fact


async def overturn(world: World, number: int) -> None:
    """Let two moderators not find the criteria met that the reviewer did."""
    await world.judge(number, CNM_LEVELS)
    await world.judge(number, CNM_LEVELS, "p-mod2")
    await world.decide(number, overturning("not_widened"))


async def set_aside(world: World, number: int, **changes: Any) -> None:
    """Set a judgement aside for a conflict; somebody else judges instead."""
    await world.recalled(number, because="conflict")
    await renewed(world, number, reviewer="p-two", **changes)


async def noted(world: World, number: int) -> list[DifferenceNoted]:
    facts = await world.facts(draw_stream(COHORT, "p-rev"))
    about = {
        each.judged.judgement_id
        for each in facts
        if isinstance(each, JudgementReceived) and each.judged.case_id == f"c{number}"
    }
    differences = (each for each in facts if isinstance(each, DifferenceNoted))
    return [each for each in differences if each.judgement_id in about]


async def sampled() -> tuple[World, int]:
    """Return a world whose sample waits for a moderator, and a case of it."""
    world = await limited()
    await sample(world)
    return world, (await open_cases(world))[0]


async def closed(world: World) -> CohortReleased:
    """Settle what is open, and what the sample needs beyond; release it."""
    await settle_all(world, *await open_cases(world))
    await sample(world)
    await settle_all(world, *await open_cases(world))
    fact = await released(world)
    await world.reveal_key()
    return fact


class TestJudgedInstead:
    """What is released is what came instead: so the sample is about that."""

    async def test_counts_as_it_was_found(self) -> None:
        world, number = await sampled()
        await set_aside(world, number)
        await world.judge(number, CM_LEVELS)
        fact = await closed(world)
        assert fact.risk is not None
        assert fact.risk.wrong == 0
        assert (await world.verdict("p-rev")).findings == ()
        (told,) = await noted(world, number)
        assert (told.release_only, told.overturned) == (True, False)

    async def test_counts_as_wrong_when_it_was_overturned(self) -> None:
        world, number = await sampled()
        await set_aside(world, number)
        await overturn(world, number)
        fact = await closed(world)
        assert fact.risk is not None
        assert fact.risk.wrong == 1
        assert (await world.verdict("p-rev")).findings == ()

    @pytest.mark.parametrize("reviewer", ["p-two", "p-rev"])
    async def test_counts_as_it_was_settled_last(self, reviewer: str) -> None:
        """The first had been overturned; what came instead says as the moderators."""
        world, number = await sampled()
        await overturn(world, number)
        if reviewer == "p-two":
            await set_aside(world, number, levels=CNM_LEVELS)
        else:
            await world.recalled(number)
            await renewed(world, number, levels=CNM_LEVELS)
        fact = await closed(world)
        assert fact.risk is not None
        assert fact.risk.wrong == 0
        told = await noted(world, number)
        assert [(each.release_only, each.overturned) for each in told] == [
            (False, True),
            (True, False),
        ]
        assert (await world.verdict("p-rev")).findings == ()

    async def test_leaves_charts_and_standing_as_they_were(self) -> None:
        world = World(first_judgements=2)
        world.rules = world.rules.model_copy(update={"release": TENTH})
        await world.ready()
        await world.completed(1)
        await overturn(world, 1)
        await world.completed(2)
        await set_aside(world, 2)
        _, before = await world.handling.fold(draw, draw_stream(COHORT, "p-rev"))
        weighed = await world.facts(standing_stream("p-rev"))
        await overturn(world, 2)
        _, after = await world.handling.fold(draw, draw_stream(COHORT, "p-rev"))
        assert before.scores.overturns > 0
        assert (after.scores, after.runs) == (before.scores, before.runs)
        assert await world.facts(standing_stream("p-rev")) == weighed
        (told,) = await noted(world, 2)
        assert told.overturned
        fact = await closed(world)
        assert fact.risk is not None
        assert (fact.risk.checked, fact.risk.wrong) == (2, 2)
        assert (await world.verdict("p-rev")).findings == ()

    async def test_is_no_point_of_the_report(self) -> None:
        world, number = await sampled()
        await set_aside(world, number)
        await world.judge(number, CM_LEVELS)
        (told,) = await noted(world, number)
        stream = draw_stream(COHORT, "p-rev")
        facts: Any = [(stream, fact) for fact in await world.facts(stream)]
        points = records_of(facts).points["p-rev"]
        assert points
        assert told not in [each.noted for each in points]

    async def test_is_noted_only_where_a_release_rests_on_a_sample(self) -> None:
        world = World()
        await world.ready()
        await world.completed(1)
        await set_aside(world, 1)
        await world.judge(1, CM_LEVELS)
        assert await noted(world, 1) == []

    @pytest.mark.parametrize(
        ("change", "finding"),
        [
            ({"overturned": True}, "it counts otherwise than the draws"),
            ({"scores": Scores(harsh=1)}, "its scores do not follow"),
        ],
    )
    async def test_is_found_where_it_was_forged(
        self, change: dict[str, object], finding: str
    ) -> None:
        world, number = await sampled()
        await set_aside(world, number)
        await world.judge(number, CM_LEVELS)
        await closed(world)
        (told,) = await noted(world, number)
        found = await self.findings(world, told, told.model_copy(update=change))
        assert any(finding in each for each in found)

    async def test_is_no_way_to_keep_a_difference_from_the_charts(self) -> None:
        world, number = await sampled()
        await overturn(world, number)
        await closed(world)
        (told,) = await noted(world, number)
        hidden = told.model_copy(update={"release_only": True})
        found = await self.findings(world, told, hidden)
        assert found == (f"judgement {told.judgement_id}: left out of the charts",)

    async def findings(
        self, world: World, told: DifferenceNoted, other: DifferenceNoted
    ) -> tuple[str, ...]:
        facts = await world.facts(draw_stream(COHORT, "p-rev"))
        draws: Any = [other if each == told else each for each in facts]
        plan_facts: Any = await world.facts(plan_stream(COHORT))
        return verify(plan_facts, {"p-rev": draws}).findings

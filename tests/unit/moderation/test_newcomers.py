"""Of reviewers who are new, more first judgements are moderated; facts say who is."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from services.moderation.domain.draw.commands import ReceiveJudgement
from services.moderation.domain.draw.decide import draw
from services.moderation.domain.draw.events import DrawEvent, Drawn, ProbabilitySet
from services.moderation.domain.drawing import Sampler
from services.moderation.domain.plan.decide import plan_hash
from services.moderation.domain.plan.events import (
    Plan,
    PlanEvent,
    ReviewerJoined,
)
from services.moderation.domain.rules import Rules
from services.moderation.domain.sampling import seed_of
from services.moderation.domain.standing.commands import WeighResult
from services.moderation.domain.standing.decide import standing
from services.moderation.domain.standing.ladder import LadderRules
from services.moderation.domain.verification import verify
from services.moderation.domain.verification.export import export_of
from services.moderation.handlers.streams import (
    draw_stream,
    plan_stream,
    standing_stream,
)
from services.moderation.statistics.reports.records import records_of
from shared.contracts.programme import Newcomers
from shared.handling import Step
from shared.ids import derived_id
from shared.programmes import load_programme
from tests.unit.moderation.examples import (
    BEACON,
    COHORT,
    KEY,
    NOW,
    PLAN,
    RULES,
    judged,
)
from tests.unit.moderation.forging import Told, finding, read, resealed
from tests.unit.moderation.test_verification import plan_facts
from tests.unit.moderation.world import World

NEWCOMERS = Newcomers(first_judgements=10, fewer_results_than=8)
WITH_NEW = RULES.model_copy(update={"newcomers": NEWCOMERS})
NEW_PLAN = PLAN.model_copy(update={"rules": WITH_NEW})


async def world_of(results: int = 0) -> World:
    """Return a world whose plan knows newcomers; the reviewer had so many results."""
    world = World()
    world.rules = WITH_NEW
    for number in range(results):
        weigh = WeighResult(
            person_id="p-rev",
            part="reviewer",
            judgement_id=derived_id("earlier", str(number)),
            cohort_id="ats-2024-10",
            judged_at=NOW,
            level_difference=0,
            is_overturned=False,
            is_clear=True,
            alarms=(),
            rules=LadderRules.of(load_programme("ATS").policy.standing),
            at=NOW,
        )
        step = Step(standing, standing_stream("p-rev"), weigh)
        await world.handling(world.cause(), step)
    return world


async def rules_used(world: World) -> list[str]:
    facts = await world.facts(draw_stream(COHORT, "p-rev"))
    return [each.rule for each in facts if isinstance(each, ProbabilitySet)]


async def joined(world: World) -> list[ReviewerJoined]:
    facts = await world.facts(plan_stream(COHORT))
    return [each for each in facts if isinstance(each, ReviewerJoined)]


class TestNewReviewer:
    """Source: moderation.md 3: first 5 judgements 1.0, 10 if new."""

    @pytest.mark.parametrize(("results", "first"), [(0, 10), (7, 10), (8, 5), (30, 5)])
    async def test_has_more_first_judgements_moderated(
        self, results: int, first: int
    ) -> None:
        world = await world_of(results)
        await world.ready()
        for number in range(1, 14):
            await world.completed(number)
        rules = await rules_used(world)
        assert rules.count("first_judgements") == first
        assert rules[:first] == ["first_judgements"] * first
        (fact,) = await joined(world)
        assert fact.results_before == results

    async def test_is_the_same_under_a_plan_that_comes_late(self) -> None:
        world = await world_of(7)
        await world.completed(1)
        world.pass_time(hours=1)
        await world.ready()
        for number in range(2, 14):
            await world.completed(number)
        assert (await rules_used(world)).count("first_judgements") == 10

    async def test_stays_new_for_the_cohort_they_joined(self) -> None:
        """Results that come meanwhile change nothing that was published."""
        world = await world_of(7)
        await world.ready()
        for number in range(1, 12):
            await world.completed(number)
            if number <= 5:
                await world.judge(number, dict(judged().levels))
        (fact,) = await joined(world)
        assert fact.results_before == 7
        assert (await rules_used(world)).count("first_judgements") == 10

    async def test_begins_blocks_later_in_reports_too(self) -> None:
        world = await world_of()
        await world.ready()
        for number in range(1, 21):
            await world.completed(number)
        streams = (plan_stream(COHORT), draw_stream(COHORT, "p-rev"))
        facts = [(each, fact) for each in streams for fact in await world.facts(each)]
        records = records_of(facts)  # type: ignore[arg-type]
        picks = [each for each in records.judgements if each.is_block_pick]
        assert [each.block_size for each in picks] == [10]
        assert picks[0].ordinal > 10

    async def test_is_drawn_as_anybody_can_derive(self) -> None:
        world = await world_of()
        await world.ready()
        for number in range(1, 21):
            await world.completed(number)
        facts = await world.facts(draw_stream(COHORT, "p-rev"))
        for each in facts:
            if isinstance(each, Drawn) and each.selected:
                number = int(each.case_id.removeprefix("c"))
                await world.judge(number, dict(judged().levels))
        await world.release()
        await world.reveal_key()
        assert (await world.verdict("p-rev")).findings == ()


class TestRules:
    def test_ask_no_less_of_who_is_new(self) -> None:
        few = {"first_judgements": 4, "fewer_results_than": 8}
        with pytest.raises(ValidationError, match="fewer than everybody's"):
            Rules.model_validate({**RULES.model_dump(), "newcomers": few})

    def test_keep_their_hash_where_nobody_is_new(self) -> None:
        """Plans that are published already stay what they are."""
        assert "newcomers" not in PLAN.model_dump(mode="json")["rules"]
        assert plan_hash(PLAN) != plan_hash(NEW_PLAN)

    @pytest.mark.parametrize("results", [None, 8, 9])
    def test_are_everybodys_for_who_is_not(self, results: int | None) -> None:
        assert WITH_NEW.of_reviewer(results) == WITH_NEW

    def test_are_everybodys_in_a_plan_without_newcomers(self) -> None:
        assert RULES.of_reviewer(0) == RULES

    @pytest.mark.parametrize("code", ["ATS", "QTLS", "ADVANCED-MENTOR"])
    def test_of_the_built_in_programmes_know_newcomers(self, code: str) -> None:
        new = load_programme(code).policy.sampling.newcomers
        assert new is not None
        assert new.value.first_judgements == 10


def new_history(reviewer: str, results: int) -> list[DrawEvent]:
    seed = seed_of(KEY, beacon=BEACON, plan_hash=plan_hash(NEW_PLAN))
    sampler = Sampler(rules=WITH_NEW, seed=seed, published_at=NOW)
    facts: list[DrawEvent] = []
    for number in range(1, 25):
        receive = ReceiveJudgement(
            judged=judged(100 * results + number, reviewer=reviewer),
            sampler=sampler.for_reviewer(results),
            at=NOW,
        )
        facts += draw.decide(receive, draw.fold(facts))
    return facts


RESULTS = {"p-rev": 7, "p-two": 8}
"""One is just new, the other is just not."""
DRAWS = {name: new_history(name, results) for name, results in RESULTS.items()}


def facts_of(results: dict[str, int | None], plan: Plan = NEW_PLAN) -> list[PlanEvent]:
    *before, key = plan_facts(plan=plan)
    joins = [
        ReviewerJoined(reviewer_id=name, results_before=count, occurred_at=NOW)
        for name, count in results.items()
    ]
    return [*before, *joins, key]


class TestVerifier:
    """Source: statistics.md 2.9, step 6."""

    def test_confirms_draws_of_new_and_other_reviewers(self) -> None:
        assert verify(facts_of({**RESULTS}), DRAWS).findings == ()

    @pytest.mark.parametrize("change", [{"p-rev": 8}, {"p-two": 7}, {"p-rev": None}])
    def test_finds_another_number_of_results(
        self, change: dict[str, int | None]
    ) -> None:
        told: dict[str, int | None] = {**RESULTS, **change}
        (name,) = change
        found = verify(facts_of(told), {name: DRAWS[name]}).findings
        assert found
        assert all("not drawn as committed" in each for each in found)

    def test_finds_that_nobody_joined(self) -> None:
        assert verify(facts_of({"p-two": 8}), DRAWS).findings


def exported(results: dict[str, int | None]) -> Told:
    *before, key = facts_of(results)
    plan = [*enumerate(before, start=1), (10_000, key)]
    draws = {
        name: [(100 * place + n, fact) for n, fact in enumerate(facts)]
        for place, (name, facts) in enumerate(DRAWS.items(), start=1)
    }
    return read(export_of(plan, draws))


class TestVerifyDraw:
    def test_confirms_an_honest_export(self) -> None:
        export = exported({**RESULTS})
        firsts = {
            each["reviewer"]: each["block"]["size"]
            for each in export["facts"]
            if each["block"]["number"] < 0
        }
        assert firsts == {"p-rev": 10, "p-two": 5}
        assert finding(export) is None

    @pytest.mark.parametrize(("reviewer", "other"), [("p-rev", 8), ("p-two", 7)])
    def test_finds_draws_of_who_is_new_as_if_they_were_not(
        self, reviewer: str, other: int
    ) -> None:
        told = finding(exported({**RESULTS, reviewer: other})) or ""
        assert told.startswith(f"draw of {reviewer}, judgement 6 (")

    def test_finds_more_or_fewer_first_ones_than_the_plan_has(self) -> None:
        export = exported({**RESULTS})
        for fact in export["facts"]:
            if fact["block"]["number"] < 0 and fact["reviewer"] == "p-rev":
                fact["block"]["size"] = 9
        told = finding(resealed(export)) or ""
        assert "'size': 9}, expected {'number': -1, 'from': 1, 'size': 5}" in told


def test_a_sampler_of_nobody_in_particular_stays_as_it_is() -> None:
    sampler = Sampler(rules=WITH_NEW, seed=b"", published_at=NOW)
    assert sampler.for_reviewer(None) == sampler
    assert replace(sampler, rules=RULES).for_reviewer(0).rules == RULES

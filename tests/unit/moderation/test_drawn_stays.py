"""Whatever comes later, what was drawn stays as it was drawn."""

from dataclasses import replace
from datetime import timedelta

from services.moderation.domain.draw.events import Drawn, ProbabilitySet
from services.moderation.handlers.streams import draw_stream, plan_stream
from shared.contracts.review import Completed
from shared.contracts.submission import Withdrawn
from tests.unit.moderation.examples import CM_LEVELS, COHORT
from tests.unit.moderation.test_whole import drawn_world
from tests.unit.moderation.world import World, received

OTHER = "ats-2026-02"


async def draws(world: World, cohort: str = COHORT) -> list[object]:
    facts = await world.facts(draw_stream(cohort, "p-rev"))
    return [fact for fact in facts if isinstance(fact, ProbabilitySet | Drawn)]


class TestWhatIsDrawn:
    """Source: moderation.md 2 and 3."""

    async def test_stays_when_a_judgement_arrives_late(self) -> None:
        world = await drawn_world(cases=12)
        before = await draws(world)
        late = await world.completion(13)
        early = late.body.model_copy(
            update={"completed_at": world.now - timedelta(days=30)}
        )
        await world.handlers[Completed](replace(late, body=early))
        after = await draws(world)
        assert after[: len(before)] == before
        (told,) = [
            fact for fact in after[len(before) :] if isinstance(fact, ProbabilitySet)
        ]
        assert (told.ordinal, told.rule) == (13, "before_plan")

    async def test_stays_when_a_participant_withdraws(self) -> None:
        world = await drawn_world(cases=12)
        before = await draws(world)
        body = Withdrawn(case_id="c3", withdrawn_at=world.now)
        await world.handlers[Withdrawn](received(body, "c3"))
        assert await draws(world) == before
        await world.completed(13)
        later = (await draws(world))[len(before) :]
        assert [fact.ordinal for fact in later if isinstance(fact, ProbabilitySet)] == [
            13
        ]

    async def test_is_no_matter_of_another_cohort_that_is_open(self) -> None:
        """The same reviewer in two cohorts: two streams, two plans, two charts."""
        world = await drawn_world(cases=3)
        for number in range(1, 4):
            await world.judge(number, dict.fromkeys(CM_LEVELS, 4))
        before = await world.facts(draw_stream(COHORT, "p-rev"))
        for number in range(21, 28):
            message = await world.completion(number)
            body = message.body.model_copy(update={"cohort_id": OTHER})
            await world.handlers[Completed](replace(message, body=body))
        assert await world.facts(draw_stream(COHORT, "p-rev")) == before
        assert await draws(world, OTHER) == []
        assert len(await world.facts(draw_stream(OTHER, "p-rev"))) == 7
        assert len(await world.facts(plan_stream(OTHER))) == 1
        await world.completed(4)
        (last,) = [
            fact
            for fact in (await draws(world))[-2:]
            if isinstance(fact, ProbabilitySet)
        ]
        assert last.ordinal == 4

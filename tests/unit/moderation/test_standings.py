"""What a settled case means for its reviewer, and what the lead sees and sets."""

import pytest

from services.moderation.domain.decisions import Overturned, Return
from services.moderation.domain.refusals import NotALeadError
from services.moderation.domain.standing.events import ResultWeighed, StandingChanged
from services.moderation.handlers import StandingWords
from services.moderation.outgoing import to_public
from shared.contracts.moderation import StandingChanged as Told
from tests.unit.moderation.examples import CM_LEVELS, CNM_LEVELS, COHORT
from tests.unit.moderation.test_translation import stored
from tests.unit.moderation.test_whole import drawn_world, overturning
from tests.unit.moderation.world import World

RETURN = Return.model_validate(
    {
        "decision": "return",
        "reason": "Read the learners' accounts, too.",
        "returning": {"other_work": "not_widened", "other_work_reason": "One slip."},
    }
)


async def weighed(world: World) -> list[tuple[int, bool, bool]]:
    return [
        (fact.level_difference, fact.is_overturned, fact.is_clear)
        for fact in await world.facts("standing-p-rev")
        if isinstance(fact, ResultWeighed)
    ]


class TestSettledCase:
    async def test_counts_when_it_is_settled_and_not_before(self) -> None:
        world = await drawn_world(2)
        await world.judge(1, CM_LEVELS)
        assert await weighed(world) == [(0, False, True)]
        await world.judge(2, CNM_LEVELS)
        assert len(await weighed(world)) == 1

    async def test_counts_against_the_first_moderator(self) -> None:
        world = await drawn_world()
        await world.judge(1, CNM_LEVELS)
        await world.judge(1, CM_LEVELS, "p-mod2")
        assert await weighed(world) == [(1, False, True)]

    async def test_counts_as_overturned_when_another_outcome_stands(self) -> None:
        world = await drawn_world()
        await world.judge(1, CNM_LEVELS)
        await world.judge(1, CNM_LEVELS, "p-mod2")
        handled = await world.decide(1, overturning())
        assert any(isinstance(fact, Overturned) for fact in handled.facts)
        assert await weighed(world) == [(1, True, False)]

    async def test_counts_as_it_was_drawn_also_when_it_was_returned(self) -> None:
        world = await drawn_world()
        await world.judge(1, CNM_LEVELS)
        await world.judge(1, CNM_LEVELS, "p-mod2")
        await world.decide(1, RETURN)
        await world.completed(1, levels=CNM_LEVELS)
        assert await weighed(world) == [(1, True, False)]

    async def test_leads_to_a_step_once_five_are_clear(self) -> None:
        world = await drawn_world(5)
        for number in range(1, 6):
            await world.judge(number, CM_LEVELS)
        facts = await world.facts("standing-p-rev")
        changed = [fact for fact in facts if isinstance(fact, StandingChanged)]
        assert [(fact.was, fact.standing) for fact in changed] == [
            ("probation", "normal")
        ]
        told = to_public(changed[0], stored(changed[0], "standing-p-rev"))
        assert isinstance(told, Told)
        assert (told.key, told.standing, told.was) == ("p-rev", "normal", "probation")


PAUSE = StandingWords(standing="paused", reason="Complaints from two colleges.")


class TestStandings:
    async def set(self, world: World, words: StandingWords, by: str = "p-lead") -> None:
        await world.standings.set(
            "p-rev", words, by=by, at=world.now, cause=world.cause()
        )

    async def test_show_the_lead_who_stands_where_and_why(self) -> None:
        world = await drawn_world()
        await world.judge(1, CM_LEVELS)
        (before,) = (await world.standings.of_cohort(COHORT)).standings
        assert (before.standing, before.since, before.results) == ("probation", None, 1)
        await self.set(world, PAUSE)
        (after,) = (await world.standings.of_cohort(COHORT)).standings
        assert (after.standing, after.since, after.set_by) == (
            "paused",
            world.now,
            "p-lead",
        )
        assert after.reason == PAUSE.reason

    async def test_of_a_cohort_without_judgements_are_none(self) -> None:
        assert (await World().standings.of_cohort("nobody")).standings == []

    async def test_are_set_by_nobody_but_a_lead(self) -> None:
        world = await drawn_world()
        with pytest.raises(NotALeadError):
            await self.set(world, PAUSE, by="p-mod")

    async def test_keep_the_reason_sealed(self) -> None:
        world = await drawn_world()
        await self.set(world, PAUSE)
        *_, event = await world.log.read_stream("standing-p-rev")
        assert "colleges" not in str(event.payload)

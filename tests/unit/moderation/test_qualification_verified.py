"""Courses are checked a second time: what was given, and what came of it."""

from typing import Any
from uuid import UUID

import pytest

from services.moderation.app import CODEC
from services.moderation.domain.draw.seeded import SeedPlaced
from services.moderation.domain.seeds.qualification.events import (
    NotQualified,
    QualificationBegun,
    QualificationSeedJudged,
    QualificationSeedsPlaced,
    Qualified,
)
from services.moderation.domain.verification import verify
from services.moderation.domain.verification.qualifications import (
    CourseWalk,
    hidden_seeds,
)
from services.moderation.handlers import Exports
from services.moderation.handlers.streams import plan_stream
from tests.unit.moderation.examples import COHORT
from tests.unit.moderation.qualifying import (
    COURSE,
    RIGHT,
    WRONG,
    CourseWorld,
    begun,
    practised,
    stopped,
)
from tests.unit.moderation.seeding import seed_name


class TestVerification:
    """Whether somebody qualified follows from what was compared, and can be derived."""

    async def test_finds_nothing_wrong_with_honest_courses(self) -> None:
        for world in (await qualified(), await stopped(), await begun()):
            await world.close()
            assert await findings(world, await world.course_facts()) == ()

    async def test_is_part_of_what_the_service_checks_itself(self) -> None:
        world = await qualified()
        await world.close()
        exports = Exports(world.handling, world.log, CODEC)
        found = await exports.verification(COHORT, ("p-rev",), lambda *_: None)
        assert (found["holds"], found["findings"]) == (True, [])

    @pytest.mark.parametrize(
        ("kind", "changes"),
        [
            (QualificationBegun, {"rules": COURSE.model_copy(update={"qualify": 9})}),
            (QualificationBegun, {"number": 2}),
            (QualificationSeedsPlaced, {"round": 1}),
            (QualificationSeedsPlaced, {"kind": "qualifying"}),
            (QualificationSeedsPlaced, {"candidates": (seed_name(99),)}),
            (QualificationSeedJudged, {"case_id": "c0"}),
            (QualificationSeedJudged, {"seed_id": seed_name(99)}),
            (NotQualified, {"in_tolerance": 2}),
            (NotQualified, {"needed": 1}),
            (NotQualified, {"round": 2}),
            (Qualified, {"in_tolerance": 3}),
            (Qualified, {"judgements": (UUID(int=7),)}),
        ],
    )
    async def test_finds_what_was_changed(
        self, kind: type[Any], changes: dict[str, Any]
    ) -> None:
        world = await qualified()
        await world.close()
        facts = await world.course_facts()
        place = next(n for n, each in enumerate(facts) if isinstance(each, kind))
        facts[place] = facts[place].model_copy(update=changes)
        assert await findings(world, facts)

    async def test_finds_marks_that_were_made_to_fit(self) -> None:
        world = await stopped()
        await world.close()
        facts = await world.course_facts()
        bent = [
            each.model_copy(update={"in_tolerance": True})
            if isinstance(each, QualificationSeedJudged)
            else each
            for each in facts
        ]
        assert any("another result" in e for e in await findings(world, bent))

    @pytest.mark.parametrize(
        "kind", [QualificationSeedsPlaced, NotQualified, Qualified]
    )
    async def test_finds_what_was_left_out(self, kind: type[Any]) -> None:
        world = await qualified()
        await world.close()
        facts = await world.course_facts()
        rest = [each for each in facts if not isinstance(each, kind)]
        assert await findings(world, rest)

    async def test_finds_a_seed_that_they_had_among_their_work(self) -> None:
        world = await qualified()
        await world.close()
        facts = await world.course_facts()
        (first, *_) = [e for e in facts if isinstance(e, QualificationSeedsPlaced)]
        twice = SeedPlaced(
            after=UUID(int=1),
            ticket="a" * 64,
            candidates=first.candidates,
            seed_id=first.placed[0].seed_id,
            case_id="c1",
            due_at=world.now,
            occurred_at=world.now,
        )
        assert hidden_seeds([twice]) == {twice.seed_id}
        walk = CourseWalk(
            "p-rev",
            COURSE,
            await world.sampler_seed(),
            world.now,
            hidden_seeds([twice]),
        )
        (found,) = walk.findings(facts)
        assert "put before them before" in found


async def qualified() -> CourseWorld:
    """Return a world in which somebody has qualified with the second chance."""
    world = await practised()
    await world.sit(RIGHT, WRONG, WRONG)
    await world.sit(RIGHT, RIGHT, WRONG)
    return world


async def findings(world: CourseWorld, facts: list[Any]) -> tuple[str, ...]:
    plan_facts: Any = await world.facts(plan_stream(COHORT))
    drawn: Any = {"p-rev": await world.drawn()}
    return verify(plan_facts, drawn, courses={"p-rev": facts}).findings

"""A world whose plan lets reviewers qualify, for the tests of courses."""

import json
from typing import Any

from services.moderation.domain.draw.events import Drawn
from services.moderation.domain.plan.decide import plan
from services.moderation.domain.seeds.events import SeedMarked
from services.moderation.domain.seeds.qualification.decide import qualification
from services.moderation.domain.seeds.qualification.evolve import (
    Qualification,
    Qualifications,
)
from services.moderation.domain.standing.decide import standing
from services.moderation.handlers import (
    CourseAsking,
    QualificationShowing,
    StandingWords,
)
from services.moderation.handlers.fields import SEED_RATIONALE_FIELD
from services.moderation.handlers.seeding.words import EndingWords
from services.moderation.handlers.streams import (
    plan_stream,
    pool_stream,
    qualification_stream,
    sampler_of,
    standing_stream,
)
from shared.contracts.programme import QualificationRules, SeedRules
from shared.crypto import Vault
from shared.decider import Fact
from shared.evidence import Snapshots
from shared.handling import Handled
from shared.vocabulary import CRITERIA, CriterionKey
from tests.support.evidence import snapshot
from tests.unit.moderation.examples import CM_LEVELS, COHORT, NOW
from tests.unit.moderation.seeding import PANEL, SeedWorld, defined, made, seed_name

COURSE = QualificationRules(practice=2, qualify=3, in_tolerance=2)
NEEDED = 8
"""Seeds for practice and both chances."""
RATHER_NOT = 1
"""Parts per million: hidden seeds stay away from what is tested here."""
RIGHT: dict[CriterionKey, int] = CM_LEVELS
WRONG: dict[CriterionKey, int] = dict.fromkeys(CRITERIA, 1)


async def seed_facts(
    number: int, vault: Vault, snapshots: Snapshots
) -> tuple[Fact, ...]:
    """Return what makes a seed that can be read, with words of its panel."""
    whose = f"p-old{number}"
    blob = await snapshots.write(whose, snapshot(case_id=f"old{number}"))
    text = json.dumps(dict.fromkeys(CRITERIA, f"Says why {number}."))
    marks = [
        SeedMarked(
            seed_id=seed_name(number),
            marked_by=by,
            levels=CM_LEVELS,
            rationale=await vault.seal(whose, text, field=SEED_RATIONALE_FIELD),
            occurred_at=NOW,
        )
        for by in PANEL
    ]
    made_ = made(number, snapshot_sha256=blob.content_hash, snapshot_path=blob.path)
    return (made_, *marks, defined(number))


class CourseWorld(SeedWorld):
    """A world in which a paused reviewer may qualify."""

    def __init__(self, course: QualificationRules | None = COURSE) -> None:
        super().__init__(SeedRules(rate_ppm=RATHER_NOT, qualification=course))
        self.course_showing = QualificationShowing(self.handling, self.log, self.vault)

    async def ready(self) -> None:
        await super().ready()
        await self.completed(1)

    async def fill(self, count: int = NEEDED, *, since: int = 1) -> None:
        """Fill the pool with seeds on which the panel has said something."""
        for number in range(since, since + count):
            facts = await seed_facts(number, self.vault, self.snapshots)
            await self.tell(pool_stream("ATS"), *facts)

    async def set_standing(self, name: str, *, by: str = "p-lead") -> Handled:
        words = StandingWords.model_validate({"standing": name, "reason": "So."})
        return await self.standings.set(
            "p-rev", words, by=by, at=self.now, cause=self.cause()
        )

    def of_course(self, person: str = "p-rev", *, by: str = "p-lead") -> CourseAsking:
        return CourseAsking(cohort_id=COHORT, person_id=person, by=by, at=self.now)

    async def begin(self, person: str = "p-rev", *, by: str = "p-lead") -> Handled:
        return await self.qualifying.begin(self.of_course(person, by=by), self.cause())

    async def end(self, person: str = "p-rev", *, by: str = "p-lead") -> Handled:
        words = EndingWords(reason="They know the participant.")
        return await self.qualifying.end(
            self.of_course(person, by=by), words, self.cause()
        )

    async def courses_of(self, person: str = "p-rev") -> Qualifications:
        _, found = await self.handling.fold(
            qualification, qualification_stream(COHORT, person)
        )
        return found

    async def course(self, person: str = "p-rev") -> Qualification:
        last = (await self.courses_of(person)).last
        assert last is not None
        return last

    async def course_facts(self, person: str = "p-rev") -> list[Any]:
        return await self.facts(qualification_stream(COHORT, person))

    async def of_kind(self, kind: type[Any], person: str = "p-rev") -> list[Any]:
        found = await self.course_facts(person)
        return [each for each in found if isinstance(each, kind)]

    async def stands(self, person: str = "p-rev") -> str:
        _, found = await self.handling.fold(standing, standing_stream(person))
        return found.ladder("reviewer").standing

    async def sampler_seed(self) -> bytes:
        """Return what every ticket of the cohort derives from."""
        _, cohort = await self.handling.fold(plan, plan_stream(COHORT))
        sampler = sampler_of(self.vault, cohort)
        assert sampler is not None
        return sampler.seed

    async def close(self) -> None:
        """Settle and release all there is, and make the key public."""
        for fact in await self.drawn():
            if isinstance(fact, Drawn) and fact.selected:
                await self.judge(int(fact.case_id[1:]), CM_LEVELS)
        await self.release()
        self.pass_time(minutes=5)
        await self.reveal_key()

    async def sit(self, *marks: dict[CriterionKey, int], person: str = "p-rev") -> None:
        """Judge the seeds of the last set in order, for good."""
        last = (await self.course(person)).sets[-1]
        wanted = {each.case_id: each for each in await self.wanted()}
        for one, levels in zip(last.fact.placed, marks, strict=False):
            await self.answer(wanted[one.case_id], levels=levels, reviewer=person)
        await self.compare()


async def begun(
    course: QualificationRules = COURSE, seeds: int = NEEDED
) -> CourseWorld:
    """Return a world in which a paused reviewer has begun to qualify."""
    world = CourseWorld(course)
    await world.ready()
    await world.fill(seeds)
    await world.set_standing("paused")
    await world.begin()
    return world


async def practised(
    course: QualificationRules = COURSE, seeds: int = NEEDED
) -> CourseWorld:
    """Return a world in which the practice is over, badly done."""
    world = await begun(course, seeds)
    await world.sit(WRONG, WRONG)
    return world


async def stopped() -> CourseWorld:
    """Return a world in which both chances are gone."""
    world = await practised()
    await world.sit(WRONG, WRONG, WRONG)
    await world.sit(WRONG, WRONG, WRONG)
    return world

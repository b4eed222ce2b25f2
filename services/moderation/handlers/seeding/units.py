"""One unit of work of a course by which somebody qualifies, and the cohort it is in."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.moderation.domain.drawing import Sampler
from services.moderation.domain.plan.decide import plan
from services.moderation.domain.plan.evolve import CohortPlan
from services.moderation.domain.plan.refusals import PlanUnpublishedError
from services.moderation.domain.seeds.choosing import candidates
from services.moderation.domain.seeds.decide import seeds
from services.moderation.domain.seeds.qualification.commands import (
    QualificationCommand,
)
from services.moderation.domain.seeds.qualification.decide import qualification
from services.moderation.domain.seeds.qualification.evolve import Qualifications
from services.moderation.domain.seeds.qualification.refusals import (
    NoQualificationError,
)
from services.moderation.handlers.due import with_holds
from services.moderation.handlers.redrawing import Redraws
from services.moderation.handlers.seeding.readers import reader_of
from services.moderation.handlers.streams import (
    Unwraps,
    plan_stream,
    pool_stream,
    qualification_stream,
    sampler_of,
)
from shared.contracts.programme import Programme, QualificationRules, SeedRules
from shared.handling import Loader, Step
from shared.programmes import load_programme


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCohort:
    """A cohort whose plan lets people qualify."""

    cohort_id: str
    state: CohortPlan
    sampler: Sampler
    programme: Programme
    seeds: SeedRules
    rules: QualificationRules


@dataclass(slots=True)
class Unit:
    """One unit of work of a course: every command is decided on top of the others."""

    redraws: Redraws
    cohort: OpenCohort
    person_id: str
    courses: Qualifications
    steps: list[Step]

    @property
    def loader(self) -> Loader:
        """What folds streams."""
        return self.redraws.loader

    def carry_out(self, command: QualificationCommand) -> Sequence[object]:
        """Add *command*, and return the facts it leads to."""
        stream = qualification_stream(self.cohort.cohort_id, self.person_id)
        facts = qualification.decide(command, self.courses)
        self.courses = qualification.fold(facts, self.courses)
        self.steps.append(Step(qualification, stream, command))
        return facts

    async def all_steps(self) -> tuple[Step, ...]:
        """Return every step, also of the draws that follow."""
        return await with_holds(self.loader, (*self.steps, *self.redraws.steps))


async def unit_of(
    vault: Unwraps, loader: Loader, cohort_id: str, person_id: str
) -> Unit:
    """Return a unit of work of somebody's course in a cohort.

    Raises:
        PlanUnpublishedError: nothing can be drawn in the cohort yet.
        NoQualificationError: its plan lets nobody qualify.
    """
    cohort = await loader.state(plan, plan_stream(cohort_id))
    stream = qualification_stream(cohort_id, person_id)
    return Unit(
        redraws=Redraws(loader, vault),
        cohort=_open(cohort_id, cohort, sampler_of(vault, cohort)),
        person_id=person_id,
        courses=await loader.state(qualification, stream),
        steps=[],
    )


async def left_for(unit: Unit) -> list[str]:
    """Return the seeds that may be put before them, by id."""
    reader = await reader_of(
        unit.loader,
        unit.person_id,
        cohort_id=unit.cohort.cohort_id,
        programme=unit.cohort.programme,
    )
    stream = pool_stream(unit.cohort.programme.code)
    return list(candidates(await unit.loader.state(seeds, stream), reader))


def _open(cohort_id: str, state: CohortPlan, sampler: Sampler | None) -> OpenCohort:
    published = state.published
    if published is None or sampler is None:
        raise PlanUnpublishedError(cohort_id=cohort_id)
    rules = sampler.rules.seeds
    if rules is None or rules.qualification is None:
        raise NoQualificationError(cohort_id=cohort_id)
    about = published.plan
    programme = load_programme(about.programme, policy_version=about.policy_version)
    return OpenCohort(
        cohort_id=cohort_id,
        state=state,
        sampler=sampler,
        programme=programme,
        seeds=rules,
        rules=rules.qualification,
    )

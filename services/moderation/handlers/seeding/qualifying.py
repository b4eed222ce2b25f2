"""Letting somebody qualify: a course of seeds is begun, goes on set by set, and ends.

Invariant: what a course records, what the pool knows, the cases that review gets and
the step on the ladder are one unit of work. Of each case review gets a copy of the
portfolio under its own id, which its reviewer may judge although they are paused.
"""

from dataclasses import dataclass
from datetime import datetime

from services.moderation.domain.refusals import EmployerUnknownError
from services.moderation.domain.seeds.course.events import Portfolio, SeedAnswered
from services.moderation.domain.seeds.marking import Definitive, is_in_tolerance
from services.moderation.domain.seeds.qualification.commands import (
    BeginQualification,
    EndQualification,
    JudgeQualificationSeed,
)
from services.moderation.domain.seeds.qualification.decide import qualification
from services.moderation.domain.seeds.qualification.events import (
    Qualified,
    WhyBegun,
)
from services.moderation.domain.seeds.qualification.refusals import (
    CohortClosedError,
    StoppedError,
)
from services.moderation.domain.standing.commands import (
    JoinCohort,
    PassQualification,
    RequireQualification,
)
from services.moderation.domain.standing.decide import standing
from services.moderation.handlers.applying import standing_step
from services.moderation.handlers.fields import QUALIFICATION_FIELD
from services.moderation.handlers.seeding.requiring import stopped_in
from services.moderation.handlers.seeding.setting import Setting
from services.moderation.handlers.seeding.units import Unit, left_for, unit_of
from services.moderation.handlers.seeding.words import EndingWords
from services.moderation.handlers.streams import (
    qualification_stream,
    standing_stream,
)
from shared.crypto import Vault
from shared.handling import Cause, Handled, Handling, Loader, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseAsking:
    """Who asks about whose course in which cohort, when."""

    cohort_id: str
    person_id: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Qualifying:
    """The write side of ``seed-qualification.`` streams."""

    handling: Handling
    vault: Vault
    setting: Setting

    async def begin(self, asking: CourseAsking, cause: Cause) -> Handled:
        """Let somebody qualify; or put before them what had been lacking.

        Raises:
            PlanUnpublishedError, NoQualificationError, CohortClosedError: nobody
                qualifies in this cohort.
            NotALeadError, OwnStandingError, StoppedError, NothingToQualifyForError,
            TooFewSeedsError.
            EmployerUnknownError: nobody can tell which seeds they may get.
        """

        async def build(loader: Loader) -> tuple[Step, ...]:
            unit = await unit_of(self.vault, loader, asking.cohort_id, asking.person_id)
            if unit.cohort.sampler.is_key_public:
                raise CohortClosedError(cohort_id=asking.cohort_id)
            await _require_chance(unit)
            asker = await loader.state(standing, standing_stream(asking.by))
            because = await self._because(unit)
            unit.carry_out(
                BeginQualification(
                    cohort_id=asking.cohort_id,
                    reviewer_id=asking.person_id,
                    because=because,
                    rules=unit.cohort.rules,
                    left=len(await left_for(unit)),
                    by=asking.by,
                    is_by_lead="lead_moderator" in asker.roles,
                    at=asking.at,
                )
            )
            if because == "new":
                pausing = RequireQualification(
                    person_id=asking.person_id,
                    cohort_id=asking.cohort_id,
                    at=asking.at,
                )
                unit.steps.append(await standing_step(unit.redraws, pausing))
            joining = JoinCohort(
                person_id=asking.person_id, cohort_id=asking.cohort_id, at=asking.at
            )
            theirs = standing_stream(asking.person_id)
            unit.steps.append(Step(standing, theirs, joining))
            await self.setting.place(unit, is_paused=because is not None, at=asking.at)
            return await unit.all_steps()

        return await self.handling.plan(cause, build)

    async def end(
        self, asking: CourseAsking, words: EndingWords, cause: Cause
    ) -> Handled:
        """End a course without a result.

        Raises:
            NotALeadError, OwnStandingError, NoCourseError, CourseOverError.
        """
        reason = await self.vault.seal(
            asking.by, words.reason, field=QUALIFICATION_FIELD
        )

        async def build(loader: Loader) -> tuple[Step, ...]:
            asker = await loader.state(standing, standing_stream(asking.by))
            command = EndQualification(
                cohort_id=asking.cohort_id,
                reviewer_id=asking.person_id,
                reason=reason,
                by=asking.by,
                is_by_lead="lead_moderator" in asker.roles,
                at=asking.at,
            )
            stream = qualification_stream(asking.cohort_id, asking.person_id)
            return (Step(qualification, stream, command),)

        return await self.handling.plan(cause, build)

    async def judged(
        self,
        loader: Loader,
        about: Portfolio,
        answer: SeedAnswered,
        definitive: Definitive,
        at: datetime,
    ) -> tuple[Step, ...]:
        """Return the steps by which a final judgement counts, and what follows."""
        unit = await unit_of(self.vault, loader, about.cohort_id, about.only_by)
        facts = unit.carry_out(
            JudgeQualificationSeed(
                judgement_id=answer.judgement_id,
                case_id=answer.case_id,
                levels=answer.levels,
                in_tolerance=is_in_tolerance(answer.levels, definitive),
                at=at,
            )
        )
        if any(isinstance(each, Qualified) for each in facts):
            passing = PassQualification(
                person_id=about.only_by, cohort_id=about.cohort_id, at=at
            )
            unit.steps.append(await standing_step(unit.redraws, passing))
        stands = await loader.state(standing, standing_stream(about.only_by))
        is_paused = stands.ladder("reviewer").standing == "paused"
        await self.setting.place(unit, is_paused=is_paused, at=at)
        return await unit.all_steps()

    async def _because(self, unit: Unit) -> WhyBegun | None:
        stands = await unit.loader.state(standing, standing_stream(unit.person_id))
        ladder = stands.ladder("reviewer")
        if ladder.standing == "paused":
            return "paused"
        before = await unit.redraws.results_before(unit.cohort.state, unit.person_id)
        is_new = unit.cohort.sampler.rules.must_qualify(before)
        return "new" if is_new and ladder.last is None else None


async def _require_chance(unit: Unit) -> None:
    """Return if they may qualify at all.

    Raises:
        EmployerUnknownError: nobody can tell which seeds they may get.
        StoppedError: they had their last chance in this cohort, or in another that is
            open: once they may judge, they may there, too.
    """
    stands = await unit.loader.state(standing, standing_stream(unit.person_id))
    if stands.organisation_id is None:
        raise EmployerUnknownError(person_id=unit.person_id)
    stopped = await stopped_in(unit.loader, unit.person_id)
    if stopped is not None:
        raise StoppedError(cohort_id=stopped)

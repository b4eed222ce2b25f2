"""What may be seen of courses by which people qualify.

Invariant: whoever is in a course is told nothing of a qualifying set before all of it
is judged, and of a practice seed nothing before they have judged it for good.
"""

import json
from dataclasses import dataclass

from services.moderation.domain.plan.decide import plan
from services.moderation.domain.plan.evolve import CohortPlan, Disclosed
from services.moderation.domain.seeds.decide import seeds
from services.moderation.domain.seeds.evolve import Pool, Seed
from services.moderation.domain.seeds.qualification.decide import qualification
from services.moderation.domain.seeds.qualification.events import (
    PlacedSeed,
    QualificationStopped,
    Qualified,
)
from services.moderation.domain.seeds.qualification.evolve import (
    Qualification,
    Qualifications,
    SeedSet,
)
from services.moderation.domain.seeds.qualification.refusals import NoCourseError
from services.moderation.domain.standing.decide import standing
from services.moderation.handlers.fields import SEED_RATIONALE_FIELD
from services.moderation.handlers.seeding.course_views import (
    CohortCourses,
    CourseSeed,
    CourseSet,
    CoursesRow,
    CourseState,
    CourseView,
    SeedFeedback,
)
from services.moderation.handlers.streams import (
    QUALIFICATIONS,
    plan_stream,
    pool_stream,
    qualification_stream,
    standing_stream,
)
from shared.crypto import Grant, Purpose, Vault
from shared.eventlog import EventLog
from shared.handling import Handling
from shared.personal import Erased
from shared.vocabulary import CriterionKey

READER_GRANT = Grant(role="reviewer", purpose=Purpose.REVIEW_HELD_CASE)
"""They have judged the case, and learn from what its panel wrote."""


@dataclass(frozen=True, slots=True)
class QualificationShowing:
    """Reads courses from folds."""

    handling: Handling
    log: EventLog
    vault: Vault

    async def course(
        self, cohort_id: str, person_id: str, *, is_own: bool
    ) -> CourseView:
        """Return the last course of somebody; their own says less, and with words.

        Raises:
            NoCourseError: they never had one in this cohort.
        """
        cohort = await self._cohort(cohort_id)
        last = (await self._courses(cohort_id, person_id)).last
        if last is None or cohort.published is None:
            raise NoCourseError(cohort_id=cohort_id)
        stream = pool_stream(cohort.published.plan.programme)
        _, pool = await self.handling.fold(seeds, stream)
        sets = [await self._set(each, pool, is_own=is_own) for each in last.sets]
        return CourseView(
            cohort_id=cohort_id,
            reviewer_id=person_id,
            number=last.begun.number,
            state=_state(last, cohort),
            because=last.begun.because,
            begun_at=last.begun.occurred_at,
            rules=last.begun.rules,
            sets=sets,
        )

    async def of_cohort(self, cohort_id: str, *, but_of: str) -> CohortCourses:
        """Return who qualifies, or has to, by id; but the one who reads."""
        cohort = await self._cohort(cohort_id)
        prefix = f"{QUALIFICATIONS}{cohort_id}."
        begun = {e.removeprefix(prefix) for e in await self.log.streams(prefix)}
        rows = []
        for person_id in sorted({*begun, *cohort.reviewers} - {but_of}):
            row = await self._row(cohort, cohort_id, person_id)
            rows += [row] if row is not None else []
        return CohortCourses(cohort_id=cohort_id, reviewers=rows)

    async def _row(
        self, cohort: CohortPlan, cohort_id: str, person_id: str
    ) -> CoursesRow | None:
        found = await self._courses(cohort_id, person_id)
        last = found.last
        state = _state(last, cohort) if last is not None else None
        if state in {None, "ended", "qualified"} and cohort.qualification is not None:
            _, stands = await self.handling.fold(standing, standing_stream(person_id))
            is_paused = stands.ladder("reviewer").standing == "paused"
            state = "needed" if is_paused else state
        if state is None:
            return None
        results = [e for e in (last.sets if last else ()) if e.result is not None]
        lacking = last.lacking if last and state == "lacking" else None
        return CoursesRow(
            reviewer_id=person_id,
            state=state,
            courses=len(found.courses),
            in_tolerance=results[-1].in_tolerance if results else None,
            of=len(results[-1].fact.placed) if results else None,
            seeds_lacking=lacking.needed - lacking.left if lacking else 0,
        )

    async def _set(self, found: SeedSet, pool: Pool, *, is_own: bool) -> CourseSet:
        is_told = found.is_done or not is_own
        is_shown = is_told or found.fact.kind == "practice"
        return CourseSet(
            kind=found.fact.kind,
            round=found.fact.round,
            due_at=found.fact.due_at,
            seeds=[
                await self._seed(one, found, pool, is_shown=is_shown, is_own=is_own)
                for one in found.fact.placed
            ],
            in_tolerance=found.in_tolerance if is_told else None,
        )

    async def _seed(
        self,
        one: PlacedSeed,
        found: SeedSet,
        pool: Pool,
        *,
        is_shown: bool,
        is_own: bool,
    ) -> CourseSeed:
        judged, seed = found.judged.get(one.case_id), pool.seeds[one.seed_id]
        feedback = None
        if judged is not None and is_shown and seed.definitive is not None:
            feedback = SeedFeedback(
                levels=judged.levels,
                definitive=seed.definitive,
                in_tolerance=judged.in_tolerance,
                rationales=await self._words(seed) if is_own else [],
            )
        return CourseSeed(
            review_id=f"{one.case_id}.1.1",
            is_judged=judged is not None,
            feedback=feedback,
        )

    async def _words(self, seed: Seed) -> list[dict[CriterionKey, str]]:
        """Return what the panel wrote, in the order in which it is named."""
        opened = await self.vault.open_all(
            tuple(seed.marks[each].rationale for each in seed.made.panel),
            str,
            field=SEED_RATIONALE_FIELD,
            grant=READER_GRANT,
        )
        return [json.loads(text) for text in opened if not isinstance(text, Erased)]

    async def _cohort(self, cohort_id: str) -> CohortPlan:
        return (await self.handling.fold(plan, plan_stream(cohort_id)))[1]

    async def _courses(self, cohort_id: str, person_id: str) -> Qualifications:
        stream = qualification_stream(cohort_id, person_id)
        return (await self.handling.fold(qualification, stream))[1]


def _state(course: Qualification, cohort: CohortPlan) -> CourseState:
    match course.end:
        case Qualified():
            return "qualified"
        case QualificationStopped():
            return "stopped"
        case None:
            return _open_state(course, cohort)
        case _:
            return "ended"


def _open_state(course: Qualification, cohort: CohortPlan) -> CourseState:
    if course.lacking is not None:
        return "ended" if isinstance(cohort.stage, Disclosed) else "lacking"
    kind = course.sets[-1].fact.kind if course.sets else "practice"
    return "practising" if kind == "practice" else "qualifying"

"""What comes of a seed: its judgement is kept, and compared once it is final.

Invariant: charts, standing and what follows for draws are one unit of work with the
comparison, as they are with every settlement.
"""

from dataclasses import dataclass
from datetime import datetime

from services.moderation.domain.commands import NoteRecall
from services.moderation.domain.detection import Alarm
from services.moderation.domain.draw.seeding import JudgeSeed
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.plan.decide import plan
from services.moderation.domain.rules import Rules
from services.moderation.domain.seeds.commands import ShowSeed
from services.moderation.domain.seeds.course.commands import AnswerSeed, TakeBackSeed
from services.moderation.domain.seeds.course.decide import course
from services.moderation.domain.seeds.course.events import Portfolio, SeedAnswered
from services.moderation.domain.seeds.course.evolve import Course
from services.moderation.domain.seeds.decide import seeds
from services.moderation.domain.seeds.marking import (
    Definitive,
    difference,
    is_in_tolerance,
)
from services.moderation.domain.standing.commands import WeighResult
from services.moderation.domain.standing.ladder import LadderRules
from services.moderation.handlers.applying import standing_step
from services.moderation.handlers.due import with_holds
from services.moderation.handlers.redrawing import Redraw, Redraws
from services.moderation.handlers.seeding.qualifying import Qualifying
from services.moderation.handlers.streams import (
    Unwraps,
    course_stream,
    plan_stream,
    pool_stream,
    recallable_until,
)
from shared.handling import Cause, Handled, Handling, Loader, Step
from shared.programmes import programme_of


@dataclass(frozen=True, slots=True)
class SeedCourses:
    """The write side of seeds among the work of reviewers."""

    handling: Handling
    vault: Unwraps
    qualifying: Qualifying

    async def judge(self, case_id: str, *, at: datetime, cause: Cause) -> Handled:
        """Compare a judgement with the definitive marks, once it is final; once."""

        async def build(loader: Loader) -> tuple[Step, ...]:
            state = await loader.state(course, course_stream(case_id))
            answer, entered = state.final(at), state.entered
            if answer is None or entered is None:
                return ()
            about = entered.portfolio
            pool = await loader.state(seeds, pool_stream(about.programme))
            definitive = pool.seeds[entered.seed_id].definitive
            if entered.qualifies and definitive is not None:
                return await self.qualifying.judged(
                    loader, about, answer, definitive, at
                )
            redraws = Redraws(loader, self.vault)
            redraw = await redraws.of(about.cohort_id, about.only_by)
            if definitive is None or redraw.sampler is None:
                return ()
            if redraw.draws.seeding.placed[case_id].judged is not None:
                return ()
            rules = redraw.sampler.rules
            redraw.carry_out(_judging(answer, definitive, rules, at))
            weighed = await _weighing(redraws, redraw, about, answer, at)
            return await with_holds(loader, (*redraws.steps, *weighed))

        return await self.handling.plan(cause, build)


async def course_of(loader: Loader, case_id: str) -> Course:
    """Return what is known of a case that may be a seed."""
    return await loader.state(course, course_stream(case_id))


async def is_seed(redraw: Redraw, loader: Loader, judged: JudgedCase) -> bool:
    """Tell whether a case is a seed; never where the plan places none."""
    if redraw.sampler is None or redraw.sampler.rules.seeds is None:
        return False
    return (await course_of(loader, judged.case_id)).entered is not None


async def answering(
    redraw: Redraw, loader: Loader, judged: JudgedCase, at: datetime
) -> tuple[Step, ...]:
    """Return the steps by which a judgement of a seed is kept.

    Whoever got it from the reviewer it was for has seen the seed, too.
    """
    command = AnswerSeed(
        judgement_id=judged.judgement_id,
        case_id=judged.case_id,
        reviewer_id=judged.reviewer_id,
        token=judged.token,
        levels=judged.levels,
        final_at=recallable_until(judged),
        at=at,
    )
    kept = Step(course, course_stream(judged.case_id), command)
    entered = (await course_of(loader, judged.case_id)).entered
    rules = redraw.sampler.rules.seeds if redraw.sampler else None
    if entered is None or rules is None:
        return (kept,)
    if entered.portfolio.only_by == judged.reviewer_id:
        return (kept,)
    cohort = await loader.state(plan, plan_stream(judged.cohort_id))
    shown = ShowSeed(
        seed_id=entered.seed_id,
        reviewer_id=judged.reviewer_id,
        cohort_id=judged.cohort_id,
        case_id=judged.case_id,
        reviewers=len(cohort.reviewers),
        rules=rules,
        at=at,
    )
    return (kept, Step(seeds, pool_stream(judged.programme), shown))


def taking_back(command: NoteRecall) -> Step:
    """Return the step by which a judgement of a seed does not count."""
    back = TakeBackSeed(case_id=command.case_id, token=command.token, at=command.at)
    return Step(course, course_stream(command.case_id), back)


def _judging(
    answer: SeedAnswered, definitive: Definitive, rules: Rules, at: datetime
) -> JudgeSeed:
    return JudgeSeed(
        judgement_id=answer.judgement_id,
        case_id=answer.case_id,
        judged_at=answer.occurred_at,
        observation=difference(answer.levels, definitive),
        in_tolerance=is_in_tolerance(answer.levels, definitive),
        rules=rules,
        at=at,
    )


async def _weighing(
    redraws: Redraws,
    redraw: Redraw,
    about: Portfolio,
    answer: SeedAnswered,
    at: datetime,
) -> tuple[Step, ...]:
    """Return the step by which it counts for the standing: out of it, it is not clear.

    Too many of the last seeds out of tolerance are an alarm like that of a chart.
    """
    rules = redraw.sampler.rules if redraw.sampler else None
    draws, alarms = redraw.draws, list[Alarm]()
    shown = draws.seeding.judged[-1]
    if rules is not None and rules.detection is not None:
        alarms += draws.scores.alarms(rules.detection)
    if rules is not None and rules.seeds is not None:
        alarms += ["seeds"] if draws.seeding.alarming(rules.seeds) else []
    weigh = WeighResult(
        person_id=about.only_by,
        part="reviewer",
        judgement_id=answer.judgement_id,
        cohort_id=about.cohort_id,
        judged_at=answer.occurred_at,
        level_difference=shown.level_difference,
        is_overturned=shown.overturned,
        is_clear=shown.in_tolerance,
        alarms=tuple(alarms),
        rules=LadderRules.of(programme_of(about).policy.standing),
        at=at,
    )
    return (await standing_step(redraws, weigh),)

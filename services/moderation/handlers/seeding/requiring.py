"""Who has to qualify before they judge: paused reviewers, and new ones by the plan."""

from datetime import datetime

from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.plan.commands import NoteReviewer
from services.moderation.domain.plan.decide import plan
from services.moderation.domain.plan.evolve import Drawing
from services.moderation.domain.seeds.choosing import candidates
from services.moderation.domain.seeds.decide import seeds
from services.moderation.domain.seeds.qualification.decide import qualification
from services.moderation.domain.standing.commands import RequireQualification
from services.moderation.domain.standing.decide import standing
from services.moderation.handlers.applying import standing_step
from services.moderation.handlers.redrawing import Redraws
from services.moderation.handlers.seeding.readers import reader_of
from services.moderation.handlers.streams import (
    plan_stream,
    pool_stream,
    qualification_stream,
    standing_stream,
)
from shared.handling import Loader, Step
from shared.programmes import load_programme


async def newcomer_steps(
    redraws: Redraws, judged: JudgedCase, joining: NoteReviewer, at: datetime
) -> tuple[Step, ...]:
    """Return the step by which a new reviewer judges no more before they qualify.

    Empty for who is known: they have a result or a step on the ladder behind them, or
    the plan lets new reviewers judge. What follows for draws is added to *redraws*.
    """
    person_id, loader = judged.reviewer_id, redraws.loader
    redraw = await redraws.of(judged.cohort_id, person_id)
    stands = await loader.state(standing, standing_stream(person_id))
    is_known = stands.ladder("reviewer").last is not None
    sampler = redraw.sampler
    if sampler is None or sampler.is_key_public or is_known:
        return ()
    if not sampler.rules.must_qualify(joining.results_before):
        return ()
    command = RequireQualification(
        person_id=person_id, cohort_id=judged.cohort_id, at=at
    )
    return (await standing_step(redraws, command, joins=judged.cohort_id),)


async def qualifies_first_in(redraws: Redraws, person_id: str) -> str | None:
    """Return the cohort whose plan wants somebody to qualify before a pause ends.

    None when nothing of theirs is open under such a plan, or when the pool has too few
    seeds for them: then only the lead can end it.
    """
    stands = await redraws.loader.state(standing, standing_stream(person_id))
    for cohort_id in stands.cohorts:
        if await _wants(redraws, person_id, cohort_id):
            return cohort_id
    return None


async def stopped_in(loader: Loader, person_id: str) -> str | None:
    """Return the open cohort in which somebody had their last chance; None if none.

    A pause holds in every cohort, so nobody comes back to this one through another.
    """
    stands = await loader.state(standing, standing_stream(person_id))
    for cohort_id in stands.cohorts:
        stream = qualification_stream(cohort_id, person_id)
        cohort = await loader.state(plan, plan_stream(cohort_id))
        courses = await loader.state(qualification, stream)
        if courses.is_stopped and isinstance(cohort.stage, Drawing):
            return cohort_id
    return None


async def _wants(redraws: Redraws, person_id: str, cohort_id: str) -> bool:
    loader = redraws.loader
    cohort = await loader.state(plan, plan_stream(cohort_id))
    published, rules = cohort.published, cohort.qualification
    if published is None or rules is None:
        return False
    if not isinstance(cohort.stage, Drawing):
        return False
    stream = qualification_stream(cohort_id, person_id)
    courses = await loader.state(qualification, stream)
    if courses.open is not None:
        return courses.open.lacking is None
    if courses.is_stopped:
        return True
    programme = load_programme(
        published.plan.programme, policy_version=published.plan.policy_version
    )
    reader = await reader_of(
        loader, person_id, cohort_id=cohort_id, programme=programme
    )
    pool = await loader.state(seeds, pool_stream(published.plan.programme))
    return len(candidates(pool, reader)) >= rules.seeds_in_all

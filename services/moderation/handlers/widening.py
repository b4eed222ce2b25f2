"""What an overturn means for the reviewer's other work in the cohort."""

from uuid import UUID

from services.moderation.domain.commands import OverturnCase
from services.moderation.domain.decide import moderation
from services.moderation.domain.draw.commands import WidenSample
from services.moderation.domain.draw.decide import draw
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.plan.decide import plan
from services.moderation.domain.plan.refusals import PlanUnpublishedError
from services.moderation.domain.situations import Withdrawn, is_told
from services.moderation.handlers.streams import (
    Unwraps,
    draw_steps,
    draw_stream,
    plan_stream,
    sampler_of,
    stream_of,
)
from shared.handling import Loader, Step


async def widening(
    loader: Loader,
    vault: Unwraps,
    judged: JudgedCase,
    command: OverturnCase,
    *,
    to_ppm: int,
) -> tuple[Step, ...]:
    """Return the steps that draw the reviewer's skipped and unreleased work again."""
    cohort = await loader.state(plan, plan_stream(judged.cohort_id))
    sampler = sampler_of(vault, cohort)
    if sampler is None:
        raise PlanUnpublishedError
    stream = draw_stream(judged.cohort_id, judged.reviewer_id)
    draws = await loader.state(draw, stream)
    released: set[UUID] = set()
    for judgement_id, entry in draws.entries.items():
        if entry.is_selected is False:
            case = await loader.state(moderation, stream_of(entry.judged))
            is_over = is_told(case) or isinstance(case, Withdrawn)
            released |= {judgement_id} if is_over else set()
    widen = WidenSample(
        to_ppm=to_ppm,
        because_of_case_id=judged.case_id,
        reason=command.other_work_reason,
        sampler=sampler,
        released=frozenset(released),
        by=command.by.person_id,
        at=command.at,
    )
    return draw_steps(stream, widen, draws, sampler.rules.criterion_gap)

"""What a decision means for the reviewer's other work in the cohort."""

from services.moderation.domain.deciding import Given
from services.moderation.domain.draw.commands import OrderRemark, WidenSample
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.plan.refusals import PlanUnpublishedError
from services.moderation.handlers.redrawing import Redraws

FIRST = 1


async def follow(
    redraws: Redraws,
    judged: JudgedCase,
    given: Given,
    *,
    to_ppm: int,
) -> None:
    """Draw the reviewer's skipped and unreleased work again, as was decided.

    Raises:
        PlanUnpublishedError: nothing is drawn yet.
    """
    reason = given.other_work_reason
    if reason is None or given.other_work == "not_widened":
        return
    redraw = await redraws.of(judged.cohort_id, judged.reviewer_id)
    if redraw.sampler is None:
        raise PlanUnpublishedError
    released = await redraw.over(redraws.loader)
    if given.other_work == "remark_all":
        redraw.carry_out(
            OrderRemark(
                reviewer_id=judged.reviewer_id,
                cohort_id=judged.cohort_id,
                from_ordinal=FIRST,
                because="lead",
                because_of_case_id=judged.case_id,
                by=given.decided_by,
                reason=reason,
                sampler=redraw.sampler,
                released=released,
                at=given.occurred_at,
            )
        )
        return
    redraw.carry_out(
        WidenSample(
            to_ppm=to_ppm,
            because_of_case_id=judged.case_id,
            reason=reason,
            sampler=redraw.sampler,
            released=released,
            by=given.decided_by,
            at=given.occurred_at,
        )
    )

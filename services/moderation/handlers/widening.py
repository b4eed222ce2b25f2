"""What a decision means for the reviewer's other work in the cohort."""

from services.moderation.domain.commands import OrderReturn, OverturnCase
from services.moderation.domain.draw.commands import OrderRemark, WidenSample
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.plan.refusals import PlanUnpublishedError
from services.moderation.handlers.redrawing import Redraws

FIRST = 1


async def follow(
    redraws: Redraws,
    judged: JudgedCase,
    command: OverturnCase | OrderReturn,
    *,
    to_ppm: int,
) -> None:
    """Draw the reviewer's skipped and unreleased work again, as was decided.

    Raises:
        PlanUnpublishedError: nothing is drawn yet.
    """
    if command.other_work == "not_widened":
        return
    redraw = await redraws.of(judged.cohort_id, judged.reviewer_id)
    if redraw.sampler is None:
        raise PlanUnpublishedError
    released = await redraw.over(redraws.loader)
    if command.other_work == "remark_all":
        redraw.carry_out(
            OrderRemark(
                reviewer_id=judged.reviewer_id,
                cohort_id=judged.cohort_id,
                from_ordinal=FIRST,
                because="lead",
                because_of_case_id=judged.case_id,
                by=command.by.person_id,
                reason=command.other_work_reason,
                sampler=redraw.sampler,
                released=released,
                at=command.at,
            )
        )
        return
    redraw.carry_out(
        WidenSample(
            to_ppm=to_ppm,
            because_of_case_id=judged.case_id,
            reason=command.other_work_reason,
            sampler=redraw.sampler,
            released=released,
            by=command.by.person_id,
            at=command.at,
        )
    )

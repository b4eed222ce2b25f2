"""What comes instead of a judgement that was taken back, for the draw of the first."""

from services.moderation.domain.commands import RenewJudgement
from services.moderation.domain.decide import moderation
from services.moderation.domain.draw.commands import NoteRenewal
from services.moderation.domain.situations import Case, recalls_of
from services.moderation.handlers.redrawing import Redraws


async def renew(redraws: Redraws, command: RenewJudgement, state: Case) -> None:
    """Let the draw of the first judgement of a review know what came instead of it.

    Nothing follows when the outcome is told, or the participant has withdrawn.
    """
    judged = command.judged
    if not moderation.decide(command, state):
        return
    judges = (*recalls_of(state).reviewers, judged.reviewer_id)
    for reviewer_id in dict.fromkeys(judges):
        redraw = await redraws.of(judged.cohort_id, reviewer_id)
        first = redraw.draws.entry_of(judged.review_id)
        if first is not None:
            redraw.carry_out(
                NoteRenewal(
                    judgement_id=first.judged.judgement_id,
                    judged=judged,
                    follows_conflict=recalls_of(state).is_set_aside(judged.review_id),
                    sampler=redraw.sampler,
                    at=command.at,
                )
            )

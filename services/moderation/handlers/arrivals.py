"""What others tell moderation: who may moderate, and what was judged.

Invariant: messages come in any order. A judgement that comes before the plan or its
randomness is kept as a fact and drawn when the other half arrives.
"""

from dataclasses import dataclass
from datetime import datetime

from services.moderation.domain.draw.commands import ReceiveJudgement
from services.moderation.domain.draw.decide import draw
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.plan.commands import NoteReviewer
from services.moderation.domain.plan.decide import plan
from services.moderation.domain.standing.commands import NoteAppointment
from services.moderation.domain.standing.decide import standing
from services.moderation.handlers.streams import (
    Unwraps,
    draw_steps,
    draw_stream,
    plan_stream,
    sampler_of,
    standing_stream,
)
from shared.handling import Cause, Handled, Handling, Loader, Step


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Takes in what the others tell."""

    handling: Handling
    vault: Unwraps

    async def appointment(self, command: NoteAppointment, cause: Cause) -> Handled:
        """Know that somebody may moderate."""
        step = Step(standing, standing_stream(command.person_id), command)
        return await self.handling(cause, step)

    async def pass_over(self, cause: Cause) -> Handled:
        """Note that a message was seen and that nothing follows from it here."""
        return await self.handling(cause)

    async def judgement(
        self, judged: JudgedCase, at: datetime, cause: Cause
    ) -> Handled:
        """Take in a completed review; draw it, and open the case when selected."""

        async def build(loader: Loader) -> tuple[Step, ...]:
            cohort_id, reviewer_id = judged.cohort_id, judged.reviewer_id
            cohort = await loader.state(plan, plan_stream(cohort_id))
            stream = draw_stream(cohort_id, reviewer_id)
            draws = await loader.state(draw, stream)
            sampler = sampler_of(self.vault, cohort)
            command = ReceiveJudgement(judged=judged, sampler=sampler, at=at)
            gap = sampler.rules.criterion_gap if sampler else 0
            note = NoteReviewer(reviewer_id=reviewer_id, at=at)
            return (
                Step(plan, plan_stream(cohort_id), note),
                *draw_steps(stream, command, draws, gap),
            )

        return await self.handling.plan(cause, build)

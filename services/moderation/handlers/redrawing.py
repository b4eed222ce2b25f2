"""The draws of reviewers in cohorts, as one unit of work changes them.

Invariant: each command is decided on top of those before it, so the cases that a draw
selects are opened in the same unit, and none of them twice.
"""

from dataclasses import dataclass, field
from uuid import UUID

from services.moderation.domain.decide import moderation
from services.moderation.domain.draw.commands import DrawCommand
from services.moderation.domain.draw.decide import draw
from services.moderation.domain.draw.evolve import Draws
from services.moderation.domain.drawing import Sampler
from services.moderation.domain.plan.decide import plan
from services.moderation.domain.plan.evolve import CohortPlan
from services.moderation.domain.situations import Withdrawn, is_told
from services.moderation.domain.standing.decide import standing
from services.moderation.handlers.streams import (
    Unwraps,
    draw_steps,
    draw_stream,
    plan_stream,
    sampler_of,
    standing_stream,
    stream_of,
)
from shared.handling import Loader, Step


@dataclass(slots=True)
class Redraw:
    """What is drawn of a reviewer, and the steps that change it."""

    cohort_id: str
    reviewer_id: str
    draws: Draws
    sampler: Sampler | None
    """None before the randomness is fixed: nothing is drawn yet."""
    steps: list[Step] = field(default_factory=list)

    @property
    def gap(self) -> int:
        """Levels apart that call a second moderator; 0 while nothing is drawn."""
        return self.sampler.rules.criterion_gap if self.sampler else 0

    def carry_out(self, command: DrawCommand) -> None:
        """Add *command*, and the opening of every case that it selects."""
        stream = draw_stream(self.cohort_id, self.reviewer_id)
        self.steps += draw_steps(stream, command, self.draws, self.gap)
        self.draws = draw.fold(draw.decide(command, self.draws), self.draws)

    async def over(self, loader: Loader) -> frozenset[UUID]:
        """Return the skipped judgements whose outcome is told, or never will be."""
        found: set[UUID] = set()
        for judgement_id in self.draws.skipped:
            judged = self.draws.entries[judgement_id].judged
            case = await loader.state(moderation, stream_of(judged))
            if is_told(case) or isinstance(case, Withdrawn):
                found.add(judgement_id)
        return frozenset(found)


@dataclass(slots=True)
class Redraws:
    """The draws that one unit of work changes, each loaded once."""

    loader: Loader
    vault: Unwraps
    known: dict[tuple[str, str], Redraw] = field(default_factory=dict)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step so far."""
        return tuple(step for each in self.known.values() for step in each.steps)

    async def of(self, cohort_id: str, reviewer_id: str) -> Redraw:
        """Return the draws of a reviewer in a cohort, for this unit to change."""
        if (cohort_id, reviewer_id) not in self.known:
            cohort = await self.loader.state(plan, plan_stream(cohort_id))
            stream = draw_stream(cohort_id, reviewer_id)
            sampler = sampler_of(self.vault, cohort)
            results = await self.results_before(cohort, reviewer_id)
            self.known[cohort_id, reviewer_id] = Redraw(
                cohort_id=cohort_id,
                reviewer_id=reviewer_id,
                draws=await self.loader.state(draw, stream),
                sampler=sampler.for_reviewer(results) if sampler else None,
            )
        return self.known[cohort_id, reviewer_id]

    async def results_before(self, cohort: CohortPlan, reviewer_id: str) -> int | None:
        """Return how many results a reviewer had on joining; by now, if they join."""
        if reviewer_id in cohort.reviewers:
            return cohort.results[reviewer_id]
        stands = await self.loader.state(standing, standing_stream(reviewer_id))
        return len(stands.ladder("reviewer").weighed)

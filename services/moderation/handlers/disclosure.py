"""What moderation tells of a cohort: its plan, its draws, and whether still true.

Invariant: no ticket, probability or selection leaves before the key is public; until
then there are counts, for the lead alone.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from services.moderation.domain.decide import moderation
from services.moderation.domain.draw.decide import draw
from services.moderation.domain.lateness import FellOverdue
from services.moderation.domain.outcomes import (
    JudgementModerated,
    OutcomeReleased,
    OutcomeRevised,
)
from services.moderation.domain.plan.decide import plan
from services.moderation.domain.plan.events import Plan
from services.moderation.domain.plan.evolve import (
    CohortPlan,
    Disclosed,
    Drawing,
)
from services.moderation.domain.situations import Withdrawn
from services.moderation.domain.stopping.decide import stopping
from services.moderation.domain.timing import is_still_late
from services.moderation.handlers.streams import (
    clocks_stream,
    draw_stream,
    opinion_stream,
    plan_stream,
)
from shared.decider import Fact
from shared.errors import NotFoundError
from shared.eventlog import Codec, EventLog
from shared.handling import Handling


class PlanView(BaseModel):
    """A cohort's plan as everybody may see it."""

    plan: Plan
    plan_hash: str
    key_commitment: str
    nonce_commitments: dict[str, str]
    nonces: dict[str, str]
    beacon: str | None
    releases: int
    key: str | None
    """The secret key in hexadecimal, once it is revealed."""


class DrawCounts(BaseModel):
    """How many judgements were drawn, before the key is revealed."""

    judgements: int
    waiting: int
    selected: int


class DisclosedDraws(BaseModel):
    """Everything a verifier needs: facts in the order of the log."""

    plan_facts: list[dict[str, Any]]
    draws: dict[str, list[dict[str, Any]]]
    """By reviewer."""
    opinions: dict[str, list[dict[str, Any]]]
    """By moderator the draws of second opinions, and what these differed by."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Reads plans and draws from folds."""

    handling: Handling
    log: EventLog
    codec: Codec

    async def plan(self, cohort_id: str) -> PlanView:
        """Return the plan of a cohort.

        Raises:
            NotFoundError: none is published.
        """
        state = await self._cohort(cohort_id)
        published, stage = state.published, state.stage
        if published is None:
            raise NotFoundError(cohort_id=cohort_id)
        return PlanView(
            plan=published.plan,
            plan_hash=published.plan_hash,
            key_commitment=published.key_commitment,
            nonce_commitments=dict(published.commitments),
            nonces=dict(published.nonces),
            beacon=stage.beacon if isinstance(stage, Drawing | Disclosed) else None,
            releases=state.releases,
            key=stage.key.hex() if isinstance(stage, Disclosed) else None,
        )

    async def counts(self, cohort_id: str) -> DrawCounts:
        """Return how many judgements of a cohort were drawn."""
        state = await self._cohort(cohort_id)
        counted = DrawCounts(judgements=0, waiting=0, selected=0)
        for reviewer_id in state.reviewers:
            stream = draw_stream(cohort_id, reviewer_id)
            _, draws = await self.handling.fold(draw, stream)
            entries = draws.entries.values()
            counted.judgements += len(entries)
            counted.waiting += len(draws.waiting)
            counted.selected += sum(each.is_selected is True for each in entries)
        return counted

    async def lead_of(self, cohort_id: str) -> str | None:
        """Return who published the plan of a cohort; None while nobody has."""
        published = (await self._cohort(cohort_id)).published
        return published.published_by if published else None

    async def is_disclosed(self, cohort_id: str) -> bool:
        """Tell whether the key of a cohort is public."""
        return isinstance((await self._cohort(cohort_id)).stage, Disclosed)

    async def draws(self, cohort_id: str) -> DisclosedDraws:
        """Return every fact of the plan and its draws; sealed words stay sealed.

        Raises:
            NotFoundError: the key is not revealed.
        """
        if not await self.is_disclosed(cohort_id):
            raise NotFoundError(cohort_id=cohort_id)
        state = await self._cohort(cohort_id)
        facts = await self._facts(plan_stream(cohort_id))
        return DisclosedDraws(
            plan_facts=facts,
            draws={
                reviewer_id: await self._facts(draw_stream(cohort_id, reviewer_id))
                for reviewer_id in state.reviewers
            },
            opinions={
                each: await self._facts(opinion_stream(cohort_id, each))
                for each in state.moderators
            },
        )

    async def is_still_true(self, case_id: str, stream: str, event_id: UUID) -> bool:
        """Tell whether what this event says of a case may be told now.

        An outcome may while it is the last word and nobody has withdrawn; a reviewer's
        own result always; that a case is late while it is, and its clocks run.
        """
        if not stream.startswith(f"moderation-{case_id}."):
            return False
        told: dict[UUID, Fact] = {
            event.event_id: self.codec.decode(event)
            for event in await self.log.read_stream(stream)
        }
        outcomes = [
            each
            for each, fact in told.items()
            if isinstance(fact, OutcomeReleased | OutcomeRevised)
        ]
        if isinstance(told.get(event_id), JudgementModerated):
            return True
        _, state = await self.handling.fold(moderation, stream)
        late = told.get(event_id)
        if isinstance(late, FellOverdue):
            _, holds = await self.handling.fold(stopping, clocks_stream(case_id))
            return is_still_late(late, state, holds)
        is_last = outcomes[-1:] == [event_id]
        return is_last and not isinstance(state, Withdrawn)

    async def _cohort(self, cohort_id: str) -> CohortPlan:
        _, state = await self.handling.fold(plan, plan_stream(cohort_id))
        return state

    async def _facts(self, stream: str) -> list[dict[str, Any]]:
        events = await self.log.read_stream(stream)
        return [
            {
                "position": event.position,
                **self.codec.decode(event).model_dump(mode="json"),
            }
            for event in events
        ]

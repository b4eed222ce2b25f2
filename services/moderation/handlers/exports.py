"""The draws of a cohort for outsiders, and our own check of them, in steps.

Invariant: nothing of a draw leaves before the key is public. What takes long runs in a
thread, so that others are served meanwhile.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count as count_from
from typing import Any

from services.moderation.domain.draw.events import DrawEvent
from services.moderation.domain.opinions.events import OpinionEvent
from services.moderation.domain.plan.decide import plan
from services.moderation.domain.plan.events import (
    ModeratorJoined,
    PlanEvent,
)
from services.moderation.domain.plan.evolve import Disclosed
from services.moderation.domain.plan.refusals import KeySecretError
from services.moderation.domain.seeds.qualification.events import QualificationEvent
from services.moderation.domain.verification import steps
from services.moderation.domain.verification.export import export_of
from services.moderation.handlers.streams import (
    QUALIFICATIONS,
    draw_stream,
    opinion_stream,
    plan_stream,
)
from shared.errors import NotFoundError
from shared.eventlog import Codec, EventLog, StoredEvent
from shared.handling import Handling

Report = Callable[[int, int], None]
"""Gets reviewers done, and how many there are."""


@dataclass(frozen=True, slots=True)
class Exports:
    """Reads what was drawn, straight from the log."""

    handling: Handling
    log: EventLog
    codec: Codec

    async def reviewers(self, cohort_id: str) -> tuple[str, ...]:
        """Return whose draws there are.

        Raises:
            NotFoundError: there is no plan for this cohort.
            KeySecretError: its key is not revealed.
        """
        _, state = await self.handling.fold(plan, plan_stream(cohort_id))
        if state.published is None:
            raise NotFoundError(cohort_id=cohort_id)
        if not isinstance(state.stage, Disclosed):
            raise KeySecretError(cohort_id=cohort_id)
        return state.reviewers

    async def export(
        self, cohort_id: str, reviewers: tuple[str, ...], report: Report
    ) -> dict[str, Any]:
        """Return the draws as docs/draws.md describes them."""
        plan_facts = await self._plan_facts(cohort_id)
        draws = {}
        for number, reviewer_id in enumerate(reviewers, start=1):
            draws[reviewer_id] = await self._draw_facts(cohort_id, reviewer_id)
            report(number, len(reviewers))
        opinions = await self._opinions(cohort_id, plan_facts)
        return await asyncio.to_thread(export_of, plan_facts, draws, opinions)

    async def verification(
        self, cohort_id: str, reviewers: tuple[str, ...], report: Report
    ) -> dict[str, Any]:
        """Return what a second derivation of every draw from the log has found."""
        placed = await self._plan_facts(cohort_id)
        plan_facts = [fact for _, fact in placed]
        opinions = {
            who: [fact for _, fact in facts]
            for who, facts in (await self._opinions(cohort_id, placed)).items()
        }
        draws = {
            each: [fact for _, fact in await self._draw_facts(cohort_id, each)]
            for each in reviewers
        }
        courses = await self._courses(cohort_id)
        count, findings = 0, list[str]()
        checked = steps(plan_facts, draws, opinions, courses)
        for number in count_from(0):
            step = await asyncio.to_thread(next, checked, None)
            if step is None:
                break
            count, findings = count + step[0], [*findings, *step[1]]
            # the plan comes before the reviewers, releases and moderators after them
            report(min(number, len(reviewers)), len(reviewers))
        return {
            "reviewers": len(reviewers),
            "draws": count,
            "holds": not findings,
            "findings": findings,
        }

    async def _plan_facts(self, cohort_id: str) -> list[tuple[int, PlanEvent]]:
        return await self._facts(plan_stream(cohort_id))

    async def _draw_facts(
        self, cohort_id: str, reviewer_id: str
    ) -> list[tuple[int, DrawEvent]]:
        return await self._facts(draw_stream(cohort_id, reviewer_id))

    async def _opinions(
        self, cohort_id: str, plan_facts: Sequence[tuple[int, PlanEvent]]
    ) -> dict[str, list[tuple[int, OpinionEvent]]]:
        """Return the facts about each moderator of the cohort, with their places."""
        found: dict[str, list[tuple[int, OpinionEvent]]] = {}
        for _, fact in plan_facts:
            if isinstance(fact, ModeratorJoined):
                stream = opinion_stream(cohort_id, fact.moderator_id)
                found[fact.moderator_id] = await self._facts(stream)
        return found

    async def _courses(self, cohort_id: str) -> dict[str, list[QualificationEvent]]:
        """Return the facts of everybody who was to qualify in the cohort."""
        prefix = f"{QUALIFICATIONS}{cohort_id}."
        return {
            each.removeprefix(prefix): [fact for _, fact in await self._facts(each)]
            for each in await self.log.streams(prefix)
        }

    async def _facts(self, stream: str) -> list[tuple[int, Any]]:
        events = await self.log.read_stream(stream)
        return await asyncio.to_thread(self._decoded, events)

    def _decoded(self, events: Sequence[StoredEvent]) -> list[tuple[int, Any]]:
        return [(event.position, self.codec.decode(event)) for event in events]

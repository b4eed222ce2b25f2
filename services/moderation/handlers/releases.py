"""Releasing a cohort, and disclosing the key afterwards.

Invariant: nothing is released before everything drawn is settled, and every stream that
was looked at guards the release by its version.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.moderation.domain.commands import ReleaseOutcome
from services.moderation.domain.decide import moderation
from services.moderation.domain.draw.commands import SampleForRelease
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.plan.batches import open_batch
from services.moderation.domain.plan.commands import (
    DrawForRelease,
    ReleaseCohort,
    RevealKey,
)
from services.moderation.domain.plan.decide import plan
from services.moderation.domain.plan.events import SampleOrdered
from services.moderation.domain.plan.refusals import PlanUnpublishedError
from services.moderation.handlers.due import with_holds
from services.moderation.handlers.judged import judged_of
from services.moderation.handlers.redrawing import Redraws
from services.moderation.handlers.refused import Attempt, keeping_refusals
from services.moderation.handlers.streams import (
    ATTEMPTS,
    Unwraps,
    plan_stream,
    sampler_of,
    secret_key,
    stream_of,
)
from shared.handling import Cause, Handled, Handling, Loader, Step


@dataclass(frozen=True, slots=True)
class Releases:
    """The write side of ``plan-`` streams from the release on."""

    handling: Handling
    vault: Unwraps

    async def release(
        self, cohort_id: str, attempt: int, *, by: str, at: datetime, cause: Cause
    ) -> Handled:
        """Release the outcome of every judged case of one round, all or none.

        Resubmissions are a round of their own: neither waits for the other. Nothing is
        asked of cases that are not judged yet, or whose participant has withdrawn.
        Those of reviewers who are paused are left out until all their work that is to
        be moderated is settled: the others do not wait for it.

        Raises:
            CohortNotSettledError: a drawn case waits for a decision; names them.
            JudgementsRecalledError, RecallsPossibleError: a judgement is taken back, or
                may still be; says until when.
            DrawsWaitingError: a judged case waits for its draw.
        """

        async def build(loader: Loader) -> tuple[Step, ...]:
            found = await judged_of(loader.state, cohort_id, (attempt,))
            cohort = await loader.state(plan, plan_stream(cohort_id))
            batch = open_batch(cohort, attempt, found.present)
            cases = [
                each
                for each in found.releasable.values()
                if batch is None or each.judgement_id in batch.judgements
            ]
            command = ReleaseCohort(
                attempt=attempt,
                releasable=len(cases),
                undrawn=_names(found.undrawn),
                unsettled=_names(found.unsettled),
                held=_names(found.held),
                recalled=found.recalled,
                recallable_until=found.recallable_until,
                judgements=tuple(each.judgement_id for each in cases),
                results=found.results,
                sampler=sampler_of(self.vault, cohort),
                by=by,
                at=at,
            )
            outcomes = (
                Step(moderation, stream_of(each), ReleaseOutcome(judged=each, at=at))
                for each in cases
            )
            return (Step(plan, plan_stream(cohort_id), command), *outcomes)

        return await self.handling.plan(cause, build)

    async def sample(
        self, cohort_id: str, attempt: int, *, by: str, at: datetime, cause: Cause
    ) -> Handled:
        """Have as much more moderated as the release of a round needs, in ticket order.

        Raises:
            PlanUnpublishedError: nothing is drawn yet.
            NoRiskLimitError: the plan limits no risk.
            NothingJudgedError: nothing of this round can be released.
        """

        async def build(loader: Loader) -> tuple[Step, ...]:
            found = await judged_of(loader.state, cohort_id, (attempt,))
            cohort = await loader.state(plan, plan_stream(cohort_id))
            sampler = sampler_of(self.vault, cohort)
            if sampler is None:
                raise PlanUnpublishedError
            cases = found.present
            batch = open_batch(cohort, attempt, cases)
            known = batch.judgements if batch else frozenset(cases)
            command = DrawForRelease(
                attempt=attempt,
                population=frozenset(cases),
                results=found.results,
                left_out=known - cases.keys(),
                sampler=sampler,
                by=by,
                at=at,
            )
            redraws = Redraws(loader, self.vault)
            for fact in plan.decide(command, cohort):
                if isinstance(fact, SampleOrdered):
                    await _draw_for_release(redraws, fact, cases)
            step = Step(plan, plan_stream(cohort_id), command)
            return await with_holds(loader, (step, *redraws.steps))

        return await self.handling.plan(cause, build)

    async def reveal_key(
        self, cohort_id: str, *, by: str, at: datetime, cause: Cause
    ) -> Handled:
        """Make the key public, so that anybody can check every draw.

        Raises:
            NothingReleasedError, OutcomesUnreleasedError: it is too early.
        """

        async def build(loader: Loader) -> tuple[Step, ...]:
            found = await judged_of(loader.state, cohort_id, ATTEMPTS)
            state = await loader.state(plan, plan_stream(cohort_id))
            if state.published is None:
                raise PlanUnpublishedError
            key = secret_key(self.vault, state.published)
            command = RevealKey(key=key, unreleased=found.unreleased, by=by, at=at)
            return (Step(plan, plan_stream(cohort_id), command),)

        attempt = Attempt(cohort_id=cohort_id, attempted="key", by=by, at=at)
        async with keeping_refusals(self.handling, attempt, cause):
            return await self.handling.plan(cause, build)


def _names(cases: Iterable[JudgedCase]) -> tuple[str, ...]:
    return tuple(each.case_id for each in cases)


async def _draw_for_release(
    redraws: Redraws,
    ordered: SampleOrdered,
    cases: Mapping[UUID, JudgedCase],
) -> None:
    by_reviewer: dict[tuple[str, str], list[UUID]] = {}
    for each in ordered.judgements:
        judged = cases[each]
        name = (judged.cohort_id, judged.reviewer_id)
        by_reviewer.setdefault(name, []).append(each)
    for (cohort_id, reviewer_id), judgements in by_reviewer.items():
        redraw = await redraws.of(cohort_id, reviewer_id)
        if redraw.sampler is None:
            raise PlanUnpublishedError
        redraw.carry_out(
            SampleForRelease(
                attempt=ordered.attempt,
                number=ordered.number,
                judgements=tuple(judgements),
                sampler=redraw.sampler,
                at=ordered.occurred_at,
            )
        )

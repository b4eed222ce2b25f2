"""Releasing a cohort, and disclosing the key afterwards.

Invariant: nothing is released before everything drawn is settled, and every stream that
was looked at guards the release by its version.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.moderation.domain.commands import ReleaseOutcome
from services.moderation.domain.decide import moderation
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.plan.commands import ReleaseCohort, RevealKey
from services.moderation.domain.plan.decide import plan
from services.moderation.domain.plan.refusals import PlanUnpublishedError
from services.moderation.handlers.judged import judged_of
from services.moderation.handlers.streams import (
    ATTEMPTS,
    Unwraps,
    plan_stream,
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
            command = ReleaseCohort(
                attempt=attempt,
                releasable=len(found.releasable),
                undrawn=_names(found.undrawn),
                unsettled=_names(found.unsettled),
                held=_names(found.held),
                recalled=found.recalled,
                recallable_until=found.recallable_until,
                by=by,
                at=at,
            )
            outcomes = (
                Step(moderation, stream_of(each), ReleaseOutcome(judged=each, at=at))
                for each in found.releasable.values()
            )
            return (Step(plan, plan_stream(cohort_id), command), *outcomes)

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

        return await self.handling.plan(cause, build)


def _names(cases: Iterable[JudgedCase]) -> tuple[str, ...]:
    return tuple(each.case_id for each in cases)

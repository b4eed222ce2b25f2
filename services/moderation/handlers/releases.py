"""Releasing a cohort, and disclosing the key afterwards.

Invariant: nothing is released before everything drawn is settled, and every stream that
was looked at guards the release by its version.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.moderation.domain.commands import ReleaseOutcome
from services.moderation.domain.decide import moderation
from services.moderation.domain.draw.decide import draw
from services.moderation.domain.draw.evolve import Entry
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.plan.commands import ReleaseCohort, RevealKey
from services.moderation.domain.plan.decide import plan
from services.moderation.domain.plan.refusals import PlanUnpublishedError
from services.moderation.domain.situations import (
    Case,
    Moderating,
    Unopened,
    Withdrawn,
    is_told,
    recalls_of,
    standing,
)
from services.moderation.handlers.streams import (
    ATTEMPTS,
    Unwraps,
    draw_stream,
    plan_stream,
    recallable_until,
    secret_key,
    stream_of,
)
from shared.handling import Cause, Handled, Handling, Loader, Step


@dataclass(frozen=True, slots=True)
class _Found:
    """Judged cases of a cohort whose outcome is not released, by what they wait for."""

    undrawn: tuple[str, ...]
    unsettled: tuple[str, ...]
    recalled: Mapping[str, datetime]
    """When what was taken back is to be judged again, by case."""
    releasable: tuple[JudgedCase, ...]
    """The drawn judgement of each."""
    recallable_until: datetime | None
    """Until when one of the releasable may be taken back."""

    @property
    def unreleased(self) -> int:
        waiting = (self.undrawn, self.unsettled, self.recalled, self.releasable)
        return sum(len(each) for each in waiting)


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

        Raises:
            CohortNotSettledError: a drawn case waits for a decision; names them.
            JudgementsRecalledError, RecallsPossibleError: a judgement is taken back, or
                may still be; says until when.
            DrawsWaitingError: a judged case waits for its draw.
        """

        async def build(loader: Loader) -> tuple[Step, ...]:
            found = await _look(loader, cohort_id, (attempt,))
            command = ReleaseCohort(
                attempt=attempt,
                releasable=len(found.releasable),
                undrawn=found.undrawn,
                unsettled=found.unsettled,
                recalled=found.recalled,
                recallable_until=found.recallable_until,
                by=by,
                at=at,
            )
            outcomes = (
                Step(moderation, stream_of(each), ReleaseOutcome(judged=each, at=at))
                for each in found.releasable
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
            found = await _look(loader, cohort_id, ATTEMPTS)
            state = await loader.state(plan, plan_stream(cohort_id))
            if state.published is None:
                raise PlanUnpublishedError
            key = secret_key(self.vault, state.published)
            command = RevealKey(key=key, unreleased=found.unreleased, by=by, at=at)
            return (Step(plan, plan_stream(cohort_id), command),)

        return await self.handling.plan(cause, build)


async def _look(loader: Loader, cohort_id: str, attempts: Sequence[int]) -> _Found:
    cohort = await loader.state(plan, plan_stream(cohort_id))
    undrawn: list[str] = []
    unsettled: list[str] = []
    recalled: dict[str, datetime] = {}
    releasable: dict[str, JudgedCase] = {}
    until: list[datetime] = []
    for reviewer_id in cohort.reviewers:
        draws = await loader.state(draw, draw_stream(cohort_id, reviewer_id))
        for entry in draws.entries.values():
            if entry.judged.attempt not in attempts:
                continue
            stream = stream_of(entry.judged)
            case = await loader.state(moderation, stream)
            if is_told(case) or isinstance(case, Withdrawn):
                continue
            judged = standing(case, entry.judged)
            recall = recalls_of(case).open_recall(judged)
            if entry.is_selected is None:
                undrawn.append(entry.judged.case_id)
            elif recall is not None:
                recalled[recall.case_id] = recall.due_at
            elif _is_unsettled(entry, case):
                unsettled.append(entry.judged.case_id)
            else:
                releasable.setdefault(stream, entry.judged)
                until.append(recallable_until(judged))
    return _Found(
        undrawn=tuple(undrawn),
        unsettled=tuple(unsettled),
        recalled=recalled,
        releasable=tuple(releasable.values()),
        recallable_until=max(until, default=None),
    )


def _is_unsettled(entry: Entry, case: Case) -> bool:
    is_unopened = bool(entry.is_selected) and isinstance(case, Unopened)
    return is_unopened or isinstance(case, Moderating)

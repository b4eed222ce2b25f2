"""The clocks of a case: what is due, how any clock stood at any time, what is true.

Nothing here rests on a read model: streams are folded, for a past date only as far as
they went then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.submission.domain.closing import Closing, closing
from services.submission.domain.cohort.decide import UnknownCohortError, cohort
from services.submission.domain.cohort.evolve import Running
from services.submission.domain.commands import DelayReview, Lapse, Remind
from services.submission.domain.confirming import is_still_true
from services.submission.domain.decide import case
from services.submission.domain.events import CaseEvent
from services.submission.domain.states import Case, Open, portfolio_of
from services.submission.domain.submitting import enrolled
from services.submission.handlers.cases import running_cohort
from services.submission.handlers.owning import Who, own_state
from shared.errors import NotFoundError
from shared.eventlog import StoredEvent
from shared.handling import Cause, Handled, Handling, Loader, Step
from shared.programmes import programme_of


class FactUnknownError(NotFoundError):
    """The case has no such fact, so no letter can be about it."""


@dataclass(frozen=True, slots=True)
class Timekeeping:
    """Asks a case what time has brought, and what its clocks say."""

    handling: Handling

    async def remind(self, case_id: str, at: datetime, cause: Cause) -> Handled:
        """Record a reminder that is due; none is due twice."""

        async def build(loader: Loader) -> tuple[Step, ...]:
            state, found = await _open(loader, case_id)
            policy = programme_of(state.enrolment).policy.resubmission
            command = Remind(
                marks_days=policy.reminder_days.value,
                cohort_deadline=found.deadline,
                at=at,
            )
            return (Step(case, f"case-{case_id}", command),)

        return await self.handling.plan(cause, build)

    async def lapse(self, case_id: str, at: datetime, cause: Cause) -> Handled:
        """Record that a window was missed, if it was."""

        async def build(loader: Loader) -> tuple[Step, ...]:
            _, found = await _open(loader, case_id)
            command = Lapse(cohort_deadline=found.deadline, at=at)
            return (Step(case, f"case-{case_id}", command),)

        return await self.handling.plan(cause, build)

    async def delay_review(self, case_id: str, at: datetime, cause: Cause) -> Handled:
        """Record that review opens later, if the cohort's deadline moved so."""

        async def build(loader: Loader) -> tuple[Step, ...]:
            _, found = await _open(loader, case_id)
            command = DelayReview(cohort_deadline=found.deadline, at=at)
            return (Step(case, f"case-{case_id}", command),)

        return await self.handling.plan(cause, build)

    async def closing_at(self, case_id: str, at: datetime, who: Who) -> Closing | None:
        """Return the clock as it stood at the instant *at*; None while none ran.

        Raises:
            NotEnrolledError: there is no such case, or not for *who*.
        """
        _, now = await self.handling.fold(case, f"case-{case_id}")
        portfolio = enrolled(own_state(now, who))
        facts = await self._facts(f"case-{case_id}")
        then = case.fold(fact for fact in facts if fact.occurred_at <= at)
        found = await self._cohort(portfolio.enrolment.cohort_id, at)
        if not isinstance(then, Open) or found is None:
            return None
        return closing(then, cohort_deadline=found.deadline, at=at)

    async def is_still_true(self, case_id: str, event_id: UUID, at: datetime) -> bool:
        """Tell whether a fact that a letter was to tell still describes the case.

        Raises:
            FactUnknownError: the case has no such fact.
        """
        events = await self.handling.log.read_stream(f"case-{case_id}")
        found = next((each for each in events if each.event_id == event_id), None)
        if found is None:
            raise FactUnknownError(case_id=case_id)
        fact: CaseEvent = self._decoded([found])[0]
        _, state = await self.handling.fold(case, f"case-{case_id}")
        portfolio = portfolio_of(state)
        if portfolio is None:
            return True
        running = await self._cohort(portfolio.enrolment.cohort_id, at)
        if running is None:
            raise UnknownCohortError(cohort_id=portfolio.enrolment.cohort_id)
        return is_still_true(fact, state, cohort_deadline=running.deadline, at=at)

    async def _facts(self, stream: str) -> Sequence[Any]:
        return self._decoded(await self.handling.log.read_stream(stream))

    def _decoded(self, events: Sequence[StoredEvent]) -> Sequence[Any]:
        return [self.handling.codec.decode(event) for event in events]

    async def _cohort(self, cohort_id: str, at: datetime) -> Running | None:
        facts = await self._facts(f"cohort-{cohort_id}")
        state = cohort.fold(fact for fact in facts if fact.occurred_at <= at)
        return state if isinstance(state, Running) else None


async def _open(loader: Loader, case_id: str) -> tuple[Open, Running]:
    state: Case = await loader.state(case, f"case-{case_id}")
    portfolio = enrolled(state)
    return portfolio, await running_cohort(loader, portfolio.enrolment.cohort_id)

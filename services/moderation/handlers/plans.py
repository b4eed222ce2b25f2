"""Publishing a plan, fixing its randomness, and disclosing its key."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.moderation.domain.draw.decide import draw
from services.moderation.domain.plan.commands import (
    CommitNonce,
    PublishPlan,
    RevealNonce,
)
from services.moderation.domain.plan.decide import plan
from services.moderation.domain.plan.events import Plan
from services.moderation.domain.plan.evolve import CohortPlan
from services.moderation.domain.rules import rules_of
from services.moderation.domain.sampling import commitment
from services.moderation.domain.standing.decide import standing
from services.moderation.handlers.applying import draw_waiting
from services.moderation.handlers.due import with_holds
from services.moderation.handlers.fields import LATE_FIELD
from services.moderation.handlers.redrawing import Redraw
from services.moderation.handlers.refused import Attempt, keeping_refusals
from services.moderation.handlers.streams import (
    draw_stream,
    key_name,
    plan_stream,
    sampler_of,
    standing_stream,
)
from services.moderation.handlers.words import PlanWords
from shared.crypto import Vault
from shared.handling import Cause, Handled, Handling, Loader, Step
from shared.personal import Personal
from shared.programmes import load_programme


@dataclass(frozen=True, slots=True)
class Plans:
    """The write side of ``plan-`` streams up to the first draw."""

    handling: Handling
    vault: Vault
    new_key: Callable[[], bytes]
    """Gives 32 fresh random bytes."""

    async def publish(
        self, words: PlanWords, *, by: str, at: datetime, cause: Cause
    ) -> Handled:
        """Publish a plan, bound to a fresh key that nobody sees.

        Raises:
            UnknownProgrammeError: there is no such programme.
            AnotherPlanPublishedError: the cohort has another plan.
            PlanTooLateError: judgements have arrived, and nothing says why it is late.
        """
        key = self.new_key()
        command = PublishPlan(
            plan=_plan(words),
            key_commitment=commitment(key),
            wrapped_key=self.vault.wrap(key, name=key_name(words.cohort_id)),
            late_because=await self._sealed(words.late_because, by),
            by=by,
            at=at,
        )
        step = Step(plan, plan_stream(words.cohort_id), command)
        attempt = Attempt(cohort_id=words.cohort_id, attempted="plan", by=by, at=at)
        async with keeping_refusals(self.handling, attempt, cause):
            return await self.handling(cause, step)

    async def _sealed(self, text: str | None, by: str) -> Personal[str] | None:
        """Return *text* under its author's key: it is about no participant."""
        if text is None:
            return None
        return await self.vault.seal(by, text, field=LATE_FIELD)

    async def commit(
        self, cohort_id: str, command: CommitNonce, cause: Cause
    ) -> Handled:
        """Bind a party to its number."""
        step = Step(plan, plan_stream(cohort_id), command)
        attempt = Attempt(
            cohort_id=cohort_id,
            attempted="commitment",
            by=command.party,
            at=command.at,
        )
        async with keeping_refusals(self.handling, attempt, cause):
            return await self.handling(cause, step)

    async def reveal(
        self, cohort_id: str, command: RevealNonce, cause: Cause
    ) -> Handled:
        """Show a party's number; the last one draws everything that waited."""

        async def build(loader: Loader) -> tuple[Step, ...]:
            before = await loader.state(plan, plan_stream(cohort_id))
            after = plan.fold(plan.decide(command, before), before)
            step = Step(plan, plan_stream(cohort_id), command)
            if sampler_of(self.vault, before) is not None:
                return (step,)
            return (step, *await self._draw_waiting(loader, cohort_id, after, command))

        attempt = Attempt(
            cohort_id=cohort_id, attempted="number", by=command.party, at=command.at
        )
        async with keeping_refusals(self.handling, attempt, cause):
            return await self.handling.plan(cause, build)

    async def _draw_waiting(
        self, loader: Loader, cohort_id: str, state: CohortPlan, command: RevealNonce
    ) -> tuple[Step, ...]:
        sampler = sampler_of(self.vault, state)
        if sampler is None:
            return ()
        steps: list[Step] = []
        for reviewer_id in state.reviewers:
            redraw = Redraw(
                cohort_id=cohort_id,
                reviewer_id=reviewer_id,
                draws=await loader.state(draw, draw_stream(cohort_id, reviewer_id)),
                sampler=sampler.for_reviewer(state.results[reviewer_id]),
            )
            stands = await loader.state(standing, standing_stream(reviewer_id))
            draw_waiting(stands, redraw, command.at)
            steps += redraw.steps
        return await with_holds(loader, steps)


def _plan(words: PlanWords) -> Plan:
    programme = load_programme(words.programme)
    policy = programme.policy
    return Plan(
        cohort_id=words.cohort_id,
        programme=programme.code,
        policy_version=programme.policy_version,
        rules=words.rules or rules_of(policy.sampling, policy.release),
        parties=words.parties,
    )

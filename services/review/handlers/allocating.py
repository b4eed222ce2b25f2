"""Giving reviews to reviewers: one by one, or all that are free in a cohort.

Invariant: what is planned comes from read models, as a hint; whether a reviewer gets a
review is decided from folded facts, for each review alone.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from services.review.domain.allocation.commands import (
    AllocateReview,
    FreeAllocation,
    WithdrawAllocation,
)
from services.review.domain.allocation.plan import Given, Plan
from services.review.domain.allocation.world import World
from services.review.domain.application.commands import BeginApplication
from services.review.domain.application.decide import application
from services.review.domain.reviewer.decide import reviewer
from services.review.handlers.holding import assessment_of, reviewer_stream, step
from services.review.handlers.holding import stream as stream_of
from shared.errors import ServiceError, UnavailableError
from shared.handling import Cause, Handled, Handling, Ids, Loader, Step
from shared.ids import derived_id

AT_ONCE = 32
"""Reviews given away side by side: the log takes them in together (ours)."""


class WorldChangedError(ServiceError):
    """Something changed since this preview: look at a new one.

    No `ConflictError`: it would be tried again, and be planned again, for nothing.
    """

    status = 409


class CatchingUpError(UnavailableError):
    """What reviewers have is still being brought up to date: try again."""


LookUp: TypeAlias = Callable[[], Awaitable[World]]
"""Finds what an allocation is computed from, as new as the log; CatchingUpError while
it is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An allocation that was previewed: who asks, and what they saw."""

    based_on: str
    """Digest of what the preview was computed from."""
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Allocating:
    """Everything that can be asked about whom a review is kept for."""

    handling: Handling
    planner: Callable[[World], Awaitable[Plan]]

    async def preview(self, look_up: LookUp, by: str) -> Plan:
        """Return who would get what, but for *by*'s own case; nothing is written.

        Raises:
            CatchingUpError: the read models are behind the log.
        """
        world = await look_up()
        return _without_case_of(by, world, await self.planner(world))

    async def apply(self, look_up: LookUp, wanted: Wanted, cause: Cause) -> Handled:
        """Give away what the preview said; the answer names who was refused.

        It is set down before the first is given: when all of it was interrupted, the
        same request goes on from there, whatever has changed, and answers the same.

        Raises:
            WorldChangedError: it would not be computed from the same now.
            CatchingUpError: the read models are behind the log.
        """
        refused: dict[str, str] = {}
        done: list[Given] = []

        async def build(_: Loader) -> tuple[Step, ...]:
            if done or refused:  # another attempt to store the answer
                return ()
            given = await self._begun(look_up, wanted, cause)
            refused.update(await self._give_all(given, wanted, cause))
            done.extend(each for each in given if each.review_id not in refused)
            return ()

        def ids(_: object) -> Ids:
            return {
                "based_on": wanted.based_on,
                "allocated": len(done),
                "refused": len(refused),
                "refusals": _listed(refused.items()),
            }

        return await self.handling.plan(cause.answer(200, ids), build)

    async def allocate(
        self,
        review_id: str,
        reviewer_id: str,
        wanted_by: str,
        at: datetime,
        cause: Cause,
    ) -> Handled:
        """Keep one review for one reviewer. Errors: ``domain.allocation.keeping``."""

        async def build(loader: Loader) -> tuple[Step, ...]:
            command = AllocateReview(
                reviewer_id=reviewer_id,
                reviewer=await loader.state(reviewer, reviewer_stream(reviewer_id)),
                assessment=await assessment_of(loader, review_id),
                by=wanted_by,
                at=at,
            )
            return (step(review_id, command),)

        return await self.handling.plan(cause, build)

    async def withdraw(
        self, review_id: str, command: WithdrawAllocation, cause: Cause
    ) -> Handled:
        """Let anybody claim it. Errors: ``domain.allocation.keeping``."""
        return await self.handling(cause, step(review_id, command))

    async def free(
        self, review_id: str, reviewer_id: str, at: datetime, cause: Cause
    ) -> Handled:
        """Let anybody claim what is kept for somebody who may not judge it."""

        async def build(loader: Loader) -> tuple[Step, ...]:
            command = FreeAllocation(
                reviewer_id=reviewer_id,
                reviewer=await loader.state(reviewer, reviewer_stream(reviewer_id)),
                assessment=await assessment_of(loader, review_id),
                at=at,
            )
            return (step(review_id, command),)

        return await self.handling.plan(cause, build)

    async def _begun(
        self, look_up: LookUp, wanted: Wanted, cause: Cause
    ) -> tuple[Given, ...]:
        """Return what is to be given: as it was set down before, or planned now."""
        own = _own_cause(cause, "application", wanted.based_on)
        stream = f"application-{own.command_id}"
        before = await self._set_down(stream)
        if before is not None:
            return before
        world = await look_up()
        now = await asyncio.to_thread(world.digest)
        if now != wanted.based_on:
            # the same request, asked twice at once, may have given some meanwhile
            if (meanwhile := await self._set_down(stream)) is not None:
                return meanwhile
            raise WorldChangedError(now=now)
        command = BeginApplication(
            based_on=now,
            by=wanted.by,
            given=(await self.planner(world)).given,
            at=wanted.at,
        )
        await self.handling(own, Step(application, stream, command))
        return await self._set_down(stream) or ()

    async def _set_down(self, stream: str) -> tuple[Given, ...] | None:
        _, found = await self.handling.fold(application, stream)
        return found.given

    async def _give_all(
        self, given: Iterable[Given], wanted: Wanted, cause: Cause
    ) -> dict[str, str]:
        """Give each review to its reviewer; return what was refused, and why."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def give(each: Given) -> tuple[str, str] | None:
            async with gate:
                named = each.review_id, each.reviewer_id
                own = _own_cause(cause, "allocation", *named)
                try:
                    await self.allocate(
                        each.review_id, each.reviewer_id, wanted.by, wanted.at, own
                    )
                except UnavailableError:
                    raise
                except ServiceError as refused:
                    if await self._is_given(each, own):
                        return None
                    return each.review_id, refused.code
                return None

        found = await asyncio.gather(*(give(each) for each in given))
        return dict(each for each in found if each is not None)

    async def _is_given(self, given: Given, own: Cause) -> bool:
        """Tell whether it was given before an interruption; much may follow since."""
        first = own.event_id(0)
        events = await self.handling.log.read_stream(stream_of(given.review_id))
        return any(event.event_id == first for event in events)


def _without_case_of(person_id: str, world: World, plan: Plan) -> Plan:
    """Return *plan* without what somebody may not know: who judges their own case."""
    own = {each.review_id for each in world.reviews if each.participant_id == person_id}
    return replace(
        plan,
        given=tuple(each for each in plan.given if each.review_id not in own),
        left_over=tuple(each for each in plan.left_over if each.review_id not in own),
    )


def _own_cause(cause: Cause, kind: str, *about: str) -> Cause:
    """Return the cause of one step of what was asked: the same again at a repeat."""
    command_id = derived_id(kind, str(cause.command_id), *about)
    return replace(cause, command_id=command_id, request=None)


LISTED = 200
"""Refusals that an answer names: it is stored, and small. The others are counted."""


def _listed(refused: Iterable[tuple[str, str]]) -> str:
    named = sorted(f"{review_id} {code}" for review_id, code in refused)
    return ", ".join(named[:LISTED])

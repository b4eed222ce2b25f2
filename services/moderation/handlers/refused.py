"""Attempts against the rules of a plan, kept where operations can read them.

Invariant: the asker is refused as always; what is kept beside that names nothing they
sent. Only people with a part in the plan come this far, so nobody can fill the log.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from services.moderation.domain.plan.commands import NoteRefusal
from services.moderation.domain.plan.decide import plan
from services.moderation.domain.plan.events import Attempted
from services.moderation.domain.plan.refusals import (
    AnotherPlanPublishedError,
    BoundToAnotherNonceError,
    KeyDoesNotMatchError,
    NonceDoesNotMatchError,
    PlanTooLateError,
)
from services.moderation.handlers.streams import plan_stream
from shared.handling import Cause, Handling, Step
from shared.ids import derived_id

KEPT = (
    AnotherPlanPublishedError,
    BoundToAnotherNonceError,
    KeyDoesNotMatchError,
    NonceDoesNotMatchError,
    PlanTooLateError,
)
"""Refusals that may be a mistake, or an attempt to bend the draw."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What somebody tries with which plan, and when."""

    cohort_id: str
    attempted: Attempted
    by: str
    at: datetime


@asynccontextmanager
async def keeping_refusals(
    handling: Handling, attempt: Attempt, cause: Cause
) -> AsyncIterator[None]:
    """Make a refusal of `KEPT` inside the block a fact, and raise it on."""
    try:
        yield
    except KEPT as refused:
        command_id = derived_id("refusal", str(cause.command_id))
        note = NoteRefusal(
            attempted=attempt.attempted,
            refusal=refused.code,
            by=attempt.by,
            at=attempt.at,
        )
        await handling(
            replace(cause, command_id=command_id, request=None, inbox=None),
            Step(plan, plan_stream(attempt.cohort_id), note),
        )
        raise

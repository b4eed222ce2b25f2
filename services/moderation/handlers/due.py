"""When drawn cases are due: holds of the office, and what was not settled in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.moderation.domain.commands import (
    DecideCase,
    FollowHolds,
    MarkOverdue,
    OpenCase,
    RejudgeCase,
)
from services.moderation.domain.decide import moderation
from services.moderation.domain.plan.decide import plan
from services.moderation.domain.situations import moderated
from services.moderation.domain.stopping.commands import StoppingCommand
from services.moderation.domain.stopping.decide import stopping
from services.moderation.handlers.streams import (
    ATTEMPTS,
    case_stream,
    clocks_stream,
    plan_stream,
)
from shared.handling import Cause, Handled, Handling, Loader, Step
from shared.holds import Holds


@dataclass(frozen=True, slots=True)
class Due:
    """Moves last days, and says what is late."""

    handling: Handling

    async def held(self, command: StoppingCommand, cause: Cause) -> Handled:
        """Know one end of a hold; what is drawn is due later once it is lifted."""

        async def build(loader: Loader) -> tuple[Step, ...]:
            stream = clocks_stream(command.case_id)
            known = await loader.state(stopping, stream)
            after = stopping.fold(stopping.decide(command, known), known)
            following = FollowHolds(holds=after, at=command.at)
            return (
                Step(stopping, stream, command),
                *(
                    Step(moderation, case_stream(command.case_id, attempt), following)
                    for attempt in ATTEMPTS
                ),
            )

        return await self.handling.plan(cause, build)

    async def mark_overdue(
        self, case_id: str, attempt: int, *, at: datetime, cause: Cause
    ) -> Handled:
        """Say once that a case was not settled in time, unless its clocks stand."""

        async def build(loader: Loader) -> tuple[Step, ...]:
            stream = case_stream(case_id, attempt)
            last = moderated(await loader.state(moderation, stream))
            if last is None:
                return ()
            cohort = await loader.state(plan, plan_stream(last.judged.cohort_id))
            command = MarkOverdue(
                holds=await loader.state(stopping, clocks_stream(case_id)),
                lead_id=cohort.published.published_by if cohort.published else None,
                at=at,
            )
            return (Step(moderation, stream, command),)

        return await self.handling.plan(cause, build)

    async def holds_of(self, case_id: str) -> Holds:
        """Return when the office stopped the clocks of a case."""
        _, known = await self.handling.fold(stopping, clocks_stream(case_id))
        return known


async def with_holds(loader: Loader, steps: Sequence[Step]) -> tuple[Step, ...]:
    """Return *steps*; after each that gives a case its month, the holds it has had."""
    made: list[Step] = []
    for each in steps:
        made.append(each)
        command = each.command
        if isinstance(command, OpenCase | RejudgeCase) or (
            isinstance(command, DecideCase) and command.asked.goes_back()
        ):
            case_id = each.stream.removeprefix("moderation-").partition(".")[0]
            known = await loader.state(stopping, clocks_stream(case_id))
            following = FollowHolds(holds=known, at=command.at)
            made.append(Step(moderation, each.stream, following))
    return tuple(made)

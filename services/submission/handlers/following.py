"""What becomes of a judged case: messages of others, fee, withdrawal."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from services.submission.domain.commands import (
    HoldCommand,
    NoteCommand,
    RecordFee,
    Withdraw,
)
from services.submission.domain.decide import case
from services.submission.domain.submitting import enrolled
from services.submission.handlers.owning import Who, own_state
from shared.handling import Cause, Handled, Handling, Ids, Loader, Step
from shared.programmes import programme_of

Heard: TypeAlias = NoteCommand | HoldCommand
"""What others decide; it is noted even where it comes early."""


@dataclass(frozen=True, slots=True)
class Following:
    """The write side of a case once its portfolio is with others."""

    handling: Handling

    async def note(self, case_id: str, command: Heard, cause: Cause) -> Handled:
        """Note what was heard, and what follows from all that is known."""
        return await self.handling(cause, Step(case, f"case-{case_id}", command))

    async def withdraw(
        self, case_id: str, *, who: Who, at: datetime, cause: Cause
    ) -> Handled:
        """Take no further part, also while a review is open.

        Raises:
            NotEnrolledError: there is no such case, or not for *who*.
            AlreadyEndedError: it ended otherwise.
        """

        async def build(loader: Loader) -> tuple[Step, ...]:
            own_state(await loader.state(case, f"case-{case_id}"), who)
            command = Withdraw(side=who.side, withdrawn_by=who.person_id, at=at)
            return (Step(case, f"case-{case_id}", command),)

        ids: Ids = {"case_id": case_id, "state": "withdrawn"}
        return await self.handling.plan(cause.answer(200, ids), build)

    async def record_fee(
        self,
        case_id: str,
        amount_pence: int,
        *,
        by: str,
        at: datetime,
        cause: Cause,
    ) -> Handled:
        """Record that the fee of a restart was paid. Source: S2 6.2.3.

        Raises:
            NotEnrolledError: there is no such case.
            NoFeeDueError, FeeDiffersError: see the decider.
        """

        async def build(loader: Loader) -> tuple[Step, ...]:
            state = await loader.state(case, f"case-{case_id}")
            policy = programme_of(enrolled(state).enrolment).policy
            command = RecordFee(
                amount_pence=amount_pence,
                fee_pence=policy.restart.fee_pence.value,
                recorded_by=by,
                at=at,
            )
            return (Step(case, f"case-{case_id}", command),)

        ids: Ids = {"case_id": case_id, "amount_pence": amount_pence}
        return await self.handling.plan(cause.answer(200, ids), build)

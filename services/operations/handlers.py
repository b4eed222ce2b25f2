"""The write side of the desk."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from services.operations.domain.commands import (
    DiscardMessage,
    LiftHold,
    PlaceHold,
    RecordImport,
    ReleaseLane,
)
from services.operations.domain.decide import desk
from services.operations.domain.events import HoldPlaced, HoldReason
from services.operations.people import (
    FIRST_LINE,
    PersonRow,
    RowsRefusedError,
    read_people,
)
from shared.clock import Clock
from shared.crypto import Vault
from shared.decider import Fact
from shared.errors import NotFoundError
from shared.handling import Cause, Handled, Handling, Ids, Step
from shared.ids import derived_id
from shared.messaging import ParkedLane, ParkedLanes
from shared.personal import Personal
from shared.web.calling import RefusedByServiceError, ServiceCaller


class UnknownCaseError(NotFoundError):
    """Nothing has happened to a case of that id."""


REASON_FIELD = "judgement.desk_reason"
ROWS_AT_ONCE = 8
"""So many are asked for at a time: submission has other work, too."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Carries out what operators decide."""

    handling: Handling
    lanes: ParkedLanes
    vault: Vault
    call: ServiceCaller
    clock: Clock

    async def release(self, lane_id: str, reason: str, cause: Cause) -> Handled:
        """Order a parked lane to be handled again; its consumer follows the fact.

        Raises:
            NotFoundError: no such lane is parked.
        """
        lane = await self._lane(lane_id)
        command = ReleaseLane(
            lane_id=lane_id,
            head_message_id=str(lane.head_event_id),
            by=cause.actor,
            reason=await self._sealed(cause.actor, reason),
            at=self.clock(),
        )
        step = Step(desk, f"desk-lane-{lane_id}", command)
        return await self.handling(cause.answer(202, {"lane_id": lane_id}), step)

    async def discard(self, lane_id: str, reason: str, cause: Cause) -> Handled:
        """Give up the first message of a parked lane; the rest stays parked.

        Errors as in `release`.
        """
        lane = await self._lane(lane_id)
        command = DiscardMessage(
            lane_id=lane_id,
            message_id=str(lane.head_event_id),
            by=cause.actor,
            reason=await self._sealed(cause.actor, reason),
            at=self.clock(),
        )
        step = Step(desk, f"desk-lane-{lane_id}", command)
        return await self.handling(cause.answer(202, {"lane_id": lane_id}), step)

    async def import_people(self, content: bytes, cause: Cause) -> Handled:
        """Put every row of a list into the directory, then record the import.

        Repeating it adds only what was missing. Each row has a key of its own at
        submission, which a new request does not share: what was refused once may be
        taken after its cause is mended.

        Raises:
            PeopleRefusedError: a row is not well formed, and nothing was imported.
            RowsRefusedError: the directory refused rows, and took the others.
            UnavailableError: the directory does not answer; some rows may be in it.
        """
        rows = read_people(content)
        digest = hashlib.sha256(content).hexdigest()
        await self._register(rows, f"{cause.command_id} {digest}")
        command = RecordImport(
            import_id=digest[:16],
            by=cause.actor,
            content_sha256=digest,
            people=len(rows),
            at=self.clock(),
        )
        step = Step(desk, f"desk-import-{command.import_id}", command)
        answer: Ids = {"import_id": command.import_id, "people": len(rows)}
        return await self.handling(cause.answer(201, answer), step)

    async def place_hold(
        self, case_id: str, reason: HoldReason, cause: Cause
    ) -> Handled:
        """Let the clocks of a case stand still.

        Raises:
            UnknownCaseError: nobody is enrolled under that id.
            AlreadyHeldError: they stand still already.
        """
        if not await self.handling.log.read_stream(f"case-{case_id}", up_to_version=1):
            raise UnknownCaseError(case_id=case_id)
        command = PlaceHold(
            case_id=case_id, reason=reason, by=cause.actor, at=self.clock()
        )
        step = Step(desk, hold_stream(case_id), command)
        return await self.handling(cause.answer(201, _hold_id), step)

    async def lift_hold(self, case_id: str, hold_id: str, cause: Cause) -> Handled:
        """Let the clocks of a case run on.

        Raises:
            UnknownHoldError: the case has no such hold.
        """
        command = LiftHold(
            case_id=case_id, hold_id=hold_id, by=cause.actor, at=self.clock()
        )
        step = Step(desk, hold_stream(case_id), command)
        return await self.handling(cause.answer(200, {"hold_id": hold_id}), step)

    async def _register(self, rows: Sequence[PersonRow], request: str) -> None:
        problems: list[str] = []
        for start in range(0, len(rows), ROWS_AT_ONCE):
            some = rows[start : start + ROWS_AT_ONCE]
            answers = await asyncio.gather(
                *(self._refusal_of(row, request) for row in some),
                return_exceptions=True,
            )
            for line, answer in enumerate(answers, start + FIRST_LINE):
                if isinstance(answer, BaseException):
                    raise answer
                if answer is not None:
                    problems.append(f"line {line}: {answer}")
        if problems:
            raise RowsRefusedError(refused=len(problems), problems=problems[:50])

    async def _refusal_of(self, row: PersonRow, request: str) -> str | None:
        """Put one row into the directory; return why it was refused, if it was."""
        try:
            await self.call.post(
                "submission",
                "/internal/people",
                row.model_dump(mode="json"),
                key=str(derived_id("import", request, row.id)),
            )
        except RefusedByServiceError as refused:
            return f"{refused.context['title']} ({refused.context['code']})"
        return None

    async def _lane(self, lane_id: str) -> ParkedLane:
        lane = await self.lanes.get(lane_id)
        if lane is None:
            raise NotFoundError(lane_id=lane_id)
        return lane

    async def _sealed(self, actor: str, reason: str) -> Personal[str]:
        return await self.vault.seal(actor, reason, field=REASON_FIELD)


def hold_stream(case_id: str) -> str:
    """Return the stream of the holds of a case."""
    return f"desk-hold-{case_id}"


def _hold_id(facts: tuple[Fact, ...]) -> Ids:
    placed = [fact.hold_id for fact in facts if isinstance(fact, HoldPlaced)]
    return {"hold_id": placed[0] if placed else None}

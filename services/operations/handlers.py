"""The write side of the desk."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from services.operations.domain.commands import (
    DiscardMessage,
    RecordImport,
    ReleaseLane,
)
from services.operations.domain.decide import desk
from services.operations.people import PeopleRefusedError, PersonRow, read_people
from shared.clock import Clock
from shared.crypto import Vault
from shared.errors import NotFoundError
from shared.handling import Cause, Handled, Handling, Ids, Step
from shared.ids import derived_id
from shared.messaging import ParkedLane, ParkedLanes
from shared.personal import Personal
from shared.web.calling import RefusedByServiceError, ServiceCaller

REASON_FIELD = "judgement.desk_reason"


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
        """Give up the first message of a parked lane. Errors as in `release`."""
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

        Repeating it after a failure adds only what was missing: each row has its own
        key at submission, derived from the content.

        Raises:
            PeopleRefusedError: a row is not well formed, and nothing was imported; or
                the directory refused one, and those before it were.
        """
        rows = read_people(content)
        digest = hashlib.sha256(content).hexdigest()
        await self._register(rows, digest)
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

    async def _register(self, rows: Sequence[PersonRow], digest: str) -> None:
        for line, row in enumerate(rows, start=2):
            try:
                await self.call.post(
                    "submission",
                    "/internal/people",
                    row.model_dump(mode="json"),
                    key=str(derived_id("import", digest, row.id)),
                )
            except RefusedByServiceError as refused:
                raise _refused_at(line, refused) from None

    async def _lane(self, lane_id: str) -> ParkedLane:
        lane = await self.lanes.get(lane_id)
        if lane is None:
            raise NotFoundError(lane_id=lane_id)
        return lane

    async def _sealed(self, actor: str, reason: str) -> Personal[str]:
        return await self.vault.seal(actor, reason, field=REASON_FIELD)


def _refused_at(line: int, refused: RefusedByServiceError) -> PeopleRefusedError:
    message = (
        f"The directory refused line {line}; the lines before it are imported. Correct "
        "it and import the whole list again."
    )
    said = f"line {line}: {refused.context['title']}"
    return PeopleRefusedError(message, problems=[said])

"""The write side of notification."""

from dataclasses import dataclass

from services.notification.domain.commands import (
    NoticeCommand,
    OrderRetry,
    RecordBounce,
    RequestNotice,
)
from services.notification.domain.decide import notice
from services.notification.domain.evolve import Notice, Pending, Unrequested
from shared.errors import NotFoundError
from shared.handling import Cause, Handled, Handling, Step
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class Notices:
    """Everything that happens to letters."""

    handling: Handling

    async def request(self, command: RequestNotice, cause: Cause) -> Handled:
        """Have a letter written and sent."""
        stream = _stream(command.about.notice_id)
        return await self.handling(cause, Step(notice, stream, command))

    async def pass_over(self, cause: Cause) -> Handled:
        """Note that a message was seen and that no letter follows from it."""
        return await self.handling(cause)

    async def by_office(
        self, notice_id: str, command: OrderRetry | RecordBounce, cause: Cause
    ) -> Handled:
        """Try again what failed, or record that a letter came back.

        Raises:
            NotFoundError: there is no such letter.
            NotFailedError: it neither failed nor came back.
            NotDeliveredError: it was not handed over.
        """
        if isinstance(await self._fold(notice_id), Unrequested):
            raise NotFoundError(notice_id=notice_id)
        step = Step(notice, _stream(notice_id), command)
        return await self.handling(cause, step)

    async def by_clock(self, notice_id: str, command: NoticeCommand) -> Handled:
        """Record what came of a try. Each is a cause of its own."""
        cause = Cause.by_clock("notification", notice_id, str(new_id()))
        return await self.handling(cause, Step(notice, _stream(notice_id), command))

    async def pending(self, notice_id: str) -> Pending | None:
        """Return the letter if it is on its way, as facts have it."""
        state = await self._fold(notice_id)
        return state if isinstance(state, Pending) else None

    async def _fold(self, notice_id: str) -> Notice:
        _, state = await self.handling.fold(notice, _stream(notice_id))
        return state


def _stream(notice_id: str) -> str:
    return f"notice-{notice_id}"

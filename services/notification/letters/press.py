"""The press: letters are rendered beside the event loop, in a process of their own.

Source: architecture.md, "HTTP, time, drafts": CPU work over 20 ms runs in a bounded
process pool.
"""

from dataclasses import replace
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Self

from services.notification.domain.matters import unsealed
from services.notification.letters.addresses import Correspondent
from services.notification.letters.letter import Letter, RenderedLetter
from services.notification.letters.render import render_letter
from shared.errors import UnavailableError
from shared.workers import Workers, WorkersLostError


class PressBrokenError(UnavailableError):
    """The process that renders letters keeps dying: look at the machine's memory."""


class LetterPress:
    """Renders letters in at most *workers* processes, started at the first letter."""

    def __init__(self, *, workers: int = 1) -> None:
        self._workers = Workers("press", count=workers)

    async def __aenter__(self) -> Self:
        """Return this press; nothing is started yet."""
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """End the workers."""
        await self.close()

    async def render(
        self,
        letter: Letter,
        *,
        message_id: str,
        sent_at: datetime,
        sender: Correspondent,
        recipient: Correspondent,
    ) -> RenderedLetter:
        """Return what `render_letter` returns, and raise what it raises.

        Raises:
            PressBrokenError: workers died while they rendered it, again and again.
        """
        work = partial(
            render_letter,
            replace(letter, matter=unsealed(letter.matter)),
            message_id=message_id,
            sent_at=sent_at,
            sender=sender,
            recipient=recipient,
        )
        try:
            return await self._workers.run(work)
        except WorkersLostError:
            raise PressBrokenError from None

    async def close(self) -> None:
        """End the workers; a later letter starts new ones."""
        await self._workers.close()

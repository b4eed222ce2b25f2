"""Reminders of offers that nobody took: whether one is due is decided from folds."""

from dataclasses import dataclass
from datetime import datetime

from services.viva.domain.commands import Remind
from services.viva.domain.decide import viva
from services.viva.domain.round.decide import opened, round_
from services.viva.domain.situations import subject
from services.viva.handlers.places import free_places
from services.viva.handlers.streams import round_stream, viva_stream
from services.viva.handlers.terms import Conferring
from shared.handling import Cause, Handled, Handling, Loader, Step


@dataclass(frozen=True, slots=True)
class Reminding:
    """Reminds participants who have not chosen a time."""

    handling: Handling
    conferring: Conferring

    async def __call__(
        self, case_id: str, round_id: str, *, at: datetime, cause: Cause
    ) -> Handled:
        """Remind of a round in which a time can soon no longer be chosen, if due.

        Raises:
            UnknownVivaError, UnknownRoundError: there is none.
            UnknownProgrammeError, UnknownProgrammeVersionError: its file is gone.
        """

        async def build(loader: Loader) -> tuple[Step, ...]:
            case = await loader.state(viva, viva_stream(case_id))
            found = opened(await loader.state(round_, round_stream(round_id)))
            command = Remind(
                round_id=round_id,
                opened_at=found.opened.occurred_at,
                places=free_places(found),
                terms=self.conferring.terms(subject(case)),
                at=at,
            )
            return (Step(viva, viva_stream(case_id), command),)

        return await self.handling.plan(cause, build)

"""Rounds of vivas: what operations open."""

from dataclasses import dataclass
from datetime import datetime

from services.viva.domain.round.commands import OpenRound
from services.viva.domain.round.decide import round_
from services.viva.domain.round.events import Slot
from services.viva.handlers.streams import round_stream
from services.viva.handlers.terms import limits_of
from services.viva.handlers.words import RoundWords
from shared.handling import Cause, Handled, Handling, Ids, Step
from shared.programmes import load_programme


@dataclass(frozen=True, slots=True)
class Rounds:
    """The write side of ``round-`` streams."""

    handling: Handling

    async def open(
        self, words: RoundWords, *, by: str, at: datetime, cause: Cause
    ) -> Handled:
        """Let participants book these slots.

        Raises:
            UnknownProgrammeError: there is no such programme.
            The errors of ``domain.round.decide``.
        """
        programme = load_programme(words.programme)
        command = OpenRound(
            round_id=words.round_id,
            programme=words.programme,
            cohorts=words.cohorts,
            minutes=words.minutes,
            slots=_slots(words),
            limits=limits_of(programme),
            extra_because=words.extra_because,
            by=by,
            at=at,
        )
        ids: Ids = {"round_id": words.round_id, "slots": len(words.slots)}
        step = Step(round_, round_stream(words.round_id), command)
        return await self.handling(cause.answer(201, ids), step)


def _slots(words: RoundWords) -> tuple[Slot, ...]:
    return tuple(
        Slot(
            slot_id=f"s{number}",
            starts_at=each.starts_at,
            room_minutes=each.room_minutes or words.minutes,
            mode=each.mode,
        )
        for number, each in enumerate(words.slots, start=1)
    )

"""What a case is told, and the time of its viva.

Invariant: a slot is taken and given up in the same unit of work as the booking, so no
slot has two cases and no booking has none.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.viva.domain.booking import extra_minutes, given_up
from services.viva.domain.commands import (
    BookViva,
    HearOutcome,
    NoteAdjustment,
    NotePortfolio,
    NoteTie,
    NoteWithdrawal,
    Place,
    VivaCommand,
)
from services.viva.domain.days import london_day
from services.viva.domain.decide import viva
from services.viva.domain.events import Booked, Moved
from services.viva.domain.round.commands import FreeSlot, TakeSlot
from services.viva.domain.round.decide import opened, round_, slot_of
from services.viva.domain.round.evolve import Open
from services.viva.domain.situations import subject
from services.viva.handlers.streams import round_stream, viva_stream
from services.viva.handlers.terms import Conferring
from services.viva.handlers.words import BookingWords
from shared.contracts.moderation import OutcomeReleased, OutcomeRevised
from shared.contracts.submission import Submitted
from shared.decider import Fact
from shared.handling import Cause, Handled, Handling, Ids, Loader, Step


@dataclass(frozen=True, slots=True)
class Vivas:
    """The write side of ``viva-`` streams, with the slots that go with them."""

    handling: Handling
    conferring: Conferring
    arranged: Callable[[str, date], Awaitable[tuple[str, ...]]]
    """Returns what was agreed for vivas of a case on a day."""

    async def hear(
        self,
        told: OutcomeReleased | OutcomeRevised,
        *,
        heard_of: UUID,
        at: datetime,
        cause: Cause,
    ) -> Handled:
        """Take in what moderation released: an offer, an award, or the end of one.

        Raises:
            UnknownProgrammeError, UnknownProgrammeVersionError: its file is gone.
        """
        command = HearOutcome(
            case_id=told.case_id,
            cohort_id=told.cohort_id,
            attempt=told.attempt,
            participant_id=told.participant_id,
            programme=told.programme,
            programme_version=told.programme_version,
            policy_version=told.policy_version,
            outcome=told.outcome,
            is_revision=isinstance(told, OutcomeRevised),
            took_part=told.took_part,
            heard_of=heard_of,
            released_at=told.released_at,
            terms=self.conferring.terms(told),
            conferral=self.conferring.conferral(told, at),
            at=at,
        )
        return await self._tell(told.case_id, command, cause)

    async def withdraw(
        self, case_id: str, command: NoteWithdrawal, cause: Cause
    ) -> Handled:
        """End what is not decided yet, and let others have the slot."""
        return await self._tell(case_id, command, cause)

    async def note_tie(self, case_id: str, command: NoteTie, cause: Cause) -> Handled:
        """Know who is close to the participant."""
        return await self._tell(case_id, command, cause)

    async def note_submission(
        self, told: Submitted, at: datetime, cause: Cause
    ) -> Handled:
        """Know a portfolio, and who is close to its author, where a viva may follow.

        Raises:
            UnknownProgrammeError, UnknownProgrammeVersionError: its file is gone.
        """
        if not self.conferring.terms(told).needs_viva:
            return await self.pass_over(cause)
        tie = NoteTie(
            mentor_id=told.mentor_id, organisation_id=told.organisation_id, at=at
        )
        portfolio = NotePortfolio(
            case_id=told.case_id,
            participant_id=told.person_id,
            attempt=told.attempt,
            snapshot_sha256=told.snapshot_sha256,
            snapshot_path=told.snapshot_path,
            at=at,
        )
        stream = viva_stream(told.case_id)
        return await self.handling(
            cause, Step(viva, stream, tie), Step(viva, stream, portfolio)
        )

    async def pass_over(self, cause: Cause) -> Handled:
        """Note that a message was seen and that nothing follows from it here."""
        return await self.handling(cause)

    async def adjust(
        self, case_id: str, command: NoteAdjustment, cause: Cause
    ) -> Handled:
        """Give the viva more minutes; what is booked already becomes longer.

        Raises:
            UnknownVivaError, AlreadyHeldError, AlreadyDecidedError, SlotTooShortError.
        """
        ids: Ids = {"case_id": case_id, "extra_minutes": command.extra_minutes}
        return await self._tell(case_id, command, cause.answer(200, ids))

    async def extra_minutes(self, case_id: str, noted: int | None, on: date) -> int:
        """Return how much longer this viva takes than others; *noted* by the office."""
        if noted is not None:
            return noted
        return extra_minutes(None, await self.arranged(case_id, on))

    async def book(
        self,
        case_id: str,
        words: BookingWords,
        *,
        participant_id: str | None,
        at: datetime,
        cause: Cause,
    ) -> Handled:
        """Choose a slot, or another one; *participant_id* is None for operations.

        Raises:
            UnknownVivaError, UnknownRoundError, UnknownSlotError: there is none.
            SlotTakenError: somebody else has it.
            The errors of ``domain.booking.book``.
        """

        async def build(loader: Loader) -> tuple[Step, ...]:
            case = await loader.state(viva, viva_stream(case_id))
            round_id = words.round_id
            found = opened(await loader.state(round_, round_stream(round_id)))
            about, place = subject(case), _place(found, words.slot_id)
            day = london_day(place.starts_at)
            command = BookViva(
                participant_id=participant_id,
                place=place,
                arrangements=await self.arranged(case_id, day),
                terms=self.conferring.terms(about),
                at=at,
            )
            take = TakeSlot(slot_id=words.slot_id, case_id=case_id, at=at)
            return (
                *await _steps(loader, case_id, command),
                Step(round_, round_stream(round_id), take),
            )

        ids = _booking_ids(case_id)
        return await self.handling.plan(cause.answer(200, ids), build)

    async def _tell(self, case_id: str, command: VivaCommand, cause: Cause) -> Handled:
        async def build(loader: Loader) -> tuple[Step, ...]:
            return await _steps(loader, case_id, command)

        return await self.handling.plan(cause, build)


async def _steps(
    loader: Loader, case_id: str, command: VivaCommand
) -> tuple[Step, ...]:
    """Return the step, and one for the slot that is given up by it."""
    stream = viva_stream(case_id)
    case = await loader.state(viva, stream)
    step = Step(viva, stream, command)
    left = given_up(case, viva.decide(command, case))
    if left is None:
        return (step,)
    free = FreeSlot(slot_id=left.slot_id, case_id=case_id, at=command.at)
    return (step, Step(round_, round_stream(left.round_id), free))


def _place(found: Open, slot_id: str) -> Place:
    about, slot = found.opened, slot_of(found, slot_id)
    return Place(
        round_id=about.round_id,
        slot_id=slot.slot_id,
        programme=about.programme,
        cohorts=about.cohorts,
        starts_at=slot.starts_at,
        minutes=about.minutes,
        room_minutes=slot.room_minutes,
        mode=slot.mode,
    )


def _booking_ids(case_id: str) -> Callable[[tuple[Fact, ...]], Ids]:
    def ids(facts: tuple[Fact, ...]) -> Ids:
        times = [fact for fact in facts if isinstance(fact, Booked | Moved)]
        told: Ids = (
            {
                "number": times[0].number,
                "sequence": times[0].sequence,
                "starts_at": times[0].starts_at.isoformat(),
                "minutes": times[0].minutes,
            }
            if times
            else {}
        )
        return {"case_id": case_id, **told}

    return ids

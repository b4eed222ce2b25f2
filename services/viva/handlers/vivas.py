"""What a case is told, and the time of its viva.

Invariant: a slot is taken in the same unit of work as the booking, so no booking has
none; see `following` for what is given up.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.viva.domain.booking import REMOTE, extra_minutes
from services.viva.domain.commands import (
    BookViva,
    HearOutcome,
    NoteAdjustment,
    NoteHold,
    NoteHoldEnd,
    NotePart,
    NotePortfolio,
    NoteTie,
    NoteWithdrawal,
    VivaCommand,
)
from services.viva.domain.decide import viva
from services.viva.domain.events import Booked, Moved
from services.viva.domain.round.commands import TakeSlot
from services.viva.domain.round.decide import opened, round_
from services.viva.domain.situations import subject
from services.viva.handlers.following import steps_of
from services.viva.handlers.places import place_of
from services.viva.handlers.streams import round_stream, viva_stream
from services.viva.handlers.terms import Conferring
from services.viva.handlers.words import BookingWords
from shared.contracts.moderation import OutcomeReleased, OutcomeRevised
from shared.contracts.operations import HoldLifted
from shared.contracts.submission import Submitted
from shared.decider import Fact
from shared.handling import Cause, Handled, Handling, Ids, Loader, Step
from shared.london import london_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What a slot has to provide for the viva of a case."""

    extra_minutes: int
    """How much longer it takes than others."""
    is_remote: bool
    """True when it is agreed to be remote."""


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
        return await self._tell(told.case_id, cause, command)

    async def withdraw(
        self, case_id: str, command: NoteWithdrawal, cause: Cause
    ) -> Handled:
        """End what is not decided yet, and let others have the slot."""
        return await self._tell(case_id, cause, command)

    async def hold(self, case_id: str, command: NoteHold, cause: Cause) -> Handled:
        """Let the viva stand still."""
        return await self._tell(case_id, cause, command)

    async def lift(self, told: HoldLifted, *, at: datetime, cause: Cause) -> Handled:
        """Let the viva go on where it stopped.

        Raises:
            UnknownProgrammeError, UnknownProgrammeVersionError: its file is gone.
        """
        case_id = told.case_id

        async def build(loader: Loader) -> tuple[Step, ...]:
            about = (await loader.state(viva, viva_stream(case_id))).known.outcome
            command = NoteHoldEnd(
                hold_id=told.hold_id,
                lifted_at=told.lifted_at,
                terms=self.conferring.terms(about) if about else None,
                conferral=self.conferring.conferral(about, at) if about else None,
                at=at,
            )
            return await steps_of(loader, case_id, command)

        return await self.handling.plan(cause, build)

    async def note_tie(self, case_id: str, command: NoteTie, cause: Cause) -> Handled:
        """Know who is close to the participant."""
        return await self._tell(case_id, cause, command)

    async def note_part(self, command: NotePart, cause: Cause) -> Handled:
        """Know who has a part in the case elsewhere."""
        return await self._tell(command.case_id, cause, command)

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
        return await self._tell(told.case_id, cause, tie, portfolio)

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
        return await self._tell(case_id, cause.answer(200, ids), command)

    async def needs(self, case_id: str, noted: int | None, on: date) -> Needs:
        """Return what a slot has to provide; *noted* minutes are the office's."""
        arrangements = await self.arranged(case_id, on)
        return Needs(
            extra_minutes=extra_minutes(noted, arrangements),
            is_remote=REMOTE in arrangements,
        )

    async def book(
        self,
        case_id: str,
        words: BookingWords,
        *,
        by: str,
        is_office: bool,
        at: datetime,
        cause: Cause,
    ) -> Handled:
        """Choose a slot, or another one; the office has no deadline but for its own.

        Raises:
            UnknownVivaError, UnknownRoundError, UnknownSlotError: there is none.
            SlotTakenError: somebody else has it.
            PanelBusyError, PanellistBusyError: the panel holds another viva then.
            The errors of ``domain.booking.book``.
        """

        async def build(loader: Loader) -> tuple[Step, ...]:
            case = await loader.state(viva, viva_stream(case_id))
            round_id = words.round_id
            found = opened(await loader.state(round_, round_stream(round_id)))
            about, place = subject(case), place_of(found, words.slot_id)
            may_help = is_office and by != about.participant_id
            day = london_day(place.starts_at)
            command = BookViva(
                participant_id=None if may_help else by,
                place=place,
                arrangements=await self.arranged(case_id, day),
                terms=self.conferring.terms(about),
                at=at,
            )
            take = TakeSlot(slot_id=words.slot_id, case_id=case_id, at=at)
            return (
                *await steps_of(loader, case_id, command, names_people=may_help),
                Step(round_, round_stream(round_id), take),
            )

        ids = _booking_ids(case_id)
        return await self.handling.plan(cause.answer(200, ids), build)

    async def _tell(
        self, case_id: str, cause: Cause, *commands: VivaCommand
    ) -> Handled:
        async def build(loader: Loader) -> tuple[Step, ...]:
            return await steps_of(loader, case_id, *commands)

        return await self.handling.plan(cause, build)


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

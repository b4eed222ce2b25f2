"""What others tell appeals: decisions, who took part, holds, withdrawals, roles.

Invariant: messages come in any order. What comes before its other half is kept as a
fact, and counts when the other half is there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.appeals.domain.casefile.commands import (
    CaseFileCommand,
    CloseAppeal,
    NoteWithdrawal,
)
from services.appeals.domain.casefile.decide import casefile
from services.appeals.domain.casefile.evolve import CaseFile
from services.appeals.domain.commands import (
    ClockCommand,
    Discontinue,
    RestartClock,
    StopClock,
)
from services.appeals.domain.conversation.commands import (
    CancelConversation,
    OfferConversation,
)
from services.appeals.domain.conversation.decide import conversation
from services.appeals.domain.decide import appeal
from services.appeals.domain.hearer.commands import HearerCommand
from services.appeals.domain.hearer.decide import hearer
from services.appeals.handlers.streams import (
    appeal_stream,
    casefile_stream,
    conversation_stream,
    hearer_stream,
)
from shared.handling import Cause, Handled, Handling, Loader, Step
from shared.holds import HoldCommand, NoteHold, NoteHoldEnd


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Takes in what the others tell."""

    handling: Handling

    async def note(self, commands: Sequence[CaseFileCommand], cause: Cause) -> Handled:
        """Know more about a case."""
        return await self.handling(cause, *map(_noting, commands))

    async def decision(
        self,
        commands: Sequence[CaseFileCommand],
        offer: OfferConversation | None,
        cause: Cause,
    ) -> Handled:
        """Know of a released decision, and offer a conversation where one is due.

        Of a case on hold it is offered when the hold is lifted.
        """

        async def build(loader: Loader) -> Sequence[Step]:
            steps = [_noting(each) for each in commands]
            if offer is not None:
                stream = casefile_stream(offer.case_id)
                file = await loader.state(casefile, stream)
                if file.withdrawn_at is None and not file.is_on_hold:
                    steps.append(_conversing(offer.case_id, offer.attempt, offer))
            return steps

        return await self.handling.plan(cause, build)

    async def hold(self, command: NoteHold, cause: Cause) -> Handled:
        """Let every clock of the case stand still."""

        async def build(loader: Loader) -> Sequence[Step]:
            file = await _file(loader, command.case_id)
            known = file.holds.get(command.hold_id)
            if known.placed_at is not None:
                return ()
            kind = StopClock if known.lifted_at is None else RestartClock
            after = _after(file, command)
            then = kind(file=after, hold_id=command.hold_id, at=command.at)
            return (_noting(command), *_in_every_open(file, command.case_id, then))

        return await self.handling.plan(cause, build)

    async def hold_end(self, command: NoteHoldEnd, cause: Cause) -> Handled:
        """Let every clock of the case run on, and offer what was kept back."""

        async def build(loader: Loader) -> Sequence[Step]:
            file = await _file(loader, command.case_id)
            if not file.holds.get(command.hold_id).is_open:
                return (_noting(command),)
            after = _after(file, command)
            then = RestartClock(file=after, hold_id=command.hold_id, at=command.at)
            return (
                _noting(command),
                *_in_every_open(file, command.case_id, then),
                *_kept_back(after, command),
            )

        return await self.handling.plan(cause, build)

    async def withdrawal(self, command: NoteWithdrawal, cause: Cause) -> Handled:
        """End whatever is open in the case."""

        async def build(loader: Loader) -> Sequence[Step]:
            case_id, at = command.case_id, command.at
            file = await _file(loader, case_id)
            return (
                _noting(command),
                *_in_every_open(file, case_id, Discontinue(at=at)),
                *(
                    _noting(CloseAppeal(case_id=case_id, number=number, at=at))
                    for number in file.open_numbers()
                ),
                *(
                    _conversing(case_id, attempt, CancelConversation(at=at))
                    for attempt in _attempts(file)
                ),
            )

        return await self.handling.plan(cause, build)

    async def person(
        self, person_id: str, command: HearerCommand, cause: Cause
    ) -> Handled:
        """Know more about somebody who may hear appeals."""
        return await self.handling(
            cause, Step(hearer, hearer_stream(person_id), command)
        )

    async def pass_over(self, cause: Cause) -> Handled:
        """Note that a message was seen and that nothing follows from it here."""
        return await self.handling(cause)


async def _file(loader: Loader, case_id: str) -> CaseFile:
    return await loader.state(casefile, casefile_stream(case_id))


def _after(file: CaseFile, command: HoldCommand) -> CaseFile:
    return casefile.fold(casefile.decide(command, file), file)


def _noting(command: CaseFileCommand) -> Step:
    return Step(casefile, casefile_stream(command.case_id), command)


def _in_every_open(
    file: CaseFile, case_id: str, command: ClockCommand
) -> Sequence[Step]:
    return tuple(
        Step(appeal, appeal_stream(f"{case_id}.{number}"), command)
        for number in file.open_numbers()
    )


def _conversing(
    case_id: str, attempt: int, command: OfferConversation | CancelConversation
) -> Step:
    return Step(conversation, conversation_stream(case_id, attempt), command)


def _kept_back(file: CaseFile, command: NoteHoldEnd) -> Sequence[Step]:
    """Return the offers of conversations that the hold kept back; twice is once."""
    if file.is_on_hold or file.withdrawn_at is not None or file.participant_id is None:
        return ()
    offers = (
        OfferConversation(
            case_id=command.case_id,
            attempt=decision.number,
            participant_id=file.participant_id,
            minutes=terms.conversation_minutes,
            at=command.at,
        )
        for decision in file.in_force()
        if decision.result == "CNM" and (terms := file.terms_of(decision)) is not None
    )
    return tuple(_conversing(each.case_id, each.attempt, each) for each in offers)


def _attempts(file: CaseFile) -> Sequence[int]:
    return sorted(
        {each.number for each in file.decisions.values() if each.subject == "outcome"}
    )

"""The rules of a case: what others tell is noted once, whenever it comes."""

from typing import assert_never

from services.appeals.domain.casefile.commands import (
    CaseFileCommand,
    CloseAppeal,
    NoteBonds,
    NoteDecision,
    NotePart,
    NoteTerms,
    NoteWithdrawal,
    OpenAppeal,
)
from services.appeals.domain.casefile.events import (
    AppealClosed,
    AppealOpened,
    BondsNoted,
    CaseFileEvent,
    DecisionNoted,
    HoldEndNoted,
    HoldNoted,
    PartNoted,
    TermsNoted,
    WithdrawalNoted,
)
from services.appeals.domain.casefile.evolve import INITIAL, CaseFile, Part, evolve
from shared.carrying import carry
from shared.decider import Decider
from shared.errors import ConflictError
from shared.holds import HoldCommand, NoteHold, NoteHoldEnd


def decide(command: CaseFileCommand, state: CaseFile) -> tuple[CaseFileEvent, ...]:
    """Return the facts that *command* leads to; empty when it was known before.

    Raises:
        ConflictError: the number of an appeal was given to another one meanwhile.
    """
    match command:
        case NoteTerms() | NoteBonds() | NotePart():
            return _note_people(command, state)
        case NoteDecision():
            return _note_decision(command, state)
        case NoteHold() | NoteHoldEnd() | NoteWithdrawal():
            return _note_course(command, state)
        case OpenAppeal() | CloseAppeal():
            return _number(command, state)
        case _:
            assert_never(command)


def _note_people(
    command: NoteTerms | NoteBonds | NotePart, state: CaseFile
) -> tuple[CaseFileEvent, ...]:
    match command:
        case NoteTerms():
            if command.attempt in state.terms:
                return ()
            noted: CaseFileEvent = carry(command, TermsNoted, occurred_at=command.at)
        case NoteBonds():
            known_mentor = command.mentor_id in {None, *state.mentors}
            known_employer = command.organisation_id in {None, *state.organisations}
            if known_mentor and known_employer:
                return ()
            noted = carry(command, BondsNoted, occurred_at=command.at)
        case NotePart():
            return _note_part(command, state)
        case _:
            assert_never(command)
    return (noted,)


def _note_part(command: NotePart, state: CaseFile) -> tuple[CaseFileEvent, ...]:
    new = tuple(
        person_id
        for person_id in sorted(set(command.person_ids))
        if Part(person_id, command.part, command.appeal_id) not in state.parts
    )
    if not new:
        return ()
    return (carry(command, PartNoted, person_ids=new, occurred_at=command.at),)


def _note_decision(command: NoteDecision, state: CaseFile) -> tuple[CaseFileEvent, ...]:
    if command.decision_id in state.decisions:
        return ()
    return (carry(command, DecisionNoted, occurred_at=command.at),)


def _note_course(
    command: HoldCommand | NoteWithdrawal, state: CaseFile
) -> tuple[CaseFileEvent, ...]:
    match command:
        case NoteHold():
            is_known = state.holds.are_told(command)
            noted: CaseFileEvent = carry(command, HoldNoted, occurred_at=command.at)
        case NoteHoldEnd():
            is_known = state.holds.are_told(command)
            noted = carry(command, HoldEndNoted, occurred_at=command.at)
        case NoteWithdrawal():
            is_known = state.withdrawn_at is not None
            noted = carry(command, WithdrawalNoted, occurred_at=command.at)
        case _:
            assert_never(command)
    return () if is_known else (noted,)


def _number(
    command: OpenAppeal | CloseAppeal, state: CaseFile
) -> tuple[CaseFileEvent, ...]:
    case_id, number, at = command.case_id, command.number, command.at
    if isinstance(command, OpenAppeal):
        if number != state.next_number():
            raise ConflictError
        return (
            AppealOpened(
                case_id=case_id,
                number=number,
                decision_id=command.decision_id,
                occurred_at=at,
            ),
        )
    if number not in state.open_numbers():
        return ()
    return (AppealClosed(case_id=case_id, number=number, occurred_at=at),)


casefile = Decider(category="appeal", decide=decide, evolve=evolve, initial=INITIAL)

"""How the viva went: both of the panel agree, or a third person settles it.

Each of the panel gives a verdict; two different ones are settled by another lead
moderator who has no part in the case (P). Who decides is checked again when they do.
"""

from datetime import datetime
from typing import Protocol

from services.viva.domain.awarding import confer
from services.viva.domain.commands import (
    Conferral,
    GiveVerdict,
    Member,
    SettleDifference,
    Terms,
)
from services.viva.domain.events import (
    Conflict,
    DifferenceSettled,
    Held,
    NotPassed,
    Offered,
    PanelDisagreed,
    Passed,
    Verdict,
    VerdictGiven,
    VivaEvent,
)
from services.viva.domain.evolve import Case, Deciding, Panel, Waiting
from services.viva.domain.independence import refuse_conflicts, require_role
from services.viva.domain.refusals import (
    AlreadyJudgedError,
    NoPanelError,
    NotBookedError,
    NothingToSettleError,
    NotOfferedError,
    NotOnThisPanelError,
    NotYetHeldError,
    PanelConflictError,
)
from services.viva.domain.situations import refuse_end, refuse_hold, subject


class _Decision(Protocol):
    @property
    def terms(self) -> Terms: ...

    @property
    def conferral(self) -> Conferral: ...

    @property
    def at(self) -> datetime: ...


def give_verdict(command: GiveVerdict, case: Case) -> tuple[VivaEvent, ...]:
    """Return the verdict, and the result once both of the panel agree.

    Raises:
        NotOnThisPanelError: somebody else judges.
        CaseOnHoldError: nothing is decided until the hold is lifted.
        NoPanelError, NotBookedError, NotYetHeldError: it cannot have been held.
        AlreadyJudgedError: another verdict of theirs stands.
        PanelConflictError: one of the panel may not decide about this case.
    """
    refuse_end(case)
    refuse_hold(case)
    situation = case.situation
    if isinstance(situation, Waiting):
        held = _held(command, situation, case)
        return (held, _verdict(command, case, situation.number))
    if not isinstance(situation, Deciding):
        raise NotOfferedError
    _refuse_stranger(command.by, situation.panel)
    earlier = situation.verdicts.get(command.by.person_id)
    if earlier is not None:
        if earlier.verdict == command.verdict:
            return ()
        raise AlreadyJudgedError
    _refuse_dependence(command, case)
    return (
        _verdict(command, case, situation.number),
        *_agreed(command, case, situation),
    )


def settle(command: SettleDifference, case: Case) -> tuple[VivaEvent, ...]:
    """Return the settlement and the result it leads to.

    Raises:
        NothingToSettleError: the panel does not disagree.
        CaseOnHoldError: nothing is decided until the hold is lifted.
        NotOnPanelsError: not a lead moderator.
        PanelConflictError: they may not decide about this case, or sat on the panel.
    """
    refuse_end(case)
    refuse_hold(case)
    situation = case.situation
    if not isinstance(situation, Deciding) or not situation.is_split:
        raise NothingToSettleError
    require_role(command.by, "lead_moderator")
    if command.by.person_id in situation.panel.members:
        sat = Conflict(person_id=command.by.person_id, bond="took_part")
        raise PanelConflictError(conflicts=[sat.model_dump()])
    refuse_conflicts((command.by,), case)
    settled = DifferenceSettled(
        case_id=subject(case).case_id,
        number=situation.number,
        settled_by=command.by.person_id,
        verdict=command.verdict,
        notes=command.notes,
        occurred_at=command.at,
    )
    everybody = situation.panel.members | {command.by.person_id}
    result = _result(command, case, situation, command.verdict, everybody)
    return (settled, *result)


def _held(command: GiveVerdict, situation: Waiting, case: Case) -> Held:
    panel, booking = situation.panel, situation.booking
    if panel is None:
        raise NoPanelError
    _refuse_stranger(command.by, panel)
    if booking is None:
        raise NotBookedError
    if command.at < booking.starts_at:
        raise NotYetHeldError(starts_at=booking.starts_at.isoformat())
    _refuse_dependence(command, case)
    return Held(
        case_id=subject(case).case_id,
        number=situation.number,
        lead_id=panel.lead_id,
        head_id=panel.head_id,
        occurred_at=command.at,
    )


def _refuse_stranger(by: Member, panel: Panel) -> None:
    if by.person_id not in panel.members:
        raise NotOnThisPanelError


def _refuse_dependence(command: GiveVerdict, case: Case) -> None:
    both = (command.by,) if command.other is None else (command.by, command.other)
    refuse_conflicts(both, case)


def _verdict(command: GiveVerdict, case: Case, number: int) -> VerdictGiven:
    return VerdictGiven(
        case_id=subject(case).case_id,
        number=number,
        panellist_id=command.by.person_id,
        verdict=command.verdict,
        notes=command.notes,
        occurred_at=command.at,
    )


def _agreed(
    command: GiveVerdict, case: Case, situation: Deciding
) -> tuple[VivaEvent, ...]:
    others = {each.verdict for each in situation.verdicts.values()}
    if not others:
        return ()
    if others == {command.verdict}:
        members = situation.panel.members
        return _result(command, case, situation, command.verdict, members)
    return (
        PanelDisagreed(
            case_id=subject(case).case_id,
            number=situation.number,
            occurred_at=command.at,
        ),
    )


def _result(
    decision: _Decision,
    case: Case,
    situation: Deciding,
    verdict: Verdict,
    took_part: frozenset[str],
) -> tuple[VivaEvent, ...]:
    about, at, number = subject(case), decision.at, situation.number
    whose = {"case_id": about.case_id, "participant_id": about.participant_id}
    everybody = tuple(sorted(took_part | case.known.sat))
    if verdict == "passed":
        passed = Passed(**whose, number=number, took_part=everybody, occurred_at=at)
        award = confer(decision.conferral, about, took_part=everybody, at=at)
        return (passed, award)
    last = number >= decision.terms.attempts
    not_passed = NotPassed(
        **whose, number=number, last=last, took_part=everybody, occurred_at=at
    )
    if last:
        return (not_passed,)
    return (not_passed, Offered(**whose, number=number + 1, occurred_at=at))

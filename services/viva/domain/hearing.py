"""What the other services tell, in any order: an offer, an award, or their end.

Invariant: what comes too early is a fact that takes effect later, and what comes too
late to change anything is a fact that says so.
"""

from datetime import datetime
from functools import reduce
from typing import Protocol, assert_never

from services.viva.domain.awarding import confer
from services.viva.domain.commands import (
    Conferral,
    HearOutcome,
    NoteHold,
    NoteHoldEnd,
    NotePart,
    NotePortfolio,
    NoteTie,
    NoteWithdrawal,
    Terms,
)
from services.viva.domain.dissolving import dissolved
from services.viva.domain.events import (
    AwardRevoked,
    HoldEndNoted,
    HoldNoted,
    NewsSetAside,
    Offered,
    OfferWithdrawn,
    OutcomeHeard,
    PartNoted,
    PortfolioNoted,
    TieNoted,
    VivaEvent,
    WithdrawalNoted,
)
from services.viva.domain.evolve import (
    Awarded,
    Case,
    Closed,
    Deciding,
    Failed,
    Known,
    NotOffered,
    Waiting,
    evolve,
)
from shared.carrying import carry


def note_tie(command: NoteTie, case: Case) -> tuple[VivaEvent, ...]:
    """Return the facts of who is close to the participant; empty when known."""
    known = case.known
    if command.mentor_id in {None, *known.mentors} and (
        command.organisation_id in {None, *known.organisations}
    ):
        return ()
    noted = carry(command, TieNoted, occurred_at=command.at)
    return (noted, *dissolved(evolve(case, noted), command.at))


def note_part(command: NotePart, case: Case) -> tuple[VivaEvent, ...]:
    """Return the fact of who has a part elsewhere; empty when it is known.

    Source: domain.md section 1: nobody of the panel has had an earlier part.
    """
    new = tuple(sorted(set(command.person_ids) - case.known.took_part))
    if not new:
        return ()
    noted = carry(command, PartNoted, person_ids=new, occurred_at=command.at)
    return (noted, *dissolved(evolve(case, noted), command.at))


def note_portfolio(command: NotePortfolio, case: Case) -> tuple[VivaEvent, ...]:
    """Return the fact of what was handed in; empty when it is known."""
    noted = carry(command, PortfolioNoted, occurred_at=command.at)
    known = case.known.portfolio
    is_known = known is not None and known.snapshot_sha256 == noted.snapshot_sha256
    return () if is_known else (noted,)


def hear(command: HearOutcome, case: Case) -> tuple[VivaEvent, ...]:
    """Return the facts of an outcome: a CM opens the way on, a CNM closes it.

    Of a case on hold a CM is kept, and opens the way when the hold is lifted.
    Source: domain.md section 3.
    """
    heard = carry(command, OutcomeHeard, occurred_at=command.at)
    after = evolve(case, heard)
    follows = _closed(command, after) if command.outcome == "CNM" else ()
    if command.outcome == "CM":
        follows = _opened(command, heard, after)
    after = reduce(evolve, follows, after)
    return (heard, *follows, *dissolved(after, command.at))


def withdraw(command: NoteWithdrawal, case: Case) -> tuple[VivaEvent, ...]:
    """Return the facts of a withdrawal; what is decided already stands.

    An award without viva does not, of which the outcome was released, or the hold that
    kept it back lifted, after the withdrawal.
    """
    if case.known.withdrawn_at is not None:
        return ()
    at = command.at
    noted = WithdrawalNoted(withdrawn_at=command.withdrawn_at, occurred_at=at)
    if not isinstance(case.situation, Awarded):
        return (noted,)
    if not _is_void(case, case.situation, command.withdrawn_at):
        late = NewsSetAside(news="withdrawal", because="decided", occurred_at=at)
        return (noted, late)
    return (noted, *_revoked(case.situation, at))


def hold(command: NoteHold, case: Case) -> tuple[VivaEvent, ...]:
    """Return the facts of a hold; what is decided already stands.

    Source: domain.md section 3: a clock can be stopped and restarted; each is a fact.
    """
    if case.known.holds.get(command.hold_id).placed_at is not None:
        return ()
    at = command.at
    noted = carry(command, HoldNoted, occurred_at=at)
    if not isinstance(case.situation, Awarded | Failed):
        return (noted,)
    return (noted, NewsSetAside(news="hold", because="decided", occurred_at=at))


def lift(command: NoteHoldEnd, case: Case) -> tuple[VivaEvent, ...]:
    """Return the end of a hold, and what it kept back. Source: as `hold`."""
    if case.known.holds.get(command.hold_id).lifted_at is not None:
        return ()
    noted = carry(command, HoldEndNoted, occurred_at=command.at)
    outcome, after = case.known.outcome, evolve(case, noted)
    withdrawn_at = case.known.withdrawn_at
    if isinstance(after.situation, Awarded):
        is_void = withdrawn_at and _is_void(after, after.situation, withdrawn_at)
        return (noted, *(_revoked(after.situation, command.at) if is_void else ()))
    if outcome is None or outcome.outcome != "CM" or not case.known.is_on_hold:
        return (noted,)
    return (noted, *_opened(command, outcome, after))


def _revoked(situation: Awarded, at: datetime) -> tuple[AwardRevoked]:
    return (carry(situation.award, AwardRevoked, occurred_at=at),)


def _is_void(case: Case, situation: Awarded, withdrawn_at: datetime) -> bool:
    outcome, held_a_viva = case.known.outcome, bool(situation.award.took_part)
    if outcome is None or held_a_viva:
        return False
    return withdrawn_at < _opens_at(outcome, case.known)


def _opens_at(outcome: OutcomeHeard, known: Known) -> datetime:
    """Return when an outcome takes effect: released, and held back no longer."""
    released_at = outcome.released_at
    lifted = (
        each.lifted_at
        for each in known.holds.placed_by(released_at)
        if each.lifted_at is not None
    )
    return max((released_at, *lifted))


def _closed(command: HearOutcome, case: Case) -> tuple[VivaEvent, ...]:
    match case.situation:
        case Waiting(number=number):
            withdrawn = OfferWithdrawn(
                case_id=command.case_id,
                participant_id=command.participant_id,
                number=number,
                occurred_at=command.at,
            )
            return (withdrawn,)
        case Deciding():
            return (
                NewsSetAside(news="outcome", because="held", occurred_at=command.at),
            )
        case Failed() | Awarded():
            return (
                NewsSetAside(news="outcome", because="decided", occurred_at=command.at),
            )
        case NotOffered() | Closed():
            return ()
        case _:
            assert_never(case.situation)


class _Way(Protocol):
    """What decides where a CM leads to."""

    @property
    def terms(self) -> Terms | None: ...

    @property
    def conferral(self) -> Conferral | None: ...

    @property
    def at(self) -> datetime: ...


def _opened(way: _Way, heard: OutcomeHeard, case: Case) -> tuple[VivaEvent, ...]:
    """Return what a CM leads to: an offer, an award, or nothing while on hold."""
    if case.known.is_on_hold or not isinstance(case.situation, NotOffered | Closed):
        return ()
    if way.terms is None or way.conferral is None:
        return ()
    withdrawn_at = case.known.withdrawn_at
    if not way.terms.needs_viva:
        if withdrawn_at is not None and withdrawn_at < _opens_at(heard, case.known):
            return ()
        return (confer(way.conferral, heard, took_part=(), at=way.at),)
    if withdrawn_at is not None:
        return ()
    offered = Offered(
        case_id=heard.case_id,
        participant_id=heard.participant_id,
        number=case.known.not_passed + 1,
        occurred_at=way.at,
    )
    return (offered,)

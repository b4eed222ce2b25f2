"""How facts add up to one round of one case."""

from dataclasses import replace
from typing import Literal, TypeAlias, assert_never

from services.moderation.domain.appealing import postponed_case
from services.moderation.domain.deciding import Settles
from services.moderation.domain.decisions import Decision, Rejudged, ReturnOrdered
from services.moderation.domain.events import (
    BlindJudgementRecorded,
    CaseEvent,
    Compared,
    HandedBack,
    Opened,
    OpeningSetAside,
    ReferredToLead,
    SecondOpinionCalled,
    TakeExtended,
    TakeLapsed,
    Taken,
)
from services.moderation.domain.lateness import DueMoved, FellOverdue
from services.moderation.domain.outcomes import (
    CaseWithdrawn,
    FreshReviewPostponed,
    FreshReviewSetAside,
    FreshReviewWanted,
    JudgementModerated,
    OutcomeReleased,
    OutcomeRevised,
)
from services.moderation.domain.recalling import (
    opened_case,
    recalled_case,
    renewed_case,
)
from services.moderation.domain.recalls import (
    JudgementRecalled,
    JudgementRenewed,
    RecallSetAside,
    TakeEnded,
)
from services.moderation.domain.rechecks import RecheckOrdered
from services.moderation.domain.situations import (
    Case,
    Hold,
    Moderating,
    Ongoing,
    Reassessing,
    Released,
    Settled,
    Unopened,
    Withdrawn,
    moderated,
)
from shared.holds import Period

INITIAL: Case = Unopened()

_Told: TypeAlias = (
    OutcomeReleased | OutcomeRevised | FreshReviewWanted | FreshReviewPostponed
)
_Holding: TypeAlias = Taken | TakeExtended | TakeLapsed | HandedBack | TakeEnded


def evolve(state: Case, event: CaseEvent) -> Case:
    """Return *state* as it is after *event*."""
    if isinstance(state, Withdrawn):
        return state
    match event:
        case CaseWithdrawn():
            return Withdrawn(_let_go(state))
        case Opened() | JudgementRecalled() | JudgementRenewed():
            return _judged(state, event)
        case (
            OutcomeReleased()
            | OutcomeRevised()
            | FreshReviewWanted()
            | FreshReviewPostponed()
        ):
            return _told(state, event)
        case Settles() | RecheckOrdered():
            return _decided(state, event)
        case _:
            return _moderating(state, event) if isinstance(state, Moderating) else state


def _judged(
    state: Ongoing, event: Opened | JudgementRecalled | JudgementRenewed
) -> Case:
    match event:
        case Opened():
            return _opened(state, event)
        case JudgementRecalled():
            return recalled_case(state, event)
        case JudgementRenewed():
            return renewed_case(state, event)
        case _:
            assert_never(event)


def _opened(state: Ongoing, event: Opened) -> Moderating:
    revises = state if isinstance(state, Reassessing) else None
    told = moderated(state)
    opened = Moderating(
        event.judged,
        event.criterion_gap,
        excluded=event.excluded,
        revises=revises,
        period=event.judged.period,
        due_at=event.judged.period_until,
        recallable_until=event.recallable_until,
        given_to=told.given_to if told else frozenset(),
    )
    before = state if isinstance(state, Unopened | Reassessing) else Unopened()
    return opened_case(opened, before)


def _let_go(state: Ongoing) -> Ongoing:
    return replace(state, hold=None) if isinstance(state, Moderating) else state


def _told(state: Ongoing, event: _Told) -> Case:
    match event:
        case FreshReviewPostponed():
            return postponed_case(state, event)
        case FreshReviewWanted():
            return Reassessing(state, event) if isinstance(state, Released) else state
        case OutcomeReleased() | OutcomeRevised():
            return _released(state, event)
        case _:
            assert_never(event)


def _released(state: Ongoing, event: OutcomeReleased | OutcomeRevised) -> Released:
    if not isinstance(state, Settled):
        return Released(event)
    revised = state.moderated.revises
    if revised is None:
        return Released(event, state)
    appeals = (*revised.released.appeals, revised.wanted.appeal_id)
    return Released(event, state, appeals)


def _decided(state: Ongoing, event: Decision | RecheckOrdered) -> Case:
    if isinstance(event, RecheckOrdered):
        return _rechecked(state, event)
    match state:
        case Moderating():
            return Settled(replace(state, hold=None), event)
        case Settled():
            return replace(state, decision=event)
        case _:
            return state  # decide never lets this happen; a fold must not fail


def _rechecked(state: Ongoing, event: RecheckOrdered) -> Case:
    """Return the case as it was before its decision, which is open again."""
    if not isinstance(state, Settled):
        return state  # decide never lets this happen; a fold must not fail
    last = state.moderated
    reopened = (*last.reopened, state.decision)
    return replace(last, reopened=reopened, rechecked_by=event.ordered_by)


def _moderating(state: Moderating, event: CaseEvent) -> Moderating:
    match event:
        case Taken() | TakeExtended() | TakeLapsed() | HandedBack() | TakeEnded():
            return _held(state, event)
        case BlindJudgementRecorded():
            return replace(state, blind=(*state.blind, event), hold=None)
        case SecondOpinionCalled() | ReferredToLead():
            return replace(state, stage=_STAGES[type(event)])
        case OpeningSetAside(judgement_id=judgement_id):
            return replace(state, set_aside=state.set_aside | {judgement_id})
        case ReturnOrdered() | Rejudged() | DueMoved() | FellOverdue():
            return _later(state, event)
        case (
            Compared()
            | JudgementModerated()
            | Opened()
            | Settles()
            | OutcomeReleased()
            | OutcomeRevised()
            | CaseWithdrawn()
            | FreshReviewWanted()
            | FreshReviewPostponed()
            | FreshReviewSetAside()
            | JudgementRecalled()
            | JudgementRenewed()
            | RecallSetAside()
            | RecheckOrdered()
        ):
            return state
        case _:
            assert_never(event)


def _held(state: Moderating, event: _Holding) -> Moderating:
    lost_by = event.moderator_id if isinstance(event, TakeEnded) else None
    given = {event.moderator_id} if isinstance(event, Taken) else set[str]()
    return replace(
        state,
        hold=_hold(state.hold, event),
        lost_by=lost_by,
        given_to=state.given_to | given,
    )


def _later(
    state: Moderating, event: ReturnOrdered | Rejudged | DueMoved | FellOverdue
) -> Moderating:
    match event:
        case ReturnOrdered():
            return _returned(state, event)
        case Rejudged(judged=judged):
            earlier = (*state.earlier, state.judged)
            return replace(state, judged=judged, earlier=earlier, stage="lead")
        case DueMoved(due_at=due_at):
            return replace(state, due_at=due_at)
        case FellOverdue(due_at=due_at):
            return replace(state, overdue_since=due_at)
        case _:
            assert_never(event)


def _returned(state: Moderating, event: ReturnOrdered) -> Moderating:
    return replace(
        state,
        stage="returned",
        returned=event,
        period=Period(event.occurred_at, event.due_at) if event.due_at else None,
        due_at=event.due_at,
        overdue_since=None,
    )


_STAGES: dict[type[CaseEvent], Literal["second", "lead"]] = {
    SecondOpinionCalled: "second",
    ReferredToLead: "lead",
}


def _hold(hold: Hold | None, event: _Holding) -> Hold | None:
    match event:
        case Taken():
            return Hold(event.moderator_id, event.token, event.expires_at)
        case TakeExtended(expires_at=expires_at):
            return replace(hold, expires_at=expires_at) if hold else None
        case TakeLapsed() | HandedBack() | TakeEnded():
            return None
        case _:
            assert_never(event)

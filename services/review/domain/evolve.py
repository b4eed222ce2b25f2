"""How facts add up to the state of a review."""

from dataclasses import replace
from typing import TypeAlias, assert_never

from services.review.domain.events import (
    Claimed,
    ClaimExtended,
    ClaimLapsed,
    ClaimReleased,
    Completed,
    CriterionJudged,
    FeedbackDrafted,
    Requested,
    ReviewEvent,
)
from services.review.domain.late import (
    ConflictDecided,
    ConflictFound,
    JudgementSetAside,
    LateEvent,
)
from services.review.domain.recalls import (
    JudgementRestored,
    Recalled,
    RecallEvent,
)
from services.review.domain.situations import (
    Claim,
    Ended,
    Judged,
    NotRequested,
    Review,
    Waiting,
)
from services.review.domain.turns import (
    Allocated,
    AllocationWithdrawn,
    ClaimEnded,
    Closed,
    DueMoved,
    FellOverdue,
    HandedOver,
    OpeningKept,
    OpeningMoved,
    Referred,
    Reopened,
    Reserved,
    TakenOver,
    TurnEvent,
)
from shared.holds import Period

INITIAL: Review = NotRequested()

_Later: TypeAlias = (
    Claimed
    | ClaimExtended
    | ClaimReleased
    | ClaimLapsed
    | CriterionJudged
    | FeedbackDrafted
    | Completed
    | RecallEvent
    | TurnEvent
    | LateEvent
)
"""Everything but the request."""


def evolve(state: Review, event: ReviewEvent) -> Review:
    """Return *state* as it is after *event*."""
    if isinstance(event, Requested):
        period = Period(event.review_opens_at, event.due_at)
        return Waiting(request=event, period=period)
    match state:
        case Waiting():
            return _moved_on(state, event)
        case Judged():
            return _judged_already(state, event)
        case NotRequested() | Ended():
            return state  # decide never lets this happen; a fold must not fail
        case _:
            assert_never(state)


def _judged_already(state: Judged, event: _Later) -> Review:
    match event:
        case Closed():
            return Ended(state.portfolio, state.judgement)
        case Reopened():
            return _reopened(state.portfolio, event)
        case Recalled():
            return replace(state.portfolio, recalled=state.judgement)
        case JudgementSetAside():
            return _set_aside(state)
        case ConflictFound() | ConflictDecided():
            return _conflicting(state, event)
        case _:
            return state


def _set_aside(state: Judged) -> Waiting:
    portfolio = replace(_nobodys(state.portfolio), is_set_aside=True)
    return replace(portfolio, recalled=state.judgement, was_set_aside=True)


def _conflicting(state: Judged, event: ConflictFound | ConflictDecided) -> Judged:
    if isinstance(event, ConflictDecided):
        return replace(state, conflict_decision=event.decision)
    return replace(state, is_conflict_told=True)


def _moved_on(state: Waiting, event: _Later) -> Review:
    match event:
        case Claimed():
            return _claimed(state, event)
        case ClaimExtended():
            return _extended(state, event)
        case ClaimReleased() | ClaimEnded() | ClaimLapsed():
            return _left(state, event)
        case CriterionJudged() | FeedbackDrafted():
            return _written(state, event)
        case _:
            return _turned(state, event)


def _turned(
    state: Waiting,
    event: Completed
    | RecallEvent
    | LateEvent
    | Allocated
    | Reserved
    | AllocationWithdrawn
    | HandedOver
    | TakenOver
    | Referred
    | OpeningMoved
    | DueMoved
    | OpeningKept
    | Closed
    | Reopened
    | FellOverdue,
) -> Review:
    match event:
        case Completed() | JudgementRestored():
            return _final(state, event)
        case Allocated(reviewer_id=reviewer_id):
            return replace(state, allocated=state.allocated | {reviewer_id})
        case (
            Reserved() | AllocationWithdrawn() | HandedOver() | TakenOver() | Referred()
        ):
            return _kept(state, event)
        case OpeningMoved() | DueMoved() | FellOverdue() | Reopened():
            return _later(state, event)
        case Closed():
            return Ended(replace(state, claim=None), None)
        case (
            OpeningKept()
            | Recalled()
            | JudgementSetAside()
            | ConflictFound()
            | ConflictDecided()
        ):
            return state
        case _:
            assert_never(event)


def _left(state: Waiting, event: ClaimReleased | ClaimEnded | ClaimLapsed) -> Waiting:
    match event:
        case ClaimLapsed():
            return replace(state, claim=None)
        case ClaimReleased():
            return replace(state, claim=None, last_holder_id=state.kept_for)
        case ClaimEnded():
            return replace(state, claim=None, last_holder_id=None)
        case _:
            assert_never(event)


def _kept(
    state: Waiting,
    event: Reserved | AllocationWithdrawn | HandedOver | TakenOver | Referred,
) -> Waiting:
    match event:
        case Reserved(reviewer_id=me):
            return replace(state, kept_for=me, last_holder_id=me, referred=None)
        case AllocationWithdrawn():
            holder_id = None if state.claim is None else state.claim.reviewer_id
            return replace(state, kept_for=None, last_holder_id=holder_id)
        case HandedOver():
            return _nobodys(state)
        case Referred():
            return replace(_nobodys(state), referred=event)
        case TakenOver():
            taken = {**state.taken, event.reviewer_id: event}
            return replace(_nobodys(state), taken=taken)
        case _:
            assert_never(event)


def _nobodys(state: Waiting) -> Waiting:
    return replace(state, claim=None, kept_for=None, last_holder_id=None)


def _final(state: Waiting, event: Completed | JudgementRestored) -> Review:
    judgement = event if isinstance(event, Completed) else state.recalled
    if judgement is None:
        return state  # decide never lets this happen; a fold must not fail
    portfolio = replace(state, claim=None, recalled=None, is_set_aside=False)
    return Judged(portfolio, judgement)


def _later(
    state: Waiting, event: OpeningMoved | DueMoved | FellOverdue | Reopened
) -> Waiting:
    if isinstance(event, FellOverdue):
        return replace(state, is_overdue=True)
    if isinstance(event, Reopened):
        return _reopened(state, event)
    if isinstance(event, DueMoved):
        request = state.request.model_copy(update={"due_at": event.due_at})
        return replace(state, request=request, is_overdue=False)
    times = {"review_opens_at": event.review_opens_at, "due_at": event.due_at}
    return replace(
        state,
        request=state.request.model_copy(update=times),
        period=Period(event.review_opens_at, event.due_at),
        is_overdue=False,
    )


def _reopened(portfolio: Waiting, event: Reopened) -> Waiting:
    request = portfolio.request.model_copy(update={"due_at": event.due_at})
    return replace(
        portfolio,
        request=request,
        period=Period(event.occurred_at, event.due_at),
        returned=event,
        last_holder_id=event.reviewer_id,
        kept_for=event.reviewer_id,
        referred=None,
        is_overdue=False,
    )


def _claimed(state: Waiting, event: Claimed) -> Waiting:
    claim = Claim(
        reviewer_id=event.reviewer_id,
        token=event.token,
        lease_minutes=event.lease_minutes,
        lease_ends_at=event.lease_ends_at,
    )
    me = event.reviewer_id
    return replace(
        state,
        claim=claim,
        owners={**state.owners, event.token: me},
        last_holder_id=me,
        kept_for=me if state.kept_for == me else None,
        taken={who: how for who, how in state.taken.items() if who != me},
    )


def _extended(state: Waiting, event: ClaimExtended) -> Waiting:
    if state.claim is None or state.claim.token != event.token:
        return state
    claim = replace(state.claim, lease_ends_at=event.lease_ends_at)
    return replace(state, claim=claim)


def _written(state: Waiting, event: CriterionJudged | FeedbackDrafted) -> Waiting:
    draft = state.draft_of(event.reviewer_id)
    if isinstance(event, FeedbackDrafted):
        told = {key: each.level for key, each in draft.judgements.items()}
        draft = replace(draft, feedback=event, told=told)
    else:
        judgements = {**draft.judgements, event.criterion: event}
        draft = replace(draft, judgements=judgements)
    return replace(state, drafts={**state.drafts, event.reviewer_id: draft})

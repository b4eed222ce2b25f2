"""How facts add up to the state of a review."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
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
from shared.vocabulary import CriterionKey


@dataclass(frozen=True, slots=True)
class NotRequested:
    """There is no such review."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A lease in force, or past its end and not yet recorded as lapsed."""

    reviewer_id: str
    token: int
    lease_minutes: int
    lease_ends_at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """What one reviewer has written so far; nobody else ever sees it."""

    judgements: Mapping[CriterionKey, CriterionJudged] = field(default_factory=dict)
    feedback: FeedbackDrafted | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A portfolio to be judged, held by at most one reviewer."""

    request: Requested
    claim: Claim | None = None
    owners: Mapping[int, str] = field(default_factory=dict)
    """Who was given which token."""
    drafts: Mapping[str, Draft] = field(default_factory=dict)
    """By reviewer; a lapsed claim keeps its author's."""

    def draft_of(self, reviewer_id: str) -> Draft:
        """Return what this reviewer has written so far."""
        return self.drafts.get(reviewer_id, Draft())


@dataclass(frozen=True, slots=True)
class Judged:
    """A final judgement."""

    portfolio: Waiting
    judgement: Completed


Review: TypeAlias = NotRequested | Waiting | Judged

INITIAL: Review = NotRequested()


def evolve(state: Review, event: ReviewEvent) -> Review:
    """Return *state* as it is after *event*."""
    if isinstance(event, Requested):
        return Waiting(request=event)
    match state:
        case Waiting():
            return _moved_on(state, event)
        case NotRequested() | Judged():
            return state  # decide never lets this happen; a fold must not fail
        case _:
            assert_never(state)


def _moved_on(
    state: Waiting,
    event: Claimed
    | ClaimExtended
    | ClaimReleased
    | ClaimLapsed
    | CriterionJudged
    | FeedbackDrafted
    | Completed,
) -> Review:
    match event:
        case Claimed():
            return _claimed(state, event)
        case ClaimExtended():
            return _extended(state, event)
        case ClaimReleased() | ClaimLapsed():
            return replace(state, claim=None)
        case CriterionJudged():
            return _judged(state, event)
        case FeedbackDrafted():
            draft = replace(state.draft_of(event.reviewer_id), feedback=event)
            return _with_draft(state, event.reviewer_id, draft)
        case Completed():
            return Judged(portfolio=replace(state, claim=None), judgement=event)
        case _:
            assert_never(event)


def _claimed(state: Waiting, event: Claimed) -> Waiting:
    claim = Claim(
        reviewer_id=event.reviewer_id,
        token=event.token,
        lease_minutes=event.lease_minutes,
        lease_ends_at=event.lease_ends_at,
    )
    owners = {**state.owners, event.token: event.reviewer_id}
    return replace(state, claim=claim, owners=owners)


def _extended(state: Waiting, event: ClaimExtended) -> Waiting:
    if state.claim is None or state.claim.token != event.token:
        return state
    claim = replace(state.claim, lease_ends_at=event.lease_ends_at)
    return replace(state, claim=claim)


def _judged(state: Waiting, event: CriterionJudged) -> Waiting:
    draft = state.draft_of(event.reviewer_id)
    judgements = {**draft.judgements, event.criterion: event}
    return _with_draft(state, event.reviewer_id, replace(draft, judgements=judgements))


def _with_draft(state: Waiting, reviewer_id: str, draft: Draft) -> Waiting:
    return replace(state, drafts={**state.drafts, reviewer_id: draft})

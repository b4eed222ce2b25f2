"""Situations of a review: not requested, waiting, judged, or ended by a withdrawal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from services.review.domain.events import (
    Completed,
    CriterionJudged,
    FeedbackDrafted,
    Requested,
)
from services.review.domain.late import ConflictDecision
from services.review.domain.turns import Referred, Reopened, TakenOver
from shared.holds import Period
from shared.vocabulary import CriterionKey, Level


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
    told: Mapping[CriterionKey, Level] = field(default_factory=dict)
    """The levels that were given when the feedback was saved."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A portfolio to be judged, held by at most one reviewer."""

    request: Requested
    """With the opening and the due date that are in force."""
    period: Period
    claim: Claim | None = None
    owners: Mapping[int, str] = field(default_factory=dict)
    """Who was given which token."""
    drafts: Mapping[str, Draft] = field(default_factory=dict)
    """By reviewer; a lapsed claim keeps its author's."""
    allocated: frozenset[str] = frozenset()
    """Who was told that they are expected to judge this."""
    last_holder_id: str | None = None
    """Who is expected to judge it: it was given to them, or they hold it, or held it
    last and never gave it back."""
    kept_for: str | None = None
    """Whom it was given to, or returned to: nobody else may claim it."""
    returned: Reopened | None = None
    """Why its reviewer is to judge again, once moderation returned the judgement."""
    recalled: Completed | None = None
    """The judgement that was taken back, while none has come instead."""
    is_set_aside: bool = False
    """It was not its reviewer who took it back: they may not judge this."""
    was_set_aside: bool = False
    """Some judgement of it was set aside, whatever came instead."""
    is_overdue: bool = False
    referred: Referred | None = None
    """Why its holder could not decide: nobody claims it until the lead has given it to
    somebody."""
    taken: Mapping[str, TakenOver] = field(default_factory=dict)
    """How it was taken from somebody, by reviewer, until they claim it again."""

    @property
    def requested(self) -> Requested:
        """What the review is about."""
        return self.request

    @property
    def next_token(self) -> int:
        """Number of the next claim: larger than that of any before it."""
        return max(self.owners, default=0) + 1

    def was_given_to(self, reviewer_id: str) -> bool:
        """Tell whether this reviewer holds, or ever held, the claim."""
        return reviewer_id in self.owners.values()

    def draft_of(self, reviewer_id: str) -> Draft:
        """Return what this reviewer has written so far."""
        return self.drafts.get(reviewer_id, Draft())


@dataclass(frozen=True, slots=True)
class Judged:
    """A final judgement."""

    portfolio: Waiting
    judgement: Completed
    is_conflict_told: bool = False
    """The lead knows of a conflict of its reviewer, after the release."""
    conflict_decision: ConflictDecision | None = None
    """What follows from that, once the lead has said so."""

    @property
    def requested(self) -> Requested:
        """What the review is about."""
        return self.portfolio.request


@dataclass(frozen=True, slots=True)
class Ended:
    """The participant has withdrawn."""

    portfolio: Waiting
    judgement: Completed | None

    @property
    def requested(self) -> Requested:
        """What the review is about."""
        return self.portfolio.request


Review: TypeAlias = NotRequested | Waiting | Judged | Ended


def portfolio_of(state: Waiting | Judged | Ended) -> Waiting:
    """Return the portfolio with everything that was written about it."""
    return state if isinstance(state, Waiting) else state.portfolio

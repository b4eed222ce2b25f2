"""A portfolio that no submission told: it comes in like another review did.

Invariant: nothing tells it from that one to whoever is asked to judge it: it was handed
in about then, is due with the cohort, and is given away, or free to claim, alike.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from services.review.domain.allocation.commands import AllocateReview
from services.review.domain.assessment.evolve import Assessment
from services.review.domain.commands import RequestReview
from services.review.domain.independence import is_independent
from services.review.domain.reviewer.evolve import Reviewer
from services.review.domain.situations import NotRequested, Review, Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedBeside:
    """What is to be judged, and which review it comes in like."""

    request: RequestReview
    beside: str
    apart: timedelta
    """So much earlier than that one it counts as handed in."""


def handed_in_beside(wanted: WantedBeside, like: Review) -> RequestReview:
    """Return the request, handed in shortly before the review it is like."""
    if isinstance(like, NotRequested):
        at = wanted.request.submitted_at
    else:
        at = like.requested.submitted_at
    return replace(wanted.request, submitted_at=at - wanted.apart)


def given_like(
    request: RequestReview, like: Review, judge: Reviewer, known: Assessment
) -> AllocateReview | None:
    """Return what gives the request to its judge; None where it is theirs to claim.

    It is given to them if the other one was, unless a bond keeps them from it: then
    anybody else may claim it.
    """
    judge_id = request.only_by
    if judge_id is None or isinstance(like, NotRequested):
        return None
    portfolio = like if isinstance(like, Waiting) else like.portfolio
    if portfolio.kept_for != judge_id or not is_independent(request, judge, known):
        return None
    return AllocateReview(
        reviewer_id=judge_id,
        reviewer=judge,
        assessment=known,
        by=judge_id,
        at=request.at,
    )

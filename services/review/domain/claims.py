"""Holding a review: one reviewer at a time, for a lease, shown by a fencing token.

Invariant: a write is accepted only from the holder, with the token of the claim in
force, before its lease ends. Source: moderation.md, "Reviewing".
"""

from datetime import datetime, timedelta

from services.review.domain.commands import (
    ClaimReview,
    Holder,
    LapseClaim,
    ReleaseClaim,
)
from services.review.domain.events import (
    Claimed,
    ClaimExtended,
    ClaimLapsed,
    ClaimReleased,
)
from services.review.domain.evolve import Claim, Waiting
from services.review.domain.independence import refuse_dependence
from shared.errors import RuleViolatedError


class NotOpenYetError(RuleViolatedError):
    """Review starts after the submission deadline of the cohort."""


class HeldBySomebodyElseError(RuleViolatedError):
    """Another reviewer holds this review."""


class TokenMissingError(RuleViolatedError):
    """This needs a claim: claim the review and send its Fencing-Token."""


class TokenStaleError(RuleViolatedError):
    """This claim has ended: claim the review again; what you wrote is kept."""


class TokenNotYoursError(RuleViolatedError):
    """This Fencing-Token was not given to you."""


def claim(command: ClaimReview, state: Waiting) -> tuple[ClaimLapsed | Claimed, ...]:
    """Return the facts of a claim; empty when the asker holds the review already.

    Raises:
        NotOpenYetError: the cohort may still submit. Source: S2 4.4.
        HeldBySomebodyElseError: the lease of another reviewer has not ended.
        NotAReviewerError and the errors of `refuse_dependence`.
    """
    refuse_dependence(state.request, command.reviewer)
    if command.at < state.request.review_opens_at:
        opens_at = state.request.review_opens_at.isoformat()
        raise NotOpenYetError(opens_at=opens_at)
    held = state.claim
    if held is not None and not has_lapsed(held, command.at):
        if held.reviewer_id == command.reviewer_id:
            return ()
        raise HeldBySomebodyElseError(until=held.lease_ends_at.isoformat())
    taken = Claimed(
        reviewer_id=command.reviewer_id,
        token=max(state.owners, default=0) + 1,
        lease_minutes=command.lease_minutes,
        lease_ends_at=command.at + timedelta(minutes=command.lease_minutes),
        occurred_at=command.at,
    )
    return (taken,) if held is None else (_lapsed(held, command.at), taken)


def release(command: ReleaseClaim, state: Waiting) -> tuple[ClaimReleased, ...]:
    """Return the facts of giving the review back; empty when it is free already."""
    if state.claim is None and _was_given(command.by, state):
        return ()
    held = claim_of(command.by, state, command.at)
    return (
        ClaimReleased(
            reviewer_id=held.reviewer_id, token=held.token, occurred_at=command.at
        ),
    )


def lapse(command: LapseClaim, state: Waiting) -> tuple[ClaimLapsed, ...]:
    """Return the facts of a lease that ended; empty when it was extended or is gone."""
    held = state.claim
    if held is None or held.token != command.token or not has_lapsed(held, command.at):
        return ()
    return (_lapsed(held, command.at),)


def extend(held: Claim, at: datetime) -> tuple[ClaimExtended, ...]:
    """Return the extension that activity brings; empty when nothing is gained."""
    lease_ends_at = at + timedelta(minutes=held.lease_minutes)
    if lease_ends_at <= held.lease_ends_at:
        return ()
    return (
        ClaimExtended(token=held.token, lease_ends_at=lease_ends_at, occurred_at=at),
    )


def claim_of(by: Holder, state: Waiting, at: datetime) -> Claim:
    """Return the claim in force that *by* holds and proves by its token.

    Raises:
        TokenMissingError: no token was shown.
        TokenNotYoursError: the token was given to somebody else, or to nobody.
        TokenStaleError: the claim was released, or its lease has ended.
        NotAReviewerError and the errors of `refuse_dependence`: checked again.
    """
    if by.token is None:
        raise TokenMissingError
    if not _was_given(by, state):
        raise TokenNotYoursError(token=by.token)
    held = state.claim
    if held is None or held.token != by.token or has_lapsed(held, at):
        raise TokenStaleError(token=by.token)
    return held


def has_lapsed(held: Claim, at: datetime) -> bool:
    """Return True from the instant the lease ends."""
    return at >= held.lease_ends_at


def _was_given(by: Holder, state: Waiting) -> bool:
    return by.token is not None and state.owners.get(by.token) == by.reviewer_id


def _lapsed(held: Claim, at: datetime) -> ClaimLapsed:
    return ClaimLapsed(reviewer_id=held.reviewer_id, token=held.token, occurred_at=at)

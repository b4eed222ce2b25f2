"""Holding a review: one reviewer at a time, for a lease, shown by a fencing token.

Invariant: a write is accepted only from the holder, with the token of the claim in
force, before its lease ends. Source: moderation.md, "Reviewing".
"""

from datetime import datetime, timedelta

from services.review.domain.allocation.commands import Holder
from services.review.domain.commands import (
    ClaimReview,
    LapseClaim,
    ReleaseClaim,
)
from services.review.domain.events import (
    Claimed,
    ClaimExtended,
    ClaimLapsed,
    ClaimReleased,
    Requested,
)
from services.review.domain.independence import (
    bond_of,
    is_independent,
    refuse_dependence,
)
from services.review.domain.reviewer.evolve import Registered
from services.review.domain.situations import Claim, Waiting
from services.review.domain.turns import Allocated
from shared.carrying import carry
from shared.errors import RuleViolatedError

NOT_SAVED = (
    "Nothing of this request was saved; its words can be saved as a draft by whoever "
    "held the claim (PUT /reviews/{review_id}/drafts/{form}). What you saved before is "
    "kept, for you alone (GET there, and /reviews/{review_id}/own-words)."
)
"""What a refusal says where a claim is gone and somebody may have been writing."""


class NotOpenYetError(RuleViolatedError):
    """Review starts after the submission deadline of the cohort."""


class HeldBySomebodyElseError(RuleViolatedError):
    """Another reviewer holds this review."""


class ReturnedToItsReviewerError(RuleViolatedError):
    """Moderation returned this judgement to its reviewer, who judges it again."""


class AllocatedToSomebodyElseError(RuleViolatedError):
    """This review was given to another reviewer: choose one that is free."""


class ReferredToTheLeadError(RuleViolatedError):
    """The lead moderator decides who judges this: choose another review."""


class TokenMissingError(RuleViolatedError):
    """This needs a claim: claim the review and send its Fencing-Token."""


class TokenStaleError(RuleViolatedError):
    """This claim has ended: claim the review again, or save your words as a draft."""


class TokenNotYoursError(RuleViolatedError):
    """This Fencing-Token was not given to you."""


def claim(
    command: ClaimReview, state: Waiting
) -> tuple[ClaimLapsed | Allocated | Claimed, ...]:
    """Return the facts of a claim; empty when the asker holds the review already.

    Whoever holds it for the first time is told so. Source: domain.md section 5.

    Raises:
        NotOpenYetError: the cohort may still submit. Source: S2 4.4.
        ReturnedToItsReviewerError: somebody else is to judge it again, and may.
        AllocatedToSomebodyElseError: it was given to somebody else, who may judge it,
            or nobody else is asked for it; no answer tells which of the two.
        ReferredToTheLeadError: its holder could not decide.
        HeldBySomebodyElseError: the lease of another reviewer has not ended.
        NotAReviewerError and the errors of `refuse_dependence`.
    """
    refuse_dependence(state.request, command.reviewer, command.assessment)
    if command.at < state.request.review_opens_at:
        opens_at = state.request.review_opens_at.isoformat()
        raise NotOpenYetError(opens_at=opens_at)
    _refuse_while_kept(command, state)
    if state.referred is not None:
        raise ReferredToTheLeadError
    held = state.claim
    if held is not None and not has_lapsed(held, command.at):
        if held.reviewer_id == command.reviewer_id:
            return ()
        raise HeldBySomebodyElseError(until=held.lease_ends_at.isoformat())
    _refuse_what_others_are_asked_for(command, state)
    lapsed = () if held is None else (_lapsed(held, command.at),)
    return (*lapsed, *_allocated(command, state), _claimed(command, state))


def _refuse_while_kept(command: ClaimReview, state: Waiting) -> None:
    """Keep a review for whom it was given or returned to, while they may judge it."""
    if command.kept_for is None or state.kept_for in {None, command.reviewer_id}:
        return
    if not is_independent(state.request, command.kept_for, command.assessment):
        return
    back = state.returned
    if back is not None and back.reviewer_id == state.kept_for:
        raise ReturnedToItsReviewerError
    raise AllocatedToSomebodyElseError


def _refuse_what_others_are_asked_for(command: ClaimReview, state: Waiting) -> None:
    """Keep what one reviewer alone is asked for to them, until they hand it over.

    Or until there is a bond between the two: somebody else judges it then, as any other
    review of which that comes to light, but not what they were to qualify by. Last of
    all: whoever else asks is answered as of any other review.
    """
    about = state.request
    asked = {about.only_by or command.reviewer_id, state.kept_for}
    if command.reviewer_id in asked:
        return
    if about.although_paused or not _is_bound(command, about):
        raise AllocatedToSomebodyElseError


def _is_bound(command: ClaimReview, about: Requested) -> bool:
    asked = command.asked
    if not isinstance(asked, Registered):
        return False
    return bond_of(about, asked, command.assessment) is not None


def _allocated(command: ClaimReview, state: Waiting) -> tuple[Allocated, ...]:
    if command.reviewer_id in state.allocated:
        return ()
    return (allocation(state, command.reviewer_id, command.at),)


def allocation(state: Waiting, reviewer_id: str, at: datetime) -> Allocated:
    """Return the fact that a reviewer is expected to judge this."""
    return Allocated(
        review_id=state.request.review_id,
        case_id=state.request.case_id,
        reviewer_id=reviewer_id,
        due_at=state.request.due_at,
        occurred_at=at,
    )


def _claimed(command: ClaimReview, state: Waiting) -> Claimed:
    return Claimed(
        reviewer_id=command.reviewer_id,
        token=state.next_token,
        lease_minutes=command.lease_minutes,
        lease_ends_at=command.at + timedelta(minutes=command.lease_minutes),
        occurred_at=command.at,
    )


def release(command: ReleaseClaim, state: Waiting) -> tuple[ClaimReleased, ...]:
    """Return the facts of giving the review back; empty when it is free already."""
    if state.claim is None and _was_given(command.by, state):
        return ()
    held = claim_of(command.by, state, command.at)
    return (carry(held, ClaimReleased, occurred_at=command.at),)


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
        message = f"This claim has ended: claim the review again. {NOT_SAVED}"
        raise TokenStaleError(message, token=by.token)
    return held


def has_lapsed(held: Claim, at: datetime) -> bool:
    """Return True from the instant the lease ends."""
    return at >= held.lease_ends_at


def _was_given(by: Holder, state: Waiting) -> bool:
    return by.token is not None and state.owners.get(by.token) == by.reviewer_id


def _lapsed(held: Claim, at: datetime) -> ClaimLapsed:
    return carry(held, ClaimLapsed, occurred_at=at)

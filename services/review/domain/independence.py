"""Who must not judge whom; decided from facts, at the claim and at every write.

Source: domain.md section 1: a reviewer never judges someone from their own
organisation, as it was at the hand-in or as the participant has stated it since, their
mentee, or a declared conflict; nobody judges themself. A second
attempt is judged by somebody who did not judge the first, unless the policy lets them
(P): they have said already what they think of it. A fresh review always is. Who hears
an appeal about a case judges nothing of it. A declared
conflict alone can be weighed: see `overriding`.
"""

from collections.abc import Collection
from typing import Protocol

from services.review.domain.assessment.evolve import Assessment
from services.review.domain.events import SecondAttemptBy
from services.review.domain.reviewer.decide import registered
from services.review.domain.reviewer.evolve import (
    NotRegistered,
    Registered,
    Reviewer,
    has_part,
)
from shared.errors import RuleViolatedError


class OwnWorkError(RuleViolatedError):
    """Nobody judges their own portfolio."""


class OwnOrganisationError(RuleViolatedError):
    """The participant works for the reviewer's own organisation."""


class OwnMenteeError(RuleViolatedError):
    """The reviewer is the participant's mentor."""


class DeclaredConflictError(RuleViolatedError):
    """The reviewer has declared a conflict with this case."""


class ReviewerPausedError(RuleViolatedError):
    """No work for you at the moment: the lead looks at your recent judgements first."""


class EarlierPartError(RuleViolatedError):
    """The reviewer had an earlier part in this case: somebody else judges it now."""


class Judgeable(Protocol):
    """What decides who may judge a portfolio: a request, or what is known of one."""

    @property
    def review_id(self) -> str: ...
    @property
    def case_id(self) -> str: ...
    @property
    def attempt(self) -> int: ...
    @property
    def participant_id(self) -> str: ...
    @property
    def participant_organisation_id(self) -> str: ...
    @property
    def mentor_id(self) -> str | None: ...
    @property
    def excluded(self) -> Collection[str]: ...
    @property
    def although_paused(self) -> bool | None: ...
    @property
    def second_attempt_by(self) -> SecondAttemptBy: ...


def refuse_dependence(
    request: Judgeable, state: Reviewer, assessment: Assessment
) -> None:
    """Accept a reviewer who is independent of the portfolio, and judges at present.

    Raises:
        NotAReviewerError: this person does not review.
        ReviewerPausedError: moderation looks at their work first.
        OwnWorkError, OwnMenteeError, OwnOrganisationError, DeclaredConflictError,
        EarlierPartError: which bond there is.
    """
    judge = registered(state)
    if judge.is_paused and not request.although_paused:
        raise ReviewerPausedError
    bond = bond_of(request, judge, assessment)
    if bond is not None:
        raise bond(review_id=request.review_id)


def is_independent(request: Judgeable, state: Reviewer, assessment: Assessment) -> bool:
    """Tell whether this person may judge the portfolio now."""
    if isinstance(state, NotRegistered):
        return False
    if state.is_paused and not request.although_paused:
        return False
    return bond_of(request, state, assessment) is None


def bond_of(
    request: Judgeable, judge: Registered, assessment: Assessment
) -> type[RuleViolatedError] | None:
    """Return which bond there is between the two, as the error that names it."""
    me, participant_id = judge.reviewer_id, request.participant_id
    bonds = {
        OwnWorkError: me == participant_id,
        OwnMenteeError: me == request.mentor_id or participant_id in judge.mentees,
        OwnOrganisationError: (
            judge.organisation_id in _organisations(request, assessment)
        ),
        DeclaredConflictError: has_declared(request, judge, assessment)
        and not assessment.may_judge_despite_conflict(me, request.review_id),
        EarlierPartError: _had_a_part(request, me, assessment)
        or has_part(judge.parts, request.case_id, request.attempt),
    }
    return next((error for error, applies in bonds.items() if applies), None)


def _had_a_part(request: Judgeable, me: str, assessment: Assessment) -> bool:
    attempts = assessment.judged_at(me, but=request.review_id)
    if request.second_attempt_by == "any-reviewer":
        attempts &= {request.attempt}
    return me in request.excluded or bool(attempts)


def has_declared(request: Judgeable, judge: Registered, assessment: Assessment) -> bool:
    """Tell whether a reviewer has declared a conflict with the portfolio."""
    bonds = {
        ("case", request.case_id),
        ("person", request.participant_id),
        ("person", request.mentor_id),
        *(("organisation", each) for each in _organisations(request, assessment)),
    }
    return not judge.conflicts.isdisjoint(bonds)


def _organisations(request: Judgeable, assessment: Assessment) -> set[str | None]:
    """Return for whom the participant worked at the hand-in, and works now."""
    return {request.participant_organisation_id, assessment.stated_organisation_id}

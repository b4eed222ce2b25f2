"""Letting somebody judge despite a conflict that they declared.

Only what a reviewer has declared can be weighed and allowed, by the lead, with a
written reason, for one review. What is decided from facts, such as the same employer, a
mentee or an earlier part, is not for anybody to allow. Source: domain.md section 1.
"""

from dataclasses import replace

from services.review.domain.allocation.keeping import refuse_own_case
from services.review.domain.assessment.commands import OverrideConflict
from services.review.domain.assessment.events import ConflictOverridden
from services.review.domain.assessment.evolve import Assessment
from services.review.domain.independence import bond_of, has_declared
from services.review.domain.reviewer.decide import registered
from shared.carrying import carry
from shared.errors import ForbiddenError, RuleViolatedError


class OwnConflictError(ForbiddenError):
    """Nobody decides about their own conflict: ask another lead moderator."""


class NoConflictDeclaredError(RuleViolatedError):
    """This reviewer has declared no conflict with the case: nothing to allow."""


def override(
    command: OverrideConflict, state: Assessment
) -> tuple[ConflictOverridden, ...]:
    """Return the fact that somebody may judge; empty when it is known.

    Raises:
        OwnCaseError: the lead is the participant.
        NotAReviewerError: this person does not review.
        OwnConflictError: the lead asks for themself.
        NoConflictDeclaredError: there is nothing to allow.
        OwnWorkError, OwnMenteeError, OwnOrganisationError, EarlierPartError: there is
            a bond that nobody can allow.
    """
    about = command.about
    refuse_own_case(command.allowed_by, about)
    judge = registered(command.reviewer)
    if command.allowed_by == judge.reviewer_id:
        raise OwnConflictError
    undeclared = replace(judge, conflicts=frozenset())
    known = state.employed(command.stated_organisation_id)
    bond = bond_of(about, undeclared, known)
    if bond is not None:
        raise bond(review_id=about.review_id)
    if not has_declared(about, judge, known):
        raise NoConflictDeclaredError
    if state.may_judge_despite_conflict(judge.reviewer_id, about.review_id):
        return ()
    fact = carry(
        command,
        ConflictOverridden,
        review_id=about.review_id,
        reviewer_id=judge.reviewer_id,
        occurred_at=command.at,
    )
    return (fact,)

"""Who must not judge whom; decided from facts, at the claim and at every write.

Source: domain.md section 1: a reviewer never judges someone from their own
organisation, their mentee, or a declared conflict; nobody judges themself.
"""

from services.review.domain.events import Requested
from services.review.domain.reviewer.decide import registered
from services.review.domain.reviewer.evolve import Reviewer
from shared.errors import RuleViolatedError


class OwnWorkError(RuleViolatedError):
    """Nobody judges their own portfolio."""


class OwnOrganisationError(RuleViolatedError):
    """The participant works for the reviewer's own organisation."""


class OwnMenteeError(RuleViolatedError):
    """The reviewer is the participant's mentor."""


class DeclaredConflictError(RuleViolatedError):
    """The reviewer has declared a conflict with this case."""


def refuse_dependence(request: Requested, state: Reviewer) -> None:
    """Accept a reviewer who is independent of the portfolio.

    Raises:
        NotAReviewerError: this person does not review.
        OwnWorkError, OwnMenteeError, OwnOrganisationError, DeclaredConflictError:
            which bond there is.
    """
    judge = registered(state)
    if judge.reviewer_id == request.participant_id:
        raise OwnWorkError(review_id=request.review_id)
    if judge.reviewer_id == request.mentor_id:
        raise OwnMenteeError(review_id=request.review_id)
    if judge.organisation_id == request.participant_organisation_id:
        raise OwnOrganisationError(review_id=request.review_id)
    bonds = {
        ("case", request.case_id),
        ("person", request.participant_id),
        ("person", request.mentor_id),
        ("organisation", request.participant_organisation_id),
    }
    if not judge.conflicts.isdisjoint(bonds):
        raise DeclaredConflictError(review_id=request.review_id)

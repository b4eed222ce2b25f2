"""What can happen to a reviewer."""

from typing import Literal, TypeAlias

from shared.decider import Fact
from shared.vocabulary import OrganisationId, PersonId

ConflictKind: TypeAlias = Literal["case", "person", "organisation"]
"""What a reviewer may declare a conflict with."""


class ReviewerRegistered(Fact):
    """A person may review, and works for this organisation."""

    type: Literal["review.ReviewerRegistered"] = "review.ReviewerRegistered"
    reviewer_id: PersonId
    organisation_id: OrganisationId


class ConflictDeclared(Fact):
    """A reviewer must not judge this; declared once, it stays."""

    type: Literal["review.ConflictDeclared"] = "review.ConflictDeclared"
    reviewer_id: PersonId
    kind: ConflictKind
    with_id: str
    """Id of the case, the person or the organisation."""


ReviewerEvent: TypeAlias = ReviewerRegistered | ConflictDeclared

"""What can happen to a reviewer."""

from typing import Literal, TypeAlias

from shared.decider import Fact
from shared.vocabulary import CaseId, OrganisationId, PersonId

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


class EmployerChanged(Fact):
    """The reviewer works for another organisation from now on."""

    type: Literal["review.EmployerChanged"] = "review.EmployerChanged"
    reviewer_id: PersonId
    organisation_id: OrganisationId


class MenteeNoted(Fact):
    """This person supports a participant, and may never judge them."""

    type: Literal["review.MenteeNoted"] = "review.MenteeNoted"
    reviewer_id: PersonId
    participant_id: PersonId
    case_id: CaseId
    """The case in which they were nominated; it holds for every case."""


ReviewerEvent: TypeAlias = (
    ReviewerRegistered | ConflictDeclared | EmployerChanged | MenteeNoted
)

"""What can happen to a reviewer."""

import operator
from typing import Literal, TypeAlias

from pydantic import Field

from shared.decider import Fact
from shared.vocabulary import Attempt, CaseId, OrganisationId, PersonId

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
    """This person works for another organisation from now on, a reviewer or not."""

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


class PartNoted(Fact):
    """This person has another part in a case, and does not judge it."""

    type: Literal["review.PartNoted"] = "review.PartNoted"
    reviewer_id: PersonId
    case_id: CaseId
    attempt: Attempt | None = Field(default=None, exclude_if=operator.not_)
    """Which portfolio of it they do not judge; None is any."""


class PauseNoted(Fact):
    """Moderation looks at this reviewer's work: they judge nothing meanwhile."""

    type: Literal["review.PauseNoted"] = "review.PauseNoted"
    reviewer_id: PersonId


class PauseEndNoted(Fact):
    """This reviewer may judge again."""

    type: Literal["review.PauseEndNoted"] = "review.PauseEndNoted"
    reviewer_id: PersonId


ReviewerEvent: TypeAlias = (
    ReviewerRegistered
    | ConflictDeclared
    | EmployerChanged
    | MenteeNoted
    | PartNoted
    | PauseNoted
    | PauseEndNoted
)

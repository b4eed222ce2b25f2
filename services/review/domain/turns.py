"""Turns a review takes from outside: allocated, moved, closed, reopened, overdue."""

from typing import Literal, TypeAlias

from pydantic import AwareDatetime

from shared.decider import Fact
from shared.personal import Personal
from shared.vocabulary import CaseId, PersonId


class Allocated(Fact):
    """A reviewer is expected to judge this: told beforehand, at a claim, or again."""

    type: Literal["review.Allocated"] = "review.Allocated"
    review_id: str
    case_id: CaseId
    reviewer_id: PersonId
    due_at: AwareDatetime


class Reserved(Fact):
    """The review was given to this reviewer: from now on nobody else may claim it."""

    type: Literal["review.Reserved"] = "review.Reserved"
    reviewer_id: PersonId


class AllocationWithdrawn(Fact):
    """The review is not kept for this reviewer any more."""

    type: Literal["review.AllocationWithdrawn"] = "review.AllocationWithdrawn"
    reviewer_id: PersonId
    because: Literal["office", "not_independent"]
    """Taken back by hand, or they may not judge it, as has turned out."""


class HandedOver(Fact):
    """The holder gave the review to a colleague; the drafts stay the holder's."""

    type: Literal["review.HandedOver"] = "review.HandedOver"
    reviewer_id: PersonId
    token: int
    to_id: PersonId
    reason: Personal[str]


class TakenOver(Fact):
    """The office or the lead took the review from who had it, who keeps the drafts."""

    type: Literal["review.TakenOver"] = "review.TakenOver"
    reviewer_id: PersonId
    """Whose it was: they held it, or it was given to them."""
    by_role: Literal["operations", "lead_moderator"]
    to_id: PersonId | None
    """Who gets it; None: anybody may claim it."""
    reason: Personal[str]


class Referred(Fact):
    """The holder cannot decide and asks the lead moderator who is to judge it."""

    type: Literal["review.Referred"] = "review.Referred"
    reviewer_id: PersonId
    token: int
    note: Personal[str]


class ClaimEnded(Fact):
    """The holder may no longer judge this, so the claim ended; the drafts are kept."""

    type: Literal["review.ClaimEnded"] = "review.ClaimEnded"
    reviewer_id: PersonId
    token: int
    because: Literal[
        "nominated_as_mentor", "withdrawn", "paused", "conflict", "earlier_part"
    ]


class OpeningMoved(Fact):
    """The review opens later than was requested. Source: S2 4.4."""

    type: Literal["review.OpeningMoved"] = "review.OpeningMoved"
    review_opens_at: AwareDatetime
    due_at: AwareDatetime


class DueMoved(Fact):
    """The review is due later: the office had stopped the clocks of the case."""

    type: Literal["review.DueMoved"] = "review.DueMoved"
    due_at: AwareDatetime


class OpeningKept(Fact):
    """A later opening was announced while somebody held the review: it stays open."""

    type: Literal["review.OpeningKept"] = "review.OpeningKept"
    announced: AwareDatetime


class Closed(Fact):
    """The participant has withdrawn: nobody judges this any more."""

    type: Literal["review.Closed"] = "review.Closed"
    because: Literal["withdrawn"] = "withdrawn"


class Reopened(Fact):
    """Moderation returned the judgement: its reviewer is to judge again."""

    type: Literal["review.Reopened"] = "review.Reopened"
    reviewer_id: PersonId
    reason: Personal[str]
    """What the moderator asks for."""
    due_at: AwareDatetime


class FellOverdue(Fact):
    """The review was not judged in time; told once."""

    type: Literal["review.FellOverdue"] = "review.FellOverdue"
    review_id: str
    case_id: CaseId
    reviewer_id: PersonId | None
    """Who holds it or let it lapse; None when it is nobody's."""
    due_at: AwareDatetime


TurnEvent: TypeAlias = (
    Allocated
    | Reserved
    | AllocationWithdrawn
    | HandedOver
    | TakenOver
    | Referred
    | ClaimEnded
    | OpeningMoved
    | DueMoved
    | OpeningKept
    | Closed
    | Reopened
    | FellOverdue
)

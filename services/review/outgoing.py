"""Which private facts of review become public, and as what. Pure."""

from services.review.domain.events import Completed
from services.review.domain.late import (
    ConflictDecided,
    ConflictFound,
    JudgementSetAside,
)
from services.review.domain.recalls import Recalled
from services.review.domain.turns import Allocated, FellOverdue
from shared.carrying import carry
from shared.contracts import review as public
from shared.contracts.message import Message
from shared.decider import Fact
from shared.eventlog import StoredEvent


def to_public(fact: Fact, _: StoredEvent) -> Message | None:
    """Return the message to publish for *fact*; None keeps it private.

    A final judgement leaves, that it does not stand any more, and what a reviewer is
    expected to judge by when; to the lead that a conflict came to light, not whose.
    Drafts and claims stay here.
    """
    match fact:
        case Completed():
            return carry(fact, public.Completed, completed_at=fact.occurred_at)
        case Recalled() | JudgementSetAside():
            at, why = fact.occurred_at, _WHY[type(fact)]
            return carry(fact, public.Recalled, recalled_at=at, because=why)
        case ConflictDecided(decision="fresh_review"):
            return carry(fact, public.FreshReviewAsked)
        case Allocated() | ConflictFound():
            return carry(fact, _ALIKE[type(fact)])
        case FellOverdue(reviewer_id=str()):
            return carry(fact, public.Overdue)
        case _:
            return None


_ALIKE: dict[type[Fact], type[Message]] = {
    Allocated: public.Allocated,
    ConflictFound: public.ConflictFound,
}
_WHY: dict[type[Fact], str] = {Recalled: "recalled", JudgementSetAside: "conflict"}

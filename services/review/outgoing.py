"""Which private facts of review become public, and as what. Pure."""

from services.review.domain.events import Completed
from services.review.domain.late import JudgementSetAside
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
    expected to judge by when; drafts, claims and conflicts stay here.
    """
    match fact:
        case Completed():
            return carry(fact, public.Completed, completed_at=fact.occurred_at)
        case Recalled():
            at, because = fact.occurred_at, "recalled"
            return carry(fact, public.Recalled, recalled_at=at, because=because)
        case JudgementSetAside():
            at, because = fact.occurred_at, "conflict"
            return carry(fact, public.Recalled, recalled_at=at, because=because)
        case Allocated():
            return carry(fact, public.Allocated)
        case FellOverdue(reviewer_id=str()):
            return carry(fact, public.Overdue)
        case _:
            return None

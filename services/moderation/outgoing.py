"""Which private facts of moderation become public, and as what. Pure."""

from services.moderation.domain.decisions import ReturnOrdered
from services.moderation.domain.lateness import FellOverdue
from services.moderation.domain.outcomes import (
    FreshReviewWanted,
    JudgementModerated,
    OutcomeReleased,
    OutcomeRevised,
)
from services.moderation.domain.seeds.course.events import SeedEntered
from services.moderation.domain.standing.events import MarksRead, StandingChanged
from shared.carrying import carry
from shared.contracts import moderation as public
from shared.contracts.message import Message
from shared.decider import Fact
from shared.eventlog import StoredEvent


def to_public(fact: Fact, _: StoredEvent) -> Message | None:
    """Return the message to publish for *fact*; None keeps it private.

    Outcomes leave, what review is to do, where somebody stands, what a reviewer may
    know of their own work, and to the lead what is late; draws and blind judgements
    stay here, and reasons leave sealed. A seed leaves as a case to be judged.
    """
    match fact:
        case OutcomeReleased():
            return carry(fact, public.OutcomeReleased, released_at=fact.occurred_at)
        case OutcomeRevised():
            return carry(fact, public.OutcomeRevised, released_at=fact.occurred_at)
        case FreshReviewWanted() | SeedEntered():
            return _wanted(fact)
        case (
            ReturnOrdered()
            | JudgementModerated()
            | FellOverdue(lead_id=str())
            | MarksRead()
        ):
            return carry(fact, _ALIKE[type(fact)])
        case StandingChanged():
            return carry(fact, public.StandingChanged, changed_at=fact.occurred_at)
        case _:
            return None


def _wanted(fact: FreshReviewWanted | SeedEntered) -> public.ReviewWanted:
    if isinstance(fact, FreshReviewWanted):
        return carry(fact, public.ReviewWanted, portfolio=None)
    about = carry(fact.portfolio, public.WantedPortfolio)
    return carry(fact, public.ReviewWanted, portfolio=about)


_ALIKE: dict[type[Fact], type[Message]] = {
    ReturnOrdered: public.ReturnOrdered,
    JudgementModerated: public.JudgementModerated,
    FellOverdue: public.Overdue,
    MarksRead: public.MarksRead,
}

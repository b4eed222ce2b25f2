"""What waits for the office in a case: asked for, and neither given nor past. Pure."""

from collections.abc import Sequence
from typing import Literal

from services.submission.domain.events import (
    AdjustmentAgreed,
    AdjustmentAsked,
    AdjustmentDeclined,
    EligibilityDecided,
    Enrolled,
    FeePaid,
    MentorAppointed,
    MentorAsked,
    MentorNominated,
    QueryAnswered,
    QueryAsked,
    RestartRequired,
    RestartRevoked,
    Withdrawn,
)
from shared.decider import Fact

Waiting = Literal["adjustment", "eligibility", "fee", "mentor", "query"]
"""What the office can be asked for; some have an id after a space."""


def waiting_after(waiting: Sequence[str], fact: Fact) -> list[str]:
    """Return what waits after *fact*, in the order in which it was asked."""
    if isinstance(fact, Withdrawn):
        return []
    asked, done = _asked(fact), _done(fact)
    left = [each for each in waiting if each not in {asked, done}]
    return left if asked is None else [*left, asked]


def _asked(fact: Fact) -> str | None:
    match fact:
        case AdjustmentAsked():
            return f"adjustment {fact.adjustment_id}"
        case QueryAsked(asked_by="participant"):
            return f"query {fact.query_id}"
        case MentorAsked():
            return "mentor"
        case RestartRequired():
            return "fee"
        case _:
            return None


def _done(fact: Fact) -> str | None:
    match fact:
        case AdjustmentAgreed() | AdjustmentDeclined():
            return f"adjustment {fact.adjustment_id}"
        case QueryAnswered():
            return f"query {fact.query_id}"
        case MentorNominated() | MentorAppointed():
            return "mentor"
        case EligibilityDecided() | Enrolled():
            return "eligibility"
        case FeePaid() | RestartRevoked():
            return "fee"
        case _:
            return None

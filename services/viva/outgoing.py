"""Which private facts of viva become public, and as what. Pure."""

from services.viva.domain.events import (
    AwardConferred,
    Booked,
    Moved,
    NotPassed,
    Offered,
)
from shared.contracts import viva as public
from shared.contracts.message import Message
from shared.decider import Fact
from shared.eventlog import StoredEvent


def to_public(fact: Fact, _: StoredEvent) -> Message | None:
    """Return the message to publish for *fact*; None keeps it private.

    Panels, verdicts and notes stay here: others learn what came of them, and who must
    have no later part in the case.
    """
    match fact:
        case Offered() | NotPassed():
            return _offer_or_end(fact)
        case Booked():
            return public.Booked.model_validate(_of(fact, public.Booked))
        case Moved():
            return public.Moved.model_validate(_of(fact, public.Moved))
        case AwardConferred():
            told = _of(fact, public.AwardConferred)
            return public.AwardConferred.model_validate(
                told | {"conferred_at": fact.occurred_at}
            )
        case _:
            return None


def _offer_or_end(fact: Offered | NotPassed) -> Message:
    if isinstance(fact, Offered):
        return public.Offered.model_validate(_of(fact, public.Offered))
    return public.NotPassed.model_validate(_of(fact, public.NotPassed))


def _of(fact: Fact, message: type[Message]) -> dict[str, object]:
    """Return the fields that fact and message share."""
    shared = set(message.model_fields) - {"type"}
    return fact.model_dump(include=shared)

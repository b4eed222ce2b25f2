"""Which private facts of viva become public, and as what. Pure."""

from collections.abc import Mapping

from services.viva.domain.events import (
    AwardConferred,
    Booked,
    Moved,
    NotPassed,
    Offered,
    ReminderDue,
)
from shared.carrying import carry
from shared.contracts import viva as public
from shared.contracts.message import Message
from shared.decider import Fact
from shared.eventlog import StoredEvent

_SAID: Mapping[type[Fact], type[Message]] = {
    Offered: public.Offered,
    ReminderDue: public.ReminderDue,
    Booked: public.Booked,
    Moved: public.Moved,
    NotPassed: public.NotPassed,
}
"""Facts that their messages tell under the same names."""


def to_public(fact: Fact, _: StoredEvent) -> Message | None:
    """Return the message to publish for *fact*; None keeps it private.

    Panels, verdicts and notes stay here: others learn what came of them, and who must
    have no later part in the case.
    """
    if isinstance(fact, AwardConferred):
        return carry(fact, public.AwardConferred, conferred_at=fact.occurred_at)
    message = _SAID.get(type(fact))
    return None if message is None else carry(fact, message)

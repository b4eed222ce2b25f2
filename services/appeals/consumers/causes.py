"""What handlers of messages have in common."""

from collections.abc import Callable
from typing import Any

from services.appeals.domain.terms import Terms
from shared.contracts.message import Received
from shared.handling import Cause
from shared.programmes import Pinned

CONSUMER = "appeals"

TermsOf = Callable[[Pinned], Terms]


def cause_of(message: Received[Any]) -> Cause:
    """Return the cause that handles *message* exactly once."""
    return Cause.by_message(CONSUMER, message)

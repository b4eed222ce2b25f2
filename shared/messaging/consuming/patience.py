"""How often and how long a message is tried before it is parked."""

import asyncio
import hashlib
from dataclasses import dataclass
from uuid import UUID

from shared.database import DATABASE_ERRORS
from shared.errors import (
    BadInputError,
    ConflictError,
    RuleViolatedError,
    UnavailableError,
)
from shared.messaging.arrivals import Problem
from shared.messaging.trouble import DATABASE_AWAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """A number of tries, and pauses that double between them."""

    tries: int
    first_pause_seconds: float
    longest_pause_seconds: float

    def pause_seconds(self, failed_tries: int, seed: UUID) -> float:
        """Return how long to wait after *failed_tries*; differs from seed to seed.

        Between half of the doubled pause and all of it, so that messages that failed
        together do not come back together.
        """
        doubled = self.first_pause_seconds * 2.0 ** (failed_tries - 1)
        full = min(doubled, self.longest_pause_seconds)
        digest = hashlib.sha256(seed.bytes + failed_tries.to_bytes(2, "big")).digest()
        return full * (0.5 + int.from_bytes(digest[:4], "big") / 2**33)


HOPELESS = Patience(tries=2, first_pause_seconds=0.05, longest_pause_seconds=0.05)
"""A rule does not change its mind; one more try, should another message have helped."""

ORDINARY = Patience(tries=6, first_pause_seconds=0.05, longest_pause_seconds=1.0)
"""Anything unforeseen: about two seconds."""

LONG = Patience(tries=14, first_pause_seconds=0.05, longest_pause_seconds=5.0)
"""Something else is down or in the way: about 40 seconds, well below
``max_poll_interval_ms``, so the group does not give up the member meanwhile."""


def patience_with(error: Exception) -> Patience:
    """Return how patient to be after *error*."""
    if isinstance(error, RuleViolatedError | BadInputError):
        return HOPELESS
    if isinstance(error, (UnavailableError, ConflictError, *DATABASE_ERRORS)):
        return LONG
    return ORDINARY


def problem_with(error: Exception) -> Problem:
    """Return why a message is parked whose last try ended in *error*."""
    if patience_with(error) is HOPELESS:
        return Problem.REFUSED
    return Problem.UNAVAILABLE if isinstance(error, DATABASE_AWAY) else Problem.FAILED


async def pause(
    error: Exception, *, failed_tries: int, seed: UUID, deadline: float
) -> bool:
    """Wait as long as fits *error*; False, at once, when enough was tried.

    Enough is also when the wait would last beyond *deadline*, in the time of the loop.
    """
    patience = patience_with(error)
    seconds = patience.pause_seconds(failed_tries, seed)
    is_late = asyncio.get_running_loop().time() + seconds >= deadline
    if failed_tries >= patience.tries or is_late:
        return False
    await asyncio.sleep(seconds)
    return True

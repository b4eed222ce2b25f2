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


async def pause(error: Exception, *, failed_tries: int, seed: UUID) -> bool:
    """Wait as long as fits *error*; False, at once, when enough was tried."""
    patience = patience_with(error)
    if failed_tries >= patience.tries:
        return False
    await asyncio.sleep(patience.pause_seconds(failed_tries, seed))
    return True

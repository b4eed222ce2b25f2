"""When to try again: twice as long each time, up to a limit, spread by jitter.

The jitter derives from the notice and the number of the try, so that many letters
spread out and one letter is always retried at the same times.
Source: Marc Brooker, "Exponential Backoff And Jitter" (2015), equal jitter.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

_DOUBLINGS = 30
"""More would only overflow; the longest wait is reached long before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait between tries, and how many there are."""

    first_wait: timedelta
    longest_wait: timedelta
    tries: int
    """Hand-overs tried before the letter counts as failed."""


def next_try_at(
    at: datetime, *, notice_id: str, number: int, patience: Patience
) -> datetime:
    """Return when to try again after try *number*, from 1."""
    doubled = patience.first_wait * (1 << min(number - 1, _DOUBLINGS))
    wait = min(doubled, patience.longest_wait)
    digest = hashlib.sha256(f"{notice_id}/{number}".encode()).digest()
    thousandths = int.from_bytes(digest[:8], "big") % 1_001
    return at + wait / 2 + wait / 2 * thousandths / 1_000

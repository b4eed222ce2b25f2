"""How long to wait before trying again, so that many who failed do not meet again."""

import secrets

_DOUBLINGS = 32
"""More would only make a number that *longest_seconds* cuts off anyway."""


def pause_seconds(
    failures: int, *, first_seconds: float, longest_seconds: float
) -> float:
    """Return a random time between nothing and a limit that doubles with *failures*.

    The limit is *first_seconds* after the first failure, *longest_seconds* at most.
    Source: Marc Brooker, "Exponential Backoff And Jitter" (2015), full jitter.
    """
    doubled = first_seconds * 2 ** min(failures - 1, _DOUBLINGS)
    return secrets.SystemRandom().uniform(0, min(doubled, longest_seconds))

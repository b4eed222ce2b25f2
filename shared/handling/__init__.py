"""The only place a state change happens: load, decide, append, log one line.

Invariant: whatever one cause leads to is one unit of work, so it exists completely or
not at all, and the same cause handled again changes nothing.
"""

from shared.handling.answers import AlreadyAnsweredError, KeyReusedError, problem_of
from shared.handling.cause import Cause, Ids, PendingRequest
from shared.handling.handling import ATTEMPTS, Handled, Handling
from shared.handling.loading import Build, Loader, Step

__all__ = [
    "ATTEMPTS",
    "AlreadyAnsweredError",
    "Build",
    "Cause",
    "Handled",
    "Handling",
    "Ids",
    "KeyReusedError",
    "Loader",
    "PendingRequest",
    "Step",
    "problem_of",
]

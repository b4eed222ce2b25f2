"""What appeals does when it hears from the others: translation only.

The messages come in any order; what they say of a case adds up to the same.
"""

from services.appeals.consumers.causes import CONSUMER, TermsOf
from services.appeals.consumers.decisions import of_decisions, of_parts
from services.appeals.consumers.operations import from_operations
from services.appeals.consumers.submission import from_submission
from services.appeals.handlers import Arrivals
from shared.clock import Clock
from shared.web.service import MessageHandlers

__all__ = ["CONSUMER", "TermsOf", "build"]


def build(arrivals: Arrivals, terms_of: TermsOf, clock: Clock) -> MessageHandlers:
    """Return what handles each message type of the others."""
    return {
        **from_submission(arrivals, terms_of, clock),
        **of_decisions(arrivals, terms_of, clock),
        **of_parts(arrivals, clock),
        **from_operations(arrivals, clock),
    }

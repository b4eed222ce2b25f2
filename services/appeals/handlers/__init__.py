"""The write side of appeals, and what is read from folds."""

from services.appeals.handlers.answering import Answering
from services.appeals.handlers.arrivals import Arrivals
from services.appeals.handlers.asking import Asking
from services.appeals.handlers.confirming import Confirming
from services.appeals.handlers.conversations import Conversations
from services.appeals.handlers.overview import Overview
from services.appeals.handlers.sealing import Sealing
from services.appeals.handlers.showing import Showing
from services.appeals.handlers.terms import terms_of

__all__ = [
    "Answering",
    "Arrivals",
    "Asking",
    "Confirming",
    "Conversations",
    "Overview",
    "Sealing",
    "Showing",
    "terms_of",
]

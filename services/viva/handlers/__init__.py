"""The write side of viva, and what notification asks of it."""

from services.viva.handlers.answers import Answers
from services.viva.handlers.arrangements import Arrangements
from services.viva.handlers.confirming import Confirming
from services.viva.handlers.opening import GivenVerdict, Opening
from services.viva.handlers.panellists import Panellists
from services.viva.handlers.panels import Panels
from services.viva.handlers.reminding import Reminding
from services.viva.handlers.rounds import Rounds
from services.viva.handlers.terms import Conferring, book_until_days
from services.viva.handlers.vivas import Vivas
from services.viva.handlers.words import (
    AdjustmentWords,
    BookingWords,
    PanelWords,
    RoundWords,
    VerdictWords,
)

__all__ = [
    "AdjustmentWords",
    "Answers",
    "Arrangements",
    "BookingWords",
    "Conferring",
    "Confirming",
    "GivenVerdict",
    "Opening",
    "PanelWords",
    "Panellists",
    "Panels",
    "Reminding",
    "RoundWords",
    "Rounds",
    "VerdictWords",
    "Vivas",
    "book_until_days",
]

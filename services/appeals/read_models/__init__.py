"""What people ask: my appeals, which answers are due, which hearings are mine.

Reads are hints: what is late, and who hears what, is decided from folded facts.
"""

from datetime import UTC, datetime
from typing import Any

from services.appeals.read_models.appeals import APPEAL, NEVER, AppealRow, State
from services.appeals.read_models.conversations import (
    CONVERSATION,
    ConversationRow,
    conversations,
)
from services.appeals.read_models.listing import (
    AppealsWanted,
    appeals_by_due_day,
    appeals_of,
    hearings_of,
    late_answers,
)
from shared.projector import ReadModel

__all__ = [
    "ALL",
    "NEVER",
    "START",
    "AppealRow",
    "AppealsWanted",
    "ConversationRow",
    "State",
    "appeals_by_due_day",
    "appeals_of",
    "conversations",
    "hearings_of",
    "late_answers",
]

START = (datetime(1, 1, 1, tzinfo=UTC), "")
"""Before every row that is listed by the time it began."""

ALL: tuple[ReadModel[Any], ...] = (APPEAL, CONVERSATION)

"""What the routes of an appeal have in common: its name, its row in a list."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from fastapi import Path
from pydantic import BaseModel

from services.appeals.domain.events import Against, Remedy
from services.appeals.read_models import AppealRow, State
from shared.carrying import carry
from shared.london import london_day
from shared.vocabulary import Attempt, CaseId

CasePath = Annotated[CaseId, Path()]
AttemptPath = Annotated[Attempt, Path()]
AppealPath = Annotated[
    str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}\.[1-9][0-9]{0,2}$")
]
"""``{case}.{n}``."""


class AppealItem(BaseModel):
    """One appeal in a list: what it is about, and what is due; names nobody."""

    appeal_id: str
    case_id: str
    against: Against
    subject: Literal["outcome", "viva"] | None
    decision_number: int | None
    result: str | None
    state: State
    opened_at: datetime
    due_on: date | None
    """Last day of what comes next: the explanation, the appeal, or the response."""
    is_stopped: bool
    is_late: bool
    """True when an answer is due and its last day has passed."""
    grounds: list[str]
    remedy: Remedy | None

    @classmethod
    def of(cls, row: AppealRow, now: datetime) -> Self:
        """Return *row* as it is at *now*."""
        return carry(row, cls, is_late=is_late(row, now))


def is_late(row: AppealRow, now: datetime) -> bool:
    """Tell whether an answer is due and its last day has passed."""
    return (
        row.state in {"asked", "lodged"}
        and not row.is_stopped
        and row.due_on is not None
        and row.due_on < london_day(now)
    )

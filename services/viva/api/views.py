"""What of a viva is shown to whom.

Invariant: `OwnViva`, which a participant reads, has no id of anybody on the staff.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, Self

from pydantic import BaseModel

from services.viva.read_models import VivaRow, VivaState
from shared.carrying import carry


class StaffViva(BaseModel):
    """The viva of a case, for its panel and for operations."""

    case_id: str
    cohort_id: str | None
    programme: str | None
    participant_id: str | None
    state: VivaState
    number: int | None
    lead_id: str | None
    head_id: str | None
    round_id: str | None
    slot_id: str | None
    starts_at: datetime | None
    minutes: int | None
    mode: str | None
    extra_minutes: int | None
    """As the office says; null where it says nothing."""
    reminded: dict[str, int]
    """By round, how many days before its end they were reminded last."""
    arrangements: list[str]
    is_on_hold: bool
    not_passed: int
    award_id: str | None

    @classmethod
    def of(cls, row: VivaRow) -> Self:
        """Return *row* for the staff."""
        return carry(row, cls)


OwnState = Literal[
    "none", "offered", "booked", "held", "not_passed", "awarded", "closed"
]


class OwnViva(BaseModel):
    """The viva of a case, for the participant."""

    case_id: str
    cohort_id: str | None
    programme: str | None
    state: OwnState
    """``held`` until the panel has decided, whatever it is about."""
    number: int | None
    round_id: str | None
    slot_id: str | None
    starts_at: datetime | None
    minutes: int | None
    mode: str | None
    change_until: datetime | None
    """When the time can no longer be changed; null where none is booked."""
    is_on_hold: bool
    not_passed: int
    """How many vivas were not passed."""
    award_id: str | None
    status: str | None
    grade: str | None
    post_nominals: list[str]
    conferred_at: datetime | None

    @classmethod
    def of(cls, row: VivaRow, change_until: datetime | None) -> Self:
        """Return *row* for the participant."""
        state: OwnState = "held" if row.state == "disagreed" else row.state
        hidden = {} if state == "awarded" else _NO_AWARD
        return carry(row, cls, state=state, change_until=change_until, **hidden)


_NO_AWARD: Mapping[str, Any] = {
    "award_id": None,
    "status": None,
    "grade": None,
    "post_nominals": [],
    "conferred_at": None,
}

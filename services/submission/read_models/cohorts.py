"""Which cohorts are there, and when are they due?"""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from services.submission.domain.cohort.events import CohortDeadlineMoved, CohortOpened
from shared.carrying import carry
from shared.database import Pool
from shared.decider import Fact
from shared.eventlog import StoredEvent
from shared.projector import ReadModel, row_from


class CohortRow(BaseModel):
    """One cohort and its deadline."""

    model_config = ConfigDict(frozen=True)

    cohort_id: str
    programme: str
    programme_version: str
    policy_version: str
    starts_on: date
    deadline: date
    opened_at: datetime
    because: str | None = None
    """Why it starts when its programme does not."""


def follow_cohort(
    row: CohortRow | None, fact: Fact, _: StoredEvent
) -> CohortRow | None:
    """Return the cohort's row as it is after *fact*."""
    match fact:
        case CohortOpened():
            return carry(fact, CohortRow, opened_at=fact.occurred_at)
        case CohortDeadlineMoved() if row is not None:
            return row.model_copy(update={"deadline": fact.deadline})
        case _:
            return row


def cohort_of(_: Fact, event: StoredEvent) -> str | None:
    """Return the row a fact belongs to: its cohort."""
    is_one = event.category == "cohort"
    return event.stream.removeprefix("cohort-") if is_one else None


COHORTS = ReadModel(table="cohorts", row=CohortRow, key=cohort_of, fold=follow_cohort)


async def cohorts_after(pool: Pool, *, after: str, limit: int) -> list[CohortRow]:
    """Return cohorts after an id."""
    records = await pool.fetch(
        "SELECT * FROM cohorts WHERE cohort_id > $1 ORDER BY cohort_id LIMIT $2",
        after,
        limit,
    )
    return [row_from(CohortRow, record) for record in records]

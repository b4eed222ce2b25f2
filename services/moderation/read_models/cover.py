"""Who moderates, and which cases wait for them: whether there are enough."""

from pydantic import BaseModel, ConfigDict

from services.moderation.domain.events import ModerationFact
from services.moderation.domain.standing.events import AppointmentNoted
from services.moderation.read_models.rows import CaseRow
from shared.database import Pool
from shared.eventlog import StoredEvent
from shared.projector import row_from


class ModeratorRow(BaseModel):
    """Somebody who was made a moderator."""

    model_config = ConfigDict(frozen=True)

    person_id: str


def moderator_of(fact: object, _: StoredEvent) -> str | None:
    """Return the row a fact belongs to: the moderator."""
    is_one = isinstance(fact, AppointmentNoted) and fact.role == "moderator"
    return fact.person_id if is_one and isinstance(fact, AppointmentNoted) else None


def follow_moderator(
    row: ModeratorRow | None, fact: ModerationFact, _: StoredEvent
) -> ModeratorRow | None:
    """Return the row as it is after *fact*."""
    if isinstance(fact, AppointmentNoted):
        return ModeratorRow(person_id=fact.person_id)
    return row


async def every_moderator(pool: Pool) -> list[str]:
    """Return everybody who was ever made a moderator."""
    records = await pool.fetch("SELECT person_id FROM moderator ORDER BY person_id")
    return [record["person_id"] for record in records]


async def awaiting_moderators(pool: Pool, cohort_id: str) -> list[CaseRow]:
    """Return what of a cohort waits for moderators, or will once judged afresh."""
    records = await pool.fetch(
        """
        SELECT * FROM moderated_case
        WHERE stage IN ('first', 'second', 'wanted') AND cohort_id = $1
        ORDER BY key
        """,
        cohort_id,
    )
    return [row_from(CaseRow, record) for record in records]

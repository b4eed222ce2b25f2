"""Which seeds are judged, and may be compared with their definitive marks."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from services.moderation.domain.draw.seeded import SeedJudged
from services.moderation.domain.events import ModerationFact
from services.moderation.domain.seeds.course.events import (
    SeedAnswered,
    SeedEntered,
    SeedTakenBack,
)
from services.moderation.domain.seeds.qualification.events import (
    QualificationSeedJudged,
)
from shared.database import Pool
from shared.eventlog import StoredEvent


class SeedRow(BaseModel):
    """A case that is a seed."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    final_at: datetime | None = None
    """When its judgement cannot be taken back any more; None while there is none."""
    is_compared: bool = False


def seed_of(fact: object, _: StoredEvent) -> str | None:
    """Return the row a fact belongs to: the case that is a seed."""
    match fact:
        case (
            SeedEntered()
            | SeedAnswered()
            | SeedTakenBack()
            | SeedJudged()
            | QualificationSeedJudged()
        ):
            return fact.case_id
        case _:
            return None


def follow_seed(
    row: SeedRow | None, fact: ModerationFact, _: StoredEvent
) -> SeedRow | None:
    """Return the row as it is after *fact*."""
    match fact:
        case SeedEntered(case_id=case_id):
            return SeedRow(case_id=case_id)
        case SeedAnswered(final_at=final_at) if row is not None:
            return row.model_copy(update={"final_at": final_at})
        case SeedTakenBack() if row is not None:
            return row.model_copy(update={"final_at": None})
        case SeedJudged() | QualificationSeedJudged() if row is not None:
            return row.model_copy(update={"is_compared": True})
        case _:
            return row


async def seeds_to_compare(pool: Pool, *, now: datetime, limit: int = 500) -> list[str]:
    """Return the cases of seeds whose judgement seems final, longest ago first."""
    records = await pool.fetch(
        """
        SELECT case_id FROM placed_seed
        WHERE final_at < $1 AND NOT is_compared
        ORDER BY final_at LIMIT $2
        """,
        now,
        limit,
    )
    return [record["case_id"] for record in records]

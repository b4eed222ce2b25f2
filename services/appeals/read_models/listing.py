"""Lists of appeals: a participant's, those due, those somebody hears, those late."""

from dataclasses import dataclass
from datetime import date, datetime

from services.appeals.read_models.appeals import NEVER, AppealRow, State
from shared.database import Pool
from shared.projector import row_from


async def appeals_of(
    pool: Pool, participant_id: str, *, after: tuple[datetime, str], limit: int
) -> list[AppealRow]:
    """Return a participant's appeals, oldest first."""
    records = await pool.fetch(
        """
        SELECT * FROM appeal
        WHERE participant_id = $1 AND (opened_at, appeal_id) > ($2, $3)
        ORDER BY opened_at, appeal_id LIMIT $4
        """,
        participant_id,
        *after,
        limit,
    )
    return [row_from(AppealRow, record) for record in records]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealsWanted:
    """Which appeals: everything that is set must hold."""

    state: State | None
    is_overdue: bool | None
    hidden_from: str
    """Whose own appeals are left out: they would see who answers."""


async def appeals_by_due_day(
    pool: Pool,
    wanted: AppealsWanted,
    *,
    today: date,
    after: tuple[date, str],
    limit: int,
) -> list[AppealRow]:
    """Return appeals, those first whose answer is due first.

    *today* is the day in London: what was due before it and is not answered is late.
    """
    records = await pool.fetch(
        """
        SELECT * FROM appeal
        WHERE ($1::text IS NULL OR state = $1)
          AND ($2::boolean IS NULL OR $2 = (
              state IN ('asked', 'lodged') AND NOT is_stopped
              AND due_on IS NOT NULL AND due_on < $3
          ))
          AND (coalesce(due_on, $4), appeal_id) > ($5, $6)
          AND participant_id <> $8
        ORDER BY coalesce(due_on, $4), appeal_id LIMIT $7
        """,
        wanted.state,
        wanted.is_overdue,
        today,
        NEVER,
        *after,
        limit,
        wanted.hidden_from,
    )
    return [row_from(AppealRow, record) for record in records]


async def hearings_of(
    pool: Pool, person_id: str, *, after: tuple[datetime, str], limit: int
) -> list[AppealRow]:
    """Return the appeals that somebody hears or heard, oldest first."""
    records = await pool.fetch(
        """
        SELECT * FROM appeal
        WHERE members ? $1 AND (opened_at, appeal_id) > ($2, $3)
        ORDER BY opened_at, appeal_id LIMIT $4
        """,
        person_id,
        *after,
        limit,
    )
    return [row_from(AppealRow, record) for record in records]


async def late_answers(
    pool: Pool, *, today: date, limit: int = 500
) -> list[tuple[str, date]]:
    """Return appeals whose answer seems late, and which last day passed."""
    records = await pool.fetch(
        """
        SELECT appeal_id, due_on FROM appeal
        WHERE state IN ('asked', 'lodged') AND NOT is_stopped
          AND due_on < $1 AND overdue_on IS DISTINCT FROM due_on
        ORDER BY due_on, appeal_id LIMIT $2
        """,
        today,
        limit,
    )
    return [(record["appeal_id"], record["due_on"]) for record in records]

"""Questions to the read model, each with its SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from services.moderation.read_models.rows import CaseRow
from shared.database import Pool
from shared.projector import row_from

START = (datetime(1, 1, 1, tzinfo=UTC), "")
"""Before every row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Whose queue it is, and which stages they act in."""

    person_id: str
    organisation_id: str | None
    mentees: Sequence[str]
    stages: Sequence[str]
    stood_down: Sequence[str] = ()
    """Cohorts of which they judge nothing blind any more."""
    hears: Sequence[str] = ()
    """Cases about which they hear an appeal."""
    has_read: Sequence[str] = ()
    """Keys of the cases that they do not judge blind, as they have read the marks."""
    read_until: datetime | None = None
    """What was judged before is not theirs to judge: they could read it."""


async def queue_of(
    pool: Pool,
    asker: Asker,
    *,
    now: datetime,
    after: tuple[datetime, str],
    limit: int,
) -> list[tuple[str, CaseRow]]:
    """Return what *asker* holds, may take, or may decide; longest waiting first.

    Each row comes with its key. *after* is the time and the key of the last row
    already seen.
    """
    records = await pool.fetch(
        """
        SELECT * FROM moderated_case
        WHERE stage = ANY ($1) AND NOT is_recalled AND available_since <= $3
          AND (holder_id IS NULL OR holder_id = $2 OR lease_ends_at <= $3)
          AND NOT excluded ? $2
          AND participant_organisation_id IS DISTINCT FROM $4
          AND NOT excluded ?| $5 AND case_id <> ALL ($11)
          AND (stage = 'lead' OR cohort_id <> ALL ($9) AND key <> ALL ($12)
               AND ($10::timestamptz IS NULL OR judged_at >= $10))
          AND (available_since, key) > ($6, $7)
        ORDER BY available_since, key
        LIMIT $8
        """,
        list(asker.stages),
        asker.person_id,
        now,
        asker.organisation_id,
        list(asker.mentees),
        *after,
        limit,
        list(asker.stood_down),
        asker.read_until,
        list(asker.hears),
        list(asker.has_read),
    )
    return [(record["key"], row_from(CaseRow, record)) for record in records]


async def held_by_somebody(pool: Pool, *, now: datetime) -> list[tuple[str, int, str]]:
    """Return case, round and holder of what seems to be held now."""
    records = await pool.fetch(
        """
        SELECT case_id, attempt, holder_id FROM moderated_case
        WHERE holder_id IS NOT NULL AND lease_ends_at > $1
        ORDER BY key
        """,
        now,
    )
    return [
        (record["case_id"], record["attempt"], record["holder_id"])
        for record in records
    ]


async def overdue_cases(
    pool: Pool, *, after: tuple[datetime, str], limit: int
) -> list[tuple[str, CaseRow]]:
    """Return what fell overdue and is not settled yet, longest overdue first.

    Each row comes with its key. *after* is the last day and the key of the last row
    already seen.
    """
    records = await pool.fetch(
        """
        SELECT * FROM moderated_case
        WHERE stage IN ('first', 'second', 'lead', 'returned')
          AND (overdue_since, key) > ($1, $2)
        ORDER BY overdue_since, key
        LIMIT $3
        """,
        *after,
        limit,
    )
    return [(record["key"], row_from(CaseRow, record)) for record in records]


async def not_settled_in_time(
    pool: Pool, *, now: datetime, limit: int = 500
) -> list[tuple[str, int, datetime]]:
    """Return case, round and last day of what seems to be overdue, oldest first."""
    records = await pool.fetch(
        """
        SELECT case_id, attempt, due_at FROM moderated_case
        WHERE stage IN ('first', 'second', 'lead', 'returned')
          AND overdue_since IS NULL AND due_at <= $1
        ORDER BY due_at LIMIT $2
        """,
        now,
        limit,
    )
    return [
        (record["case_id"], record["attempt"], record["due_at"]) for record in records
    ]

"""Which offers seem to need a reminder: a hint for the clock, which then decides."""

from collections.abc import Sequence
from datetime import date

from shared.database import Pool


async def offers_not_taken(
    pool: Pool, *, today: date, marks_days: Sequence[int], book_until_days: int
) -> list[tuple[str, str]]:
    """Return case and round of offers for which a reminder seems to be due.

    Of every policy's *marks_days*: which of them counts, the case's own version says.
    """
    records = await pool.fetch(
        """
        WITH closing AS (
            SELECT round.round_id, round.programme, round.cohorts,
                   (max(slot.starts_at) AT TIME ZONE 'Europe/London')::date
                       - $3::integer - $1::date AS days_left
            FROM round, jsonb_to_recordset(round.slots) AS slot(
                starts_at timestamptz, case_id text
            )
            WHERE slot.case_id IS NULL
              AND round.last_starts_at >= $1::date
            GROUP BY round.round_id, round.programme, round.cohorts
        ), due AS (
            SELECT closing.*, min(mark) AS mark
            FROM closing, unnest($2::integer[]) AS mark
            WHERE mark >= days_left AND days_left >= 0
            GROUP BY round_id, programme, cohorts, days_left
        )
        SELECT viva.case_id, due.round_id
        FROM due JOIN viva USING (programme)
        WHERE viva.state = 'offered'
          AND NOT viva.is_on_hold
          AND (due.cohorts = '[]' OR due.cohorts ? viva.cohort_id)
          AND NOT viva.past_rounds ? due.round_id
          AND coalesce((viva.reminded ->> due.round_id)::integer > due.mark, true)
        ORDER BY due.days_left, viva.case_id
        """,
        today,
        list(marks_days),
        book_until_days,
    )
    return [(record["case_id"], record["round_id"]) for record in records]

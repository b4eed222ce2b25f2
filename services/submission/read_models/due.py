"""For which cases may something be due? Hints for the clocks, nothing more.

A closing day found here leaves out holds and adjustments, which only make it later, so
a hint may come early and never too late.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.database import Pool
from shared.london import london_day


@dataclass(frozen=True, slots=True)
class Mark:
    """A number of days left at which a programme reminds."""

    programme: str
    days: int


async def near_deadlines(pool: Pool, now: datetime, marks: Sequence[Mark]) -> list[str]:
    """Return open cases with a mark ahead of the last reminder and behind today."""
    records = await pool.fetch(
        """
        SELECT DISTINCT due.case_id
        FROM (
            SELECT c.*, greatest(
                coalesce(c.window_closes_on, k.deadline), c.own_deadline
            ) AS closes_on
            FROM cases c JOIN cohorts k USING (cohort_id)
            WHERE c.state IN ('enrolled', 'open', 'resubmission')
        ) due
        JOIN unnest($1::text[], $2::integer[]) AS m (programme, days) USING (programme)
        WHERE due.closes_on - $3::date <= m.days
          AND (due.closes_on >= $3::date OR due.may_run_longer)
          AND (due.reminded_of IS NULL OR due.reminded_of < due.closes_on
               OR m.days < due.reminded_at_days)
        """,
        [mark.programme for mark in marks],
        [mark.days for mark in marks],
        london_day(now),
    )
    return [record["case_id"] for record in records]


async def ended_windows(pool: Pool, now: datetime) -> list[str]:
    """Return cases whose window for a resubmission may have been missed."""
    records = await pool.fetch(
        """
        SELECT case_id FROM cases
        WHERE state = 'resubmission'
          AND greatest(window_closes_on, own_deadline) < $1::date
        """,
        london_day(now),
    )
    return [record["case_id"] for record in records]


async def outrun_reviews(pool: Pool, _: datetime) -> list[str]:
    """Return portfolios handed in whose cohort's deadline ends after review opens."""
    records = await pool.fetch(
        """
        SELECT c.case_id
        FROM cases c JOIN cohorts k USING (cohort_id)
        WHERE c.state = 'submitted' AND c.attempt = 1
          AND c.review_opens_at
            < (k.deadline + 1)::timestamp AT TIME ZONE 'Europe/London'
        """
    )
    return [record["case_id"] for record in records]

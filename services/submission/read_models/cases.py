"""Which cases are there, in which state?"""

from services.submission.read_models.case_row import CaseRow, CaseState, follow_case
from services.submission.read_models.waiting import Waiting
from shared.database import Pool
from shared.decider import Fact
from shared.eventlog import StoredEvent
from shared.projector import ReadModel, row_from

__all__ = [
    "CASES",
    "CaseRow",
    "CaseState",
    "case_of",
    "cases_in",
    "follow_case",
    "one_case",
]


def case_of(_: Fact, event: StoredEvent) -> str | None:
    """Return the row a fact belongs to: its case."""
    is_one = event.category == "case"
    return event.stream.removeprefix("case-") if is_one else None


CASES = ReadModel(table="cases", row=CaseRow, key=case_of, fold=follow_case)


async def cases_in(
    pool: Pool,
    *,
    cohort: str | None,
    state: CaseState | None,
    waiting: Waiting | None,
    after: str,
    limit: int,
) -> list[CaseRow]:
    """Return cases after an id; of one cohort, state or wait of the office if given."""
    records = await pool.fetch(
        """
        SELECT * FROM cases
        WHERE case_id > $1
          AND ($2::text IS NULL OR cohort_id = $2)
          AND ($3::text IS NULL OR state = $3)
          AND ($4::text IS NULL OR EXISTS (
              SELECT FROM jsonb_array_elements_text(waiting) AS item
              WHERE split_part(item, ' ', 1) = $4
          ))
        ORDER BY case_id LIMIT $5
        """,
        after,
        cohort,
        state,
        waiting,
        limit,
    )
    return [row_from(CaseRow, record) for record in records]


async def one_case(pool: Pool, case_id: str) -> CaseRow | None:
    """Return the case with this id."""
    record = await pool.fetchrow("SELECT * FROM cases WHERE key = $1", case_id)
    return None if record is None else row_from(CaseRow, record)

"""Which cases are there, in which state?"""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from services.submission.domain.events import (
    DeadlineMoved,
    Enrolled,
    EvidenceAttached,
    MentorNominated,
    SectionSaved,
    Submitted,
)
from shared.database import Pool
from shared.decider import Fact
from shared.eventlog import StoredEvent
from shared.projector import ReadModel, row_from

CaseState = Literal["enrolled", "open", "submitted"]


class CaseRow(BaseModel):
    """One case: whose, in which cohort, how far."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    cohort_id: str
    person_id: str
    organisation_id: str
    mentor_id: str | None = None
    programme: str
    programme_version: str
    policy_version: str
    state: CaseState = "enrolled"
    template: str | None = None
    sections: dict[str, int] = {}
    """Words of each section, by key."""
    files: list[str] = []
    """Ids of the evidence files."""
    own_deadline: date | None = None
    enrolled_at: datetime
    submitted_at: datetime | None = None
    review_opens_at: datetime | None = None


def follow_case(row: CaseRow | None, fact: Fact, _: StoredEvent) -> CaseRow | None:
    """Return the case's row as it is after *fact*."""
    if isinstance(fact, Enrolled):
        return CaseRow(
            case_id=fact.case_id,
            cohort_id=fact.cohort_id,
            person_id=fact.person_id,
            organisation_id=fact.organisation_id,
            programme=fact.programme,
            programme_version=fact.programme_version,
            policy_version=fact.policy_version,
            enrolled_at=fact.occurred_at,
        )
    if row is None:
        return None
    return row.model_copy(update=_changes(row, fact))


def _changes(row: CaseRow, fact: Fact) -> dict[str, Any]:
    match fact:
        case MentorNominated():
            return {"mentor_id": fact.mentor_id}
        case SectionSaved():
            sections = {**row.sections, fact.key: fact.words}
            return {"state": "open", "sections": sections}
        case EvidenceAttached():
            files = list(dict.fromkeys([*row.files, fact.evidence_id]))
            return {"state": "open", "files": files}
        case DeadlineMoved():
            return {"own_deadline": fact.deadline}
        case Submitted():
            return {
                "state": "submitted",
                "template": fact.template,
                "submitted_at": fact.submitted_at,
                "review_opens_at": fact.review_opens_at,
            }
        case _:
            return {}


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
    after: str,
    limit: int,
) -> list[CaseRow]:
    """Return cases after an id, of one cohort and in one state where given."""
    records = await pool.fetch(
        """
        SELECT * FROM cases
        WHERE case_id > $1
          AND ($2::text IS NULL OR cohort_id = $2)
          AND ($3::text IS NULL OR state = $3)
        ORDER BY case_id LIMIT $4
        """,
        after,
        cohort,
        state,
        limit,
    )
    return [row_from(CaseRow, record) for record in records]


async def one_case(pool: Pool, case_id: str) -> CaseRow | None:
    """Return the case with this id."""
    record = await pool.fetchrow("SELECT * FROM cases WHERE key = $1", case_id)
    return None if record is None else row_from(CaseRow, record)

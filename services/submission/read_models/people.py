"""Who is in the directory? By id: no name and no address is here."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from services.submission.domain.person.events import (
    OrganisationStated,
    PersonRegistered,
    RoleGranted,
)
from shared.carrying import carry
from shared.database import Pool
from shared.decider import Fact
from shared.eventlog import StoredEvent
from shared.projector import ReadModel, row_from
from shared.vocabulary import Role


class PersonRow(BaseModel):
    """Somebody in the directory, without name or address."""

    model_config = ConfigDict(frozen=True)

    person_id: str
    organisation_id: str | None
    roles: list[Role] = []
    registered_at: datetime


def follow_person(
    row: PersonRow | None, fact: Fact, _: StoredEvent
) -> PersonRow | None:
    """Return the person's row as it is after *fact*."""
    match fact:
        case PersonRegistered():
            return carry(fact, PersonRow, registered_at=fact.occurred_at)
        case OrganisationStated() if row is not None:
            return row.model_copy(update={"organisation_id": fact.organisation_id})
        case RoleGranted() if row is not None:
            roles = sorted({*row.roles, fact.role})
            return row.model_copy(update={"roles": roles})
        case _:
            return row


def person_of(_: Fact, event: StoredEvent) -> str | None:
    """Return the row a fact belongs to: its person."""
    is_one = event.category == "person"
    return event.stream.removeprefix("person-") if is_one else None


PEOPLE = ReadModel(table="people", row=PersonRow, key=person_of, fold=follow_person)


async def people_after(pool: Pool, *, after: str, limit: int) -> list[PersonRow]:
    """Return people after an id."""
    records = await pool.fetch(
        "SELECT * FROM people WHERE person_id > $1 ORDER BY person_id LIMIT $2",
        after,
        limit,
    )
    return [row_from(PersonRow, record) for record in records]

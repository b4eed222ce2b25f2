"""Facts of a case, as submission writes them, and of who moderates."""

from datetime import UTC, date, datetime

from services.moderation.domain.standing.events import AppointmentNoted, StoodDown
from services.operations.app import CODEC
from services.submission.domain.events import (
    DeadlineMoved,
    Enrolled,
    MentorNominated,
    OutcomeNoted,
)
from shared.decider import Fact
from shared.eventlog import Metadata, StreamWrite, UnitOfWork, open_log
from shared.ids import new_id
from shared.personal import Personal
from tests.support.embedded import FreshDatabase

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def nominated(mentor_id: str = "ben", *, case_id: str = "c-1") -> MentorNominated:
    return MentorNominated(
        occurred_at=AT, case_id=case_id, participant_id="ana", mentor_id=mentor_id
    )


def moved(day: int) -> DeadlineMoved:
    return DeadlineMoved(
        occurred_at=AT, deadline=date(2026, 5, day), reason="reasonable_adjustment"
    )


def enrolled(person_id: str = "ana", *, case_id: str = "c-1") -> Enrolled:
    return Enrolled(
        occurred_at=AT,
        case_id=case_id,
        person_id=person_id,
        cohort_id="ats-2025-10",
        organisation_id="north-college",
        programme="ATS",
        programme_version="2025.1",
        policy_version="2025.1",
    )


def noted() -> OutcomeNoted:
    """Something that submission keeps for itself."""
    return OutcomeNoted(
        occurred_at=AT,
        message_id=new_id(),
        attempt=1,
        outcome="CM",
        is_revision=False,
        released_at=AT,
        feedback=Personal[str](subject="ana", key="k1", nonce="n", ciphertext="c"),
    )


def appointed(person_id: str) -> AppointmentNoted:
    return AppointmentNoted(
        occurred_at=AT, person_id=person_id, role="moderator", organisation_id="o-else"
    )


def stood_down(person_id: str, cohort_id: str) -> StoodDown:
    return StoodDown(occurred_at=AT, person_id=person_id, cohort_id=cohort_id)


async def write(database: FreshDatabase, stream: str, *facts: Fact) -> int:
    """Append *facts* to *stream*; return the position of the last."""
    return await write_as("submission", database, stream, *facts)


async def write_as(
    service: str, database: FreshDatabase, stream: str, *facts: Fact
) -> int:
    """Append *facts* to *stream* as their service does; return the last position."""
    async with open_log(database.url_for(service)) as log:
        metadata = Metadata(
            actor="olga",
            role="operations",
            correlation_id=new_id(),
            causation_id=new_id(),
        )
        events = tuple(
            CODEC.encode(fact, event_id=new_id(), metadata=metadata) for fact in facts
        )
        version = len(await log.read_stream(stream))
        unit = StreamWrite(stream=stream, expected_version=version, events=events)
        return (await log.append(UnitOfWork(writes=(unit,)))).position

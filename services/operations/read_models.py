"""What operators ask: what happened to a case, in which order, caused by what."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.database import Pool
from shared.decider import Fact
from shared.eventlog import Codec, StoredEvent
from shared.projector import ReadModel, row_from

_CASE_STREAMS = ("case", "review", "moderation", "viva")
"""Categories whose stream is named after the case: ``review-{case}.{attempt}.{n}``."""


class TimelineEntry(BaseModel):
    """One fact of one case: what, when, by whom; never what it says inside."""

    model_config = ConfigDict(frozen=True)

    position: int
    case_id: str
    stream: str
    version: int
    type: str
    actor: str
    role: str
    occurred_at: datetime
    recorded_at: datetime
    correlation_id: UUID
    causation_id: UUID


def case_of(fact: Fact, event: StoredEvent) -> str | None:
    """Return the case a fact belongs to, or None when it belongs to none."""
    named = getattr(fact, "case_id", None)
    if isinstance(named, str):
        return named
    if event.category not in _CASE_STREAMS:
        return None
    return event.stream.partition("-")[2].partition(".")[0]


def timeline(codec: Codec) -> ReadModel[TimelineEntry]:
    """Return the read model with one row for every fact of every case."""

    def key(fact: Fact, event: StoredEvent) -> str | None:
        return None if case_of(fact, event) is None else f"{event.position:020d}"

    def entry(
        _: TimelineEntry | None, fact: Fact, event: StoredEvent
    ) -> TimelineEntry | None:
        case_id = case_of(fact, event)
        if case_id is None:
            return None
        metadata = codec.decode_metadata(event)
        return TimelineEntry(
            position=event.position,
            case_id=case_id,
            stream=event.stream,
            version=event.version,
            type=event.type,
            actor=metadata.actor,
            role=metadata.role,
            occurred_at=event.occurred_at,
            recorded_at=event.recorded_at,
            correlation_id=metadata.correlation_id,
            causation_id=metadata.causation_id,
        )

    return ReadModel(table="timeline", row=TimelineEntry, key=key, fold=entry)


async def timeline_of(
    pool: Pool,
    case_id: str,
    *,
    after: int,
    limit: int,
    as_of: int | None,
    types: Collection[str] | None = None,
) -> Sequence[TimelineEntry]:
    """Return facts of one case in log order, after a position, as of a position.

    *types* leaves out every other fact.
    """
    records = await pool.fetch(
        """
        SELECT * FROM timeline
        WHERE case_id = $1 AND position > $2 AND ($4::bigint IS NULL OR position <= $4)
          AND ($5::text[] IS NULL OR type = ANY($5))
        ORDER BY position LIMIT $3
        """,
        case_id,
        after,
        limit,
        as_of,
        None if types is None else list(types),
    )
    return [row_from(TimelineEntry, record) for record in records]

"""Rounds of vivas, and which of their slots are free."""

from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict

from services.viva.domain.round.events import (
    Mode,
    RoundOpened,
    SlotFreed,
    SlotTaken,
)
from shared.database import Pool
from shared.decider import Fact
from shared.eventlog import StoredEvent
from shared.projector import ReadModel, row_from

START = (datetime(1, 1, 1, tzinfo=UTC), "")
"""Before every round."""


class SlotRow(BaseModel):
    """A slot, and which case has it."""

    model_config = ConfigDict(frozen=True)

    slot_id: str
    starts_at: datetime
    room_minutes: int
    mode: Mode
    case_id: str | None = None


class RoundRow(BaseModel):
    """A round with its slots."""

    model_config = ConfigDict(frozen=True)

    round_id: str
    programme: str
    cohorts: list[str]
    minutes: int
    first_starts_at: datetime
    last_starts_at: datetime
    free: int
    slots: list[SlotRow]
    extra_because: str | None = None
    """Why it is held out of the months of the policy, where it is."""


class FreeSlot(BaseModel):
    """A slot that a participant may choose now."""

    model_config = ConfigDict(frozen=True)

    round_id: str
    slot_id: str
    starts_at: datetime
    minutes: int
    """How long their viva would take."""
    mode: Mode


def round_of(_: object, event: StoredEvent) -> str | None:
    """Return the row a fact belongs to: its round."""
    return event.stream.removeprefix("round-") if event.category == "round" else None


def follow(row: RoundRow | None, fact: Fact, _: StoredEvent) -> RoundRow | None:
    """Return the round as it is after *fact*."""
    match fact:
        case RoundOpened():
            return _opened(fact)
        case SlotTaken() if row is not None:
            return _with(row, fact.slot_id, fact.case_id)
        case SlotFreed() if row is not None:
            return _with(row, fact.slot_id, None)
        case _:
            return row


def _opened(fact: RoundOpened) -> RoundRow:
    times = [each.starts_at for each in fact.slots]
    return RoundRow(
        round_id=fact.round_id,
        programme=fact.programme,
        cohorts=list(fact.cohorts),
        minutes=fact.minutes,
        first_starts_at=min(times),
        last_starts_at=max(times),
        free=len(fact.slots),
        slots=[SlotRow(**each.model_dump()) for each in fact.slots],
        extra_because=fact.extra_because,
    )


def _with(row: RoundRow, slot_id: str, case_id: str | None) -> RoundRow:
    slots = [
        each.model_copy(update={"case_id": case_id})
        if each.slot_id == slot_id
        else each
        for each in row.slots
    ]
    free = sum(each.case_id is None for each in slots)
    return row.model_copy(update={"slots": slots, "free": free})


ROUNDS = ReadModel(table="round", row=RoundRow, key=round_of, fold=follow)


async def rounds_after(
    pool: Pool, *, programme: str | None, after: tuple[datetime, str], limit: int
) -> list[RoundRow]:
    """Return rounds by their first date, after one that was seen."""
    records = await pool.fetch(
        """
        SELECT * FROM round
        WHERE ($1::text IS NULL OR programme = $1)
          AND (first_starts_at, round_id) > ($2, $3)
        ORDER BY first_starts_at, round_id
        LIMIT $4
        """,
        programme,
        *after,
        limit,
    )
    return [row_from(RoundRow, record) for record in records]


async def round_called(pool: Pool, round_id: str) -> RoundRow | None:
    """Return a round, or None."""
    record = await pool.fetchrow("SELECT * FROM round WHERE round_id = $1", round_id)
    return None if record is None else row_from(RoundRow, record)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotsWanted:
    """What a case needs of a slot."""

    case_id: str
    programme: str
    cohort_id: str
    extra_minutes: int
    modes: tuple[Mode, ...]
    panel: tuple[str, ...]
    """Who has to be free then; nobody while no panel is appointed."""
    past_rounds: tuple[str, ...]
    """Rounds in which it cannot be held again."""
    not_before: datetime


async def free_slots(
    pool: Pool, wanted: SlotsWanted, *, after: tuple[datetime, str, str], limit: int
) -> list[FreeSlot]:
    """Return slots that are free and fit, earliest first; *after* time, round, slot."""
    records = await pool.fetch(
        """
        SELECT round.round_id, slot.slot_id, slot.starts_at, slot.mode,
               round.minutes + $3 AS minutes
        FROM round, jsonb_to_recordset(round.slots) AS slot(
            slot_id text, starts_at timestamptz, room_minutes integer, mode text,
            case_id text
        )
        WHERE round.programme = $1
          AND (round.cohorts = '[]' OR round.cohorts ? $2)
          AND round.last_starts_at >= $5
          AND NOT round.round_id = ANY ($4)
          AND slot.case_id IS NULL
          AND slot.starts_at >= $5
          AND slot.room_minutes >= round.minutes + $3
          AND slot.mode = ANY ($10)
          AND NOT EXISTS (
              SELECT FROM viva AS other
              WHERE other.case_id <> $11
                AND other.state IN ('booked', 'held', 'disagreed')
                AND (other.lead_id = ANY ($12) OR other.head_id = ANY ($12))
                AND other.starts_at
                    < slot.starts_at + make_interval(mins => round.minutes + $3)
                AND other.starts_at + make_interval(mins => other.minutes)
                    > slot.starts_at
          )
          AND (slot.starts_at, round.round_id, slot.slot_id) > ($6, $7, $8)
        ORDER BY slot.starts_at, round.round_id, slot.slot_id
        LIMIT $9
        """,
        wanted.programme,
        wanted.cohort_id,
        wanted.extra_minutes,
        list(wanted.past_rounds),
        wanted.not_before,
        *after,
        limit,
        list(wanted.modes),
        wanted.case_id,
        list(wanted.panel),
    )
    return [row_from(FreeSlot, record) for record in records]

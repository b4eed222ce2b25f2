"""The event log, page by page."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from services.operations.api.readers import READERS
from services.operations.blindness import Blindness
from shared.carrying import carry
from shared.eventlog import EventLog, StoredEvent, next_step
from shared.web.cursors import position_of
from shared.web.requests import Page, PageWanted, Paging, Reader, cursor

MOST_POSITIONS = 100_000
"""Passed over by one request at most: below a second. The next page goes on there."""

BATCH_EVENTS = 1_000


class EventLine(BaseModel):
    """One event of the log; personal fields stay sealed."""

    position: int
    event_id: UUID
    stream: str
    version: int
    type: str
    schema_version: int
    occurred_at: datetime
    recorded_at: datetime
    metadata: dict[str, Any]
    payload: dict[str, Any]
    leaf: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """Events that match, and how far the log was looked through for them."""

    events: list[StoredEvent]
    scanned_to: int
    is_all: bool
    """Whether that was the head of the log."""


def events_router(log: EventLog, blindness: Blindness) -> APIRouter:
    """Return the list of events."""
    router = APIRouter(tags=["operations"])

    @router.get("/events")
    async def events(
        reader: Reader,
        page: Paging,
        category: Annotated[str | None, Query(max_length=40)] = None,
        type: Annotated[str | None, Query(max_length=80)] = None,  # noqa: A002
    ) -> Page[EventLine]:
        """Return events in order; a page may be short, or empty, and not the last."""
        reader.require(*READERS)
        await blindness.require_category(reader.person_id, category)
        found = await _matching(log, page, category=category, type_=type)
        return Page(
            items=[_line(event) for event in found.events],
            next=None if found.is_all else cursor((str(found.scanned_to),)),
            last=cursor((str(found.scanned_to),)) if found.scanned_to else None,
            catching_up=not page.is_current,
        )

    return router


async def _matching(
    log: EventLog, page: PageWanted, *, category: str | None, type_: str | None
) -> _Found:
    position = position_of(page.after)
    head = (await log.head()).position
    last = min(head, position + MOST_POSITIONS)
    found: list[StoredEvent] = []
    while position < last and len(found) < page.limit:
        events, position = await next_step(
            log,
            position,
            last,
            categories=(category,) if category else None,
            batch=BATCH_EVENTS,
        )
        found += [event for event in events if type_ in {None, event.type}]
    if len(found) > page.limit:
        found = found[: page.limit]
        position = found[-1].position
    return _Found(events=found, scanned_to=position, is_all=position >= head)


def _line(event: StoredEvent) -> EventLine:
    return carry(
        event,
        EventLine,
        type=event.type,
        metadata=json.loads(event.metadata),
        payload=_sealed(json.loads(event.payload)),
        leaf=event.leaf.hex(),
    )


def _sealed(value: Any) -> Any:
    """Replace each envelope by a note of whose it is: ciphertext helps nobody read."""
    if isinstance(value, dict):
        if {"subject", "nonce", "ciphertext"} <= value.keys():
            return {"sealed_for": value["subject"]}
        return {name: _sealed(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_sealed(part) for part in value]
    return value

"""The desk over HTTP: translation only."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from services.operations.handlers import Desk
from services.operations.people import LARGEST_LIST_BYTES
from services.operations.read_models import timeline_of
from services.operations.verification import verify
from services.operations.wording import sentence
from shared.database import Pool
from shared.errors import NotFoundError
from shared.eventlog import EventLog, StoredEvent
from shared.messaging import ParkedLanes, Reconciler
from shared.vocabulary import CaseId
from shared.web.cursors import LARGEST_POSITION, position_of
from shared.web.requests import Ask, Page, Paging, Reader, posted
from shared.web.streaming import Report, streamed

READERS = ("operations", "auditor")


class Reason(BaseModel):
    """Why an operator decides so; sealed before it is stored."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, Field(min_length=5, max_length=500)]


class UnknownCaseError(NotFoundError):
    """Nothing has happened to a case of that id."""


class TimelineLine(BaseModel):
    """One fact of a case, in words."""

    position: int
    occurred_at: datetime
    recorded_at: datetime
    what: str
    type: str
    stream: str
    version: int
    actor: str
    role: str
    correlation_id: UUID
    causation_id: UUID


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


def build_router(
    *, desk: Desk, log: EventLog, pool: Pool, lanes: ParkedLanes
) -> APIRouter:
    """Return the routes of the desk."""
    router = APIRouter(tags=["operations"])
    _add_timeline(router, pool)
    _add_events(router, log)
    _add_lanes(router, desk, lanes)
    _add_imports(router, desk)
    return router


def build_checks_router(log: EventLog, reconciler: Reconciler) -> APIRouter:
    """Return the routes that check the whole system."""
    router = APIRouter(tags=["checks"])

    @router.get("/log/verification")
    async def verification(reader: Reader) -> StreamingResponse:
        reader.require(*READERS)

        async def work(report: Report) -> Mapping[str, Any]:
            return (await verify(log, report)).as_dict()

        return streamed(work)

    @router.get("/log/head")
    async def head(reader: Reader) -> dict[str, Any]:
        reader.require(*READERS)
        found = await log.head()
        return {
            "position": found.position,
            "chain": found.chain.hex(),
            "epoch": found.epoch,
            "demonstration": found.demonstration,
        }

    @router.get("/messages/reconciliation")
    async def reconciliation(reader: Reader) -> dict[str, Any]:
        reader.require(*READERS)
        return {"consumers": await reconciler.report()}

    return router


def _add_timeline(router: APIRouter, pool: Pool) -> None:
    @router.get("/cases/{case_id}/timeline")
    async def timeline(
        case_id: Annotated[CaseId, Path()],
        reader: Reader,
        page: Paging,
        as_of: Annotated[int | None, Query(ge=1, le=LARGEST_POSITION)] = None,
    ) -> Page[TimelineLine]:
        reader.require(*READERS)
        after = position_of(page.after)
        rows = await timeline_of(
            pool, case_id, after=after, limit=page.limit + 1, as_of=as_of
        )
        if not rows and not page.after:
            raise UnknownCaseError(case_id=case_id)
        lines = [
            TimelineLine(what=sentence(row.type), **row.model_dump(exclude={"case_id"}))
            for row in rows
        ]
        return page.of(lines, key=lambda line: (str(line.position),))


def _add_events(router: APIRouter, log: EventLog) -> None:
    @router.get("/events")
    async def events(
        reader: Reader,
        page: Paging,
        category: Annotated[str | None, Query(max_length=40)] = None,
        type: Annotated[str | None, Query(max_length=80)] = None,  # noqa: A002
    ) -> Page[EventLine]:
        reader.require(*READERS)
        after = position_of(page.after)
        found = await _matching(
            log, after, limit=page.limit + 1, category=category, type_=type
        )
        lines = [_line(event) for event in found]
        return page.of(lines, key=lambda line: (str(line.position),))


async def _matching(
    log: EventLog, after: int, *, limit: int, category: str | None, type_: str | None
) -> list[StoredEvent]:
    """Return the first *limit* events after a position that match the filters."""
    found: list[StoredEvent] = []
    categories = (category,) if category else None
    while len(found) < limit:
        events = await log.read_after(after, limit=1000, categories=categories)
        found += [event for event in events if type_ in {None, event.type}]
        if not events:
            break
        after = events[-1].position
    return found[:limit]


def _line(event: StoredEvent) -> EventLine:
    return EventLine(
        position=event.position,
        event_id=event.event_id,
        stream=event.stream,
        version=event.version,
        type=event.type,
        schema_version=event.schema_version,
        occurred_at=event.occurred_at,
        recorded_at=event.recorded_at,
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


def _add_lanes(router: APIRouter, desk: Desk, lanes: ParkedLanes) -> None:
    @router.get("/parked")
    async def parked(reader: Reader) -> dict[str, Any]:
        reader.require(*READERS)
        return {"items": await lanes.list(), "next": None}

    @router.post("/parked/{lane_id}/release", status_code=202)
    async def release(lane_id: str, body: Reason, ask: Ask) -> JSONResponse:
        ask.require("operations")
        return posted(await desk.release(lane_id, body.reason, ask.cause))

    @router.post("/parked/{lane_id}/discard", status_code=202)
    async def discard(lane_id: str, body: Reason, ask: Ask) -> JSONResponse:
        ask.require("operations")
        return posted(await desk.discard(lane_id, body.reason, ask.cause))


def _add_imports(router: APIRouter, desk: Desk) -> None:
    @router.post("/imports", status_code=201, max_body_size=LARGEST_LIST_BYTES)
    async def imports(request: Request, ask: Ask) -> JSONResponse:
        ask.require("operations")
        return posted(await desk.import_people(await request.body(), ask.cause))

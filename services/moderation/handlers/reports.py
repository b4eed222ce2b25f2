"""The report of a cohort: its events are read here, and computed beside the loop.

Invariant: what is answered depends on the cohort's own events alone. Nothing that
computes is loaded by the service: a process of its own does, and ends afterwards.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal, TypeAlias

from services.moderation.domain.events import ModerationFact
from services.moderation.domain.plan.decide import plan
from services.moderation.handlers.streams import (
    case_stream,
    draw_stream,
    plan_stream,
)
from shared.errors import NotFoundError
from shared.eventlog import Codec, EventLog, StoredEvent, StoredFact
from shared.handling import Handling
from shared.workers import Workers

ReportFormat: TypeAlias = Literal["json", "csv"]

_READ_TOGETHER = 8
"""Streams read at once: a share of the pool of connections (P)."""


@dataclass(frozen=True, slots=True)
class Reports:
    """Reads what a report needs, one report at a time."""

    handling: Handling
    log: EventLog
    workers: Workers
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def report(self, cohort_id: str, format_: ReportFormat) -> bytes:
        """Return the report of a cohort.

        Raises:
            NotFoundError: no plan of the cohort is published.
            WorkersLostError: the process that computes keeps dying.
        """
        async with self.turn:
            events = await self._events(cohort_id)
            last = max(events, key=lambda event: event.position)
            work = partial(
                computed,
                [_fact(event) for event in events],
                cohort_id=cohort_id,
                log_head=f"{last.position}:{last.chain.hex()}",
                format_=format_,
            )
            try:
                return await self.workers.run(work)
            finally:
                await self.workers.close()

    async def _events(self, cohort_id: str) -> list[StoredEvent]:
        """Return the events of the plan, its draws, and the cases that were drawn."""
        _, state = await self.handling.fold(plan, plan_stream(cohort_id))
        if state.published is None:
            raise NotFoundError(cohort_id=cohort_id)
        events = await self._read([plan_stream(cohort_id)])
        reviewers = state.reviewers
        drawn = await self._read([draw_stream(cohort_id, each) for each in reviewers])
        cases = dict.fromkeys(
            stream
            for event in drawn
            if event.type == "moderation.Drawn"
            for stream in _opened_by(event)
        )
        return [*events, *drawn, *await self._read(list(cases))]

    async def _read(self, streams: Sequence[str]) -> list[StoredEvent]:
        found: list[StoredEvent] = []
        for begin in range(0, len(streams), _READ_TOGETHER):
            some = streams[begin : begin + _READ_TOGETHER]
            for events in await asyncio.gather(*map(self.log.read_stream, some)):
                found.extend(events)
        return found


def computed(
    stored: Sequence[StoredFact],
    *,
    cohort_id: str,
    log_head: str,
    format_: ReportFormat,
) -> bytes:
    """Return the report of *stored* events; called in a process of its own."""
    from services.moderation.statistics import reports  # noqa: PLC0415 - loads numpy

    codec = Codec(ModerationFact)
    facts = ((each.stream, codec.decode(each)) for each in stored)
    records = reports.records_of(facts)
    report = reports.report_of(records, cohort_id=cohort_id, log_head=log_head)
    return {"json": reports.as_json, "csv": reports.as_csv}[format_](report)


def _fact(event: StoredEvent) -> StoredFact:
    return StoredFact(
        event.position, event.stream, event.type, event.schema_version, event.payload
    )


def _opened_by(event: StoredEvent) -> tuple[str, ...]:
    """Return the stream of the case that a draw selected, if it did.

    Only three fields are read, so that the loop is not held up by thousands of draws.
    """
    drawn = json.loads(event.payload)
    if not drawn["selected"]:
        return ()
    return (case_stream(drawn["case_id"], drawn["attempt"]),)

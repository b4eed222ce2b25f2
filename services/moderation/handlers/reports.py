"""The report of a cohort: its events are read here, and computed beside the loop.

Invariant: what is answered depends on the cohort's own events alone. Nothing that
computes is loaded by the service: a process of its own does, and ends afterwards.
"""

import asyncio
import json
import pickle
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal, TypeAlias

from services.moderation.domain.events import ModerationFact
from services.moderation.domain.plan.decide import plan
from services.moderation.handlers.streams import (
    QUALIFICATIONS,
    case_stream,
    draw_stream,
    opinion_stream,
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
            read = await self._read(cohort_id)
            work = partial(
                unpacked,
                read.packed,
                cohort_id=cohort_id,
                log_head=read.head,
                format_=format_,
            )
            try:
                return await self.workers.run(work)
            finally:
                await self.workers.close()

    async def _read(self, cohort_id: str) -> "_Read":
        """Return the events of the plan, its draws, what was drawn, and courses."""
        _, state = await self.handling.fold(plan, plan_stream(cohort_id))
        if state.published is None:
            raise NotFoundError(cohort_id=cohort_id)
        read = _Read()
        await self._add(read, [plan_stream(cohort_id)])
        await self._add(read, [draw_stream(cohort_id, who) for who in state.reviewers])
        checked = [opinion_stream(cohort_id, who) for who in state.moderators]
        await self._add(read, checked)
        await self._add(read, list(read.drawn))
        prefix = f"{QUALIFICATIONS}{cohort_id}."
        await self._add(read, sorted(await self.log.streams(prefix)))
        return read

    async def _add(self, read: "_Read", streams: Sequence[str]) -> None:
        for begin in range(0, len(streams), _READ_TOGETHER):
            some = streams[begin : begin + _READ_TOGETHER]
            for events in await asyncio.gather(*map(self.log.read_stream, some)):
                read.add(events)
                await asyncio.sleep(0)  # others may go on between two streams


@dataclass(slots=True)
class _Read:
    """What was read, packed stream by stream: nothing holds the loop up for long."""

    packed: list[bytes] = field(default_factory=list)
    drawn: dict[str, None] = field(default_factory=dict)
    """Streams of the cases that were selected, in the order of their draws."""
    last: tuple[int, bytes] = (0, b"")
    """Position and chain hash of the last event."""

    @property
    def head(self) -> str:
        """The name of the last event."""
        position, chain = self.last
        return f"{position}:{chain.hex()}"

    def add(self, events: Sequence[StoredEvent]) -> None:
        """Take the events of one stream."""
        self.packed.append(pickle.dumps([_fact(event) for event in events]))
        for event in events:
            self.last = max(self.last, (event.position, event.chain))
            if event.type == "moderation.Drawn":
                self.drawn.update(dict.fromkeys(_opened_by(event)))


def unpacked(
    packed: Sequence[bytes], *, cohort_id: str, log_head: str, format_: ReportFormat
) -> bytes:
    """Return the report of packed events; called in a process of its own."""
    stored: list[StoredFact] = []
    for part in packed:
        stored += pickle.loads(part)  # noqa: S301 - packed by the service that asks
    return computed(stored, cohort_id=cohort_id, log_head=log_head, format_=format_)


def computed(
    stored: Sequence[StoredFact],
    *,
    cohort_id: str,
    log_head: str,
    format_: ReportFormat,
) -> bytes:
    """Return the report of *stored* events."""
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

    Only three fields are looked at, so that reading many draws takes little.
    """
    drawn = json.loads(event.payload)
    if not drawn["selected"]:
        return ()
    return (case_stream(drawn["case_id"], drawn["attempt"]),)

"""A reader that tails the log under load, against `eventsourcing`.

Ours: 64 callers through two committers append one event each to streams they share,
now and then ten at once, while a follower reads. The peer: the writers of its own
trouble, six threads with 1, 1, 1, 10, 100 and 100 events a call, in the mode that its
published figures use (POSTGRES_ENABLE_DB_FUNCTIONS=y). Missed is what was confirmed and
never seen by the reader; inverted is what it saw after something later.
"""

import argparse
import asyncio
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from eventsourcing.persistence import (
    ApplicationRecorder,
    InfrastructureFactory,
    StoredEvent,
)
from eventsourcing.utils import Environment

from benchmarks.append import METADATA, NOW, PAYLOAD, TYPE
from benchmarks.log_database import log_database
from benchmarks.report import Row, show
from shared.errors import ConflictError
from shared.eventlog import EventLog, NewEvent, StreamWrite, UnitOfWork, open_log
from shared.ids import new_id

CALLERS = 64
STREAMS = 48
"""Fewer than callers, so that they also fight for versions."""

PEER_BATCHES = (1, 1, 1, 10, 100, 100)
EVERY_TENTH = 10
LONG_UNIT = 10


@dataclass(slots=True)
class Seen:
    """What a run wrote and what its reader made of it."""

    written: int = 0
    missed: int = 0
    inverted: int = 0
    seconds: float = 0.0

    @property
    def summary(self) -> str:
        """The run in a cell of the table."""
        rate = self.written / self.seconds if self.seconds else 0.0
        return (
            f"{self.missed} missed, {self.inverted} inverted"
            f" of {self.written:,} ({rate:,.0f}/s)"
        )

    def add(self, other: "Seen") -> None:
        """Count *other* too."""
        self.written += other.written
        self.missed += other.missed
        self.inverted += other.inverted
        self.seconds += other.seconds


class Tail:
    """Follows the log and counts what is missing or out of order."""

    def __init__(self, start: int) -> None:
        self.position = start
        self.positions: set[int] = set()
        self.inverted = 0
        self._versions: Counter[str] = Counter()

    async def follow(self, log: EventLog) -> None:
        """Read until cancelled."""
        last = self.position
        async for events, scanned_to in log.follow(self.position):
            for event in events:
                in_order = event.position > last
                next_version = self._versions[event.stream] + 1
                if not in_order or event.version != next_version:
                    self.inverted += 1
                last = max(last, event.position)
                self._versions[event.stream] = event.version
                self.positions.add(event.position)
            self.position = scanned_to


class Writers:
    """64 callers that append to shared streams and remember what was confirmed."""

    def __init__(self) -> None:
        self.confirmed: set[int] = set()
        self._streams = [f"case-{new_id()}" for _ in range(STREAMS)]
        self._versions: Counter[str] = Counter()

    async def call(self, log: EventLog, caller: int, stop: float) -> None:
        """Append until *stop*, to one stream after another."""
        turn = caller
        while time.perf_counter() < stop:
            stream = self._streams[turn % STREAMS]
            count = LONG_UNIT if turn % EVERY_TENTH == 0 else 1
            version = self._versions[stream]
            write = StreamWrite(
                stream=stream,
                expected_version=version,
                events=tuple(_new_event() for _ in range(count)),
            )
            try:
                appended = await log.append(UnitOfWork(writes=(write,)))
            except ConflictError as lost:
                self._learn(stream, int(str(lost.context["actual_version"])))
                continue
            self._learn(stream, version + count)
            last = appended.position
            self.confirmed.update(range(last - count + 1, last + 1))
            turn += 1

    def _learn(self, stream: str, version: int) -> None:
        self._versions[stream] = max(version, self._versions[stream])


def _new_event() -> NewEvent:
    return NewEvent(
        event_id=new_id(),
        type=TYPE,
        schema_version=1,
        payload=PAYLOAD,
        metadata=METADATA,
        occurred_at=NOW,
    )


async def run_ours(url: str, seconds: float) -> Seen:
    """Tail the log for *seconds* of load; return what the reader missed."""
    async with open_log(url) as one, open_log(url) as other, open_log(url) as reader:
        start = (await reader.head()).position
        tail, writers = Tail(start), Writers()
        following = asyncio.create_task(tail.follow(reader))
        began = time.perf_counter()
        stop = began + seconds
        await asyncio.gather(
            *(
                writers.call((one, other)[caller % 2], caller, stop)
                for caller in range(CALLERS)
            )
        )
        took = time.perf_counter() - began
        head = (await reader.head()).position
        async with asyncio.timeout(60):
            while tail.position < head:  # noqa: ASYNC110 - the follower moves it
                await asyncio.sleep(0.05)
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
    return Seen(
        written=len(writers.confirmed),
        missed=len(writers.confirmed - tail.positions),
        inverted=tail.inverted,
        seconds=took,
    )


def run_peer(environment: Mapping[str, str], seconds: float) -> Seen:
    """Tail the peer's notifications for *seconds* of load."""
    settings = {
        **environment,
        "POSTGRES_ENABLE_DB_FUNCTIONS": "y",
        "POSTGRES_POOL_SIZE": "20",
        "POSTGRES_MAX_OVERFLOW": "20",
    }
    factory = InfrastructureFactory.construct(Environment(name="Tail", env=settings))
    try:
        return _run_peer(factory.application_recorder(), seconds)
    finally:
        factory.close()


def _run_peer(recorder: ApplicationRecorder, seconds: float) -> Seen:
    start = recorder.max_notification_id() or 0
    written: set[int] = set()
    seen: set[int] = set()
    is_over = threading.Event()
    began = time.perf_counter()

    def write(count: int) -> None:
        own: list[int] = []
        while time.perf_counter() < began + seconds:
            own.extend(recorder.insert_events(_peer_events(count)) or ())
        written.update(own)

    reader = threading.Thread(target=_read, args=(recorder, start, seen, is_over))
    writers = [threading.Thread(target=write, args=(count,)) for count in PEER_BATCHES]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    took = time.perf_counter() - began
    is_over.set()
    reader.join()
    return Seen(written=len(written), missed=len(written - seen), seconds=took)


def _read(
    recorder: ApplicationRecorder, last: int, seen: set[int], is_over: threading.Event
) -> None:
    """Tail the notifications after *last* until the writers are done."""
    while True:
        was_over = is_over.is_set()
        found = recorder.select_notifications(
            start=last, limit=1000, inclusive_of_start=False
        )
        seen.update(one.id for one in found)
        last = found[-1].id if found else last
        if was_over and not found:
            return


def _peer_events(count: int) -> list[StoredEvent]:
    originator = new_id()
    return [
        StoredEvent(
            originator_id=originator,
            originator_version=version,
            topic=TYPE,
            state=PAYLOAD,
        )
        for version in range(1, count + 1)
    ]


async def measure(runs: int, seconds: float) -> Sequence[Row]:
    """Run both in turns; return a row for each run and one for all."""
    rows: list[Row] = []
    all_ours, all_peers = Seen(), Seen()
    async with log_database() as database:
        environment = await database.peer_environment("peer")
        for run in range(1, runs + 1):
            ours = await run_ours(database.url, seconds)
            peer = await asyncio.to_thread(run_peer, environment, seconds)
            rows.append(Row(f"run {run} of {seconds:g} s", ours.summary, peer.summary))
            all_ours.add(ours)
            all_peers.add(peer)
    clean = all_ours.missed == all_ours.inverted == 0 and all_ours.written > 0
    rows.append(
        Row(
            what=f"a tailing reader, {runs} runs",
            ours=all_ours.summary,
            peer=f"{all_peers.summary} eventsourcing 9.5.6",
            target="0 missed, 0 inverted",
            met=clean,
        )
    )
    return rows


async def main(arguments: argparse.Namespace) -> None:
    """Measure and print."""
    rows = await measure(arguments.runs, arguments.seconds)
    show("Tailing under load", rows, as_json=arguments.json, note=_NOTE)


_NOTE = "The peer runs with POSTGRES_ENABLE_DB_FUNCTIONS=y; its default takes a lock."


def parser() -> argparse.ArgumentParser:
    """Return the options of the command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=30.0, help="of each run")
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--json", action="store_true")
    return options


if __name__ == "__main__":
    asyncio.run(main(parser().parse_args()))

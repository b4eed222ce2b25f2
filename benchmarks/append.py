"""Appending: 64 callers and one, against `eventsourcing` and against bare inserts.

Ours goes through ``log.append`` with one unit of work per event: a new stream, its
version checked, leaf and chain computed, one notification a call. The peer's is
``recorder.insert_events`` with one event of the same size to a new aggregate, in its
default, safe mode. Bare inserts write the same rows, hashes given, into a table with
the same columns and unique indexes, and nothing else.
"""

import argparse
import asyncio
import json
import sys
import threading
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import asyncpg
from eventsourcing.persistence import (
    ApplicationRecorder,
    InfrastructureFactory,
    StoredEvent,
)
from eventsourcing.utils import Environment

from benchmarks.log_database import LogDatabase, log_database
from benchmarks.report import Row, at_least, below, median, percentile, rate, show
from shared.eventlog import (
    EventLog,
    InboxMark,
    NewEvent,
    StreamWrite,
    UnitOfWork,
    open_log,
)
from shared.ids import new_id

CALLERS = 64
COMMITTERS = 6
POOL_SIZES = (4, 16, 64)
"""Tried for the peer before the rounds; the best one is used."""

TYPE = "submission.SectionSaved"
NOW = datetime(2026, 9, 1, 9, 30, tzinfo=UTC)
PAYLOAD = json.dumps(
    {"type": TYPE, "occurred_at": NOW.isoformat(), "words": 812, "text": "v" * 120}
).encode()
METADATA = json.dumps(
    {"actor": "p-1", "role": "participant", "correlation_id": "c" * 36}
).encode()

_ALL_COLUMNS = """
insert into bare.event select * from unnest(
    $1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::text[],
    $7::smallint[], $8::bytea[], $9::bytea[], $10::timestamptz[], $11::timestamptz[],
    $12::bytea[], $13::bytea[]
)
"""
_ONE_ROW = """
insert into bare.event
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
"""


@dataclass(slots=True)
class Measured:
    """Rates and latencies of some rounds of one kind."""

    rates: list[float] = field(default_factory=list)
    """Events per second, one a round."""
    milliseconds: list[float] = field(default_factory=list)
    """Of every call in every round."""

    def add(self, other: "Measured") -> None:
        self.rates += other.rates
        self.milliseconds += other.milliseconds

    @property
    def rate(self) -> float:
        return median(self.rates)

    @property
    def p99(self) -> float:
        return percentile(self.milliseconds, 0.99)


def new_unit(*, marked: bool = False) -> UnitOfWork:
    """Return a unit with one event for a new stream, and perhaps an inbox mark."""
    event = NewEvent(
        event_id=new_id(),
        type=TYPE,
        schema_version=1,
        payload=PAYLOAD,
        metadata=METADATA,
        occurred_at=NOW,
    )
    write = StreamWrite(stream=f"case-{new_id()}", expected_version=0, events=(event,))
    mark = InboxMark(consumer="submission", event_id=event.event_id)
    return UnitOfWork(writes=(write,), inbox=(mark,) if marked else ())


async def ours(
    log: EventLog, *, callers: int, seconds: float, marked: bool = False
) -> Measured:
    """Append single events from *callers* at once for *seconds*."""
    milliseconds: list[float] = []
    stop = time.perf_counter() + seconds

    async def call() -> None:
        while (began := time.perf_counter()) < stop:
            await log.append(new_unit(marked=marked))
            milliseconds.append(1000 * (time.perf_counter() - began))

    began = time.perf_counter()
    await asyncio.gather(*(call() for _ in range(callers)))
    return Measured([len(milliseconds) / (time.perf_counter() - began)], milliseconds)


class Bare:
    """Bare inserts of the same rows through one connection."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._connection = connection
        self._position = 0

    async def prepare(self) -> None:
        self._many = await self._connection.prepare(_ALL_COLUMNS)
        self._one = await self._connection.prepare(_ONE_ROW)

    def _row(self) -> tuple[Any, ...]:
        self._position += 1
        stream = f"case-{new_id()}"
        digest = b"0" * 32
        return (
            *(self._position, new_id(), stream, "case", 1, TYPE, 1),
            *(PAYLOAD, METADATA, NOW, NOW, digest, digest),
        )

    async def rows(self, count: int, seconds: float) -> Measured:
        """Insert *count* rows a transaction, in one statement, for *seconds*."""
        written, began = 0, time.perf_counter()
        while time.perf_counter() < began + seconds:
            columns = list(zip(*(self._row() for _ in range(count)), strict=True))
            async with self._connection.transaction():
                await self._many.fetch(*columns)
            written += count
        return Measured([written / (time.perf_counter() - began)])

    async def single(self, seconds: float, *, in_transaction: bool) -> Measured:
        """Insert one row after another: with begin and commit, or without."""
        written, began = 0, time.perf_counter()
        while time.perf_counter() < began + seconds:
            row = self._row()
            if in_transaction:
                async with self._connection.transaction():
                    await self._one.fetch(*row)
            else:
                await self._one.fetch(*row)
            written += 1
        return Measured([written / (time.perf_counter() - began)])


@asynccontextmanager
async def bare_table(database: LogDatabase) -> AsyncIterator[Bare]:
    """Yield bare inserts into a copy of the log's table with its unique indexes."""
    connection = await asyncpg.connect(database.admin_url)
    try:
        await connection.execute(
            "create schema bare; create table bare.event"
            " (like log.event including indexes including storage)"
        )
        bare = Bare(connection)
        await bare.prepare()
        yield bare
    finally:
        await connection.close()


class Peer:
    """`eventsourcing` with its PostgreSQL recorder, called from threads."""

    def __init__(self, environment: Mapping[str, str], pool_size: int) -> None:
        settings = {
            **environment,
            "POSTGRES_POOL_SIZE": str(pool_size),
            "POSTGRES_MAX_OVERFLOW": "0",
            "POSTGRES_MAX_WAITING": "1000",
        }
        self._factory = InfrastructureFactory.construct(
            Environment(name="Peer", env=settings)
        )
        self._recorder: ApplicationRecorder = self._factory.application_recorder()

    def close(self) -> None:
        self._factory.close()

    def run(self, callers: int, seconds: float) -> Measured:
        """Insert single events from *callers* threads for *seconds*."""
        milliseconds: list[float] = []
        stop = time.perf_counter() + seconds

        def call() -> None:
            own: list[float] = []
            while (began := time.perf_counter()) < stop:
                self._recorder.insert_events([_peer_event()])
                own.append(1000 * (time.perf_counter() - began))
            milliseconds.extend(own)

        threads = [threading.Thread(target=call) for _ in range(callers)]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.perf_counter() - began
        return Measured([len(milliseconds) / took], milliseconds)


def _peer_event() -> StoredEvent:
    return StoredEvent(
        originator_id=new_id(),
        originator_version=1,
        topic=TYPE,
        state=PAYLOAD,
    )


async def best_pool(environment: Mapping[str, str], seconds: float) -> int:
    """Return the pool size with which the peer is fastest at 64 callers."""
    rates = {}
    for size in POOL_SIZES:
        peer = Peer(environment, size)
        try:
            measured = await asyncio.to_thread(peer.run, CALLERS, seconds)
        finally:
            peer.close()
        rates[size] = measured.rate
    return max(rates, key=lambda size: rates[size])


async def several_committers(url: str, seconds: float) -> Measured:
    """Run `COMMITTERS` processes that share 64 callers; add up their rates."""
    shares = [CALLERS // COMMITTERS] * COMMITTERS
    for extra in range(CALLERS % COMMITTERS):
        shares[extra] += 1
    command = (sys.executable, "-m", "benchmarks.append", "--committer", url)
    processes = [
        await asyncio.create_subprocess_exec(
            *command,
            f"--callers={callers}",
            f"--seconds={seconds}",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        for callers in shares
    ]
    for process in processes:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
    outputs = [
        output
        for output, _ in await asyncio.gather(
            *(process.communicate(b"go\n") for process in processes)
        )
    ]
    found = [json.loads(output) for output in outputs]
    milliseconds = [one for part in found for one in part["milliseconds"]]
    return Measured([sum(part["rate"] for part in found)], milliseconds)


async def committer(url: str, callers: int, seconds: float) -> None:
    """Be one of several: wait for the word, print what was measured as JSON."""
    async with open_log(url) as log:
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        measured = await ours(log, callers=callers, seconds=seconds)
    print(
        json.dumps({"rate": measured.rate, "milliseconds": measured.milliseconds[::10]})
    )


@dataclass(slots=True)
class Results:
    """Everything this benchmark measures."""

    pool_size: int
    ours: Measured = field(default_factory=Measured)
    marked: Measured = field(default_factory=Measured)
    peer: Measured = field(default_factory=Measured)
    bare: Measured = field(default_factory=Measured)
    one: Measured = field(default_factory=Measured)
    one_bare: Measured = field(default_factory=Measured)
    one_statement: Measured = field(default_factory=Measured)
    six: Measured = field(default_factory=Measured)


async def measure(database: LogDatabase, rounds: int, seconds: float) -> Results:
    """Measure in *rounds*, each kind for *seconds* a round, in turns."""
    environment = await database.peer_environment("peer")
    results = Results(await best_pool(environment, seconds / 2))
    peer = Peer(environment, results.pool_size)
    async with open_log(database.url) as log, bare_table(database) as bare:
        for _ in range(rounds):
            results.ours.add(await ours(log, callers=CALLERS, seconds=seconds))
            results.bare.add(await bare.rows(CALLERS, seconds))
            results.peer.add(await asyncio.to_thread(peer.run, CALLERS, seconds))
            results.marked.add(
                await ours(log, callers=CALLERS, seconds=seconds, marked=True)
            )
            results.one.add(await ours(log, callers=1, seconds=seconds))
            results.one_bare.add(await bare.single(seconds, in_transaction=True))
            results.one_statement.add(await bare.single(seconds, in_transaction=False))
    peer.close()
    results.six.add(await several_committers(database.url, seconds))
    return results


def rows(results: Results) -> Sequence[Row]:
    """Return what was measured against what must be reached."""
    peer_name = f"eventsourcing 9.5.6, pool {results.pool_size}"
    return (
        at_least(
            "append, 64 callers, 1 event each",
            results.ours.rates,
            results.peer.rates,
            peer_name=peer_name,
            times=20,
        ),
        at_least(
            "append, 64 callers, 1 event each",
            results.ours.rates,
            results.bare.rates,
            peer_name="bare inserts, 64 a transaction",
            times=0.5,
        ),
        below("append, 64 callers, p99", results.ours.p99, 10, "ms"),
        Row("the same, with an inbox mark each", rate(results.marked.rate)),
        Row(
            f"the same callers in {COMMITTERS} processes",
            f"{rate(results.six.rate)}, p99 {results.six.p99:.1f} ms",
        ),
        at_least(
            "append, 1 caller",
            results.one.rates,
            results.one_bare.rates,
            peer_name="bare inserts, one a transaction",
            times=0.8,
        ),
        at_least(
            "append, 1 caller",
            results.one.rates,
            results.one_statement.rates,
            peer_name="bare inserts without begin and commit",
        ),
    )


async def main(arguments: argparse.Namespace) -> None:
    """Measure and print, or be one of several committers."""
    if arguments.committer:
        await committer(arguments.committer, arguments.callers, arguments.seconds)
        return
    async with log_database() as database:
        results = await measure(database, arguments.rounds, arguments.seconds)
    show("Appending", rows(results), as_json=arguments.json, note=_NOTE)


_NOTE = (
    "fsync on; median of the rounds, taken in turns. Ours: one unit of work an event,"
    " new stream, version checked, hashes computed, no inbox mark unless said."
)


def parser() -> argparse.ArgumentParser:
    """Return the options of the command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=3.0, help="of each round")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--json", action="store_true")
    options.add_argument("--committer", help=argparse.SUPPRESS)
    options.add_argument("--callers", type=int, default=CALLERS, help=argparse.SUPPRESS)
    return options


if __name__ == "__main__":
    asyncio.run(main(parser().parse_args()))

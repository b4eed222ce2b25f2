"""Replaying the log into the fold of a domain, against `eventsourcing`.

Both start from events in PostgreSQL and end with the same states in memory. Ours reads
the log in order of position, and validates and folds every fact as it comes by. The
peer rebuilds one aggregate after another through its repository, with its own mapper
and JSON transcoder, and validates nothing. One thread decodes.
"""

import argparse
import asyncio
import gc
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from benchmarks.case_lives import CASES, PeerCase, PeerCases, ReplayedDomain, peer_case
from benchmarks.log_database import log_database
from benchmarks.report import Row, at_least, median, rate, show
from shared.eventlog import (
    EventLog,
    Metadata,
    StreamWrite,
    UnitOfWork,
    open_log,
    replay,
)
from shared.ids import new_id

SAVED_TOGETHER = 50
"""Aggregates the peer saves at once when the data are made; not timed."""

TARGET_PER_SECOND = 100_000


async def record(log: EventLog, domain: ReplayedDomain, lives: int) -> None:
    """Append every life as one unit of work."""
    metadata = Metadata(
        actor="benchmark",
        role="participant",
        correlation_id=new_id(),
        causation_id=new_id(),
    )

    async def append(number: int) -> None:
        events = tuple(
            domain.codec.encode(fact, event_id=new_id(), metadata=metadata)
            for fact in domain.life(number)
        )
        stream = f"{domain.decider.category}-{number}"
        write = StreamWrite(stream=stream, expected_version=0, events=events)
        await log.append(UnitOfWork(writes=(write,)))

    for begin in range(0, lives, SAVED_TOGETHER):
        last = min(begin + SAVED_TOGETHER, lives)
        await asyncio.gather(*(append(number) for number in range(begin, last)))


def rebuild(application: PeerCases, ids: Sequence[UUID]) -> Mapping[UUID, PeerCase]:
    """Rebuild the peer's aggregates from their stored events."""
    get = application.repository.get
    return {one: get(one) for one in ids}


@dataclass(slots=True)
class Results:
    """Events per second, one a round."""

    ours: list[float] = field(default_factory=list)
    peer: list[float] = field(default_factory=list)
    of_processor: list[float] = field(default_factory=list)
    """Ours per second of the processor, whoever else used the machine meanwhile."""
    events: int = 0


async def measure(domain: ReplayedDomain, lives: int, rounds: int) -> Results:
    """Record *lives* on both sides, compare the states, then time them in turns."""
    results = Results()
    async with log_database() as database, open_log(database.url) as log:
        environment = await database.peer_environment("peer")
        application = PeerCases(env={**environment})
        try:
            await record(log, domain, lives)
            ids = await asyncio.to_thread(_save, application, lives)
            replayed = await replay(log, domain.codec, domain.decider)
            results.events = replayed.events
            peers = await asyncio.to_thread(rebuild, application, ids)
            for number, one in enumerate(ids):
                state = replayed.states[f"{domain.decider.category}-{number}"]
                assert domain.plain(state) == peers[one].plain, number
            del replayed, peers
            for _ in range(rounds):
                await _round(log, domain, application, ids, results)
        finally:
            application.close()
    return results


async def _round(
    log: EventLog,
    domain: ReplayedDomain,
    application: PeerCases,
    ids: Sequence[UUID],
    results: Results,
) -> None:
    gc.collect()
    began, used = time.perf_counter(), time.process_time()
    replayed = await replay(log, domain.codec, domain.decider)
    results.ours.append(results.events / (time.perf_counter() - began))
    results.of_processor.append(results.events / (time.process_time() - used))
    del replayed
    gc.collect()
    began = time.perf_counter()
    # Ours pauses the collector while it folds, so the peer gets the same help.
    gc.disable()
    peers = await asyncio.to_thread(rebuild, application, ids)
    gc.enable()
    results.peer.append(results.events / (time.perf_counter() - began))
    del peers


def _save(application: PeerCases, lives: int) -> list[UUID]:
    ids: list[UUID] = []
    for begin in range(0, lives, SAVED_TOGETHER):
        last = min(begin + SAVED_TOGETHER, lives)
        cases = [peer_case(number) for number in range(begin, last)]
        application.save(*cases)
        ids.extend(one.id for one in cases)
    return ids


def rows(results: Results) -> Sequence[Row]:
    """Return what was measured against what must be reached."""
    ours = median(results.ours)
    return (
        Row(
            what=f"replay of {results.events:,} events into the fold of a domain",
            ours=rate(ours),
            target=f">= {rate(TARGET_PER_SECOND)}",
            met=ours >= TARGET_PER_SECOND,
        ),
        Row(
            "the same, by the processor time of our process",
            rate(median(results.of_processor)),
        ),
        at_least(
            "the same states rebuilt",
            results.ours,
            results.peer,
            peer_name="eventsourcing 9.5.6, repository.get",
            times=4,
        ),
    )


async def main(arguments: argparse.Namespace) -> None:
    """Measure and print."""
    results = await measure(CASES, arguments.lives, arguments.rounds)
    show("Replaying", rows(results), as_json=arguments.json, note=_NOTE)


_NOTE = (
    "Decoding, validation and folding included, on one thread; PostgreSQL on another"
    " core. Both sides end with equal states, compared before the rounds."
)


def parser() -> argparse.ArgumentParser:
    """Return the options of the command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--lives", type=int, default=5_000, help="of 20 events each")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--json", action="store_true")
    return options


if __name__ == "__main__":
    asyncio.run(main(parser().parse_args()))

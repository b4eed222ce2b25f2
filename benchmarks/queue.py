"""The page of a reviewer's queue, with ten thousand reviews open.

Forty reviewers ask in turns for pages from the first to the last. Half of the reviews
are given to somebody, the others are anybody's; some are of a reviewer's own
organisation or of somebody they support. The peers ask the same question of the same
rows: once PostgreSQL may use no index of the queue, and once pages are found by their
offset instead of by the last row that was seen.
"""

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

import asyncpg

from benchmarks.log_database import log_database
from benchmarks.report import Row, below, percentile, show
from services.review.api.queue import QueueItem
from services.review.read_models import START, queue_of
from services.review.read_models.queries import QUEUE
from shared.database import Pool, open_pool

P95_MS = 20.0
"""Source: the numbers of the work with queues."""
OPEN, REVIEWERS, ORGANISATIONS, PAGE = 10_000, 40, 60, 50
GIVEN_EVERY, MENTORED_EVERY, JUDGED_EVERY = 2, 50, 10
NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
BEGIN = NOW - timedelta(days=40)
PAGES = 80
"""So many pages are free to everybody, and asked for in turns."""
INDEXES = ("review_free", "review_kept", "review_held")

Ask = Callable[[str, int], Awaitable[int]]
"""Reads page number *n* of a reviewer's queue; returns how many rows there were."""


def reviewer_of(number: int) -> str:
    """Return the id of a reviewer."""
    return f"rev-{number % REVIEWERS:02}"


async def fill(url: str) -> None:
    """Store open reviews, and for some a judgement of the first attempt."""
    async with open_pool(url, schema="review") as pool:
        await pool.executemany(
            "INSERT INTO reviewer VALUES ($1, $1, $2, '[]', '[]')",
            [(reviewer_of(n), f"college-{n}") for n in range(REVIEWERS)],
        )
        await pool.executemany(
            """
            INSERT INTO review (key, review_id, case_id, cohort_id, attempt,
                participant_id, participant_organisation_id, mentor_id, programme,
                template, submitted_at, review_opens_at, due_at, second_attempt_by,
                excluded, state, judges, is_overdue, kept_for, last_holder_id)
            VALUES ($1, $1, $2, 'ats-2026', $3, $4, $5, $6, 'ATS', 'workbook', $7, $7,
                $8, 'another-reviewer', '[]', $9, $10, false, $11, $11)
            """,
            [row for number in range(OPEN) for row in _rows(number)],
        )
        await pool.execute("ANALYZE review")
        await pool.execute("ANALYZE reviewer")


def _rows(number: int) -> list[tuple[object, ...]]:
    case_id = f"case-{number:05}"
    at = BEGIN + timedelta(minutes=number)
    kept = reviewer_of(number) if number % GIVEN_EVERY else None
    about = (
        f"person-{number}",
        f"college-{number % ORGANISATIONS}",
        reviewer_of(number + 7) if number % MENTORED_EVERY == 0 else None,
        at,
        at + timedelta(days=60),
    )
    if number % JUDGED_EVERY:
        return [(f"{case_id}.1.1", case_id, 1, *about, "waiting", [], kept)]
    judge = [reviewer_of(number + 3)]
    return [
        (f"{case_id}.1.1", case_id, 1, *about, "completed", judge, judge[0]),
        (f"{case_id}.2.1", case_id, 2, *about, "waiting", [], kept),
    ]


async def ours(pool: Pool, who: str, page: int) -> int:
    """Read a page after the last row of those before it, as the queue does."""
    seen = timedelta(minutes=page * PAGE * GIVEN_EVERY)
    after = START if page == 0 else (BEGIN + seen, "")
    rows = await queue_of(pool, who, now=NOW, after=after, limit=PAGE + 1)
    items = [QueueItem.of(row, who, NOW) for row in rows]
    return len(items)


async def by_offset(pool: Pool, who: str, page: int) -> int:
    """Read a page by its offset, which finds all rows before it as well."""
    sql = QUEUE.replace("LIMIT $5", "LIMIT $5::bigint + $6::bigint", 3)
    sql = sql.replace("LIMIT $5\n", "LIMIT $5::bigint OFFSET $6::bigint\n")
    rows = await pool.fetch(sql, who, NOW, *START, PAGE + 1, page * PAGE)
    return len(rows)


async def timed(ask: Ask, calls: int) -> list[float]:
    """Return milliseconds of each of so many calls by reviewers in turns."""
    found = []
    for number in range(calls):
        began = time.perf_counter()
        await ask(reviewer_of(number * 7), number % PAGES)
        found.append((time.perf_counter() - began) * 1000)
    return found


async def measure(calls: int) -> Sequence[Row]:
    """Ask ours and the peers in turns, and return the rows."""
    async with log_database() as database:
        url = database.server.url_for("review")
        await fill(url)
        async with open_pool(url, schema="review") as pool:
            await timed(partial(ours, pool), 20)  # plans and connections
            indexed = await timed(partial(ours, pool), calls)
            offset = await timed(partial(by_offset, pool), calls)
        await _drop_indexes(database.admin_url)
        async with open_pool(url, schema="review") as pool:
            await timed(partial(ours, pool), 5)
            bare = await timed(partial(ours, pool), max(5, calls // 20))
    return (
        _p95("a queue page", indexed, bare, "without its indexes"),
        _p95("a queue page", indexed, offset, "paged by offset"),
    )


async def _drop_indexes(url: str) -> None:
    admin = await asyncpg.connect(url)
    try:
        for index in INDEXES:
            await admin.execute(f"DROP INDEX review.{index}")
    finally:
        await admin.close()


def _p95(what: str, mine: Sequence[float], peer: Sequence[float], name: str) -> Row:
    own, other = percentile(mine, 0.95), percentile(peer, 0.95)
    found = below(f"{what}, {OPEN:,} open, p95", own, P95_MS, "ms")
    return Row(
        what=found.what,
        ours=found.ours,
        peer=f"{other:.2f} ms {name}",
        ratio=other / own,
        target=found.target,
        met=found.met,
    )


async def main(arguments: argparse.Namespace) -> None:
    """Measure and print."""
    rows = await measure(arguments.calls)
    show("Queues", rows, as_json=arguments.json, note=_NOTE)


_NOTE = f"Pages of {PAGE} for {REVIEWERS} reviewers in turns; rows to items included."


def parser() -> argparse.ArgumentParser:
    """Return the options of the command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--calls", type=int, default=1_000)
    options.add_argument("--json", action="store_true")
    return options


if __name__ == "__main__":
    asyncio.run(main(parser().parse_args()))

"""What is due, and that one process at a time tries a letter."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from services.notification.clocks.due import due_letters
from services.notification.read_models import START, notices_after
from shared.database import Pool, open_pool
from tests.support.embedded import FreshDatabase
from tests.support.messaging import eventually

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
async def pool(migrated_database: FreshDatabase) -> AsyncIterator[Pool]:
    url = migrated_database.url_for("notification")
    async with open_pool(url, schema="notification") as pool:
        yield pool


@pytest.fixture
async def other(migrated_database: FreshDatabase) -> AsyncIterator[Pool]:
    """Of another process."""
    url = migrated_database.url_for("notification")
    async with open_pool(url, schema="notification") as pool:
        yield pool


async def add(pool: Pool, number: int, state: str, due: datetime | None) -> str:
    notice_id = f"00000000-0000-8000-8000-{number:012d}"
    await pool.execute(
        """
        INSERT INTO notice (key, notice_id, case_id, template, state,
                            tries, requested_at, changed_at, next_try_at)
        VALUES ($1, $1, 'c1', 'outcome-cm', $2, 0, $3, $3, $4)
        """,
        notice_id,
        state,
        NOW + timedelta(seconds=number),
        due,
    )
    return notice_id


async def taken(pool: Pool, *, limit: int = 10) -> tuple[str, ...]:
    async with due_letters(pool, now=NOW, limit=limit) as letters:
        return letters


class TestDueLetters:
    async def test_are_those_whose_time_has_come_longest_waiting_first(
        self, pool: Pool
    ) -> None:
        later = await add(pool, 1, "deferred", NOW - timedelta(minutes=1))
        first = await add(pool, 2, "requested", NOW - timedelta(minutes=2))
        await add(pool, 3, "deferred", NOW + timedelta(seconds=1))
        await add(pool, 4, "handed_over", None)
        assert await taken(pool) == (first, later)
        assert await taken(pool, limit=1) == (first,)

    async def test_are_given_to_one_process_at_a_time(
        self, pool: Pool, other: Pool
    ) -> None:
        ids = [await add(pool, number, "requested", NOW) for number in range(4)]
        async with due_letters(pool, now=NOW, limit=2) as mine:
            assert mine == tuple(ids[:2])
            assert await taken(other, limit=1) == (ids[2],)
            assert await taken(other) == tuple(ids[2:])
        assert await taken(other) == tuple(ids)

    async def test_are_free_again_when_the_process_dies(
        self, pool: Pool, other: Pool
    ) -> None:
        one = await add(pool, 1, "requested", NOW)
        dying = await other.acquire()
        await dying.execute(
            "SELECT pg_advisory_lock(hashtextextended($1, 0))", f"attest.notice.{one}"
        )
        assert await taken(pool) == ()
        dying.terminate()

        async def is_free() -> bool:
            return await taken(pool) == (one,)

        await eventually(is_free)

    async def test_are_free_again_when_a_try_fails(
        self, pool: Pool, other: Pool
    ) -> None:
        one = await add(pool, 1, "requested", NOW)
        with pytest.raises(ZeroDivisionError):
            async with due_letters(pool, now=NOW, limit=1):
                raise ZeroDivisionError
        assert await taken(other) == (one,)


class TestNoticesAfter:
    async def test_are_read_page_by_page_in_one_state(self, pool: Pool) -> None:
        ids = [
            await add(pool, n, "failed" if n % 2 else "held", None) for n in range(6)
        ]
        rows = await notices_after(pool, state=None, after=START, limit=4)
        last = (rows[-1].requested_at, rows[-1].notice_id)
        rest = await notices_after(pool, state=None, after=last, limit=4)
        assert [row.notice_id for row in (*rows, *rest)] == ids
        failed = await notices_after(pool, state="failed", after=START, limit=9)
        assert [row.notice_id for row in failed] == ids[1::2]

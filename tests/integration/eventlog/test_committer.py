"""Group commit as its callers see it."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import asyncpg
import pytest
import structlog

from shared.errors import UnavailableError
from shared.eventlog import (
    OutcomeUnknownError,
    PostgresEventLog,
    UnitOfWork,
    open_log,
)
from shared.eventlog.committer import MAX_GROUP
from tests.support.embedded import FreshDatabase
from tests.support.event_log import new_event, new_stream, unit


async def calls(database: FreshDatabase) -> int:
    """Return how many calls of ``log.append`` were committed."""
    admin = await asyncpg.connect(database.url)
    try:
        counted: int = await admin.fetchval(
            "select count(distinct recorded_at) from log.event"
        )
    finally:
        await admin.close()
    return counted


class TestCommitter:
    async def test_takes_everybody_who_waits_into_one_call(
        self, migrated_database: FreshDatabase, event_log: PostgresEventLog
    ) -> None:
        await asyncio.gather(
            *(event_log.append(unit(new_stream(), 0, new_event())) for _ in range(200))
        )
        assert await calls(migrated_database) == 1

    async def test_takes_no_more_than_a_full_group(
        self, migrated_database: FreshDatabase, event_log: PostgresEventLog
    ) -> None:
        await asyncio.gather(
            *(
                event_log.append(unit(new_stream(), 0, new_event()))
                for _ in range(MAX_GROUP + 1)
            )
        )
        assert await calls(migrated_database) == 2

    async def test_forgets_a_caller_who_gave_up_before_the_call(
        self, event_log: PostgresEventLog
    ) -> None:
        waiting = [
            asyncio.create_task(event_log.append(unit(new_stream(), 0, new_event())))
            for _ in range(10)
        ]
        await asyncio.sleep(0)
        waiting[3].cancel()
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        assert isinstance(outcomes[3], asyncio.CancelledError)
        assert len(await event_log.read_after(0)) == 9

    async def test_answers_the_others_when_one_is_cancelled_during_the_call(
        self, migrated_database: FreshDatabase, event_log: PostgresEventLog
    ) -> None:
        admin = await asyncpg.connect(migrated_database.url)
        try:
            holding = admin.transaction()
            await holding.start()
            await admin.execute("select * from log.head for update")
            waiting = [
                asyncio.create_task(
                    event_log.append(unit(new_stream(), 0, new_event()))
                )
                for _ in range(5)
            ]
            await asyncio.sleep(0.2)
            assert not any(task.done() for task in waiting), "the control: they wait"
            waiting[2].cancel()
            await holding.rollback()
            outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        finally:
            await admin.close()
        done = [one for one in outcomes if not isinstance(one, BaseException)]
        assert len(done) == 4
        assert len(await event_log.read_after(0)) == 5, "it was written all the same"

    async def test_says_that_the_outcome_is_unknown_after_the_deadline(
        self, migrated_database: FreshDatabase
    ) -> None:
        url = migrated_database.url_for("submission")
        work = unit(new_stream(), 0, new_event())
        admin = await asyncpg.connect(migrated_database.url)
        try:
            async with open_log(url, deadline_seconds=0.5, call_seconds=0.3) as log:
                async with admin.transaction():
                    await admin.execute("select * from log.head for update")
                    async with asyncio.timeout(5):
                        with pytest.raises(OutcomeUnknownError):
                            await log.append(work)
                assert await _outcome(log, work) in {"written", "repeated"}
                assert len(await log.read_after(0)) == 1
        finally:
            await admin.close()

    async def test_confirms_what_waits_before_it_closes(
        self, migrated_database: FreshDatabase
    ) -> None:
        url = migrated_database.url_for("submission")
        async with open_log(url) as log:
            waiting = [
                asyncio.create_task(log.append(unit(new_stream(), 0, new_event())))
                for _ in range(5)
            ]
            await asyncio.sleep(0)
        assert {one.outcome for one in await asyncio.gather(*waiting)} == {"written"}
        with pytest.raises(UnavailableError):
            await log.append(unit(new_stream(), 0, new_event()))

    async def test_turns_durability_back_on(
        self, migrated_database: FreshDatabase
    ) -> None:
        """A role that was told to confirm before the disk did is overruled."""
        admin = await asyncpg.connect(migrated_database.url)
        name = await admin.fetchval("select current_database()")
        await admin.execute(
            f"alter role submission in database {name} set synchronous_commit = off"
        )
        url = migrated_database.url_for("submission")
        try:
            plain = await asyncpg.connect(url)
            assert await plain.fetchval("show synchronous_commit") == "off"
            await plain.close()
            async with open_log(url) as log:
                connection = log._committer._connection
                assert connection is not None
                setting = await connection.fetchval("show synchronous_commit")
        finally:
            await admin.close()
        assert setting == "on"

    async def test_says_that_it_cannot_be_opened(
        self, fresh_database: FreshDatabase
    ) -> None:
        with pytest.raises(UnavailableError, match="attest migrate"):
            async with open_log(fresh_database.url):
                raise AssertionError
        with pytest.raises(UnavailableError):
            async with open_log("postgresql://nobody@127.0.0.1:1/none"):
                raise AssertionError

    async def test_tells_what_is_in_the_way(
        self, migrated_database: FreshDatabase
    ) -> None:
        async with open_log(migrated_database.url_for("submission")) as log:
            assert await log.problem() is None
        assert await log.problem() == "nothing is appended: the committer has stopped"

    @pytest.mark.parametrize("units", [1, 3])
    async def test_tells_of_a_failure_nobody_foresaw_and_goes_on(
        self,
        event_log: PostgresEventLog,
        monkeypatch: pytest.MonkeyPatch,
        units: int,
    ) -> None:
        async def fail(*_: object) -> None:
            raise ValueError("nobody foresaw this")

        committer = event_log._committer
        async with asyncio.timeout(5):
            with monkeypatch.context() as broken:
                broken.setattr(committer, "_call", fail)
                told = await asyncio.gather(
                    *(
                        event_log.append(unit(new_stream(), 0, new_event()))
                        for _ in range(units)
                    ),
                    return_exceptions=True,
                )
            written = await event_log.append(unit(new_stream(), 0, new_event()))
        assert [type(one) for one in told] == [ValueError] * units
        assert written.outcome == "written"
        assert await event_log.problem() is None

    async def test_tells_those_in_flight_when_it_is_cancelled(
        self, event_log: PostgresEventLog, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        in_flight = asyncio.Event()

        async def hang(*_: object) -> None:
            in_flight.set()
            await asyncio.Event().wait()

        committer = event_log._committer
        monkeypatch.setattr(committer, "_call", hang)
        waiting = asyncio.create_task(
            event_log.append(unit(new_stream(), 0, new_event()))
        )
        async with asyncio.timeout(5):
            await in_flight.wait()
            assert committer._task is not None
            committer._task.cancel()
            with pytest.raises(OutcomeUnknownError):
                await waiting
        assert await event_log.problem() is not None


_READ_ONLY = """
alter role submission in database "{name}" set default_transaction_read_only = {state};
select pg_terminate_backend(pid) from pg_stat_activity
where usename = 'submission' and datname = current_database()
"""


class TestCommitterOfAServerThatTakesNothing:
    async def test_asks_less_and_less_often_and_appends_once_it_can(
        self, migrated_database: FreshDatabase, event_log: PostgresEventLog
    ) -> None:
        """It connects, but is a standby or its disk is full."""
        await _set_read_only(migrated_database, "on")
        with structlog.testing.capture_logs() as lines:
            appending = asyncio.create_task(
                event_log.append(unit(new_stream(), 0, new_event()))
            )
            await asyncio.sleep(3)
            lost = _lost(lines)
            async with asyncio.timeout(20):
                while len(_lost(lines)) < 3:  # noqa: ASYNC110 - the log has no event
                    await asyncio.sleep(0.1)
        assert len(lost) <= 12
        assert not appending.done()
        await _set_read_only(migrated_database, "off")
        assert (await appending).outcome == "written"


def _lost(lines: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [line for line in lines if line["event"] == "log.connection_lost"]


async def _outcome(log: PostgresEventLog, work: UnitOfWork) -> str:
    """Return what became of *work*, asked again while that takes too long."""
    async with asyncio.timeout(20):
        while True:
            with suppress(OutcomeUnknownError):
                return (await log.append(work)).outcome


async def _set_read_only(database: FreshDatabase, state: str) -> None:
    admin = await asyncpg.connect(database.url)
    try:
        name = await admin.fetchval("select current_database()")
        await admin.execute(_READ_ONLY.format(name=name, state=state))
    finally:
        await admin.close()

"""What a service role, and even the owner, cannot do to the log."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from shared.eventlog import (
    CategoryForbiddenError,
    PostgresEventLog,
    UnitOfWork,
    open_log,
)
from shared.ids import new_id
from tests.support.embedded import FreshDatabase
from tests.support.event_log import new_answer, new_event, new_mark, new_stream, unit

ATTACKS = (
    "update log.event set payload = 'x'",
    "delete from log.event",
    "truncate log.event",
    "insert into log.event select * from log.event",
    "delete from log.inbox",
    "insert into log.inbox values ('submission', gen_random_uuid())",
    "update log.head set position = 0",
    "select * from log.head for update",
    "select * from log.event",
    "select * from log.inbox",
    "delete from log.answer",
    "insert into log.writer values ('submission', 'review')",
    "insert into log.reader values ('submission', '*')",
    "select log.restore_epoch()",
    "select log.readable(null)",
    "create table log.mine ()",
    "create table public.mine ()",
    "create schema mine",
    "alter table log.event disable trigger all",
    "drop function log.refuse_change() cascade",
    "set role log_owner",
    "set session authorization operations",
    "set session_replication_role = replica",
)

CHANGES = (
    "update log.event set payload = 'x'",
    "update log.event set payload = 'x' where false",
    "delete from log.event",
    "truncate log.event",
    "truncate log.event, log.inbox",
    "update log.inbox set consumer = 'review'",
    "delete from log.inbox",
    "truncate log.inbox",
)


@asynccontextmanager
async def connected(url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def is_refused(
    connection: "asyncpg.Connection[asyncpg.Record]", statement: str
) -> bool:
    """Return whether the role lacks the privilege for *statement*."""
    try:
        await connection.execute(statement)
    except asyncpg.InsufficientPrivilegeError:
        return True
    return False


class TestServiceRole:
    async def test_has_no_way_in_but_the_functions(
        self, migrated_database: FreshDatabase, event_log: PostgresEventLog
    ) -> None:
        await event_log.append(unit(new_stream(), 0, new_event(), inbox=(new_mark(),)))
        before = await event_log.head()
        async with connected(migrated_database.url_for("submission")) as service:
            for attack in ATTACKS:
                assert await is_refused(service, attack), attack
        assert await event_log.head() == before
        assert len(await event_log.read_after(0)) == 1

    async def test_cannot_connect_to_a_database_it_was_not_granted(
        self, fresh_database: FreshDatabase, migrated_database: FreshDatabase
    ) -> None:
        async with connected(fresh_database.url) as admin:
            await admin.execute("create role stranger login password 'x'")
            try:
                granted = await admin.fetchval(
                    "select has_database_privilege('stranger', current_database(),"
                    " 'connect')"
                )
            finally:
                await admin.execute("drop role stranger")
        assert granted is False

    async def test_writes_only_its_own_categories(
        self, event_log: PostgresEventLog
    ) -> None:
        review = unit(new_stream("review"), 0, new_event())
        with pytest.raises(CategoryForbiddenError):
            await event_log.append(review)
        both = UnitOfWork(
            writes=(*unit(new_stream(), 0, new_event()).writes, *review.writes)
        )
        with pytest.raises(CategoryForbiddenError):
            await event_log.append(both)
        assert (await event_log.head()).position == 0

    async def test_marks_only_its_own_inbox(self, event_log: PostgresEventLog) -> None:
        with pytest.raises(CategoryForbiddenError):
            await event_log.append(UnitOfWork(inbox=(new_mark("review"),)))
        with pytest.raises(CategoryForbiddenError):
            await event_log.handled("review", [new_id()])

    async def test_reads_only_its_own_categories_and_the_clock(
        self, migrated_database: FreshDatabase, event_log: PostgresEventLog
    ) -> None:
        case = new_stream()
        await event_log.append(unit(case, 0, new_event()))
        await event_log.append(unit("clock-real", 0, new_event()))
        async with open_log(migrated_database.url_for("review")) as review:
            assert [e.category for e in await review.read_after(0)] == ["clock"]
            assert [f.stream for f in await review.facts_after(0)] == ["clock-real"]
            assert await review.streams("") == ("clock-real",)
            for refused in (
                review.read_stream(case),
                review.read_after(0, categories=["review", "case"]),
                review.facts_after(0, categories=["case"]),
            ):
                with pytest.raises(CategoryForbiddenError):
                    await refused
            with pytest.raises(CategoryForbiddenError):
                await anext(review.follow(0, categories=["case"]))

    async def test_sees_everything_as_operations(
        self, migrated_database: FreshDatabase, event_log: PostgresEventLog
    ) -> None:
        mark, stream = new_mark(), new_stream()
        await event_log.append(unit(stream, 0, new_event(), inbox=(mark,)))
        async with open_log(migrated_database.url_for("operations")) as desk:
            assert len(await desk.read_stream(stream)) == 1
            assert await desk.handled("submission", [mark.event_id])
            with pytest.raises(CategoryForbiddenError):
                await desk.append(unit(stream, 1, new_event()))

    async def test_does_not_see_the_answers_of_another(
        self, migrated_database: FreshDatabase, event_log: PostgresEventLog
    ) -> None:
        answer = new_answer()
        await event_log.append(UnitOfWork(answer=answer))
        async with open_log(migrated_database.url_for("review")) as review:
            assert await review.answer(answer.request) is None
            written = await review.append(UnitOfWork(answer=answer))
            assert written.outcome == "written"

    async def test_is_refused_when_nobody_granted_it_anything(
        self, migrated_database: FreshDatabase
    ) -> None:
        async with open_log(migrated_database.url) as superuser:
            with pytest.raises(CategoryForbiddenError):
                await superuser.append(unit(new_stream(), 0, new_event()))


class TestOwner:
    async def test_is_refused_every_change_by_trigger(
        self, migrated_database: FreshDatabase, event_log: PostgresEventLog
    ) -> None:
        """Source: domain.md section 1: nobody changes or deletes a fact."""
        await event_log.append(unit(new_stream(), 0, new_event(), inbox=(new_mark(),)))
        async with connected(migrated_database.url) as owner:
            await owner.execute("set role log_owner")
            for change in CHANGES:
                with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
                    await owner.execute(change)
        assert len(await event_log.read_after(0)) == 1

    async def test_is_refused_even_as_a_replica(
        self, migrated_database: FreshDatabase, event_log: PostgresEventLog
    ) -> None:
        await event_log.append(unit(new_stream(), 0, new_event()))
        async with connected(migrated_database.url) as superuser:
            await superuser.execute("set session_replication_role = replica")
            with pytest.raises(asyncpg.RestrictViolationError):
                await superuser.execute("delete from log.event")

    async def test_control_without_the_trigger_a_change_succeeds(
        self, migrated_database: FreshDatabase, event_log: PostgresEventLog
    ) -> None:
        await event_log.append(unit(new_stream(), 0, new_event()))
        async with connected(migrated_database.url) as superuser:
            await superuser.execute("alter table log.event disable trigger all")
            assert await superuser.execute("delete from log.event") == "DELETE 1"

    async def test_raises_the_epoch_after_a_restore(
        self, migrated_database: FreshDatabase, event_log: PostgresEventLog
    ) -> None:
        async with connected(migrated_database.url) as owner:
            assert await owner.fetchval("select log.restore_epoch()") == 2
        assert (await event_log.head()).epoch == 2

    async def test_forgets_answers_after_30_days(
        self, migrated_database: FreshDatabase, event_log: PostgresEventLog
    ) -> None:
        old, young = new_answer(), new_answer()
        for answer in (old, young):
            await event_log.append(UnitOfWork(answer=answer))
        async with connected(migrated_database.url) as owner:
            await owner.execute(
                "update log.answer set stored_at = now() - interval '30 days 1 second'"
                " where key = $1",
                old.request.key,
            )
        async with connected(migrated_database.url_for("submission")) as service:
            assert await service.fetchval("select log.forget_answers()") == 1
        assert await event_log.answer(old.request) is None
        assert await event_log.answer(young.request) is not None

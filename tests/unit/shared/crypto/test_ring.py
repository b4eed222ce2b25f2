"""Keys at hand: few, brief, and gone with the person."""

import asyncio

import pytest

from shared.crypto import KeyRing, PersonKey, SubjectErasedError
from shared.crypto import ring as ring_module
from shared.crypto.keystore import KeyRow
from shared.personal import Erased
from tests.support.keys import (
    NOW,
    MemoryKeyTable,
    fixed_clock,
    memory_keystore,
)


class Stopwatch:
    """A monotonic clock that the test moves."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def table() -> MemoryKeyTable:
    return MemoryKeyTable()


@pytest.fixture
def stopwatch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def ring(table: MemoryKeyTable, stopwatch: Stopwatch) -> KeyRing:
    return KeyRing(memory_keystore(table), fixed_clock, monotonic=stopwatch)


class TestKeyRing:
    async def test_asks_the_store_once_for_a_person(
        self, ring: KeyRing, table: MemoryKeyTable
    ) -> None:
        key = await ring.key_for("ana")

        assert await ring.key_for("ana") is key
        assert await ring.keys([("ana", key.id)]) == {key.id: key}
        assert table.reads == 1

    async def test_asks_the_store_once_for_many_people(
        self, table: MemoryKeyTable
    ) -> None:
        store = memory_keystore(table)
        made = [await store.key_for(f"p{n}", at=NOW) for n in range(50)]
        ring, table.reads = KeyRing(store, fixed_clock), 0

        found = await ring.keys((key.subject, key.id) for key in made)

        assert set(found) == {key.id for key in made}
        assert table.reads == 1

    async def test_forgets_a_key_after_its_time(
        self, ring: KeyRing, table: MemoryKeyTable, stopwatch: Stopwatch
    ) -> None:
        await ring.key_for("ana")
        stopwatch.seconds = ring_module.CACHE_SECONDS + 0.1

        await ring.key_for("ana")

        assert table.reads == 2

    async def test_holds_no_more_keys_than_its_limit(
        self, ring: KeyRing, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ring_module, "CACHE_KEYS_MAX", 3)

        for number in range(5):
            await ring.key_for(f"p{number}")

        assert sorted(ring._cached) == ["p2", "p3", "p4"]

    async def test_drops_a_key_that_it_destroys(self, ring: KeyRing) -> None:
        key = await ring.key_for("ana")

        await ring.destroy("ana")

        assert await ring.keys([("ana", key.id)]) == {key.id: Erased("ana")}
        with pytest.raises(SubjectErasedError):
            await ring.key_for("ana")

    async def test_sees_what_another_process_erased_once_it_is_told(
        self, ring: KeyRing, table: MemoryKeyTable
    ) -> None:
        key = await ring.key_for("ana")
        await memory_keystore(table).destroy("ana", at=NOW)

        ring.forget("ana")

        assert await ring.keys([("ana", key.id)]) == {key.id: Erased("ana")}

    async def test_does_not_keep_a_key_that_was_destroyed_while_it_was_fetched(
        self, table: MemoryKeyTable
    ) -> None:
        fetched, carry_on = asyncio.Event(), asyncio.Event()

        class SlowTable(MemoryKeyTable):
            async def of_subject(self, subject: str) -> KeyRow | None:
                row = table.rows.get(subject)
                fetched.set()
                await carry_on.wait()
                return row

        await memory_keystore(table).key_for("ana", at=NOW)
        slow = SlowTable()
        slow.rows = table.rows
        ring = KeyRing(memory_keystore(slow), fixed_clock)
        fetching = asyncio.create_task(ring.key_for("ana"))
        await fetched.wait()
        await ring.destroy("ana")
        carry_on.set()
        key = await fetching

        assert await ring.keys([("ana", key.id)]) == {key.id: Erased("ana")}

    async def test_gives_no_key_of_one_person_for_another(self, ring: KeyRing) -> None:
        ana = await ring.key_for("ana")

        found = (await ring.keys([("ben", ana.id)]))[ana.id]

        assert isinstance(found, PersonKey)
        assert found.subject == "ana"

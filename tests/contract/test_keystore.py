"""What every key table promises, on each of them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from shared.crypto import (
    KeyEncryptionKey,
    KeyStore,
    PersonKey,
    SubjectErasedError,
    UnwrapError,
    WrongKeyEncryptionKeyError,
    open_keystore,
)
from shared.personal import Erased
from tests.support.embedded import FreshDatabase
from tests.support.keys import NOW, OTHER_SECRET, SECRET, MemoryKeyTable

OpenStore = Callable[[SecretStr], AbstractAsyncContextManager[KeyStore]]


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> OpenStore:
    """Return how to open the one store of this test, again and again."""
    if request.param == "memory":
        return _memory()
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/keys.db"
    else:
        database: FreshDatabase = request.getfixturevalue("fresh_database")
        url = database.url
    return lambda secret: open_keystore(SecretStr(url), secret)


@pytest.fixture
async def store(open_store: OpenStore) -> AsyncIterator[KeyStore]:
    async with open_store(SECRET) as opened:
        yield opened


@pytest.fixture
async def second(open_store: OpenStore) -> AsyncIterator[KeyStore]:
    """The same store, opened once more as another process would."""
    async with open_store(SECRET) as opened:
        yield opened


class TestKeyStore:
    async def test_gives_a_person_the_same_key_every_time(
        self, store: KeyStore, second: KeyStore
    ) -> None:
        first = await store.key_for("ana", at=NOW)

        again = await second.key_for("ana", at=NOW + timedelta(days=1))

        assert again == first

    async def test_gives_each_person_another_key(self, store: KeyStore) -> None:
        ana, ben = [await store.key_for(who, at=NOW) for who in ("ana", "ben")]

        assert ana.id != ben.id
        assert ana._secret != ben._secret

    async def test_makes_one_key_when_many_ask_at_once(
        self, store: KeyStore, second: KeyStore
    ) -> None:
        asked = [each.key_for("ana", at=NOW) for each in (store, second) * 10]

        keys = await asyncio.gather(*asked)

        assert len({key.id for key in keys}) == 1
        assert len({key._secret for key in keys}) == 1

    async def test_finds_keys_by_id_and_leaves_out_unknown_ones(
        self, store: KeyStore, second: KeyStore
    ) -> None:
        ana = await store.key_for("ana", at=NOW)
        ben = await store.key_for("ben", at=NOW)

        found = await second.keys([ana.id, "no-such-key", ben.id])

        assert found == {ana.id: ana, ben.id: ben}

    async def test_finds_nothing_for_no_ids(self, store: KeyStore) -> None:
        await store.key_for("ana", at=NOW)

        assert await store.keys([]) == {}

    async def test_keeps_its_keys_when_it_is_closed(
        self, open_store: OpenStore
    ) -> None:
        async with open_store(SECRET) as store:
            key = await store.key_for("ana", at=NOW)

        async with open_store(SECRET) as reopened:
            assert await reopened.keys([key.id]) == {key.id: key}

    async def test_answers_erased_once_a_key_is_destroyed(
        self, store: KeyStore, second: KeyStore
    ) -> None:
        key = await store.key_for("ana", at=NOW)

        await store.destroy("ana", at=NOW)

        assert await second.keys([key.id]) == {key.id: Erased("ana")}

    async def test_never_gives_an_erased_person_another_key(
        self, store: KeyStore, second: KeyStore
    ) -> None:
        await store.key_for("ana", at=NOW)
        await store.destroy("ana", at=NOW)

        with pytest.raises(SubjectErasedError):
            await second.key_for("ana", at=NOW)

    async def test_erases_a_person_who_had_no_key(self, store: KeyStore) -> None:
        await store.destroy("ana", at=NOW)

        with pytest.raises(SubjectErasedError):
            await store.key_for("ana", at=NOW)

    async def test_keeps_the_first_erasure_when_it_is_repeated(
        self, store: KeyStore
    ) -> None:
        await store.key_for("ana", at=NOW)
        first = await store.destroy("ana", at=NOW)

        again = await store.destroy("ana", at=NOW + timedelta(days=1))

        assert again == first
        assert await store.erasures() == (first,)

    async def test_lists_erasures_oldest_first(self, store: KeyStore) -> None:
        key = await store.key_for("ana", at=NOW)
        await store.key_for("cem", at=NOW)
        later = NOW + timedelta(seconds=1)
        await store.destroy("ana", at=later)
        await store.destroy("ben", at=NOW)

        listed = await store.erasures()

        assert [each.subject for each in listed] == ["ben", "ana"]
        assert listed[1].key_id == key.id
        assert listed[1].destroyed_at == later

    async def test_leaves_other_keys_alone(self, store: KeyStore) -> None:
        ben = await store.key_for("ben", at=NOW)

        await store.destroy("ana", at=NOW)

        assert await store.key_for("ben", at=NOW) == ben

    async def test_decides_one_way_when_a_key_is_made_and_destroyed_at_once(
        self, store: KeyStore, second: KeyStore
    ) -> None:
        made, _ = await asyncio.gather(
            store.key_for("ana", at=NOW),
            second.destroy("ana", at=NOW),
            return_exceptions=True,
        )

        assert isinstance(made, PersonKey | SubjectErasedError)
        with pytest.raises(SubjectErasedError):
            await store.key_for("ana", at=NOW)
        assert len(await store.erasures()) == 1

    async def test_refuses_another_key_encryption_key(
        self, open_store: OpenStore
    ) -> None:
        async with open_store(SECRET) as store:
            await store.key_for("ana", at=NOW)

        with pytest.raises(WrongKeyEncryptionKeyError, match="another"):
            async with open_store(OTHER_SECRET):
                pass

    async def test_refuses_a_wrapped_key_that_was_given_to_somebody_else(
        self, store: KeyStore
    ) -> None:
        await store.key_for("ana", at=NOW)
        row = await store._table.of_subject("ana")
        assert row is not None
        moved = type(row)(
            key_id=row.key_id, subject="mallory", wrapped=row.wrapped, created_at=NOW
        )

        with pytest.raises(UnwrapError):
            store._unwrap(moved)


def _memory() -> OpenStore:
    table = MemoryKeyTable()

    @asynccontextmanager
    async def open_again(secret: SecretStr) -> AsyncIterator[KeyStore]:
        store = KeyStore(table, KeyEncryptionKey(secret))
        await store.check_secret()
        yield store

    return open_again

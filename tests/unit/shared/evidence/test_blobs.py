"""Files of one person: stored once, verified whenever they are read."""

from collections.abc import AsyncIterator

import pytest

from shared.crypto import KeyRing, SubjectErasedError, UnknownKeyError
from shared.errors import BadInputError, TooLargeError
from shared.evidence import (
    BlobDamagedError,
    BlobMissingError,
    BlobPathError,
    BlobStore,
    StoredBlob,
)
from shared.evidence import blobs as blobs_module
from shared.evidence.sealing import CHUNK_BYTES
from shared.personal import Erased
from tests.support.evidence import MemoryObjects, memory_blobs
from tests.support.keys import fixed_clock, memory_keystore

CONTENT = b"scan of a certificate"


@pytest.fixture
def objects() -> MemoryObjects:
    return MemoryObjects()


@pytest.fixture
def keys() -> KeyRing:
    return KeyRing(memory_keystore(), fixed_clock)


@pytest.fixture
def blobs(objects: MemoryObjects, keys: KeyRing) -> BlobStore:
    return memory_blobs(objects, keys)


async def get(blobs: BlobStore, blob: StoredBlob) -> bytes | Erased:
    return await blobs.get(blob.path, content_hash=blob.content_hash)


class TestPut:
    @pytest.mark.parametrize(
        "size_bytes", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1]
    )
    async def test_gives_back_what_was_put(
        self, blobs: BlobStore, size_bytes: int
    ) -> None:
        content = bytes(size_bytes)

        blob = await blobs.put("ana", content)

        assert blob.size_bytes == size_bytes
        assert blob.path == f"ana/{blob.ciphertext_sha256}"
        assert await get(blobs, blob) == content

    async def test_takes_a_stream(self, blobs: BlobStore) -> None:
        async def pieces() -> AsyncIterator[bytes]:
            for start in range(0, len(CONTENT), 4):
                yield CONTENT[start : start + 4]

        assert await blobs.put("ana", pieces()) == await blobs.put("ana", CONTENT)

    async def test_stores_the_same_content_once(
        self, blobs: BlobStore, objects: MemoryObjects
    ) -> None:
        first = await blobs.put("ana", CONTENT)

        assert await blobs.put("ana", CONTENT) == first
        assert objects.paths() == [first.path]

    async def test_does_not_tell_that_two_people_have_the_same_file(
        self, blobs: BlobStore
    ) -> None:
        ana, ben = await blobs.put("ana", CONTENT), await blobs.put("ben", CONTENT)

        assert ana.content_hash != ben.content_hash
        assert ana.ciphertext_sha256 != ben.ciphertext_sha256

    async def test_stores_no_plaintext(
        self, blobs: BlobStore, objects: MemoryObjects
    ) -> None:
        blob = await blobs.put("ana", CONTENT)

        assert CONTENT[:8] not in bytes(objects.bytes_at(blob.path))

    async def test_refuses_one_byte_over_the_limit(
        self,
        blobs: BlobStore,
        objects: MemoryObjects,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(blobs_module, "BLOB_BYTES_MAX", 10)

        async def endless() -> AsyncIterator[bytes]:
            while True:
                yield b"1234567"

        await blobs.put("ana", bytes(10))
        for content in (bytes(11), endless()):
            with pytest.raises(TooLargeError) as refused:
                await blobs.put("ana", content)
            assert refused.value.context == {"limit_bytes": 10}
        assert len(objects.paths()) == 1

    @pytest.mark.parametrize("subject", ["", "../ana", "ana/b", "Ana", ".staging"])
    async def test_refuses_what_is_no_opaque_id(
        self, blobs: BlobStore, objects: MemoryObjects, subject: str
    ) -> None:
        with pytest.raises(BadInputError, match="opaque id"):
            await blobs.put(subject, CONTENT)

        assert objects.paths() == []

    async def test_refuses_a_person_who_was_erased(
        self, blobs: BlobStore, keys: KeyRing
    ) -> None:
        await keys.destroy("ana")

        with pytest.raises(SubjectErasedError):
            await blobs.put("ana", CONTENT)


class TestNoting:
    """Source: a file that no fact refers to must be found again."""

    async def test_tells_the_path_before_the_file_is_there(
        self, blobs: BlobStore, objects: MemoryObjects
    ) -> None:
        told: list[tuple[str, int]] = []

        async def note(path: str) -> None:
            told.append((path, len(objects.paths())))

        blob = await blobs.noting(note).put("ana", CONTENT)
        assert told == [(blob.path, 0)]
        assert await get(blobs, blob) == CONTENT

    async def test_tells_nothing_of_what_is_only_measured(
        self, blobs: BlobStore
    ) -> None:
        async def note(path: str) -> None:
            raise AssertionError(path)

        await blobs.noting(note).measure("ana", CONTENT)


class TestRemove:
    async def test_leaves_nothing_at_the_path(
        self, blobs: BlobStore, objects: MemoryObjects
    ) -> None:
        blob = await blobs.put("ana", CONTENT)
        await blobs.remove(blob.path)
        assert objects.paths() == []
        await blobs.remove(blob.path)

    async def test_refuses_what_is_no_path_of_a_file(self, blobs: BlobStore) -> None:
        with pytest.raises(BlobPathError):
            await blobs.remove("../etc/passwd")


class TestGet:
    async def test_answers_erased_once_the_key_is_destroyed(
        self, blobs: BlobStore, keys: KeyRing
    ) -> None:
        blob = await blobs.put("ana", CONTENT)

        await keys.destroy("ana")

        assert await get(blobs, blob) == Erased("ana")

    async def test_refuses_another_content_hash(self, blobs: BlobStore) -> None:
        blob = await blobs.put("ana", CONTENT)
        other = await blobs.put("ana", b"something else")

        with pytest.raises(BlobDamagedError):
            await blobs.get(blob.path, content_hash=other.content_hash)

    async def test_refuses_a_file_that_was_exchanged_for_another(
        self, blobs: BlobStore, objects: MemoryObjects
    ) -> None:
        blob = await blobs.put("ana", CONTENT)
        other = await blobs.put("ana", b"something else")
        await objects.put(blob.path, bytes(objects.bytes_at(other.path)))

        with pytest.raises(BlobDamagedError):
            await get(blobs, blob)

    async def test_refuses_the_right_content_at_a_path_that_does_not_name_it(
        self, blobs: BlobStore, objects: MemoryObjects
    ) -> None:
        blob = await blobs.put("ana", CONTENT)
        path = f"ana/{'0' * 64}"
        await objects.put(path, bytes(objects.bytes_at(blob.path)))

        with pytest.raises(BlobDamagedError):
            await blobs.get(path, content_hash=blob.content_hash)

    async def test_refuses_a_file_of_somebody_else(
        self, blobs: BlobStore, objects: MemoryObjects
    ) -> None:
        blob = await blobs.put("ana", CONTENT)
        moved = blob.path.replace("ana/", "ben/")
        await objects.put(moved, bytes(objects.bytes_at(blob.path)))

        with pytest.raises(BlobDamagedError):
            await blobs.get(moved, content_hash=blob.content_hash)

    async def test_refuses_one_flipped_bit_and_says_where(
        self, blobs: BlobStore, objects: MemoryObjects
    ) -> None:
        blob = await blobs.put("ana", bytes(2 * CHUNK_BYTES))
        altered = objects.bytes_at(blob.path)
        altered[CHUNK_BYTES + 500] ^= 1
        await objects.put(blob.path, bytes(altered))

        with pytest.raises(BlobDamagedError) as refused:
            await get(blobs, blob)

        assert refused.value.context == {"path": blob.path, "chunk": 1}

    async def test_refuses_a_key_the_store_does_not_know(
        self, blobs: BlobStore, objects: MemoryObjects
    ) -> None:
        blob = await blobs.put("ana", CONTENT)

        with pytest.raises(UnknownKeyError):
            await get(memory_blobs(objects), blob)

    async def test_says_that_a_file_is_missing(self, blobs: BlobStore) -> None:
        with pytest.raises(BlobMissingError, match="restore"):
            await blobs.get(f"ana/{'0' * 64}", content_hash="0" * 64)

    @pytest.mark.parametrize(
        "path",
        ["", "ana", "ana/", "ana/../../etc/passwd", "/etc/passwd", f"ana/{'0' * 63}"],
    )
    async def test_refuses_what_is_no_path_of_a_file(
        self, blobs: BlobStore, path: str
    ) -> None:
        with pytest.raises(BlobPathError):
            await blobs.get(path, content_hash="0" * 64)


class TestStream:
    async def test_gives_verified_chunks_before_a_damaged_one(
        self, blobs: BlobStore, objects: MemoryObjects
    ) -> None:
        blob = await blobs.put("ana", bytes(2 * CHUNK_BYTES))
        altered = objects.bytes_at(blob.path)
        altered[-1] ^= 1
        await objects.put(blob.path, bytes(altered))

        stream = await blobs.stream(blob.path, content_hash=blob.content_hash)
        assert not isinstance(stream, Erased)

        assert len(await anext(stream)) == CHUNK_BYTES
        with pytest.raises(BlobDamagedError):
            await anext(stream)

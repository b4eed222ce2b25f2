"""The stored form of a file: any change to it is noticed."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.crypto import PersonKey
from shared.evidence import BlobDamagedError
from shared.evidence.sealing import (
    CHUNK_BYTES,
    HEADER_BYTES,
    TAG_BYTES,
    ChunkCipher,
    Header,
    chunk_ranges,
    seal,
)

KEY = PersonKey("00000000-0000-4000-8000-000000000001", "ana", bytes(range(32)))
OTHER = PersonKey("00000000-0000-4000-8000-000000000002", "ben", bytes(32))
SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES


def unseal(sealed: bytes, key: PersonKey = KEY) -> bytes:
    """Return the content of all stored bytes, as a reader would get it."""
    header = Header.decode(sealed[:HEADER_BYTES])
    cipher = ChunkCipher(header, key)
    ranges = tuple(chunk_ranges(len(sealed)))
    return b"".join(
        cipher.open(sealed[start:end], number, last=number == len(ranges) - 1)
        for number, (start, end) in enumerate(ranges)
    )


def chunks_of(sealed: bytes) -> list[bytes]:
    return [sealed[start:end] for start, end in chunk_ranges(len(sealed))]


class TestSeal:
    @pytest.mark.parametrize(
        "size_bytes",
        [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES],
    )
    def test_round_trips_every_size_around_a_chunk(self, size_bytes: int) -> None:
        content = bytes(number % 251 for number in range(size_bytes))

        header, sealed = seal(content, KEY)

        count = max(1, -(-size_bytes // CHUNK_BYTES))
        assert unseal(sealed) == content
        assert len(sealed) == HEADER_BYTES + size_bytes + count * TAG_BYTES
        assert Header.decode(sealed[:HEADER_BYTES]) == header

    @given(st.binary(max_size=2_000))
    def test_round_trips_any_content(self, content: bytes) -> None:
        assert unseal(seal(content, KEY)[1]) == content

    def test_gives_the_same_bytes_for_the_same_content_and_person(self) -> None:
        assert seal(b"words", KEY) == seal(b"words", KEY)

    def test_gives_other_bytes_for_another_person_or_content(self) -> None:
        ana, ben = seal(b"words", KEY), seal(b"words", OTHER)

        assert ana[0].content_hash != ben[0].content_hash
        assert ana[1][HEADER_BYTES:] != ben[1][HEADER_BYTES:]
        assert ana[1][HEADER_BYTES:] != seal(b"Words", KEY)[1][HEADER_BYTES:]

    def test_keeps_the_format_in_which_files_were_already_stored(self) -> None:
        header, sealed = seal(b"words", KEY)

        assert sealed[:8] == b"ATTESTB1"
        assert header.content_hash == (
            "b02ee25134c33ff3578f48f0a2c5a856e4d7b2feff7dac507948af40c81d6688"
        )
        assert hashlib.sha256(sealed).hexdigest() == (
            "1c9c516bc7055e0149463d0c252022751fddb5eb819b7a0910e6450d4557575b"
        )

    @given(data=st.data())
    def test_is_noticed_when_any_bit_flips(self, data: st.DataObject) -> None:
        sealed = bytearray(seal(b"the words of one file", KEY)[1])
        bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
        sealed[bit // 8] ^= 1 << bit % 8

        with pytest.raises(BlobDamagedError):
            unseal(bytes(sealed))

    @settings(max_examples=25, deadline=None)
    @given(cut=st.integers(1, 2 * CHUNK_BYTES))
    def test_is_noticed_when_the_end_is_missing(self, cut: int) -> None:
        sealed = seal(bytes(2 * CHUNK_BYTES), KEY)[1]

        with pytest.raises(BlobDamagedError):
            unseal(sealed[:-cut])

    def test_is_noticed_when_whole_chunks_are_missing(self) -> None:
        sealed = seal(bytes(3 * CHUNK_BYTES), KEY)[1]

        for kept in (1, 2):
            with pytest.raises(BlobDamagedError):
                unseal(sealed[: HEADER_BYTES + kept * SEALED_CHUNK_BYTES])

    @pytest.mark.parametrize(
        "order", [(1, 0, 2), (0, 2, 1), (0, 0, 1, 2), (0, 2), (1, 2)]
    )
    def test_is_noticed_when_chunks_are_reordered_repeated_or_dropped(
        self, order: tuple[int, ...]
    ) -> None:
        sealed = seal(bytes(2 * CHUNK_BYTES + 7), KEY)[1]
        chunks = chunks_of(sealed)

        with pytest.raises(BlobDamagedError):
            unseal(sealed[:HEADER_BYTES] + b"".join(chunks[each] for each in order))

    def test_is_noticed_when_something_is_added(self) -> None:
        sealed = seal(bytes(CHUNK_BYTES), KEY)[1]

        for added in (b"x", chunks_of(sealed)[0]):
            with pytest.raises(BlobDamagedError):
                unseal(sealed + added)

    def test_is_noticed_when_a_chunk_comes_from_another_file(self) -> None:
        one, other = seal(b"one", KEY)[1], seal(b"two", KEY)[1]

        with pytest.raises(BlobDamagedError):
            unseal(one[:HEADER_BYTES] + other[HEADER_BYTES:])

    def test_opens_with_no_other_persons_key(self) -> None:
        with pytest.raises(BlobDamagedError):
            unseal(seal(b"words", KEY)[1], OTHER)


class TestHeader:
    @pytest.mark.parametrize(
        "wrong", [b"", b"ATTESTB1", bytes(HEADER_BYTES), b"ATTESTB2" + bytes(48)]
    )
    def test_refuses_what_no_file_begins_with(self, wrong: bytes) -> None:
        with pytest.raises(BlobDamagedError):
            Header.decode(wrong)


class TestChunkRanges:
    @pytest.mark.parametrize("size_bytes", [0, 55, 56, 71])
    def test_refuses_a_size_that_no_file_has(self, size_bytes: int) -> None:
        with pytest.raises(BlobDamagedError):
            tuple(chunk_ranges(size_bytes))

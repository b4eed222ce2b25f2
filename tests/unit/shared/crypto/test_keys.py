"""Secret keys: derived per use, bound to names, shown nowhere."""

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from shared.crypto import (
    KeyEncryptionKey,
    KeyEncryptionKeyError,
    Label,
    PersonKey,
    UnwrapError,
)
from shared.crypto.keys import bind, decode, derive, encode
from tests.support.keys import OTHER_SECRET, SECRET


class TestKeyEncryptionKey:
    @pytest.mark.parametrize(
        "wrong",
        [
            "",
            "not base64!",
            base64.urlsafe_b64encode(bytes(31)).decode(),
            base64.urlsafe_b64encode(bytes(33)).decode(),
            base64.b64encode(b"\xff" * 32).decode(),
        ],
    )
    def test_refuses_what_is_not_32_bytes_of_base64url(self, wrong: str) -> None:
        with pytest.raises(KeyEncryptionKeyError, match="32 random bytes") as refused:
            KeyEncryptionKey(SecretStr(wrong))

        assert refused.value.__context__ is None

    def test_accepts_base64url_with_and_without_padding(self) -> None:
        bare = SecretStr(SECRET.get_secret_value().rstrip("="))

        assert KeyEncryptionKey(bare).check == KeyEncryptionKey(SECRET).check

    def test_tells_itself_from_another_by_its_check_value(self) -> None:
        check = KeyEncryptionKey(SECRET).check

        assert check != KeyEncryptionKey(OTHER_SECRET).check
        assert check != decode(SECRET.get_secret_value().rstrip("="))

    @given(st.binary(max_size=64), st.lists(st.text(max_size=8), max_size=3))
    def test_unwraps_what_it_wrapped_for_the_same_names(
        self, secret: bytes, names: list[str]
    ) -> None:
        key = KeyEncryptionKey(SECRET)

        assert key.unwrap(key.wrap(secret, *names), *names) == secret

    @given(st.data())
    def test_notices_every_flipped_bit(self, data: st.DataObject) -> None:
        key = KeyEncryptionKey(SECRET)
        wrapped = bytearray(key.wrap(b"secret of one person", "person", "ana"))
        bit = data.draw(st.integers(0, len(wrapped) * 8 - 1))
        wrapped[bit // 8] ^= 1 << bit % 8

        with pytest.raises(UnwrapError):
            key.unwrap(bytes(wrapped), "person", "ana")

    @pytest.mark.parametrize(
        "names", [(), ("person",), ("person", "ben"), ("personana",)]
    )
    def test_refuses_other_names(self, names: tuple[str, ...]) -> None:
        key = KeyEncryptionKey(SECRET)

        with pytest.raises(UnwrapError):
            key.unwrap(key.wrap(b"secret", "person", "ana"), *names)

    @pytest.mark.parametrize("length", [0, 1, 11, 12, 27])
    def test_refuses_what_is_too_short_to_be_wrapped(self, length: int) -> None:
        with pytest.raises(UnwrapError):
            KeyEncryptionKey(SECRET).unwrap(bytes(length), "person")

    def test_refuses_what_another_key_wrapped(self) -> None:
        wrapped = KeyEncryptionKey(OTHER_SECRET).wrap(b"secret", "person")

        with pytest.raises(UnwrapError):
            KeyEncryptionKey(SECRET).unwrap(wrapped, "person")


class TestAddressHash:
    def test_is_the_same_for_every_spelling_of_a_mailbox(self) -> None:
        key = KeyEncryptionKey(SECRET)

        hashes = {
            key.address_hash(each) for each in ("Ana@X.example", " ana@x.EXAMPLE")
        }

        assert len(hashes) == 1

    def test_stays_what_it_was_when_it_was_first_stored(self) -> None:
        hashed = KeyEncryptionKey(SECRET).address_hash("ana@college.example")

        assert hashed == (
            "cfbf63d6569ba9ef008d8ceeb5062dab5b55984845a4b8dd28aa46881d85b6fa"
        )

    def test_cannot_be_computed_with_another_key(self) -> None:
        ours, theirs = KeyEncryptionKey(SECRET), KeyEncryptionKey(OTHER_SECRET)

        assert ours.address_hash("a@x.example") != theirs.address_hash("a@x.example")


class TestDerive:
    def test_gives_every_label_another_key(self) -> None:
        keys = {derive(bytes(32), label) for label in Label}

        assert len(keys) == len(Label)
        assert {len(key) for key in keys} == {32}

    def test_gives_every_salt_another_key(self) -> None:
        salted = {derive(bytes(32), Label.BLOB, salt=bytes([n])) for n in range(10)}

        assert len(salted) == 10

    def test_is_hkdf_sha256(self) -> None:
        # HKDF with the salt of zeros RFC 5869 prescribes when there is none.
        extracted = hmac.new(bytes(32), b"\x0b" * 32, hashlib.sha256).digest()
        info = Label.ENVELOPE.value.encode() + b"\x01"

        assert derive(b"\x0b" * 32, Label.ENVELOPE) == (
            hmac.new(extracted, info, hashlib.sha256).digest()
        )


class TestBind:
    @given(
        st.lists(st.text(max_size=6), max_size=4),
        st.lists(st.text(max_size=6), max_size=4),
    )
    def test_leads_to_the_same_bytes_only_from_the_same_parts(
        self, one: list[str], other: list[str]
    ) -> None:
        assert (bind(*one) == bind(*other)) == (one == other)


class TestEncode:
    @given(st.binary())
    def test_is_undone_by_decode(self, raw: bytes) -> None:
        assert decode(encode(raw)) == raw

    @pytest.mark.parametrize("wrong", ["A", "AB", "AA==", "A+/A", "AA AA", "\u00e4AAA"])
    def test_is_the_only_spelling_that_decode_accepts(self, wrong: str) -> None:
        with pytest.raises(ValueError):  # noqa: PT011 - any reason will do
            decode(wrong)


class TestPersonKey:
    def test_does_not_show_its_secret(self) -> None:
        key = PersonKey("k1", "ana", b"very secret bytes")

        assert "secret bytes" not in repr(key)
        assert "secret bytes" not in f"{key}"

"""Envelopes: what comes out is what went in, for those who may, or nothing."""

import io
from dataclasses import replace as replace_row
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from shared.crypto import (
    EnvelopeError,
    Grant,
    KeyStore,
    Opened,
    Purpose,
    SealedTypeError,
    SubjectErasedError,
    UnknownKeyError,
    UnwrapError,
    Vault,
)
from shared.crypto.keys import decode, encode
from shared.errors import ForbiddenError, ServiceError
from shared.logs import configure_logs
from shared.personal import Erased, Personal
from tests.support.keys import (
    NOW,
    MemoryKeyTable,
    fixed_clock,
    memory_keystore,
    memory_vault,
)

FIELD = "contact.person"
SECRET_WORDS = "Ana Lima of Elm Road"
LETTERS = Grant(role="service", purpose=Purpose.SEND_LETTER)
DESK = Grant(
    role="operations",
    purpose=Purpose.OPERATE_WITH_REASON,
    actor="olu",
    reason="Appeal 17",
)


class Contact(BaseModel):
    name: str
    email: str


class Registered(BaseModel):
    """As a fact holds it."""

    contact: Personal[Contact]
    note: Personal[str]


@pytest.fixture
def table() -> MemoryKeyTable:
    return MemoryKeyTable()


@pytest.fixture
def vault(table: MemoryKeyTable) -> Vault:
    return memory_vault(table)


class TestSeal:
    @given(
        value=st.text()
        | st.integers()
        | st.lists(st.text())
        | st.dictionaries(st.text(), st.booleans()),
        subject=st.from_regex(r"[a-z0-9][a-z0-9_-]{0,20}", fullmatch=True),
    )
    async def test_round_trips_any_value(self, value: Any, subject: str) -> None:
        vault = memory_vault()

        envelope = await vault.seal(subject, value, field=FIELD)
        opened = await vault.open(envelope, type(value), field=FIELD, grant=LETTERS)

        assert opened == value

    async def test_round_trips_a_model_through_a_fact(self, vault: Vault) -> None:
        contact = Contact(name="Ana Lima", email="ana@college.example")
        fact = Registered(
            contact=await vault.seal("ana", contact, field=FIELD),
            note=await vault.seal("ana", SECRET_WORDS, field="contact.note"),
        )

        stored = Registered.model_validate_json(fact.model_dump_json())
        opened = await vault.open(stored.contact, Contact, field=FIELD, grant=LETTERS)

        assert opened == contact

    async def test_leaves_no_plaintext_in_the_envelope(self, vault: Vault) -> None:
        envelope = await vault.seal("ana", SECRET_WORDS, field=FIELD)

        assert SECRET_WORDS not in repr(envelope) + envelope.model_dump_json()
        assert SECRET_WORDS.encode() not in decode(envelope.ciphertext)

    async def test_never_gives_the_same_envelope_twice(self, vault: Vault) -> None:
        one = await vault.seal("ana", SECRET_WORDS, field=FIELD)
        other = await vault.seal("ana", SECRET_WORDS, field=FIELD)

        assert one.nonce != other.nonce
        assert one.ciphertext != other.ciphertext
        assert one.key == other.key

    async def test_refuses_a_field_of_no_known_kind(self, vault: Vault) -> None:
        with pytest.raises(ValueError, match="salary"):
            await vault.seal("ana", SECRET_WORDS, field="salary.amount")

    async def test_refuses_a_person_who_was_erased(self, vault: Vault) -> None:
        await vault.keys.destroy("ana")

        with pytest.raises(SubjectErasedError):
            await vault.seal("ana", SECRET_WORDS, field=FIELD)

    async def test_refuses_a_value_that_is_not_data(self, vault: Vault) -> None:
        class Thing:
            def __repr__(self) -> str:
                return SECRET_WORDS

        with pytest.raises(SealedTypeError) as refused:
            await vault.seal("ana", Thing(), field=FIELD)

        assert_says_nothing(refused.value)


class TestOpen:
    @given(data=st.data())
    async def test_notices_every_flipped_bit(self, data: st.DataObject) -> None:
        vault = memory_vault()
        envelope = await vault.seal("ana", SECRET_WORDS, field=FIELD)
        part = data.draw(st.sampled_from(["nonce", "ciphertext"]))
        raw = bytearray(decode(getattr(envelope, part)))
        bit = data.draw(st.integers(0, len(raw) * 8 - 1))
        raw[bit // 8] ^= 1 << bit % 8
        altered = envelope.model_copy(update={part: encode(bytes(raw))})

        with pytest.raises(EnvelopeError) as refused:
            await vault.open(altered, str, field=FIELD, grant=LETTERS)

        assert_says_nothing(refused.value)

    @given(data=st.data())
    async def test_notices_what_is_cut_off(self, data: st.DataObject) -> None:
        vault = memory_vault()
        envelope = await vault.seal("ana", SECRET_WORDS, field=FIELD)
        part = data.draw(st.sampled_from(["nonce", "ciphertext"]))
        whole: str = getattr(envelope, part)
        cut = whole[: data.draw(st.integers(0, len(whole) - 1))]

        with pytest.raises(EnvelopeError):
            await vault.open(
                envelope.model_copy(update={part: cut}),
                str,
                field=FIELD,
                grant=LETTERS,
            )

    async def test_refuses_an_envelope_moved_to_another_field(
        self, vault: Vault
    ) -> None:
        envelope = await vault.seal("ana", SECRET_WORDS, field=FIELD)

        with pytest.raises(EnvelopeError):
            await vault.open(envelope, str, field="contact.other", grant=LETTERS)

    async def test_refuses_an_envelope_moved_to_another_person(
        self, vault: Vault
    ) -> None:
        envelope = await vault.seal("ana", SECRET_WORDS, field=FIELD)
        ben = await vault.seal("ben", "x", field=FIELD)

        for update in ({"subject": "ben"}, {"subject": "ben", "key": ben.key}):
            moved = envelope.model_copy(update=update)
            with pytest.raises(EnvelopeError):
                await vault.open(moved, str, field=FIELD, grant=LETTERS)

    async def test_refuses_a_key_the_store_does_not_know(self, vault: Vault) -> None:
        envelope = await vault.seal("ana", SECRET_WORDS, field=FIELD)
        lost = envelope.model_copy(update={"key": "lost"})

        with pytest.raises(UnknownKeyError, match="older copy"):
            await vault.open(lost, str, field=FIELD, grant=LETTERS)

    async def test_refuses_a_wrapped_key_that_was_exchanged(
        self, vault: Vault, table: MemoryKeyTable
    ) -> None:
        envelope = await vault.seal("ana", SECRET_WORDS, field=FIELD)
        await vault.seal("ben", "x", field=FIELD)
        wrapped = table.rows["ben"].wrapped
        table.rows["ana"] = replace_row(table.rows["ana"], wrapped=wrapped)

        with pytest.raises(UnwrapError):
            await memory_vault(table).open(envelope, str, field=FIELD, grant=LETTERS)

    async def test_answers_erased_once_the_key_is_destroyed(self, vault: Vault) -> None:
        envelope = await vault.seal("ana", SECRET_WORDS, field=FIELD)

        await vault.keys.destroy("ana")
        opened = await vault.open(envelope, str, field=FIELD, grant=LETTERS)

        assert opened == Erased("ana")

    async def test_refuses_a_role_that_may_not(self, vault: Vault) -> None:
        envelope = await vault.seal("ana", SECRET_WORDS, field=FIELD)
        reviewer = Grant(role="reviewer", purpose=Purpose.REVIEW_HELD_CASE)

        with pytest.raises(ForbiddenError):
            await vault.open(envelope, str, field=FIELD, grant=reviewer)

    async def test_refuses_a_role_that_may_not_even_when_there_is_nothing_to_open(
        self, vault: Vault
    ) -> None:
        reviewer = Grant(role="reviewer", purpose=Purpose.REVIEW_HELD_CASE)
        none: tuple[Personal[str], ...] = ()

        with pytest.raises(ForbiddenError):
            await vault.open_all(none, str, field=FIELD, grant=reviewer)

    async def test_refuses_another_type_without_telling_the_value(
        self, vault: Vault
    ) -> None:
        envelope: Any = await vault.seal("ana", SECRET_WORDS, field=FIELD)

        with pytest.raises(SealedTypeError) as refused:
            await vault.open(envelope, int, field=FIELD, grant=LETTERS)

        assert refused.value.context == {"field": FIELD, "type": "int"}
        assert_says_nothing(refused.value)


class TestOpenAll:
    async def test_keeps_the_order_and_asks_the_store_once(
        self, table: MemoryKeyTable
    ) -> None:
        writer = memory_vault(table)
        people = [f"p{number}" for number in range(20)]
        envelopes = [await writer.seal(who, who, field=FIELD) for who in people]
        await writer.keys.destroy("p3")
        reader, table.reads = memory_vault(table), 0

        opened = await reader.open_all(envelopes, str, field=FIELD, grant=LETTERS)

        expected: list[str | Erased] = [*people]
        expected[3] = Erased("p3")
        assert list(opened) == expected
        assert table.reads == 1

    async def test_opens_nothing_when_one_envelope_is_bad(self, vault: Vault) -> None:
        good = await vault.seal("ana", SECRET_WORDS, field=FIELD)
        bad = good.model_copy(update={"ciphertext": good.ciphertext[:-4]})

        with pytest.raises(EnvelopeError):
            await vault.open_all([good, bad], str, field=FIELD, grant=LETTERS)


class TestRecordedOpening:
    """Each opening of protected data by staff is recorded. Source: architecture.md."""

    async def test_is_recorded_before_anything_is_shown(
        self, table: MemoryKeyTable
    ) -> None:
        recorded: list[Opened] = []

        async def record(opened: Opened) -> None:
            recorded.append(opened)

        vault = memory_vault(table).recording(record)
        envelopes = [await vault.seal(who, who, field=FIELD) for who in ("ana", "ben")]

        await vault.open_all([*envelopes, envelopes[0]], str, field=FIELD, grant=DESK)

        assert recorded == [
            Opened(grant=DESK, field=FIELD, subjects=("ana", "ben"), opened_at=NOW)
        ]

    async def test_shows_nothing_when_the_record_cannot_be_made(
        self, vault: Vault
    ) -> None:
        async def fail(_: Opened) -> None:
            raise ConnectionError

        envelope = await vault.seal("ana", SECRET_WORDS, field=FIELD)

        with pytest.raises(ConnectionError):
            await vault.recording(fail).open(envelope, str, field=FIELD, grant=DESK)

    async def test_is_refused_where_nothing_can_record_it(self, vault: Vault) -> None:
        envelope = await vault.seal("ana", SECRET_WORDS, field=FIELD)

        with pytest.raises(ForbiddenError, match="cannot record"):
            await vault.open(envelope, str, field=FIELD, grant=DESK)

    async def test_is_not_made_for_purposes_that_need_none(
        self, table: MemoryKeyTable
    ) -> None:
        async def fail(_: Opened) -> None:
            raise AssertionError

        vault = Vault(memory_keystore(table), fixed_clock, on_opened=fail)
        envelope = await vault.seal("ana", SECRET_WORDS, field=FIELD)

        opened = await vault.open(envelope, str, field=FIELD, grant=LETTERS)

        assert opened == SECRET_WORDS


class TestWrap:
    def test_round_trips_a_secret_that_belongs_to_nobody(self, vault: Vault) -> None:
        wrapped = vault.wrap(b"sampling key", name="plan-ats-2025-10")

        assert vault.unwrap(wrapped, name="plan-ats-2025-10") == b"sampling key"
        assert "sampling" not in wrapped

    @pytest.mark.parametrize("wrong", ["", "AAAA", "not base64"])
    def test_refuses_what_was_not_wrapped(self, vault: Vault, wrong: str) -> None:
        with pytest.raises(UnwrapError):
            vault.unwrap(wrong, name="plan")

    def test_refuses_another_name(self, vault: Vault) -> None:
        with pytest.raises(UnwrapError):
            vault.unwrap(vault.wrap(b"key", name="plan-1"), name="plan-2")

    async def test_never_unwraps_a_person_key(
        self, vault: Vault, table: MemoryKeyTable
    ) -> None:
        await vault.keys.key_for("ana")
        wrapped = table.rows["ana"].wrapped
        assert wrapped is not None

        with pytest.raises(UnwrapError):
            vault.unwrap(encode(wrapped), name="ana")


class TestLogs:
    async def test_never_hold_plaintext_or_keys(self, table: MemoryKeyTable) -> None:
        vault = memory_vault(table)
        envelope: Any = await vault.seal("ana", SECRET_WORDS, field=FIELD)
        key = await vault.keys.key_for("ana")
        lines = io.StringIO()
        configure_logs(level="DEBUG", stream=lines)
        log = structlog.get_logger()
        try:
            await vault.open(envelope, int, field=FIELD, grant=LETTERS)
        except SealedTypeError:
            log.exception("open.failed", envelope=envelope, key=key, vault=vault)
        finally:
            structlog.reset_defaults()

        written = lines.getvalue()
        assert "open.failed" in written
        assert "SealedTypeError" in written
        assert SECRET_WORDS not in written
        assert "_secret" not in written


def assert_says_nothing(error: BaseException | None) -> None:
    """Accept that neither *error* nor anything chained to it tells the secret."""
    while error is not None:
        context = getattr(error, "context", {})
        assert SECRET_WORDS not in f"{error!s}{error!r}{error.args}{context}"
        error = error.__cause__ or error.__context__


def test_every_error_of_the_vault_is_one_callers_know() -> None:
    for kind in (EnvelopeError, UnknownKeyError, SealedTypeError):
        assert issubclass(kind, ServiceError)
        assert kind().status == 500


def test_a_keystore_shows_no_secret() -> None:
    store: KeyStore = memory_keystore()

    assert "secret" not in repr(store).lower()

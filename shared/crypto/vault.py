"""Seal personal values into envelopes, and open them for those who may.

Invariant: an envelope opens only as the field and for the person it was sealed for. The
associated data is `bind` of ``envelope``, subject, key id and field name, so an
envelope that was altered or moved is refused. Plaintext is in no error and no log line.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import TypeAdapter, ValidationError
from pydantic.errors import PydanticSchemaGenerationError
from pydantic_core import PydanticSerializationError

from shared.clock import Clock
from shared.crypto.grants import Grant, kind_of
from shared.crypto.keys import NONCE_BYTES, Label, PersonKey, bind, decode, encode
from shared.crypto.keystore import KeyStore
from shared.crypto.ring import KeyRing
from shared.errors import ForbiddenError, ServiceError
from shared.personal import Erased, Personal

T = TypeVar("T")


class EnvelopeError(ServiceError):
    """An envelope was altered, or belongs to another person or another field."""


class UnknownKeyError(ServiceError):
    """The key store lacks the key of an envelope: it may be an older copy."""


class SealedTypeError(ServiceError):
    """A personal value is not of the type it is sealed or opened as."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What is recorded before staff see personal values: who, what, why."""

    grant: Grant
    field: str
    subjects: tuple[str, ...]
    opened_at: datetime


OnOpened = Callable[[Opened], Awaitable[object]]
"""Makes a fact of an opening; plaintext is returned only after it has succeeded."""


class Vault:
    """Envelopes in, values out, by grant; and what else hangs on the same secret.

    *on_opened* is needed where grants are used whose openings are recorded.
    """

    def __init__(
        self, keystore: KeyStore, clock: Clock, *, on_opened: OnOpened | None = None
    ) -> None:
        self.keys = KeyRing(keystore, clock)
        """The person keys; the evidence store uses the same ring."""
        self._secret = keystore.secret
        self._clock = clock
        self._on_opened = on_opened

    def recording(self, on_opened: OnOpened) -> "Vault":
        """Return this vault, same keys and same cache, with openings recorded so."""
        recording = copy(self)
        recording._on_opened = on_opened  # noqa: SLF001 - its own class
        return recording

    async def seal(self, subject: str, value: T, *, field: str) -> Personal[T]:
        """Return *value* about *subject* as an envelope that opens as *field* only.

        *field* is ``<kind>.<name>``, for example ``contact.email``; see `Kind`. The
        person's key is durable before this returns.

        Raises:
            SubjectErasedError: the person was erased.
            UnavailableError: the key store does not answer.
        """
        kind_of(field)
        plaintext = _dump(value, field)
        key = await self.keys.key_for(subject)
        nonce = secrets.token_bytes(NONCE_BYTES)
        bound = bind("envelope", subject, key.id, field)
        ciphertext = _cipher(key).encrypt(nonce, plaintext, bound)
        return Personal(
            subject=subject,
            key=key.id,
            nonce=encode(nonce),
            ciphertext=encode(ciphertext),
        )

    async def open(
        self, envelope: Personal[T], type_: type[T], *, field: str, grant: Grant
    ) -> T | Erased:
        """Return the value in *envelope*, or `Erased` when its key is destroyed.

        Raises:
            ForbiddenError: *grant* does not open this kind of field.
            EnvelopeError: it was altered, or sealed for another person or field.
            UnknownKeyError, SealedTypeError, UnavailableError: see there.
        """
        (value,) = await self.open_all((envelope,), type_, field=field, grant=grant)
        return value

    async def open_all(
        self,
        envelopes: Sequence[Personal[T]],
        type_: type[T],
        *,
        field: str,
        grant: Grant,
    ) -> tuple[T | Erased, ...]:
        """Return the values in *envelopes*, in order, asking the key store once.

        Raises as `open` does; one bad envelope refuses them all.
        """
        grant.check(field)
        keys = await self.keys.keys((each.subject, each.key) for each in envelopes)
        await self._record(envelopes, field, grant)
        opened = [_decrypt(envelope, field, keys) for envelope in envelopes]
        return tuple(
            each if isinstance(each, Erased) else _load(each, type_, field)
            for each in opened
        )

    def address_hash(self, address: str) -> str:
        """Return the keyed hash of an e-mail address, 64 hexadecimal digits.

        Raises:
            AddressError: it is not of the form name@domain.
        """
        return self._secret.address_hash(address)

    def wrap(self, secret: bytes, *, name: str) -> str:
        """Return *secret*, which belongs to no person, wrapped and bound to *name*.

        It can be stored in the clear, for example a sampling key in its plan's fact.
        """
        return encode(self._secret.wrap(secret, "named", name))

    def unwrap(self, wrapped: str, *, name: str) -> bytes:
        """Return the secret that was wrapped for *name*.

        Raises:
            UnwrapError: it was altered, or wrapped for another name.
        """
        try:
            raw = decode(wrapped)
        except ValueError:
            raw = b""
        return self._secret.unwrap(raw, "named", name)

    async def _record(
        self, envelopes: Sequence[Personal[T]], field: str, grant: Grant
    ) -> None:
        if not grant.recorded or not envelopes:
            return
        if self._on_opened is None:
            message = "This service cannot record openings, so it may not make them."
            raise ForbiddenError(message, purpose=grant.purpose.value)
        subjects = tuple(dict.fromkeys(envelope.subject for envelope in envelopes))
        await self._on_opened(
            Opened(grant=grant, field=field, subjects=subjects, opened_at=self._clock())
        )


def _decrypt(
    envelope: Personal[T], field: str, keys: Mapping[str, PersonKey | Erased]
) -> bytes | Erased:
    where = {"subject": envelope.subject, "key": envelope.key, "field": field}
    key = keys.get(envelope.key)
    if key is None:
        raise UnknownKeyError(**where)
    if key.subject != envelope.subject:
        raise EnvelopeError(**where)
    if isinstance(key, Erased):
        return key
    bound = bind("envelope", envelope.subject, envelope.key, field)
    try:
        nonce, ciphertext = decode(envelope.nonce), decode(envelope.ciphertext)
        return _cipher(key).decrypt(nonce, ciphertext, bound)
    except (InvalidTag, ValueError):
        raise EnvelopeError(**where) from None


def _cipher(key: PersonKey) -> AESGCM:
    return AESGCM(key.derive(Label.ENVELOPE))


@lru_cache(maxsize=256)
def _adapter(type_: Any) -> TypeAdapter[Any]:
    return TypeAdapter(type_)


def _dump(value: Any, field: str) -> bytes:
    type_: Any = type(value)
    try:
        return _adapter(type_).dump_json(value)
    except (PydanticSerializationError, PydanticSchemaGenerationError):
        pass
    # Outside the handler: pydantic's error quotes the value and must not be chained.
    raise SealedTypeError(field=field, type=type_.__name__)


def _load(plaintext: bytes, type_: type[T], field: str) -> T:
    hashable: Any = type_
    try:
        value: T = _adapter(hashable).validate_json(plaintext)
    except ValidationError:
        pass
    else:
        return value
    # Outside the handler: pydantic's error quotes the value and must not be chained.
    raise SealedTypeError(field=field, type=getattr(type_, "__name__", str(type_)))

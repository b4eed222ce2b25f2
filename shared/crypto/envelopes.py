"""One value in one envelope: the bytes, and what they are bound to.

Invariant: an envelope opens only as the field and for the person it was sealed for. The
associated data is `bind` of ``envelope``, subject, key id and field name, so an
envelope that was altered or moved is refused. Plaintext is in no error.
"""

import secrets
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import TypeAdapter, ValidationError
from pydantic.errors import PydanticSchemaGenerationError
from pydantic_core import PydanticSerializationError

from shared.crypto.keys import NONCE_BYTES, Label, PersonKey, bind, decode, encode
from shared.errors import ServiceError
from shared.personal import Erased, Personal

T = TypeVar("T")


class EnvelopeError(ServiceError):
    """An envelope was altered, or belongs to another person or another field."""


class UnknownKeyError(ServiceError):
    """The key store lacks the key of an envelope: it may be an older copy."""


class SealedTypeError(ServiceError):
    """A personal value is not of the type it is sealed or opened as."""


def encrypt(plaintext: bytes, key: PersonKey, field: str) -> Personal[Any]:
    """Return *plaintext* in an envelope under *key* that opens as *field* only."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    bound = bind("envelope", key.subject, key.id, field)
    ciphertext = _cipher(key).encrypt(nonce, plaintext, bound)
    return Personal(
        subject=key.subject,
        key=key.id,
        nonce=encode(nonce),
        ciphertext=encode(ciphertext),
    )


def decrypt(
    envelope: Personal[T], field: str, keys: Mapping[str, PersonKey | Erased]
) -> bytes | Erased:
    """Return the plaintext in *envelope*, with its key from *keys*.

    Raises:
        UnknownKeyError: its key is not among them.
        EnvelopeError: it was altered, or sealed for another person or field.
    """
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


def dump(value: Any, field: str) -> bytes:
    """Return *value* as JSON.

    Raises:
        SealedTypeError: it is not data.
    """
    type_: Any = type(value)
    try:
        return _adapter(type_).dump_json(value)
    except (PydanticSerializationError, PydanticSchemaGenerationError):
        pass
    # Outside the handler: pydantic's error quotes the value and must not be chained.
    raise SealedTypeError(field=field, type=type_.__name__)


def load(plaintext: bytes, type_: type[T], field: str) -> T:
    """Return the value whose JSON is *plaintext*.

    Raises:
        SealedTypeError: it is not a *type_*.
    """
    hashable: Any = type_
    try:
        value: T = _adapter(hashable).validate_json(plaintext)
    except ValidationError:
        pass
    else:
        return value
    # Outside the handler: pydantic's error quotes the value and must not be chained.
    raise SealedTypeError(field=field, type=getattr(type_, "__name__", str(type_)))

"""Where every person's key is kept, wrapped: apart from the database and its backups.

Invariant: a subject has at most one key, ever; once it is destroyed there is never
another, so that nothing about an erased person can be sealed again. A key is durable
before anyone gets to use it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import compare_digest, token_bytes
from typing import Protocol

from shared.crypto.keys import KEY_BYTES, KeyEncryptionKey, PersonKey
from shared.errors import RuleViolatedError, ServiceError
from shared.ids import new_id
from shared.personal import Erased


class KeyStoreUrlError(ServiceError):
    """KEYSTORE_URL must be sqlite:///path or postgresql://user@host/database."""


class WrongKeyEncryptionKeyError(ServiceError):
    """The key store was made with another KEY_ENCRYPTION_KEY: give it that one."""


class KeyStorePlacementError(ServiceError):
    """The key store shares the log's database: give KEYSTORE_URL one of its own."""


class SubjectErasedError(RuleViolatedError):
    """This person was erased: nothing personal can be stored about them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """A person's key as stored; *wrapped* is gone once it is destroyed."""

    key_id: str
    subject: str
    wrapped: bytes | None
    created_at: datetime
    destroyed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """A key that is no more. The list of these is applied to a restored store."""

    subject: str
    key_id: str
    destroyed_at: datetime


class KeyTable(Protocol):
    """The rows, in SQLite or PostgreSQL. What it returned is durable.

    Every method raises UnavailableError when the table does not answer.
    """

    async def hold_check(self, value: bytes) -> bytes:
        """Store *value* unless there is one already; return the stored one."""

    async def add(self, row: KeyRow) -> KeyRow:
        """Store *row* unless the subject has one already; return the stored one."""

    async def of_subject(self, subject: str) -> KeyRow | None:
        """Return the subject's only row."""

    async def of_ids(self, key_ids: Sequence[str]) -> tuple[KeyRow, ...]:
        """Return the rows of those ids that exist, in no order."""

    async def destroy(self, gravestone: KeyRow) -> KeyRow:
        """Remove the subject's wrapped key; without a row, store *gravestone*.

        Done before, it changes nothing. Returns the row as it is now.
        """

    async def destroyed(self) -> tuple[KeyRow, ...]:
        """Return all destroyed rows, oldest first."""


class KeyStore:
    """Keys by person and by id, unwrapped for those who hold the secret."""

    def __init__(self, table: KeyTable, secret: KeyEncryptionKey) -> None:
        self._table = table
        self.secret = secret

    async def check_secret(self) -> None:
        """Accept that the secret is the one this store was made with.

        Raises:
            WrongKeyEncryptionKeyError: it is another.
        """
        stored = await self._table.hold_check(self.secret.check)
        if not compare_digest(stored, self.secret.check):
            raise WrongKeyEncryptionKeyError

    async def key_for(self, subject: str, *, at: datetime) -> PersonKey:
        """Return the living key of *subject*, made and stored at *at* if need be.

        Raises:
            SubjectErasedError: the subject's key was destroyed.
        """
        row = await self._table.of_subject(subject)
        if row is None:
            row = await self._table.add(self._fresh(subject, at))
        key = self._unwrap(row)
        if isinstance(key, Erased):
            raise SubjectErasedError(subject=subject)
        return key

    async def keys(self, key_ids: Sequence[str]) -> Mapping[str, PersonKey | Erased]:
        """Return the keys of those ids the store knows; others are missing."""
        rows = await self._table.of_ids(key_ids)
        return {row.key_id: self._unwrap(row) for row in rows}

    async def destroy(self, subject: str, *, at: datetime) -> Erasure:
        """Destroy the key of *subject* for ever, or make sure it never gets one.

        Repeating it returns the first erasure.
        """
        gravestone = KeyRow(
            key_id=str(new_id()),
            subject=subject,
            wrapped=None,
            created_at=at,
            destroyed_at=at,
        )
        return _erasure(await self._table.destroy(gravestone))

    async def erasures(self) -> tuple[Erasure, ...]:
        """Return every erasure, oldest first."""
        return tuple(_erasure(row) for row in await self._table.destroyed())

    def _fresh(self, subject: str, at: datetime) -> KeyRow:
        key_id = str(new_id())
        wrapped = self.secret.wrap(token_bytes(KEY_BYTES), "person", subject, key_id)
        return KeyRow(key_id=key_id, subject=subject, wrapped=wrapped, created_at=at)

    def _unwrap(self, row: KeyRow) -> PersonKey | Erased:
        if row.wrapped is None:
            return Erased(row.subject)
        secret = self.secret.unwrap(row.wrapped, "person", row.subject, row.key_id)
        return PersonKey(row.key_id, row.subject, secret)


def _erasure(row: KeyRow) -> Erasure:
    if row.destroyed_at is None:
        message = f"key {row.key_id} is alive"
        raise ValueError(message)
    return Erasure(
        subject=row.subject, key_id=row.key_id, destroyed_at=row.destroyed_at
    )

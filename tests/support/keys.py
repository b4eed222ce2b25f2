"""Key stores and vaults for tests, in memory, with the real cryptography.

`MemoryKeyTable` passes the contract tests of every key table
(tests/contract/test_keystore.py).
"""

import base64
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from pydantic import SecretStr

from shared.crypto import KeyEncryptionKey, KeyStore, Vault
from shared.crypto.keystore import KeyRow

NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
SECRET = SecretStr(base64.urlsafe_b64encode(bytes(range(32))).decode())
OTHER_SECRET = SecretStr(base64.urlsafe_b64encode(bytes(range(1, 33))).decode())


class MemoryKeyTable:
    """A `KeyTable` in a dictionary; *reads* counts what would be queries."""

    def __init__(self) -> None:
        self.rows: dict[str, KeyRow] = {}
        self.check: bytes | None = None
        self.reads = 0

    async def hold_check(self, value: bytes) -> bytes:
        self.check = self.check or value
        return self.check

    async def add(self, row: KeyRow) -> KeyRow:
        return self.rows.setdefault(row.subject, row)

    async def of_subject(self, subject: str) -> KeyRow | None:
        self.reads += 1
        return self.rows.get(subject)

    async def of_ids(self, key_ids: Sequence[str]) -> tuple[KeyRow, ...]:
        self.reads += 1
        wanted = set(key_ids)
        return tuple(row for row in self.rows.values() if row.key_id in wanted)

    async def destroy(self, gravestone: KeyRow) -> KeyRow:
        row = self.rows.get(gravestone.subject, gravestone)
        at = row.destroyed_at or gravestone.destroyed_at
        self.rows[row.subject] = replace(row, wrapped=None, destroyed_at=at)
        return self.rows[row.subject]

    async def destroyed(self) -> tuple[KeyRow, ...]:
        rows = [(row.destroyed_at, row) for row in self.rows.values()]
        gone = [(at, row.subject, row) for at, row in rows if at is not None]
        return tuple(row for _, _, row in sorted(gone, key=lambda each: each[:2]))


def fixed_clock() -> datetime:
    """Return the one instant these tests happen at."""
    return NOW


def memory_keystore(
    table: MemoryKeyTable | None = None, secret: SecretStr = SECRET
) -> KeyStore:
    """Return a key store over *table*, or over an empty one."""
    if table is None:
        table = MemoryKeyTable()
    return KeyStore(table, KeyEncryptionKey(secret))


def memory_vault(table: MemoryKeyTable | None = None) -> Vault:
    """Return a vault over *table*, or over an empty one."""
    return Vault(memory_keystore(table), fixed_clock)

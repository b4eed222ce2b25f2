"""Open the key store a URL names, and refuse a secret it was not made with."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from pydantic import SecretStr

from shared.crypto.keys import KeyEncryptionKey
from shared.crypto.keystore import KeyStore, KeyStoreUrlError, KeyTable
from shared.crypto.postgres_table import open_postgres_table
from shared.crypto.sqlite_table import open_sqlite_table


@asynccontextmanager
async def open_keystore(
    url: SecretStr, key_encryption_key: SecretStr
) -> AsyncIterator[KeyStore]:
    """Open the key store at *url*: ``sqlite:///path`` or ``postgresql://...``.

    ``sqlite:///keys.db`` is relative to the working directory, ``sqlite:////keys.db``
    is not.

    Raises:
        KeyStoreUrlError: the URL is of neither form.
        KeyEncryptionKeyError: the secret is not 32 bytes of base64url.
        WrongKeyEncryptionKeyError: the store was made with another secret.
        KeyStorePlacementError: this is the database of the log.
        UnavailableError: the store does not answer.
    """
    secret = KeyEncryptionKey(key_encryption_key)
    async with _table(url.get_secret_value()) as table:
        keystore = KeyStore(table, secret)
        await keystore.check_secret()
        yield keystore


def _table(url: str) -> AbstractAsyncContextManager[KeyTable]:
    scheme, _, rest = url.partition("://")
    if scheme in ("postgresql", "postgres") and rest:
        return open_postgres_table(url)
    if scheme == "sqlite" and len(rest) > 1 and rest.startswith("/"):
        return open_sqlite_table(Path(rest.removeprefix("/")))
    raise KeyStoreUrlError

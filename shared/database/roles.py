"""The roles of `deploy/roles.sql`, and passwords that never travel in clear."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from pathlib import Path

import asyncpg

from shared.errors import BadInputError

SERVICE_ROLES = (
    "submission",
    "review",
    "moderation",
    "notification",
    "viva",
    "appeals",
    "operations",
)
"""The login roles, one per service."""

_ROLES_SQL = Path(__file__).resolve().parents[2] / "deploy" / "roles.sql"
_SCRAM_ITERATIONS = 4096
"""What PostgreSQL itself uses. Source: RFC 7677, section 4."""


async def ensure_roles(
    connection: "asyncpg.Connection[asyncpg.Record]", passwords: Mapping[str, str]
) -> None:
    """Create the roles that are missing; let services connect, and nobody else.

    Raises:
        BadInputError: *passwords* names no role, or a password is not printable ASCII.
    """
    await connection.execute(_ROLES_SQL.read_text())
    for role, password in passwords.items():
        if role not in SERVICE_ROLES:
            raise BadInputError("There is no such role.", role=role)
        await connection.execute(
            f"alter role {role} password '{_scram_verifier(password)}'"
        )
    database = await connection.fetchval("select quote_ident(current_database())")
    await connection.execute(
        f"revoke all on database {database} from public;"
        f"grant connect, temporary on database {database}"
        f" to {', '.join(SERVICE_ROLES)};"
        "revoke create on schema public from public"
    )


def _scram_verifier(password: str) -> str:
    """Return what PostgreSQL stores, so that the password never travels.

    Source: RFC 5802, section 3; PostgreSQL, catalogue pg_authid.
    """
    if not password or not password.isascii() or not password.isprintable():
        raise BadInputError("A role's password is printable ASCII, and not empty.")
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _SCRAM_ITERATIONS)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    parts = (
        base64.b64encode(salt),
        base64.b64encode(hashlib.sha256(client_key).digest()),
        base64.b64encode(hmac.digest(salted, b"Server Key", "sha256")),
    )
    encoded_salt, stored_key, server_key = (part.decode() for part in parts)
    return f"SCRAM-SHA-256${_SCRAM_ITERATIONS}:{encoded_salt}${stored_key}:{server_key}"

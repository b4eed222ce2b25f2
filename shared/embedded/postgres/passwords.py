"""One random password per database role, made once and kept beside the data.

Invariant: a password that was handed out is already durable, so a role created with
it can always be signed in to again. The file is readable by its owner only.
"""

import json
import re
import secrets
from pathlib import Path

from shared.embedded.durable import write_durably
from shared.errors import BadInputError, UnavailableError

_ROLE_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
"""PostgreSQL identifiers that need no quotes, at most 63 bytes (NAMEDATALEN - 1)."""
_PASSWORD_BYTES = 32


class RoleNameError(BadInputError):
    """A role name is lower-case letters, digits and underscores, at most 63."""


class PasswordsUnreadableError(UnavailableError):
    """The file with the database passwords cannot be read."""


class RolePasswords:
    """The passwords of all roles of one PostgreSQL server, in *file* (mode 0600)."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def for_role(self, role: str) -> str:
        """Return the password of *role*: 43 URL-safe characters, 256 random bits.

        Raises:
            RoleNameError: *role* cannot be the name of a role.
            PasswordsUnreadableError: the file is damaged.
        """
        if not _ROLE_NAME.fullmatch(role):
            raise RoleNameError(f"'{role}' is no role name: {RoleNameError.__doc__}")
        known = self._read()
        if role not in known:
            known[role] = secrets.token_urlsafe(_PASSWORD_BYTES)
            write_durably(self.file, json.dumps(known, indent=1).encode())
        return known[role]

    def for_roles(self, *roles: str) -> dict[str, str]:
        """Return role to password for all of *roles*, as the migrator needs them."""
        return {role: self.for_role(role) for role in roles}

    def _read(self) -> dict[str, str]:
        try:
            content = json.loads(self.file.read_bytes())
        except FileNotFoundError:
            return {}
        except ValueError as error:
            message = (
                f"{self.file} is damaged: restore it, or set the data directory aside"
            )
            raise PasswordsUnreadableError(message) from error
        return {str(role): str(password) for role, password in content.items()}

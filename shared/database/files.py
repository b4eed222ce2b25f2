"""Where the migrations are, and in which order they run."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from shared.database.roles import SERVICE_ROLES

_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: in which schema it runs, and as which owner."""

    schema: str
    owner: str
    file_name: str
    sql: str

    @property
    def name(self) -> str:
        return f"{self.schema}/{self.file_name}"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def read(schema: str, owner: str, folder: Path) -> tuple[Migration, ...]:
    """Return the numbered files in *folder*, in order; none if it does not exist."""
    return tuple(
        Migration(schema, owner, path.name, path.read_text())
        for path in sorted(folder.glob("[0-9]*.sql"))
    )


def current_migrations() -> tuple[Migration, ...]:
    """Return every migration of this code, in the order in which they run."""
    return (
        *read("log", "log_owner", _ROOT / "shared" / "eventlog" / "sql"),
        *read("messaging", "attest_owner", _ROOT / "shared" / "messaging" / "sql"),
        *read("refusals", "attest_owner", _ROOT / "shared" / "web" / "sql"),
        *(
            migration
            for role in SERVICE_ROLES
            for migration in read(
                role, "attest_owner", _ROOT / "services" / role / "sql"
            )
        ),
    )

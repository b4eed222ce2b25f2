"""PostgreSQL: connections for services, and the migrations that only an owner runs.

Invariant: a migration that has run is never edited; a service refuses to start on a
schema other than the one its code was written for.
"""

from shared.database.connections import (
    DATABASE_AWAY,
    DATABASE_ERRORS,
    Connection,
    Pool,
    open_pool,
)
from shared.database.migrations import (
    MigrationEditedError,
    MigrationFailedError,
    NotADemonstrationError,
    SchemaVersionError,
    check_schema,
    migrate,
)
from shared.database.restoring import raise_epoch
from shared.database.roles import SERVICE_ROLES

__all__ = [
    "DATABASE_AWAY",
    "DATABASE_ERRORS",
    "SERVICE_ROLES",
    "Connection",
    "MigrationEditedError",
    "MigrationFailedError",
    "NotADemonstrationError",
    "Pool",
    "SchemaVersionError",
    "check_schema",
    "migrate",
    "open_pool",
    "raise_epoch",
]

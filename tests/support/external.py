"""Servers that a test run is pointed at instead of the embedded ones."""

from functools import cache

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class ExternalServers(BaseSettings):
    """Read from ``TEST_DATABASE_URL`` and ``TEST_KAFKA_BOOTSTRAP_SERVERS``."""

    model_config = SettingsConfigDict(
        env_prefix="TEST_", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    database_url: SecretStr | None = None
    """A superuser's URL; tests create databases and roles there."""
    kafka_bootstrap_servers: str | None = None


@cache
def external_servers() -> ExternalServers:
    """Return the external servers of this run; read once."""
    return ExternalServers()

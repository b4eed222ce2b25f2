"""Settings every service has: read once from the environment, then frozen."""

from pathlib import Path
from typing import TypeVar

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.errors import BadInputError

S = TypeVar("S", bound=BaseSettings)


class SettingsError(BadInputError):
    """Some settings in the environment are missing or not valid."""


def read_settings(settings: type[S]) -> S:
    """Return *settings* as the environment has them.

    Raises:
        SettingsError: names each variable and what is wrong, never its value.
    """
    try:
        return settings()
    except ValidationError as error:
        prefix = settings.model_config.get("env_prefix", "")
        problems = {
            f"{prefix}{'_'.join(str(part) for part in item['loc'])}".upper(): item[
                "msg"
            ]
            for item in error.errors(include_input=False)
        }
    raise SettingsError(**problems)


class CommonSettings(BaseSettings):
    """Where the parts are. Units are in the names; no default hides a missing part.

    The embedded mode fills all of them itself; separate processes read them from
    the environment.
    """

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True
    )

    database_url: SecretStr
    """PostgreSQL, signed in as this service's own role."""
    kafka_bootstrap_servers: str
    """Comma-separated ``host:port``."""
    keystore_url: SecretStr
    """``sqlite:///path`` or ``postgresql://...`` of the key store."""
    key_encryption_key: SecretStr
    """32 bytes, base64url: wraps every person's key."""
    evidence_url: str
    """``file:///path`` or ``s3://bucket/prefix``."""
    oidc_issuer: str
    """Issuer whose tokens are accepted; its discovery document names the keys."""
    service_token_secret: SecretStr
    """Shared secret, at least 32 bytes, that signs tokens between services."""
    submission_url: str = "http://127.0.0.1:8080/submission"
    review_url: str = "http://127.0.0.1:8080/review"
    moderation_url: str = "http://127.0.0.1:8080/moderation"
    notification_url: str = "http://127.0.0.1:8080/notification"
    operations_url: str = "http://127.0.0.1:8080/operations"
    fetch_max_wait_ms: int = Field(default=500, ge=1, le=30_000)
    """Longest a broker holds a fetch; the embedded broker needs 10."""
    kafka_idempotent_producer: bool = True
    """False for the embedded broker, which has none."""
    kafka_session_timeout_ms: int = Field(default=30_000, ge=6_000, le=300_000)
    """A member silent for longer is dead. The embedded broker lets a new member wait
    for half of it, so there it is 6,000."""
    kafka_create_topics: bool = False
    """True where nobody else creates the topics of ``deploy/topics.yaml``."""
    shutdown_grace_seconds: float = Field(default=20.0, gt=0, le=120)
    work_directory: Path = Path(".attest/work")
    """Scratch space for uploads on their way in."""
    log_level: str = "INFO"

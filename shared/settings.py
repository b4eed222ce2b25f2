"""Settings every service has: read once from the environment, then frozen."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.errors import BadInputError

S = TypeVar("S", bound=BaseSettings)
T = TypeVar("T", str, SecretStr)


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
            f"{prefix}{'_'.join(map(str, item['loc']))}".upper(): _said(item["msg"])
            for item in error.errors(include_input=False)
        }
    raise SettingsError(**problems)


def _said(message: str) -> str:
    return message.removeprefix("Value error, ")


SECRET_BYTES = 32
"""As long as the SHA-256 that signs with it. Source: RFC 7518, section 3.2."""

_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def _matching(pattern: str, form: str) -> Callable[[T], T]:
    """Return a check that a value has *form*, without ever repeating the value."""

    def check(value: T) -> T:
        text = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        if re.fullmatch(pattern, text) is None:
            message = f"give it the form {form}"
            raise ValueError(message)
        return value

    return check


def _long_enough(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value().encode()) < SECRET_BYTES:
        message = f"give at least {SECRET_BYTES} bytes"
        raise ValueError(message)
    return value


def _level(value: str) -> str:
    if value.upper() not in _LEVELS:
        message = f"give one of {', '.join(_LEVELS)}"
        raise ValueError(message)
    return value.upper()


PostgresUrl = Annotated[
    SecretStr,
    AfterValidator(
        _matching(
            r"postgres(ql)?://\S+", "postgresql://user:password@host:port/database"
        )
    ),
]
KeystoreUrl = Annotated[
    SecretStr,
    AfterValidator(
        _matching(
            r"(sqlite:///|postgres(ql)?://)\S+", "sqlite:///path or postgresql://..."
        )
    ),
]
EvidenceUrl = Annotated[
    str,
    AfterValidator(
        _matching(r"(file:///|s3://).+", "file:///path or s3://bucket/prefix")
    ),
]
Host = Annotated[str, AfterValidator(_matching(r"[^\s,]+:\d{1,5}", "host:port"))]
Hosts = Annotated[
    str,
    AfterValidator(
        _matching(
            r"[^\s,]+:\d+(,[^\s,]+:\d+)*", "host:port, several with commas between them"
        )
    ),
]
WebUrl = Annotated[
    str, AfterValidator(_matching(r"https?://\S+", "http://... or https://..."))
]
LogLevel = Annotated[str, AfterValidator(_level)]
"""DEBUG, INFO, WARNING, ERROR or CRITICAL."""


class CommonSettings(BaseSettings):
    """Where the parts are. Units are in the names; no default hides a missing part.

    The embedded mode fills all of them itself; separate processes read them from
    the environment.
    """

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True
    )

    database_url: PostgresUrl
    """PostgreSQL, signed in as this service's own role."""
    kafka_bootstrap_servers: Hosts
    """Comma-separated ``host:port``."""
    keystore_url: KeystoreUrl
    """``sqlite:///path`` or ``postgresql://...`` of the key store."""
    key_encryption_key: SecretStr
    """32 bytes, base64url: wraps every person's key."""
    evidence_url: EvidenceUrl
    """``file:///path`` or ``s3://bucket/prefix``."""
    oidc_issuer: WebUrl
    """Issuer whose tokens are accepted; its discovery document names the keys."""
    service_token_secret: Annotated[SecretStr, AfterValidator(_long_enough)]
    """Shared secret, at least 32 bytes, that signs tokens between services."""
    submission_url: WebUrl = "http://127.0.0.1:8080/submission"
    review_url: WebUrl = "http://127.0.0.1:8080/review"
    moderation_url: WebUrl = "http://127.0.0.1:8080/moderation"
    notification_url: WebUrl = "http://127.0.0.1:8080/notification"
    viva_url: WebUrl = "http://127.0.0.1:8080/viva"
    appeals_url: WebUrl = "http://127.0.0.1:8080/appeals"
    operations_url: WebUrl = "http://127.0.0.1:8080/operations"
    fetch_max_wait_ms: int = Field(default=500, ge=1, le=30_000)
    """Longest a broker holds a fetch; the embedded broker needs 10."""
    kafka_holds_fetches: bool = True
    """False for the embedded broker, which answers a fetch only when its whole wait is
    over; the same for all services."""
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
    log_level: LogLevel = "INFO"

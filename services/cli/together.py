"""All services in one process on one port, with the embedded parts that are needed.

Any part that the environment names is used instead of the embedded one:
``DATABASE_URL``, ``KAFKA_BOOTSTRAP_SERVERS``, ``SMTP_URL``, ``OIDC_ISSUER``.
"""

import asyncio
import base64
import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import jwt
from fastapi import Depends, FastAPI
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

import services.appeals.app
import services.moderation.app
import services.notification.app
import services.operations.app
import services.review.app
import services.submission.app
import services.viva.app
from services.cli.client import SERVICES
from services.cli.front import Browser, front_router, without_a_socket
from shared.database import migrate
from shared.embedded import (
    Embedded,
    Mailbox,
    StateDirectory,
    letters_router,
    mailbox_router,
    run_embedded,
)
from shared.embedded.durable import write_durably
from shared.settings import (
    EvidenceUrl,
    Hosts,
    KeystoreUrl,
    LogLevel,
    PostgresUrl,
    WebUrl,
    read_settings,
)
from shared.web.issuer import DevelopmentIssuer
from shared.web.problems import install_problems

SECRET_BYTES = 32
EMBEDDED_FETCH_MS = 10
EMBEDDED_SESSION_MS = 6_000
EMBEDDED_CHECK_SECONDS = 2.0
"""Between two looks for what is due: one small database can be asked more often."""
CHECKS: Mapping[str, Sequence[str]] = {
    "submission": ("submission_dates_check_seconds",),
    "review": ("review_lapse_check_seconds", "review_overdue_check_seconds"),
    "moderation": ("moderation_overdue_check_seconds",),
    "viva": ("viva_reminder_check_seconds",),
    "appeals": ("appeals_overdue_check_seconds",),
}
"""Settings of each service that say how often its clocks look."""

APPS: Mapping[str, Any] = {
    "submission": services.submission.app,
    "review": services.review.app,
    "moderation": services.moderation.app,
    "notification": services.notification.app,
    "viva": services.viva.app,
    "appeals": services.appeals.app,
    "operations": services.operations.app,
}


class OutsideParts(BaseSettings):
    """Parts that exist already; what is missing is embedded."""

    model_config = SettingsConfigDict(frozen=True, hide_input_in_errors=True)

    database_url: PostgresUrl | None = None
    """An owner of the database: used to migrate, and to give each role a password."""
    kafka_bootstrap_servers: Hosts | None = None
    smtp_url: str | None = None
    oidc_issuer: WebUrl | None = None
    keystore_url: KeystoreUrl | None = None
    evidence_url: EvidenceUrl | None = None
    log_level: LogLevel = "ERROR"
    fetch_max_wait_ms: int | None = Field(default=None, ge=1, le=30_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """What runs: the application, the address, and the embedded parts."""

    app: FastAPI
    url: str
    embedded: Embedded


def secret(state: StateDirectory, name: str) -> SecretStr:
    """Return 32 secret bytes, base64url, made once per state directory (mode 0600)."""
    file = state.part("secrets") / name
    if not file.exists():
        fresh = base64.urlsafe_b64encode(secrets.token_bytes(SECRET_BYTES))
        write_durably(file, fresh, mode=0o600)
    return SecretStr(file.read_text())


def role_url(admin_url: str, role: str, password: str) -> str:
    """Return *admin_url* signed in as *role* instead."""
    parts = urlsplit(admin_url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    where = f"{host}:{parts.port}" if parts.port else host
    return parts._replace(netloc=f"{role}:{quote(password, safe='')}@{where}").geturl()


@asynccontextmanager
async def run_together(
    directory: Path, *, host: str, port: int
) -> AsyncIterator[Together]:
    """Start the parts, migrate, and yield the application, ready to be served.

    The log of the embedded database is a demonstration log, that of another is not.

    Raises:
        ServiceError: the state directory is in use, not ours, or of another version.
    """
    outside = read_settings(OutsideParts)
    async with run_embedded(
        directory,
        postgres=outside.database_url is None,
        broker=outside.kafka_bootstrap_servers is None,
        mailbox=outside.smtp_url is None,
    ) as embedded:
        url = f"http://{host}:{port}"
        passwords = {name: _password(embedded.state, name) for name in SERVICES}
        admin = (
            outside.database_url.get_secret_value()
            if outside.database_url
            else embedded.database_url
        )
        await migrate(
            admin,
            role_passwords=passwords,
            demonstration=outside.database_url is None,
        )
        issuer = DevelopmentIssuer.open(
            f"{url}/dev", embedded.state.part("secrets") / "issuer.pem"
        )
        apps = _build_all(
            lambda name: _settings(
                name, outside, embedded, url, role_url(admin, name, passwords[name])
            ),
            () if outside.oidc_issuer else issuer.public_keys(),
        )
        mailbox = None if outside.smtp_url else embedded.mailbox
        app = _gateway(apps, mailbox, None if outside.oidc_issuer else issuer)
        async with AsyncExitStack() as stack:
            await _start_all(apps, stack)
            yield Together(app=app, url=url, embedded=embedded)


def _password(state: StateDirectory, name: str) -> str:
    return secret(state, f"role-{name}").get_secret_value()


def _build_all(
    settings_of: Callable[[str], dict[str, object]], keys: Sequence[jwt.PyJWK]
) -> dict[str, FastAPI]:
    return {
        name: module.build(module.Settings(**settings_of(name)), trusted_keys=keys)
        for name, module in APPS.items()
    }


def _settings(
    name: str, outside: OutsideParts, embedded: Embedded, url: str, database_url: str
) -> dict[str, object]:
    state = embedded.state
    keystore = f"sqlite:///{state.part('keys') / 'keys.sqlite3'}"
    settings: dict[str, object] = {
        "database_url": database_url,
        "kafka_bootstrap_servers": outside.kafka_bootstrap_servers
        or embedded.kafka_bootstrap_servers,
        "keystore_url": outside.keystore_url or keystore,
        "key_encryption_key": secret(state, "key-encryption-key"),
        "evidence_url": outside.evidence_url or f"file://{state.part('evidence')}",
        "oidc_issuer": outside.oidc_issuer or f"{url}/dev",
        "service_token_secret": secret(state, "service-token"),
        "fetch_max_wait_ms": outside.fetch_max_wait_ms
        or (500 if outside.kafka_bootstrap_servers else EMBEDDED_FETCH_MS),
        "kafka_holds_fetches": outside.kafka_bootstrap_servers is not None,
        "kafka_idempotent_producer": outside.kafka_bootstrap_servers is not None,
        "kafka_session_timeout_ms": 30_000
        if outside.kafka_bootstrap_servers
        else EMBEDDED_SESSION_MS,
        "kafka_create_topics": True,
        "work_directory": state.part("work"),
        "log_level": outside.log_level,
        **{f"{each}_url": f"{url}/{each}" for each in SERVICES},
    }
    if outside.database_url is None:
        settings |= dict.fromkeys(CHECKS.get(name, ()), EMBEDDED_CHECK_SECONDS)
    if name == "notification":
        settings["smtp_url"] = outside.smtp_url or embedded.smtp_url
    return settings


def _gateway(
    apps: Mapping[str, FastAPI],
    mailbox: Mailbox | None,
    issuer: DevelopmentIssuer | None,
) -> FastAPI:
    """Return one application with each service under its name."""
    gateway = FastAPI(title="attest", openapi_url=None)
    install_problems(gateway)
    for name, app in apps.items():
        gateway.mount(f"/{name}", app)
    if issuer is not None:
        gateway.include_router(issuer.router(), prefix="/dev")
        signed_in = Browser(apps["operations"], issuer)
        submission = without_a_socket(apps["submission"])
        gateway.include_router(front_router(submission, signed_in))
        if mailbox is not None:
            gateway.include_router(
                letters_router(mailbox, dependencies=[Depends(signed_in.bearer)])
            )
            gateway.include_router(
                mailbox_router(mailbox, dependencies=[Depends(signed_in.identity)])
            )
    return gateway


async def _start_all(apps: Mapping[str, FastAPI], stack: AsyncExitStack) -> None:
    """Start all services at once: joining a consumer group takes seconds each.

    When one cannot start, the others are waited for, so that *stack* stops each one.
    """
    contexts = [app.router.lifespan_context(app) for app in apps.values()]
    started = await asyncio.gather(
        *(stack.enter_async_context(context) for context in contexts),
        return_exceptions=True,
    )
    for outcome in started:
        if isinstance(outcome, BaseException):
            raise outcome

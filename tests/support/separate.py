"""Every service in a process of its own, behind one address.

``attest migrate`` makes the schema, ``attest serve NAME`` runs each service, settings
come from the environment as in production. The issuer of the test answers at the
gateway; the services learn its keys through its discovery document.
"""

import asyncio
import json
import os
import secrets
import signal
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from services.cli.client import SERVICES
from shared.embedded.child import ChildProcess
from shared.embedded.ports import LOCALHOST, fresh_port
from shared.web.issuer import DevelopmentIssuer
from tests.support.embedded import FreshDatabase
from tests.support.event_log import passwords
from tests.support.gateway import Gateway, serving
from tests.support.processes import STOP_SECONDS, attest, finished, is_ready, until

EMBEDDED_BROKER: Mapping[str, str] = {
    "FETCH_MAX_WAIT_MS": "10",
    "KAFKA_HOLDS_FETCHES": "false",
    "KAFKA_IDEMPOTENT_PRODUCER": "false",
    "KAFKA_SESSION_TIMEOUT_MS": "6000",
}
"""Settings for the embedded broker; those of a real Kafka are the defaults."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The parts that the services are to use."""

    database: FreshDatabase
    """Empty; the services' roles are made with the passwords of its server."""
    kafka_bootstrap_servers: str
    smtp_url: str
    directory: Path
    keystore_url: str
    more: Mapping[str, str]
    """Other settings, as environment variables."""


@dataclass(frozen=True, slots=True)
class Separate:
    """What runs: the address of all, and each service's process."""

    url: str
    gateway: Gateway
    processes: Mapping[str, ChildProcess]


@asynccontextmanager
async def run_separate(given: Given) -> AsyncIterator[Separate]:
    """Migrate, start every service, and yield when all are ready."""
    directory = given.directory
    await _migrate(given)
    port = fresh_port(directory / "gateway.port")
    issuer = DevelopmentIssuer.open(
        f"http://{LOCALHOST}:{port}/dev", directory / "issuer.pem"
    )
    ports = {name: fresh_port(directory / f"{name}.port") for name in SERVICES}
    targets = {name: f"http://{LOCALHOST}:{ports[name]}" for name in SERVICES}
    gateway = Gateway(targets)
    common = _settings(given, issuer, targets)
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(serving(gateway.app(issuer), port))
        processes: dict[str, ChildProcess] = {}
        stack.push_async_callback(_stop, processes)
        for name in SERVICES:
            own = {
                "DATABASE_URL": given.database.url_for(name),
                "SERVE_PORT": str(ports[name]),
                "SMTP_URL": given.smtp_url,
            }
            processes[name] = attest(
                *("serve", name),
                log=directory / f"{name}.log",
                environment={**common, **own},
            )
        await asyncio.gather(
            *(
                until(partial(is_ready, targets[name]), child, f"readiness of {name}")
                for name, child in processes.items()
            )
        )
        yield Separate(url, gateway, processes)


async def _migrate(given: Given) -> None:
    database = given.database
    environment = {
        "DATABASE_URL": database.url,
        "ROLE_PASSWORDS": json.dumps(dict(passwords(database.server))),
    }
    child = attest(
        *("migrate", "--demonstration"),
        log=given.directory / "migrate.log",
        environment=environment,
    )
    await finished(child)


def _settings(
    given: Given, issuer: DevelopmentIssuer, targets: Mapping[str, str]
) -> dict[str, str]:
    return {
        "KAFKA_BOOTSTRAP_SERVERS": given.kafka_bootstrap_servers,
        "KAFKA_CREATE_TOPICS": "true",
        "KEYSTORE_URL": given.keystore_url,
        "KEY_ENCRYPTION_KEY": _secret(),
        "EVIDENCE_URL": f"file://{given.directory / 'evidence'}",
        "OIDC_ISSUER": issuer.url,
        "SERVICE_TOKEN_SECRET": _secret(),
        "WORK_DIRECTORY": str(given.directory / "work"),
        "LOG_LEVEL": "WARNING",
        **{f"{name.upper()}_URL": address for name, address in targets.items()},
        **given.more,
    }


def _secret() -> str:
    return urlsafe_b64encode(secrets.token_bytes(32)).decode()


async def _stop(processes: Mapping[str, ChildProcess]) -> None:
    """End all services, at the same time, even one that was made to stand still."""
    for child in processes.values():
        if child.running:
            os.kill(child.pid, signal.SIGCONT)
    await asyncio.gather(
        *(
            child.stop(signal.SIGTERM, grace_seconds=STOP_SECONDS)
            for child in processes.values()
        )
    )

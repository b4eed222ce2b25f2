"""Services as they really run: their own database role, one broker, HTTP in process.

A test asks for a person's `Client`; every POST gets an Idempotency-Key, and every GET
waits for the position the last POST of that service reached.
"""

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx
from fastapi import FastAPI
from pydantic import SecretStr

from shared.embedded import BrokerProcess
from shared.ids import new_id
from shared.projector import Projector
from shared.vocabulary import Role
from shared.web.identity import service_token
from shared.web.issuer import DevelopmentIssuer, SignIn
from tests.support.embedded import FreshDatabase

T = TypeVar("T")

ISSUER = "http://issuer.test/dev"
SECRET = SecretStr("between-services-" + "0" * 32)
KEY = SecretStr(base64.urlsafe_b64encode(bytes(range(32))).decode())
LEAKED_AT_STOP = (
    "ignore:Exception ignored in. <function AIOKafkaConnection:"
    "pytest.PytestUnraisableExceptionWarning"
)
"""aiokafka leaves a socket open when it is stopped while it connects."""
PATIENCE_SECONDS = 30.0
"""Joining a consumer group takes about five seconds on the embedded broker."""

Build = Callable[..., FastAPI]


@dataclass(slots=True)
class Reached:
    """How far the log had come when somebody was last answered."""

    position: int = 0


@dataclass(slots=True)
class Client:
    """One person or service asking one service over HTTP."""

    http: httpx.AsyncClient
    token: str
    reached: Reached = field(default_factory=Reached)
    projector: Projector | None = None
    """Of the service that is asked; None: it may be a second behind."""

    async def post(
        self,
        path: str,
        json: object = None,
        *,
        key: str | None = None,
        token: int | str | None = None,
        **more: Any,
    ) -> httpx.Response:
        """Return the answer to a POST; *token* is the Fencing-Token."""
        headers = {**self._headers(), "Idempotency-Key": key or str(new_id())}
        if token is not None:
            headers["Fencing-Token"] = str(token)
        if not more:
            more = {"json": {} if json is None else json}
        answer = await self.http.post(path, headers=headers, **more)
        if answer.is_success and "position" in answer.json():
            position = answer.json()["position"]
            self.reached.position = max(self.reached.position, position)
        return answer

    async def get(self, path: str, **params: str | int) -> httpx.Response:
        """Return the answer to a GET, as of anybody's last POST at least.

        However long that takes on a busy machine: a service itself waits one second,
        then answers with what it has.
        """
        if self.projector is not None:
            await self.projector.reached(
                self.reached.position, within_seconds=PATIENCE_SECONDS
            )
        headers = {**self._headers(), "Attest-Position": str(self.reached.position)}
        return await self.http.get(path, headers=headers, params=params)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass(slots=True)
class Running:
    """The services of a test, and who may be signed in."""

    apps: Mapping[str, FastAPI]
    issuer: DevelopmentIssuer
    database: FreshDatabase
    directory: Path
    clients: dict[str, httpx.AsyncClient] = field(default_factory=dict)
    reached: Reached = field(default_factory=Reached)

    def as_person(self, service: str, person_id: str, *roles: Role) -> Client:
        """Return *person_id*, signed in with *roles*, asking *service*."""
        token = self.issuer.token(SignIn(person_id=person_id, roles=roles))
        return self._asking(service, token.access_token)

    def as_service(self, service: str, name: str) -> Client:
        """Return the service *name* asking *service*."""
        return self._asking(service, service_token(name, SECRET))

    def _asking(self, service: str, token: str) -> Client:
        projector = self.apps[service].state.projector
        return Client(self.clients[service], token, self.reached, projector)


@asynccontextmanager
async def run_services(
    builds: Mapping[str, tuple[Build, type[Any]]],
    database: FreshDatabase,
    broker: BrokerProcess,
    directory: Path,
) -> AsyncIterator[Running]:
    """Run the services of *builds* (build function and settings) until the end."""
    issuer = DevelopmentIssuer.open(ISSUER, directory / "issuer.pem")
    apps = {
        name: build(
            settings(**_settings(name, database, broker, directory)),
            trusted_keys=issuer.public_keys(),
        )
        for name, (build, settings) in builds.items()
    }
    async with AsyncExitStack() as stack:
        await asyncio.gather(
            *(
                stack.enter_async_context(app.router.lifespan_context(app))
                for app in apps.values()
            )
        )
        running = Running(apps, issuer, database, directory)
        for name, app in apps.items():
            transport = httpx.ASGITransport(app)
            running.clients[name] = await stack.enter_async_context(
                httpx.AsyncClient(transport=transport, base_url=f"http://{name}.test")
            )
        await asyncio.gather(*map(_ready, running.clients.values()))
        yield running


async def _ready(http: httpx.AsyncClient) -> None:
    """Return once the service says that it is ready."""

    async def ask() -> bool:
        return (await http.get("/readyz")).is_success

    await eventually(ask)


def keystore_url(directory: Path) -> SecretStr:
    """Return where the services of *directory* keep their keys."""
    return SecretStr(f"sqlite:///{directory / 'keys.sqlite3'}")


def _settings(
    name: str, database: FreshDatabase, broker: BrokerProcess, directory: Path
) -> dict[str, object]:
    return {
        "database_url": SecretStr(database.url_for(name)),
        "kafka_bootstrap_servers": broker.bootstrap_servers,
        "keystore_url": keystore_url(directory),
        "key_encryption_key": KEY,
        "evidence_url": f"file://{directory / 'evidence'}",
        "oidc_issuer": ISSUER,
        "service_token_secret": SECRET,
        "fetch_max_wait_ms": 10,
        "kafka_holds_fetches": False,
        "kafka_idempotent_producer": False,
        "kafka_create_topics": True,
        "work_directory": directory / "work",
        "log_level": "WARNING",
    }


async def eventually(
    ask: Callable[[], Awaitable[T | None]], *, within_seconds: float = PATIENCE_SECONDS
) -> T:
    """Return the first answer that is not None, false or empty."""
    async with asyncio.timeout(within_seconds):
        while not (found := await ask()):  # noqa: ASYNC110 - it is over HTTP
            await asyncio.sleep(0.05)
    return found

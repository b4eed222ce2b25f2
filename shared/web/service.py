"""How a service is put together: opened parts, routes, messages, loops.

Every service's ``app.py`` gives a `Definition`; what all services do alike stands here
once: open the log, follow it, publish, consume, keep read models, close in order.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import jwt
from fastapi import APIRouter, FastAPI

from shared.clock import OffsetClock
from shared.contracts.message import Message, Received
from shared.crypto import Vault, open_keystore
from shared.database import Pool, check_schema, open_pool
from shared.decider import Fact
from shared.eventlog import Codec, EventLog, PostgresEventLog, StoredEvent, open_log
from shared.evidence import BlobStore, Snapshots, open_blob_store
from shared.handling import Handling
from shared.logs import configure_logs
from shared.messaging import Consumer, Messaging, MessagingSettings, Publisher
from shared.programmes import every_programme
from shared.projector import GATHER_SECONDS, Projector, ReadModel
from shared.settings import CommonSettings
from shared.web.caching import NoStore
from shared.web.calling import ServiceCaller
from shared.web.gate import Gate
from shared.web.health import health_router
from shared.web.identity import Identities
from shared.web.issuer_keys import IssuerKeys
from shared.web.loops import Background, Loops
from shared.web.maintenance import maintenance_router
from shared.web.problems import DESCRIBED, install_problems
from shared.web.refusals import Refusals
from shared.web.starting import telling_why_not
from shared.web.upkeep import checks_of, follow_offset, forget_answers

VERSION = "0.1.0"

MessageHandlers = Mapping[type[Message], Callable[[Received[Any]], Awaitable[object]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a service is made of, opened and ready."""

    settings: CommonSettings
    log: EventLog
    pool: Pool
    handling: Handling
    projector: Projector
    vault: Vault
    blobs: BlobStore
    snapshots: Snapshots
    clock: OffsetClock
    call: ServiceCaller


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """What a service adds: routes, message handlers, loops that run until the end."""

    routers: Sequence[APIRouter]
    handlers: MessageHandlers = field(default_factory=dict)
    background: Sequence[Background] = ()
    holds_a_link: Callable[[str], bool] | None = None
    """Tells of a path whether it holds a one-time link that we gave out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One service: its name, its facts, its questions, and how it is wired."""

    name: str
    settings: CommonSettings
    codec: Codec
    read_models: Sequence[ReadModel[Any]]
    wire: Callable[[Parts], Wiring]
    check: Callable[[Parts], Awaitable[None]] | None = None
    """Raises what has to be put right before the service may start."""
    to_public: Callable[[Fact, StoredEvent], Message | None] | None = None
    own_categories: Sequence[str] | None = None
    """Where its facts are, for a service that may read others' too."""
    gather_seconds: float | None = None
    """How long messages and facts of a burst may gather before they are worked through
    together, where nobody waits for one of them; None where somebody may."""


def service_app(
    definition: Definition, *, trusted_keys: Sequence[jwt.PyJWK] = ()
) -> FastAPI:
    """Return the service, wired but not yet connected to anything.

    ``/openapi.json`` is open to everybody: docs/security.md says why.

    *trusted_keys* are the issuer's when the issuer runs in the same process.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            with telling_why_not(definition.name):
                await _run(definition, app, stack, trusted_keys)
            yield

    app = FastAPI(
        title=f"attest {definition.name}",
        version=VERSION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        responses=DESCRIBED,
    )
    install_problems(app)
    app.add_middleware(Gate)
    app.add_middleware(NoStore)
    return app


async def _run(
    definition: Definition,
    app: FastAPI,
    stack: AsyncExitStack,
    trusted_keys: Sequence[jwt.PyJWK],
) -> None:
    settings = definition.settings
    configure_logs(level=settings.log_level)
    every_programme()  # refuses to start on a malformed file
    parts, log = await _open(definition, stack)
    http = await stack.enter_async_context(httpx.AsyncClient(timeout=5.0))
    keys = IssuerKeys(settings.oidc_issuer, http)
    keys.trust(trusted_keys)
    _share(app, definition.name, parts)
    app.state.identities = Identities(
        issuer=settings.oidc_issuer,
        service_secret=settings.service_token_secret,
        keys=keys,
    )
    wiring = definition.wire(parts)
    app.state.holds_a_link = wiring.holds_a_link
    messaging = _messaging(definition, parts, log, wiring)
    background = [parts.projector.run, forget_answers(log), *wiring.background]
    if (await log.head()).demonstration:
        background.append(follow_offset(parts.log, parts.clock))
    loops = Loops(background)
    checks = {**checks_of(log, messaging, parts.projector), **loops.checks()}
    app.include_router(health_router(checks))
    app.include_router(maintenance_router(parts.projector, parts.clock))
    for router in wiring.routers:
        app.include_router(router)
    stack.push_async_callback(loops.stop)
    loops.start()
    await messaging.start()
    stack.push_async_callback(messaging.stop)


def _share(app: FastAPI, name: str, parts: Parts) -> None:
    """Let what stands before the routes use the service's parts."""
    app.state.clock = parts.clock
    app.state.refusals = Refusals(name, parts.pool, parts.clock)
    app.state.projector = parts.projector
    app.state.request_digest = parts.vault.request_digest


async def _open(
    definition: Definition, stack: AsyncExitStack
) -> tuple[Parts, PostgresEventLog]:
    settings, name = definition.settings, definition.name
    url = settings.database_url.get_secret_value()
    await check_schema(url)
    log = await stack.enter_async_context(open_log(url))
    pool = await stack.enter_async_context(open_pool(url, schema=name))
    workshop = await stack.enter_async_context(
        open_pool(url, schema=name, smallest=0, largest=1)
    )
    keystore = await stack.enter_async_context(
        open_keystore(settings.keystore_url, settings.key_encryption_key)
    )
    clock = OffsetClock()
    vault = Vault(keystore, clock)
    blobs = open_blob_store(settings.evidence_url, vault.keys)
    http = await stack.enter_async_context(httpx.AsyncClient())
    projector = Projector(
        service=name,
        log=log,
        codec=definition.codec,
        pool=pool,
        models=definition.read_models,
        workshop=workshop,
        gather_seconds=definition.gather_seconds or GATHER_SECONDS,
    )
    parts = Parts(
        settings=settings,
        log=log,
        pool=pool,
        handling=Handling(log, definition.codec),
        projector=projector,
        vault=vault,
        blobs=blobs,
        snapshots=Snapshots(blobs),
        clock=clock,
        call=ServiceCaller(
            name=name,
            urls=_urls(settings),
            secret=settings.service_token_secret,
            http=http,
        ),
    )
    if definition.check is not None:
        await definition.check(parts)
    return parts, log


def _urls(settings: CommonSettings) -> dict[str, str]:
    return {
        "submission": settings.submission_url,
        "review": settings.review_url,
        "moderation": settings.moderation_url,
        "notification": settings.notification_url,
        "viva": settings.viva_url,
        "appeals": settings.appeals_url,
        "operations": settings.operations_url,
    }


def _messaging(
    definition: Definition, parts: Parts, log: EventLog, wiring: Wiring
) -> Messaging:
    name, to_public = definition.name, definition.to_public
    settings = definition.settings
    publisher = to_public and Publisher(
        service=name,
        codec=definition.codec,
        to_public=to_public,
        categories=definition.own_categories,
    )
    return Messaging(
        settings=MessagingSettings(
            service=name,
            bootstrap_servers=settings.kafka_bootstrap_servers,
            fetch_max_wait_ms=settings.fetch_max_wait_ms,
            broker_holds_fetches=settings.kafka_holds_fetches,
            idempotent_producer=settings.kafka_idempotent_producer,
            session_timeout_ms=settings.kafka_session_timeout_ms,
            create_topics=settings.kafka_create_topics,
            gather_seconds=definition.gather_seconds or 0.0,
        ),
        log=log,
        pool=parts.pool,
        publisher=publisher,
        consumer=Consumer(name=name, handlers=wiring.handlers),
    )

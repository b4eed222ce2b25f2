"""``attest stand-ins``: what stands in for an OpenID issuer and a mail server.

For demonstrations of separately running services: the development issuer below
``/dev``, a mailbox that takes every letter by SMTP and shows it below ``/mailbox``, and
a front page. Services that are told of another issuer do not believe this one.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import httpx
from fastapi import Depends, FastAPI
from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.cli.front import Browser, front_router
from shared.embedded import Mailbox, letters_router, mailbox_router
from shared.logs import configure_logs
from shared.settings import LogLevel, WebUrl, read_settings
from shared.web.health import health_router
from shared.web.identity import Identities
from shared.web.issuer import DevelopmentIssuer
from shared.web.issuer_keys import IssuerKeys
from shared.web.problems import install_problems
from shared.web.serving import ServingSettings, serve

GRACE_SECONDS = 5.0
ISSUER_PATH = "/dev"


def _below_the_path(url: str) -> str:
    if urlsplit(url).path.rstrip("/") != ISSUER_PATH:
        message = (
            f"the development issuer answers at an address that ends in {ISSUER_PATH}"
        )
        raise ValueError(message)
    return url


class StandInSettings(BaseSettings):
    """Where the stand-ins are, and what they keep."""

    model_config = SettingsConfigDict(frozen=True, hide_input_in_errors=True)

    oidc_issuer: Annotated[WebUrl, AfterValidator(_below_the_path)]
    """As the services are told it: where they reach this process."""
    service_token_secret: SecretStr
    submission_url: WebUrl
    stand_ins_directory: Path
    """Holds the issuer's key and the letters."""
    stand_ins_smtp_port: int = Field(default=1025, ge=1, le=65_535)
    log_level: LogLevel = "INFO"


def serve_stand_ins() -> None:
    """Serve them until told to stop; settings come from the environment.

    Raises:
        SettingsError: names each variable that is missing or not valid.
    """
    settings = read_settings(StandInSettings)
    serving = read_settings(ServingSettings)
    configure_logs(level=settings.log_level)
    app = build_stand_ins(settings, host=serving.host)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(
            serve(
                app,
                host=serving.host,
                port=serving.port,
                grace_seconds=GRACE_SECONDS,
            )
        )


def build_stand_ins(settings: StandInSettings, *, host: str) -> FastAPI:
    """Return the application; its mailbox listens on *host* while it runs."""
    directory = settings.stand_ins_directory
    mailbox = Mailbox(
        directory / "mailbox", address=(host, settings.stand_ins_smtp_port)
    )
    issuer = DevelopmentIssuer.open(settings.oidc_issuer, directory / "issuer.pem")

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with httpx.AsyncClient() as http:
            keys = IssuerKeys(issuer.url, http)
            keys.trust(issuer.public_keys())
            app.state.identities = Identities(
                issuer=issuer.url,
                service_secret=settings.service_token_secret,
                keys=keys,
            )
            await mailbox.start()
            try:
                yield
            finally:
                await mailbox.stop()

    app = FastAPI(title="attest stand-ins", openapi_url=None, lifespan=lifespan)
    install_problems(app)
    signed_in = Browser(app, issuer)
    app.include_router(health_router({}))
    app.include_router(issuer.router(), prefix=ISSUER_PATH)
    app.include_router(
        front_router(
            lambda: httpx.AsyncClient(base_url=settings.submission_url), signed_in
        )
    )
    app.include_router(
        letters_router(mailbox, dependencies=[Depends(signed_in.bearer)])
    )
    app.include_router(
        mailbox_router(mailbox, dependencies=[Depends(signed_in.identity)])
    )
    return app

"""The composition root of notification: the only file that knows all the others."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import jwt
from fastapi import FastAPI

from services.notification import consumers, outgoing, read_models
from services.notification.api import build_router
from services.notification.clocks import (
    Addressing,
    Preparing,
    Sending,
    send_letters,
)
from services.notification.domain.backoff import Patience
from services.notification.domain.events import NoticeFact
from services.notification.gateways import MailGateway
from services.notification.handlers import Notices
from services.notification.letters import Correspondent, LetterPress
from services.notification.settings import Settings
from shared.eventlog import Codec
from shared.web.service import Definition, Parts, Wiring, service_app

CODEC = Codec(NoticeFact)

GATHER_SECONDS = 0.1
"""What is due is looked for every second, so a letter goes out hardly later."""


def build(settings: Settings, *, trusted_keys: Sequence[jwt.PyJWK] = ()) -> FastAPI:
    """Return notification, wired but not yet connected to anything."""

    def wire(parts: Parts) -> Wiring:
        return _wire(parts, settings)

    definition = Definition(
        name="notification",
        settings=settings,
        codec=CODEC,
        read_models=read_models.ALL,
        to_public=outgoing.to_public,
        gather_seconds=GATHER_SECONDS,
        wire=wire,
    )
    return service_app(definition, trusted_keys=trusted_keys)


def _wire(parts: Parts, settings: Settings) -> Wiring:
    notices = Notices(parts.handling)
    sender = _sender_of(settings)
    return Wiring(
        routers=(build_router(notices, parts.pool, parts.clock, sender),),
        handlers=consumers.build(notices, parts.clock),
        background=(_sender(parts, settings, notices),),
    )


def _sender_of(settings: Settings) -> Correspondent:
    return Correspondent(
        name=settings.mail_from_name, address=settings.mail_from_address
    )


def _sender(
    parts: Parts, settings: Settings, notices: Notices
) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        async with LetterPress(workers=settings.letter_processes) as press:
            sending = _sending(parts, settings, notices, press)
            await send_letters(
                sending,
                parts.pool,
                parts.clock,
                every_seconds=settings.mail_poll_seconds,
                senders=settings.mail_senders,
            )()

    return run


def _sending(
    parts: Parts, settings: Settings, notices: Notices, press: LetterPress
) -> Sending:
    patience = Patience(
        first_wait=timedelta(seconds=settings.mail_first_retry_seconds),
        longest_wait=timedelta(seconds=settings.mail_longest_retry_seconds),
        tries=settings.mail_tries,
    )
    preparing = Preparing(
        notices=notices,
        call=parts.call,
        addressing=Addressing(parts.call),
        vault=parts.vault,
        blobs=parts.blobs,
        press=press,
        sender=_sender_of(settings),
        patience=patience,
        clock=parts.clock,
    )
    return Sending(
        notices=notices,
        preparing=preparing,
        gateway=MailGateway(settings.smtp_url),
        clock=parts.clock,
    )


__all__ = ["Settings", "build"]

"""One of the two services as a process of its own, which ends itself with kill -9.

``python -m tests.support.messaging_process ROLE DATABASE_URL SERVERS FAULT COUNT``

ROLE is ``speak`` (append facts), ``relay`` or ``listen``. FAULT says where it is
killed: ``never``, ``after_append``, ``after_publish``, ``before_publish``,
``after_handling``; COUNT after how many times. A role with the prefix ``careless-``
does what it must not: it shows what the tests would see.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from typing import Any

from shared.messaging.era import Era
from shared.messaging.relay.checkpoint import Checkpoints
from shared.messaging.relay.lease import Lease
from shared.messaging.relay.producing import OrderedProducer
from shared.messaging.relay.standing import Step
from tests.support.messaging import (
    LISTENER,
    SPEAKER,
    Listener,
    Said,
    Speaker,
    listening,
    open_service,
    running,
    settings_for,
    speaking,
)

KEYS = ("p1", "p2", "p3", "p4", "p5")
NUMBERS = range(6)


class Countdown:
    """Kills this process, as from outside, at the given time."""

    def __init__(self, count: int) -> None:
        self._left = count

    def tick(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


async def speak(url: str, countdown: Countdown) -> None:
    """Append every number about every key."""
    async with open_service(url, SPEAKER) as service:
        speaker = Speaker(service)
        for number in NUMBERS:
            for key in KEYS:
                await speaker.say(key, number)
                countdown.tick()


async def relay(url: str, servers: str, fault: str, countdown: Countdown) -> None:
    """Publish until killed."""
    save, send = Checkpoints.save, OrderedProducer.send

    async def save_or_die(
        self: Checkpoints, lease: Lease, era: Era, step: Step
    ) -> None:
        if fault == "after_publish" and step.sent:
            countdown.tick()
        await save(self, lease, era, step)

    async def send_or_die(
        self: OrderedProducer, window: Sequence[Any], **more: Any
    ) -> Any:
        if fault == "before_publish" and window:
            countdown.tick()
        return await send(self, window, **more)

    Checkpoints.save = save_or_die  # type: ignore[method-assign]
    OrderedProducer.send = send_or_die  # type: ignore[method-assign]
    async with (
        open_service(url, SPEAKER) as service,
        running(speaking(service, settings_for(SPEAKER, servers))),
    ):
        await asyncio.Event().wait()


async def listen(
    url: str, servers: str, countdown: Countdown, *, careless: bool
) -> None:
    """Consume until killed."""

    async def after(_: Said) -> None:
        countdown.tick()

    async with open_service(url, LISTENER) as service:
        listener = Listener(service, after=after, careless=careless)
        async with running(listening(listener, settings_for(LISTENER, servers))):
            await asyncio.Event().wait()


async def main(role: str, url: str, servers: str, fault: str, count: str) -> None:
    """Play *role* until the fault, or until terminated."""
    countdown = Countdown(0 if fault == "never" else int(count))
    careless = role.startswith("careless-")
    match role.removeprefix("careless-"):
        case "speak":
            await speak(url, countdown)
        case "relay":
            await relay(url, servers, fault, countdown)
        case "listen":
            await listen(url, servers, countdown, careless=careless)
        case unknown:
            raise SystemExit(f"there is no role {unknown}")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

"""The demonstration with a small cohort, while something goes wrong in the middle."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from services.cli.client import ClientSettings
from services.cli.demo.checks import check_everything
from services.cli.demo.play import ACTS, play
from services.cli.demo.stage import Act, Stage
from shared.embedded.ports import fresh_port
from tests.support.gateway import Exchange, Gateway, serving
from tests.support.processes import AttestUp

PARTICIPANTS = 6
"""The fewest who bring every kind of decision about."""
PATIENCE_SECONDS = 60.0
"""How long players repeat a request that nobody answers."""
TROUBLE_SECONDS = 60.0
"""Trouble that takes longer is stuck itself."""

Trouble = Callable[[], Awaitable[object]]
Findings = list[dict[str, Any]]


async def play_through(
    url: str, *, after: Mapping[Act, Trouble] | None = None
) -> Findings:
    """Play every act at *url* and return what the checks find.

    Players repeat what nobody answers, as the command line does with
    ``ATTEST_PATIENCE_SECONDS``. The trouble of an act is awaited when it is over.
    """
    loop = asyncio.get_running_loop()
    acts = iter(ACTS)

    def report(_: object) -> None:
        trouble = (after or {}).get(next(acts))
        if trouble is not None:
            asyncio.run_coroutine_threadsafe(_awaited(trouble), loop).result()

    def act() -> Findings:
        settings = ClientSettings(url=url, patience_seconds=PATIENCE_SECONDS)
        stage = Stage(settings, participants=PARTICIPANTS)
        try:
            play(stage, report)
            return list(check_everything(stage))
        finally:
            stage.close()

    return await asyncio.to_thread(act)


async def _awaited(trouble: Trouble) -> None:
    async with asyncio.timeout(TROUBLE_SECONDS):
        await trouble()


def failed(findings: Findings) -> Findings:
    """Return the checks that do not hold."""
    return [finding for finding in findings if not finding["holds"]]


@dataclass(slots=True)
class Moments:
    """Makes trouble when a request of a certain kind has just been answered.

    Each moment comes once, in the given order: the effect is in the log, and nobody
    has been told of it.
    """

    moments: Sequence[str]
    """``METHOD path`` as regular expressions."""
    trouble: Trouble
    come: int = 0
    lost: list[Exchange] = field(default_factory=list)

    async def loses(self, exchange: Exchange) -> bool:
        """Lose the answer of each moment, after its trouble."""
        if self.come == len(self.moments):
            return False
        asked = f"{exchange.method} {exchange.path}"
        if exchange.status >= 400 or not re.fullmatch(self.moments[self.come], asked):
            return False
        self.come += 1
        self.lost.append(exchange)
        await self.trouble()
        return True


@asynccontextmanager
async def behind_gateway(
    up: AttestUp, moments: Moments
) -> AsyncIterator[tuple[str, Gateway]]:
    """Serve *up* at another address, where answers may get lost; yield it."""
    gateway = Gateway(up.targets(), loses=moments.loses)
    port = fresh_port(up.directory / "gateway.port")
    async with serving(gateway.app(), port) as url:
        yield url, gateway

"""When a fetch is held back, and what lets it go."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiokafka.protocol.fetch import FetchRequest

from shared.database import Pool
from shared.messaging.consuming import holding
from shared.messaging.consuming.holding import Holding
from shared.messaging.signals import Signals, published_signal

SAID = published_signal("submission.Said.v1")
PATIENCE_SECONDS = 10.0


class Client:
    """Answers at once, with the records that the test has put there."""

    def __init__(self) -> None:
        self.sent: list[object] = []
        self.records = b""

    async def send(self, node_id: int, request: object) -> SimpleNamespace:
        self.sent.append(request)
        partition = (node_id, 0, self.records)
        return SimpleNamespace(topics=[("submission.v1", [partition])])


class Member:
    """A consumer that somebody has started."""

    def __init__(self) -> None:
        self._client = Client()

    @property
    def client(self) -> Any:
        return self._client

    def seek(self, partition: object, offset: int) -> None:
        """Go there."""


class Held:
    """A member whose fetches are held until the test tells of something."""

    def __init__(self, *, spacing_seconds: float = 0.0) -> None:
        self.signals = Signals(cast("Pool", None))
        self.member = Member()
        held = Holding(self.signals, [SAID], spacing_seconds=spacing_seconds)
        held.hold(self.member)
        self.client = self.member.client

    def fetch(self) -> "asyncio.Task[object]":
        request = FetchRequest(10, 1, 1, 0, [], rack_id="")
        return asyncio.create_task(self.client.send(0, request))

    async def let_go(self, fetch: "asyncio.Task[object]") -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await fetch

    async def is_held(self, fetch: "asyncio.Task[object]") -> bool:
        for _ in range(5):
            await asyncio.sleep(0)
        return not fetch.done()


@pytest.fixture
async def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    """After the first fetch, which is never held."""
    monkeypatch.setattr(holding, "LONGEST_SECONDS", 100 * PATIENCE_SECONDS)
    held = Held()
    await held.let_go(held.fetch())
    return held


def tell(signals: Signals, name: str) -> None:
    """Signal *name* as the database would."""
    signals._heard(None, 0, "messaging", name)


class TestHolding:
    async def test_holds_a_fetch_until_something_is_published(self, held: Held) -> None:
        fetch = held.fetch()
        assert await held.is_held(fetch)
        tell(held.signals, SAID)
        await held.let_go(fetch)
        assert len(held.client.sent) == 2

    async def test_remembers_what_was_told_while_nothing_was_held(
        self, held: Held
    ) -> None:
        tell(held.signals, SAID)
        await held.let_go(held.fetch())

    async def test_does_not_fetch_for_what_nobody_here_handles(
        self, held: Held
    ) -> None:
        fetch = held.fetch()
        tell(held.signals, published_signal("submission.Whispered.v1"))
        assert await held.is_held(fetch)
        fetch.cancel()

    async def test_fetches_again_while_there_are_records(self, held: Held) -> None:
        held.client.records = b"one"
        tell(held.signals, SAID)
        await held.let_go(held.fetch())
        held.client.records = b""
        await held.let_go(held.fetch())
        last = held.fetch()
        assert await held.is_held(last)
        last.cancel()

    async def test_fetches_again_what_was_sought_meanwhile(self, held: Held) -> None:
        fetch = held.fetch()
        assert await held.is_held(fetch)
        held.member.seek("submission.v1/0", 7)
        await held.let_go(fetch)
        await held.let_go(held.fetch())

    async def test_keeps_the_fetches_of_a_burst_apart(self) -> None:
        held = Held(spacing_seconds=100 * PATIENCE_SECONDS)
        await held.let_go(held.fetch())
        tell(held.signals, SAID)
        fetch = held.fetch()
        assert await held.is_held(fetch)
        fetch.cancel()

    async def test_holds_no_fetch_for_ever(
        self, held: Held, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(holding, "LONGEST_SECONDS", 0.01)
        await held.let_go(held.fetch())

    async def test_holds_nothing_but_fetches(self, held: Held) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await held.client.send(0, "a heartbeat")

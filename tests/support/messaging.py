"""Two small services that talk to each other through the real log and a real broker.

``submission`` says numbered things about keys; ``review`` writes down what it hears,
one fact per message, so that order and effects can be read off the log.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from shared.clock import utc_now
from shared.contracts.message import Message, Received
from shared.database import Pool, open_pool
from shared.decider import Decider, Fact, Value
from shared.eventlog import (
    Codec,
    InboxMark,
    PostgresEventLog,
    StoredEvent,
    open_log,
)
from shared.handling import Cause, Handling, Step
from shared.ids import new_id
from shared.messaging import (
    Consumer,
    Contracts,
    Handler,
    Messaging,
    MessagingSettings,
    Publisher,
    Reconciler,
)

SPEAKER = "submission"
LISTENER = "review"


class Spoke(Fact):
    """Something was said about a key."""

    type: Literal["submission.Spoke"] = "submission.Spoke"
    key: str
    number: int
    public: bool = True
    kind: str = "said"


class Heard(Fact):
    """A message arrived and was understood."""

    type: Literal["review.Heard"] = "review.Heard"
    key: str
    number: int


class Said(Message):
    """A numbered thing about a key."""

    type: Literal["submission.Said.v1"] = "submission.Said.v1"
    key_: str
    number: int

    @property
    def key(self) -> str:
        return self.key_


class Whispered(Said):
    """Another type of the same owner, which the listener does not handle."""

    type: Literal["submission.Whispered.v1"] = "submission.Whispered.v1"  # type: ignore[assignment]


class Shouted(Said):
    """A type that only newer listeners know."""

    type: Literal["submission.Shouted.v1"] = "submission.Shouted.v1"  # type: ignore[assignment]


KINDS: dict[str, type[Said]] = {
    "said": Said,
    "whispered": Whispered,
    "shouted": Shouted,
}
TEST_CONTRACTS = Contracts([Said, Whispered])
NEWER_CONTRACTS = Contracts([Said, Whispered, Shouted])


class Note(Value):
    """Command: write down what was heard, or said."""

    fact: Spoke | Heard


def _decide(command: Note, _: int) -> list[Fact]:
    return [command.fact]


def _evolve(state: int, _: Fact) -> int:
    return state + 1


def decider(category: str) -> Decider[Note, Fact, int]:
    return Decider(category=category, decide=_decide, evolve=_evolve, initial=0)


def to_public(fact: Fact, _: StoredEvent) -> Message | None:
    assert isinstance(fact, Spoke)
    if not fact.public:
        return None
    return KINDS[fact.kind](key_=fact.key, number=fact.number)


@dataclass(slots=True)
class Service:
    """One service of the test: its log, its pool, its way to append."""

    name: str
    log: PostgresEventLog
    pool: Pool
    handling: Handling
    codec: Codec


@asynccontextmanager
async def open_service(url: str, name: str) -> AsyncIterator[Service]:
    """Yield the service *name*, signed in with *url*."""
    async with AsyncExitStack() as stack:
        log = await stack.enter_async_context(open_log(url))
        pool = await stack.enter_async_context(open_pool(url, schema="messaging"))
        codec = Codec(Spoke if name == SPEAKER else Heard)
        yield Service(name, log, pool, Handling(log, codec), codec)


@dataclass(slots=True)
class Speaker:
    """Appends facts that the relay publishes."""

    service: Service
    said: list[tuple[str, int]] = field(default_factory=list)

    async def say(self, key: str, number: int, **more: Any) -> None:
        """Append one fact about *key*."""
        fact = Spoke(occurred_at=utc_now(), key=key, number=number, **more)
        cause = Cause.by_clock(SPEAKER, str(new_id()))
        step = Step(decider("person"), f"person-{key}", Note(fact=fact))
        await self.service.handling(cause, step)
        if fact.public and fact.kind == "said":
            self.said.append((key, number))

    async def say_all(self, keys: Sequence[str], numbers: Sequence[int]) -> None:
        """Append every number about every key, keys at the same time."""

        async def one(key: str) -> None:
            for number in numbers:
                await self.say(key, number)

        await asyncio.gather(*(one(key) for key in keys))


@dataclass(slots=True)
class Listener:
    """Writes down what it hears, and can be told to fail."""

    service: Service
    attempts: list[tuple[str, int]] = field(default_factory=list)
    before: Callable[[Said], Awaitable[None]] | None = None
    """Awaited before each handling; raises to make it fail."""
    after: Callable[[Said], Awaitable[None]] | None = None
    careless: bool = False
    """Forgets the inbox and makes up ids: what every consumer must not do."""

    async def on_said(self, message: Received[Said]) -> object:
        """Handle one message the way every consumer does."""
        said = message.body
        self.attempts.append((said.key, said.number))
        if self.before is not None:
            await self.before(said)
        fact = Heard(occurred_at=utc_now(), key=said.key, number=said.number)
        step = Step(decider("reviewer"), f"reviewer-{said.key}", Note(fact=fact))
        cause = Cause.by_message(self.service.name, message)
        if self.careless:
            cause = replace(cause, command_id=new_id(), inbox=None)
        handled = await self.service.handling(cause, step)
        if self.after is not None:
            await self.after(said)
        return handled

    def consumer(
        self, handlers: dict[type[Message], Handler] | None = None
    ) -> Consumer:
        return Consumer(
            name=self.service.name, handlers=handlers or {Said: self.on_said}
        )

    async def heard(self) -> list[tuple[str, int]]:
        """Return every effect there is, in order of the log."""
        events = await self.service.log.read_after(
            0, limit=100_000, categories=("reviewer",)
        )
        facts = [json.loads(event.payload) for event in events]
        return [(fact["key"], fact["number"]) for fact in facts]


BROKER_SETTINGS: dict[str, Any] = {
    "fetch_max_wait_ms": 10,
    "broker_holds_fetches": False,
    "idempotent_producer": False,
}
"""For the broker that tests use: the embedded one, unless fixtures say otherwise."""


def settings_for(
    service: str, bootstrap_servers: str, **more: Any
) -> MessagingSettings:
    """Return settings that are quick enough for tests."""
    values: dict[str, Any] = {
        "create_topics": True,
        "lease_seconds": 1.5,
        "check_seconds": 1.0,
        "session_timeout_ms": 6_000,
        "metadata_max_age_ms": 1_000,
        "request_timeout_ms": 5_000,
        "drain_seconds": 5.0,
    }
    return MessagingSettings(
        service=service,
        bootstrap_servers=bootstrap_servers,
        **(values | BROKER_SETTINGS | more),
    )


def speaking(service: Service, settings: MessagingSettings) -> Messaging:
    """Return the messaging of the speaker: a relay."""
    publisher = Publisher(service=SPEAKER, codec=service.codec, to_public=to_public)
    return Messaging(
        settings=settings, log=service.log, pool=service.pool, publisher=publisher
    )


def listening(
    listener: Listener,
    settings: MessagingSettings,
    *,
    contracts: Contracts = TEST_CONTRACTS,
    consumer: Consumer | None = None,
) -> Messaging:
    """Return the messaging of the listener: a consumer."""
    return Messaging(
        settings=settings,
        log=listener.service.log,
        pool=listener.service.pool,
        consumer=consumer or listener.consumer(),
        contracts=contracts,
    )


@asynccontextmanager
async def running(*all_messaging: Messaging) -> AsyncIterator[None]:
    """Run them; stopped even when the test fails."""
    try:
        for messaging in all_messaging:
            await messaging.start()
        yield
    finally:
        for messaging in all_messaging:
            await messaging.stop()


async def eventually(
    condition: Callable[[], Awaitable[bool]], *, within_seconds: float = 30.0
) -> None:
    """Return when *condition* holds.

    Raises:
        TimeoutError: it did not, in time.
    """
    deadline = time.monotonic() + within_seconds
    while not await condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {within_seconds:.0f} s")
        await asyncio.sleep(0.02)


def in_order(effects: Sequence[tuple[str, int]]) -> bool:
    """Return whether the numbers of every key only grow."""
    last: dict[str, int] = {}
    for key, number in effects:
        if number <= last.get(key, -1):
            return False
        last[key] = number
    return True


async def heard_all(speaker: Speaker, listener: Listener) -> bool:
    """Return whether there are at least as many effects as public facts."""
    return len(await listener.heard()) >= len(speaker.said)


async def assert_sound(speaker: Speaker, listener: Listener) -> None:
    """Everything had its effect once and in order; the reconciler says so too."""
    heard = await listener.heard()
    assert sorted(heard) == sorted(speaker.said)
    assert in_order(heard)
    reconciler = Reconciler(listener.service.pool, listener.service.log)

    async def settled() -> bool:
        return not any(found.lag for found in await reconciler.report())

    await eventually(settled, within_seconds=10)
    (found,) = await reconciler.report()
    assert found.sound, found


def mark(service: Service, event_id: Any) -> InboxMark:
    return InboxMark(consumer=service.name, event_id=event_id)

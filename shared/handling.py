"""The only place a state change happens: load, decide, append, log one line.

Invariant: whatever one cause leads to is one unit of work, so it exists completely or
not at all, and the same cause handled again changes nothing.
"""

import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, TypeVar
from uuid import UUID

import structlog

from shared.contracts.message import Received
from shared.decider import Decider, Fact
from shared.errors import ConflictError, ServiceError
from shared.eventlog import (
    Codec,
    EventLog,
    InboxMark,
    Metadata,
    NewEvent,
    RequestKey,
    StoredAnswer,
    StreamWrite,
    UnitOfWork,
)
from shared.ids import derived_id

S = TypeVar("S")

ATTEMPTS = 5
"""Tries per command when another writer wins the race for a stream."""

CACHED_STREAMS = 10_000
"""Folded states kept by version; about 2 kB each."""

Ids = Mapping[str, str | int | bool | None]


class AlreadyAnsweredError(ServiceError):
    """This request was answered before; the answer is the same as then."""

    def __init__(self, answer: StoredAnswer) -> None:
        """Carry the stored *answer*."""
        super().__init__()
        self.answer = answer


class KeyReusedError(ServiceError):
    """This Idempotency-Key came before with another body: use a new key."""

    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingRequest:
    """An HTTP request whose answer will be stored with the facts it leads to."""

    key: RequestKey
    body_sha256: bytes
    status: int = 200
    ids: Callable[[tuple[Fact, ...]], Ids] = field(default=lambda _: {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What led to a command; the ids of its facts derive from *command_id*."""

    command_id: UUID
    actor: str
    role: str
    correlation_id: UUID
    causation_id: UUID
    traceparent: str | None = None
    inbox: InboxMark | None = None
    request: PendingRequest | None = None

    @staticmethod
    def by_message(consumer: str, message: Received[Any]) -> "Cause":
        """Return the cause that handles *message* exactly once for *consumer*."""
        return Cause(
            command_id=derived_id("message", consumer, str(message.event_id)),
            actor=f"service:{consumer}",
            role="service",
            correlation_id=message.correlation_id,
            causation_id=message.event_id,
            traceparent=message.traceparent,
            inbox=InboxMark(consumer=consumer, event_id=message.event_id),
        )

    @staticmethod
    def by_clock(service: str, *what: str) -> "Cause":
        """Return the cause of what is due; *what* names it, so it happens once."""
        command_id = derived_id("clock", service, *what)
        return Cause(
            command_id=command_id,
            actor=f"clock:{service}",
            role="service",
            correlation_id=command_id,
            causation_id=command_id,
        )

    def answer(
        self, status: int, ids: Callable[[tuple[Fact, ...]], Ids] | Ids | None = None
    ) -> "Cause":
        """Return the cause with the success answer to store for its request."""
        if self.request is None:
            return self
        make = ids if callable(ids) else _constantly(ids or {})
        return replace(self, request=replace(self.request, status=status, ids=make))


def _constantly(ids: Ids) -> Callable[[tuple[Fact, ...]], Ids]:
    return lambda _: ids


@dataclass(frozen=True, slots=True)
class Step:
    """One command to one stream."""

    decider: Decider[Any, Any, Any]
    stream: str
    command: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """What a cause led to: its facts, where the log stands, and the answer."""

    facts: tuple[Fact, ...]
    position: int
    status: int = 200
    body: Ids = field(default_factory=dict)


@dataclass(slots=True)
class _Stream:
    decider: Decider[Any, Any, Any]
    version: int
    state: Any
    facts: list[Fact] = field(default_factory=list)


class Loader:
    """Folds streams for one decision and remembers on which versions it rests."""

    def __init__(self, handling: "Handling") -> None:
        self._handling = handling
        self._streams: dict[str, _Stream] = {}

    async def state(self, decider: Decider[Any, Any, S], stream: str) -> S:
        """Return the folded state of *stream*; the decision now depends on it."""
        loaded = await self._load(decider, stream)
        state: S = loaded.state
        return state

    async def decide(self, step: Step) -> None:
        """Apply one step on top of what was decided before it.

        Raises:
            ServiceError: the decider refused.
        """
        loaded = await self._load(step.decider, step.stream)
        facts = step.decider.decide(step.command, loaded.state)
        loaded.facts.extend(facts)
        loaded.state = step.decider.fold(facts, loaded.state)

    async def _load(self, decider: Decider[Any, Any, Any], stream: str) -> _Stream:
        if stream not in self._streams:
            version, state = await self._handling.fold(decider, stream)
            self._streams[stream] = _Stream(decider, version, state)
        return self._streams[stream]

    def facts(self) -> tuple[Fact, ...]:
        """Return every fact decided so far, in order of streams first touched."""
        return tuple(fact for held in self._streams.values() for fact in held.facts)

    def writes(self, encode: Callable[[Fact], NewEvent]) -> tuple[StreamWrite, ...]:
        """Return the facts, and a version guard for every stream only read."""
        return tuple(
            StreamWrite(
                stream=stream,
                expected_version=held.version,
                events=tuple(encode(fact) for fact in held.facts),
            )
            for stream, held in self._streams.items()
        )


Build = Callable[[Loader], Awaitable[Sequence[Step]]]


class Handling:
    """The write side that every service shares."""

    def __init__(self, log: EventLog, codec: Codec) -> None:
        self.log = log
        self.codec = codec
        self._cache: OrderedDict[str, tuple[int, Any]] = OrderedDict()

    async def __call__(self, cause: Cause, *steps: Step) -> Handled:
        """Carry out *steps* as one unit of work.

        Raises:
            ServiceError: a decider refused; the refusal is stored as the answer.
            ConflictError: every attempt lost the race for a stream.
            AlreadyAnsweredError: the same request was answered before.
        """

        async def build(_: Loader) -> Sequence[Step]:
            return steps

        return await self.plan(cause, build)

    async def plan(self, cause: Cause, build: Build) -> Handled:
        """Carry out the steps that *build* derives from folded streams.

        Every stream that *build* loads guards the unit by its version; when one moved,
        *build* runs again. Errors as in `__call__`.
        """
        await self._refuse_repeats(cause.request)
        line = structlog.get_logger().bind(
            actor=cause.actor, correlation_id=str(cause.correlation_id)
        )
        for attempt in count(1):
            try:
                handled = await self._attempt(cause, build)
            except ConflictError as lost:
                if attempt == ATTEMPTS:
                    line.warning("command.conflicted", attempts=attempt, **lost.context)
                    raise
                continue
            except AlreadyAnsweredError:
                raise
            except ServiceError as refused:
                await self._remember_refusal(cause, refused)
                line.info("command.refused", reason=refused.code)
                raise
            line.info(
                "command.handled",
                facts=[fact.type for fact in handled.facts],  # type: ignore[attr-defined]
                position=handled.position,
            )
            return handled
        raise AssertionError  # count() never ends

    async def fold(self, decider: Decider[Any, Any, S], stream: str) -> tuple[int, S]:
        """Return version and folded state of *stream*, reading only what is new."""
        version, state = self._cache.get(stream, (0, decider.initial))
        news = await self.log.read_stream(stream, after_version=version)
        if news:
            state = decider.fold((self.codec.decode(event) for event in news), state)
            version = news[-1].version
            self._cache[stream] = (version, state)
        self._cache.pop(stream, None)
        self._cache[stream] = (version, state)
        if len(self._cache) > CACHED_STREAMS:
            self._cache.popitem(last=False)
        return version, state

    async def _attempt(self, cause: Cause, build: Build) -> Handled:
        loader = Loader(self)
        for step in await build(loader):
            await loader.decide(step)
        facts = loader.facts()
        request = cause.request
        body = dict(request.ids(facts)) if request else {}
        work = UnitOfWork(
            writes=loader.writes(self._encoder(cause)),
            inbox=(cause.inbox,) if cause.inbox else (),
            answer=_answer(request, request.status, body) if request else None,
        )
        if not (facts or work.inbox or work.answer):
            return Handled(facts=(), position=(await self.log.head()).position)
        appended = await self.log.append(work)
        if appended.outcome in {"answered", "repeated"}:
            await self._refuse_repeats(request)
        if appended.outcome == "handled":
            return Handled(facts=(), position=appended.position)
        return Handled(
            facts=facts,
            position=appended.position,
            status=request.status if request else 200,
            body=body,
        )

    def _encoder(self, cause: Cause) -> Callable[[Fact], NewEvent]:
        metadata = Metadata(
            actor=cause.actor,
            role=cause.role,
            correlation_id=cause.correlation_id,
            causation_id=cause.causation_id,
            traceparent=cause.traceparent,
        )
        numbers = count()

        def encode(fact: Fact) -> NewEvent:
            event_id = derived_id(str(cause.command_id), str(next(numbers)))
            return self.codec.encode(fact, event_id=event_id, metadata=metadata)

        return encode

    async def _refuse_repeats(self, request: PendingRequest | None) -> None:
        if request is None:
            return
        found = await self.log.answer(request.key)
        if found is None:
            return
        if found.body_sha256 != request.body_sha256:
            raise KeyReusedError
        raise AlreadyAnsweredError(found)

    async def _remember_refusal(self, cause: Cause, refused: ServiceError) -> None:
        if cause.request is None or refused.status >= 500:  # noqa: PLR2004
            return
        answer = _answer(cause.request, refused.status, problem_of(refused))
        await self.log.append(UnitOfWork(answer=answer))


def problem_of(error: ServiceError) -> dict[str, object]:
    """Return *error* as the members of a problem document (RFC 9457).

    ``type`` is the stable code; ``context`` holds ids and numbers only.
    """
    return {
        "type": f"urn:attest:problem:{error.code}",
        "title": str(error),
        "status": error.status,
        "context": dict(error.context),
    }


def _answer(
    request: PendingRequest, status: int, body: Mapping[str, object]
) -> StoredAnswer:
    return StoredAnswer(
        request=request.key,
        body_sha256=request.body_sha256,
        status=status,
        body=json.dumps(body, separators=(",", ":"), default=str).encode(),
    )
